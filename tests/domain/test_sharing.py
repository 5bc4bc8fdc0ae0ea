"""Dividing over batches, held against every division there is."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain import sharing
from compounding.domain.sharing import Division, Item, divide

MONDAY = date(2026, 3, 2)
LARGEST = 500  # mL
NEEDS = [Fraction(text) for text in ("31.5", "45", "63", "94.5", "103.5", "105", "126", "135", "100/3")]


def takes(need: Fraction) -> tuple[int, Fraction]:
    """50 mL of each tablet, whole tablets."""
    tablets = ceil(need / 50)
    return tablets, 50 * tablets - need


def fits(need: Fraction) -> bool:
    return 50 * takes(need)[0] <= LARGEST


def item(need: Fraction, first: int, wide: int) -> Item:
    return Item(need, MONDAY + timedelta(days=first), MONDAY + timedelta(days=first + wide))


ITEMS = st.builds(item, st.sampled_from(NEEDS), st.integers(0, 5), st.integers(0, 4))


def partitions(places: Sequence[int]) -> Iterator[list[list[int]]]:
    if not places:
        yield []
        return
    first, *others = places
    for division in partitions(others):
        yield [[first], *division]
        for at, group in enumerate(division):
            yield [*division[:at], [first, *group], *division[at + 1 :]]


def price(groups: Sequence[Sequence[int]], items: Sequence[Item]) -> tuple[int, int, int] | None:
    """Tablets, batches, and the days after the first day of all; None where some cannot share."""
    tablets = days = 0
    for group in groups:
        need = sum(items[place].need for place in group)
        day = max(items[place].earliest for place in group)
        if day > min(items[place].latest for place in group) or ceil(need / 50) * 50 > LARGEST:
            return None
        tablets += ceil(need / 50)
        days += (day - MONDAY).days
    return tablets, len(groups), days


def best(items: Sequence[Item]) -> tuple[int, int, int]:
    return min(found for groups in partitions(range(len(items))) if (found := price(groups, items)) is not None)


def of(division: Division, items: Sequence[Item]) -> tuple[int, int, int]:
    found = price(division.groups, items)
    assert found is not None
    assert sorted(place for group in division.groups for place in group) == list(range(len(items)))
    assert division.tablets == found[0]
    return found


def many(count: int, seed: int) -> list[Item]:
    return [item(NEEDS[place * place // 3 * seed % len(NEEDS)], place % 4, 2 + place * seed % 3) for place in range(count)]


@given(st.lists(ITEMS, max_size=7))
def test_the_division_of_a_few_is_the_best_of_all_there_are(items: list[Item]) -> None:
    division = divide(items, takes, fits)

    assert division.proved
    assert of(division, items) == best(items) if items else division.groups == ()
    assert division.least == division.tablets


def fewest(one: int, other: int, needs: tuple[Fraction, Fraction]) -> int:
    """The fewest tablets for so many of two amounts, by every size of every batch."""
    known = {(0, 0): 0}
    for left in sorted(product(range(one + 1), range(other + 1)), key=sum)[1:]:
        batches = [taken for taken in product(range(left[0] + 1), range(left[1] + 1)) if any(taken) and fits(taken[0] * needs[0] + taken[1] * needs[1])]
        known[left] = min(takes(a * needs[0] + b * needs[1])[0] + known[left[0] - a, left[1] - b] for a, b in batches)
    return known[one, other]


@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from(NEEDS), st.sampled_from(NEEDS))
def test_many_of_two_amounts_are_divided_exactly(one: int, other: int, need: Fraction, unlike: Fraction) -> None:
    items = [item(need, 0, 4)] * one + [item(unlike, 0, 3)] * other
    division = divide(items, takes, fits)

    assert division.proved
    assert division.tablets == fewest(one, other, (need, unlike))
    if items:
        of(division, items)


def test_forty_alike_take_ninety_tablets_though_the_bound_is_83() -> None:
    """Four of 103.5 mL fit into 500 mL and take nine tablets."""
    division = divide([item(Fraction("103.5"), 0, day % 5) for day in range(40)], takes, fits)

    assert (division.tablets, division.proved, {len(group) for group in division.groups}) == (90, True, {4})


@given(st.lists(ITEMS, min_size=1, max_size=7))
def test_what_is_exchanged_is_never_worse_than_what_it_began_with_and_never_said_to_be_better_than_it_is(items: list[Item]) -> None:
    begun, exchanged = divide(items, takes, fits, ways=0, steps=0), divide(items, takes, fits, ways=0)
    wanted = best(items)

    assert wanted <= of(exchanged, items) <= of(begun, items)
    assert exchanged.least <= wanted[0]
    if exchanged.proved:
        assert of(exchanged, items)[:2] == wanted[:2]


def test_many_are_divided_within_a_tablet_of_what_no_division_can_beat() -> None:
    for seed in (1, 2, 5):
        items = many(40, seed)
        division = divide(items, takes, fits)
        of(division, items)

        assert division.tablets - division.least <= 1
        assert division.proved <= (division.tablets == division.least)


def test_two_hundred_end_by_a_count_of_steps_and_the_same_day_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    items, tried, asked = many(200, 1), [], sharing._better
    monkeypatch.setattr(sharing, "_better", lambda *exchange: tried.append(1) or asked(*exchange))
    division = divide(items, takes, fits, steps=2_000)

    assert len(tried) == 2_000
    assert of(division, items) < of(divide(items, takes, fits, steps=0), items)
    assert division == divide(items, takes, fits, steps=2_000)


def test_a_batch_is_never_larger_than_what_can_be_made_at_once() -> None:
    eight = [item(Fraction(126), 0, 3) for _ in range(8)]  # three hold 378 mL, four would need 504

    assert sorted(map(len, divide(eight, takes, fits).groups)) == [2, 3, 3]
    bounded = divide(eight, takes, fits, ways=0)  # 1008 mL in one would be 21 tablets: too weak a bound to prove the 22
    assert (bounded.tablets, bounded.least, bounded.proved) == (22, 21, False)


def test_windows_that_do_not_meet_are_divided_apart() -> None:
    early, late = item(Fraction(45), 0, 1), item(Fraction(45), 2, 1)

    assert divide([early, late], takes, fits).groups == ((0,), (1,))
    assert divide([early, item(Fraction(45), 1, 1)], takes, fits).groups == ((0, 1),)
