"""A signature stands under exactly what was signed: whoever changes a row beneath the program breaks it, and the page says which part."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from compounding.domain.authority import LookName
from compounding.domain.capsule_check import Remedy
from compounding.domain.signature import Part, Standing, compared
from compounding.workflow import records
from tests.workflow.aside import details
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules


def beneath(bench: Bench, *statements: str) -> None:
    """Change rows with a hand in the database, past the triggers that refuse it, as somebody would who owns the file."""
    with bench.pharmacy.engine.connect().execution_options(compounding_migrates=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":  # for this transaction alone: other tests use the database after this one
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_refused'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))


def standings(bench: Bench, batch: UUID) -> dict[str, tuple[Standing, tuple[str, ...]]]:
    return {item.meaning: (item.standing, item.differs) for item in details(bench, batch).signatures}


def test_a_row_changed_beneath_the_program_breaks_each_signature_that_saw_it_and_is_named(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.handed_over(fill)
    assert set(standings(bench, batch).values()) == {(Standing.WHOLE, ())}
    assert bench.pharmacy.look(LookName.BATCHES, bench.linh, records.look_through).broken == ()

    line = next(line for line in bench.batch(batch).preparation.lines if line.unit == "ng").number
    beneath(bench, "UPDATE weighing SET actual = actual + 1 WHERE unit = 'ng' AND line = (SELECT min(line) FROM weighing WHERE unit = 'ng')")
    broken = (Standing.BROKEN, (f"line {line}",))
    assert standings(bench, batch) == {
        "found the line clear: no other product, no label of the last batch": (Standing.WHOLE, ()),
        "witnessed the tablet count before crushing": (Standing.WHOLE, ()),
        "witnessed the weights before mixing": broken,
        "compounded": broken,
        "verified": broken,
        "released": broken,
    }
    looked = bench.pharmacy.look(LookName.BATCHES, bench.linh, records.look_through)
    assert [(number, len(lost)) for _, number, lost in looked.broken] == [(bench.batch(batch).number, 4)]

    for change, parts in (
        ("UPDATE batch SET beyond_use = '2030-01-01'", (f"line {line}", "record")),
        ("UPDATE formula SET document = replace(document, 'Crush', 'Smash')", ("formula", f"line {line}", "record")),
        ("UPDATE batch SET document = replace(document, 'SUN2201', 'SUN2202')", ("plan", "formula", f"line {line}", "record")),
        ("DELETE FROM weighing WHERE line = 1", ("plan", "formula", "line 1", f"line {line}", "record")),
        ("UPDATE signature SET content = replace(content, 'plan', 'plot')", ("signature",)),
    ):
        beneath(bench, change)
        assert details(bench, batch).signatures[-1].differs == parts
    beneath(bench, "UPDATE signature SET content = NULL")
    assert {standing for standing, _ in standings(bench, batch).values()} == {Standing.UNKNOWN}
    assert bench.pharmacy.look(LookName.BATCHES, bench.linh, records.look_through).unknown == 6


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_batch_set_aside_and_compounded_to_the_end_keeps_its_first_signature(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.weighed(fill)
    good = bench.finished(batch)
    assert good.capsules is not None
    heavy = replace(good.capsules, gross=(good.capsules.gross[0] * 2, *good.capsules.gross[1:]), remedy=Remedy.SET_ASIDE)
    bench.compound(batch, replace(good, capsules=heavy, deviations="the first is far too heavy"))
    made = good.made.numerator
    every = replace(good.capsules, gross=good.capsules.gross[:1] * made, remedy=Remedy.ALL_WEIGHED)
    bench.compound(batch, replace(good, capsules=every, deviations="all weighed again"))
    first, last = (item for item in details(bench, batch).signatures if item.meaning == "compounded")
    assert (first.standing, first.superseded) == (Standing.WHOLE, True)
    assert (last.standing, last.superseded) == (Standing.WHOLE, False)


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz"), min_size=1), st.data())
def test_parts_differ_exactly_where_they_differ(then: dict[str, str], data: st.DataObject) -> None:
    changed = data.draw(st.sets(st.sampled_from(sorted(then))))
    now = {name: value + "x" if name in changed else value for name, value in then.items()}
    assert set(compared(_as_parts(then), _as_parts(now))) == changed


def _as_parts(values: dict[str, str]) -> tuple[Part, ...]:
    return tuple(Part(name, value) for name, value in values.items())
