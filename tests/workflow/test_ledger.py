"""The ledger of costs: waste that reached nobody, the price of a hand-over, months that are closed, and corrections after it; on both databases."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from compounding.db.costs import ChargeRow, CostRow
from compounding.db.document import encode
from compounding.db.session import reading
from compounding.db.values import batch_row
from compounding.domain.authority import ActName, LookName
from compounding.domain.cost import CostKind, CostPart, WasteCause
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.money import Money, total
from compounding.domain.quantity import NANOGRAMS
from compounding.domain.void import Void, Whereabouts
from compounding.workflow import costing, month_reports, months, voids
from compounding.workflow.act import Act
from compounding.workflow.month_reports import Report
from tests.workflow.bench import Bench
from tests.workflow.orders import FIRST_DAY, IN_CAPSULES, IN_L1, capsules, titration

MARCH, APRIL = "2026-03", "2026-04"
on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def entries(bench: Bench) -> list[CostRow]:
    with reading(bench.pharmacy.engine) as session:
        return list(session.scalars(select(CostRow).order_by(CostRow.recorded_at)))


def report(bench: Bench, month: str = MARCH) -> Report:
    return bench.pharmacy.look(LookName.COSTS, bench.maria, lambda look: month_reports.report(look, month))


def gather(bench: Bench) -> int:
    return bench.pharmacy.perform(ActName.MONTH_GATHER, bench.maria, months.gather)


def close(bench: Bench, month: str = MARCH) -> None:
    bench.pharmacy.perform(ActName.MONTH_CLOSE, bench.maria, lambda act: months.close(act, month))


def correct(bench: Bench, entry: CostRow, amount: str) -> None:
    bench.pharmacy.perform(ActName.COST_CORRECT, bench.maria, lambda act: months.correct(act, entry.id, Money.of(amount), "the invoice said so"))


def handed_over(bench: Bench) -> None:
    (fill,) = bench.plan(bench.accepted(capsules()), IN_CAPSULES)
    bench.handed_over(fill)


def test_a_hand_over_keeps_its_price_and_what_it_serves(bench: Bench) -> None:
    handed_over(bench)
    with reading(bench.pharmacy.engine) as session:
        (asked,) = session.scalars(select(ChargeRow)).all()
    # 25 minutes at 0.60, twice 3.94468 of materials, a base of 10.00
    assert (asked.month, asked.amount_micros, asked.days, asked.doses) == (MARCH, 32_890_000, 30, 30)
    month = bench.month(MARCH)
    assert (month.charged, month.patients[0].charged, month.fills[0].charged) == (Money.of("32.89"),) * 3


def test_a_rejected_batch_is_in_the_month_as_waste_and_nobodys_and_a_batch_that_took_nothing_is_not(bench: Bench) -> None:
    fill, *_ = bench.plan(bench.accepted(titration()), IN_L1)
    bench.reject(bench.draw_up(fill))
    assert entries(bench) == []
    batch = bench.weighed(fill)
    bench.clock.moment += timedelta(minutes=40)
    bench.reject(batch)

    found = entries(bench)
    assert {row.cause for row in found} == {WasteCause.REJECTED}
    assert [(row.kind, row.amount_micros) for row in found if row.kind in {CostKind.TABLETS, CostKind.LABOUR}] == [
        (CostKind.TABLETS, 1_400_000),  # two tablets at 0.70
        (CostKind.LABOUR, 24_000_000),  # 40 timed minutes at 0.60
    ]
    month = bench.month(MARCH)
    assert month.nobodys == month.total == Money(sum(row.amount_micros for row in found))
    rejected = next(item for item in report(bench).waste if item.cause is WasteCause.REJECTED)
    assert (rejected.active.mg, rejected.amount) == (100, month.total)


def test_labour_is_timed_from_the_count_to_compounding(bench: Bench) -> None:
    (fill,) = bench.plan(bench.accepted(capsules()), IN_CAPSULES)
    batch = bench.counted(fill)
    bench.clock.moment += timedelta(minutes=31)
    bench.weigh_all(batch)
    bench.compound(batch)
    bench.release(batch)
    bench.label(fill)
    bench.check(fill)
    bench.hand_over(fill)
    (labour,) = (row for row in entries(bench) if row.kind == CostKind.LABOUR)
    assert labour.amount_micros == 31 * 600_000
    assert "31 timed minutes" in labour.document


def test_what_passed_its_date_is_taken_in_once_in_the_month_of_that_date(bench: Bench) -> None:
    fill, *_ = bench.plan(bench.accepted(titration()), IN_L1)
    batch = bench.made(fill)
    until = bench.batch(batch).beyond_use
    assert until is not None
    water = bench.lot("PW-904")
    bench.clock.moment += timedelta(days=215)  # the water is good for 200 days
    assert gather(bench) == 2
    assert gather(bench) == 0

    found = entries(bench)
    assert {(row.cause, row.month) for row in found} == {
        (WasteCause.BEYOND_USE, f"{until + timedelta(days=1):%Y-%m}"),
        (WasteCause.EXPIRED, f"{water.expires_on + timedelta(days=1):%Y-%m}"),
    }
    assert sum(row.active_ng or 0 for row in found) == 100 * NANOGRAMS
    assert {row.patient_id for row in found} == {None}


def test_a_month_is_closed_by_the_pharmacist_in_charge_once_it_is_over(bench: Bench) -> None:
    handed_over(bench)
    with pytest.raises(Conflict, match="not over"):
        close(bench)
    bench.clock.moment += timedelta(days=31)
    with pytest.raises(Forbidden):
        bench.pharmacy.perform(ActName.MONTH_CLOSE, bench.james, lambda act: months.close(act, MARCH))
    close(bench)

    closed = report(bench).closing
    assert closed is not None
    assert (closed.person, closed.intact) == ("Maria Garcia", True)
    with pytest.raises(Conflict, match="closed already"):
        close(bench)


@pytest.mark.parametrize("table", ["cost", "charge"])
def test_the_database_takes_nothing_into_a_closed_month_and_lets_nothing_in_it_be_changed(bench: Bench, table: str) -> None:
    handed_over(bench)
    bench.clock.moment += timedelta(days=31)
    close(bench)
    kind = CostRow if table == "cost" else ChargeRow
    with reading(bench.pharmacy.engine) as session:
        values = {column.name: getattr(session.scalars(select(kind)).first(), column.name) for column in kind.__table__.columns}
    values |= {"id": bench.maria.id} | ({} if table == "cost" else {"dispense_id": bench.james.id})
    for statement in (insert(kind).values(values), update(kind).values(amount_micros=1), delete(kind)):
        with pytest.raises(IntegrityError), bench.pharmacy.engine.execution_options(compounding_migrates=True).begin() as connection:
            connection.execute(statement)


def test_a_correction_after_closing_lands_in_the_open_month_and_names_what_it_corrects(bench: Bench) -> None:
    handed_over(bench)
    bench.clock.moment += timedelta(days=31)
    close(bench)
    before = bench.month(MARCH).total
    box = next(row for row in entries(bench) if row.kind == CostKind.CONTAINER)
    correct(bench, box, "0.65")
    correct(bench, box, "0.30")

    first, second = entries(bench)[-2:]
    assert [(row.month, row.amount_micros, row.corrects_id) for row in (first, second)] == [(APRIL, 250_000, box.id), (APRIL, -350_000, box.id)]
    assert (bench.month(MARCH).total, bench.month(APRIL).total) == (before, Money.of("-0.10"))
    assert "Correction of an entry of 2026-03: the invoice said so" in first.document
    (line,) = bench.month(APRIL).patients
    assert (line.days, line.month) == (0, Money.of("-0.10"))
    shown = bench.pharmacy.look(LookName.COSTS, bench.maria, lambda look: months.entry(look, second.id))
    assert (shown.id, shown.amount, len(shown.corrections)) == (box.id, Money.of("0.30"), 2)
    closed = report(bench).closing
    assert closed is not None
    assert closed.intact
    with pytest.raises(Invalid, match=r"comes to 0\.30 already"):
        correct(bench, box, "0.30")


@on_sqlite
@pytest.mark.parametrize(
    "hand",
    ["UPDATE cost SET amount_micros = amount_micros - 1 WHERE kind = 'labour'", "UPDATE charge SET amount_micros = 1", "UPDATE closing SET sha256 = :other"],
)
def test_a_closed_month_that_somebody_changed_shows_its_signature_as_broken(bench: Bench, hand: str) -> None:
    handed_over(bench)
    bench.clock.moment += timedelta(days=31)
    close(bench)
    with bench.pharmacy.engine.execution_options(compounding_migrates=True).begin() as connection:
        connection.execute(text(f"DROP TRIGGER {hand.split()[1]}_update_refused"))
        connection.execute(text(hand), {"other": "0" * 64} if ":other" in hand else {})
    closed = report(bench).closing
    assert closed is not None
    assert not closed.intact


def test_the_report_counts_what_was_made_and_used_and_values_the_tablets_three_ways(bench: Bench) -> None:
    handed_over(bench)
    found = report(bench)
    (batch,) = found.batches
    assert (batch.tablets, batch.planned, batch.made, batch.is_liquid) == (3, 30, 30, False)
    assert found.yields(liquid=False) == (30, 30)
    assert (found.tablets.units, found.tablets.by_lot) == (3, Money.of("2.10"))
    (doses,) = found.doses
    assert (doses.doses, doses.charged, doses.cost) == (30, Money.of("32.89"), bench.month(MARCH).total)
    assert total([item.amount for item in found.waste]) == Money.of("0.21")
    assert [item.month for item in found.months][-1] == MARCH
    assert found.months[-1].cost == bench.month(MARCH).total
    assert encode(CostPart(CostKind.WASTE, Money(1), "x", WasteCause.REMAINDER)).count("tablet remainder") == 1


@on_sqlite
def test_the_margins_of_the_patients_less_what_reached_nobody_are_the_margin_of_the_month(bench: Bench) -> None:
    fills = [bench.planned(capsules(name), IN_CAPSULES)[0] for name in ("Ann Sample", "Bob Sample", "Cid Sample", "Dora Sample")]
    for fill in fills[:3]:
        bench.handed_over(fill)
    bench.reject(bench.weighed(fills[3]))
    bench.pharmacy.perform(ActName.FILL_VOID, bench.maria, lambda act: voids.void(act, fills[2], Void(Whereabouts.HERE, "the wrong bag")))
    correct(bench, next(row for row in entries(bench) if row.fill_id == fills[0] and row.kind == CostKind.CONTAINER), "12.34")

    month, sums = bench.month(MARCH), report(bench).months[-1]
    assert [item.patient for item in month.patients] == ["Ann Sample", "Bob Sample"]
    assert month.nobodys.micros > 0
    assert total([item.margin for item in month.patients]) - month.nobodys == month.margin == sums.charged - sums.cost


@pytest.mark.parametrize("filled", ["postgresql"], indirect=True)
def test_a_month_waits_with_its_closing_for_who_is_entering_costs(bench: Bench) -> None:
    """On PostgreSQL two write at once: what the one enters must be in what the other signs, or count to the next month."""
    fill, *_ = bench.plan(bench.accepted(titration()), IN_L1)
    batch = bench.weighed(fill)
    bench.clock.moment += timedelta(days=40)

    def enter(act: Act) -> None:
        costing.record_lost(act, batch_row(act.session, batch), WasteCause.SPILL, "it fell", on=FIRST_DAY)
        act.session.flush()
        closing = threads.submit(close, bench)
        while not closing.done() and not _somebody_waits(bench):
            time.sleep(0.02)

    with ThreadPoolExecutor(1) as threads:
        bench.pharmacy.perform(ActName.MONTH_GATHER, bench.maria, enter)
    assert {row.month for row in entries(bench) if row.cause == WasteCause.SPILL} == {MARCH}
    closed = report(bench).closing
    assert closed is not None
    assert closed.intact


def _somebody_waits(bench: Bench) -> bool:
    with reading(bench.pharmacy.engine) as session:
        return session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) != 0
