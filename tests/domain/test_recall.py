"""Walks over what went into what: both ways, to the end, each thing once."""

from datetime import date

import pytest

from compounding.domain.errors import Invalid
from compounding.domain.recall import Days, Graph, Key, Things, back, onward, together


def key(number: int) -> Key:
    return str(number)


LOT, BATCH, MADE_LOT, LATER, FILL, OTHER_FILL = map(key, range(1, 7))
# A lot goes into a batch for stock; that becomes a lot of its own, which goes into a later batch, which goes into two bottles.
GRAPH = Graph(
    taken=frozenset({(LOT, BATCH), (MADE_LOT, LATER), (LOT, LATER)}),
    became=frozenset({(BATCH, MADE_LOT)}),
    filled=frozenset({(LATER, FILL), (LATER, OTHER_FILL)}),
)


def test_a_walk_goes_on_through_lots_that_were_made_here() -> None:
    layers = onward(GRAPH, Things(lots=frozenset({LOT})))
    assert [layer.batches for layer in layers] == [frozenset(), {BATCH, LATER}, frozenset()]
    assert together(layers) == Things(frozenset({LOT, MADE_LOT}), frozenset({BATCH, LATER}), frozenset({FILL, OTHER_FILL}))


def test_the_way_back_ends_at_what_was_bought() -> None:
    found = together(back(GRAPH, Things(fills=frozenset({FILL}))))
    assert found == Things(frozenset({LOT, MADE_LOT}), frozenset({BATCH, LATER}), frozenset({FILL}))


def test_a_circle_is_walked_once() -> None:
    circle = GRAPH | Graph(taken=frozenset({(MADE_LOT, BATCH)}))
    assert together(onward(circle, Things(lots=frozenset({MADE_LOT})))).batches == {BATCH, LATER}
    assert together(back(circle, Things(batches=frozenset({BATCH})))).lots == {LOT, MADE_LOT}


def test_what_is_used_nowhere_is_found_by_itself() -> None:
    alone = Things(lots=frozenset({key(9)}))
    assert onward(GRAPH, alone) == back(GRAPH, alone) == (alone,)
    assert onward(GRAPH, Things()) == (Things(),)


def test_days_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(Invalid, match="first day lies after"):
        Days(date(2026, 3, 2), date(2026, 3, 1))
    assert not Days()
    assert Days(until=date(2026, 3, 1))
