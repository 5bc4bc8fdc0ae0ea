"""Tablets leave at the count, nothing goes below zero, and only a good lot is taken: the earliest expiry that still covers the supply."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest

from compounding.domain.errors import Conflict, Invalid, PharmacyError, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Part
from compounding.domain.inventory import Shortage
from compounding.domain.money import Money
from compounding.workflow.inventory import Receipt
from tests.workflow.bench import Bench
from tests.workflow.orders import FIRST_DAY, IN_CAPSULES, IN_L1, capsules, titration


def tablets(lot_number: str, quantity: int, *, days: int) -> Receipt:
    """A lot of tablets that is good for so many days."""
    return Receipt("tablet-sun-100", lot_number, FIRST_DAY + timedelta(days=days), quantity, Money.of(quantity))


def taken(bench: Bench, batch: UUID) -> dict[str, int]:
    """The tablets of each lot that the worksheet takes."""
    return {line.lot_number: line.target for line in bench.batch(batch).preparation.lines if line.part is Part.ACTIVE and line.stock}


def test_tablets_leave_their_lot_at_the_count_and_everything_else_when_it_is_weighed(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.draw_up(fill)
    assert bench.balance("SUN2201") == 100

    with pytest.raises(Invalid, match="Count again"):
        bench.count(batch, 4)
    assert bench.balance("SUN2201") == 100
    bench.count(batch, 3)
    assert (bench.balance("SUN2201"), bench.balance("SH3-20"), bench.balance("MCC-101")) == (97, 5000, 1_000_000_000_000)

    bench.weigh_all(batch)
    assert (bench.balance("SUN2201"), bench.balance("SH3-20"), bench.balance("V120")) == (97, 4970, 199)
    assert bench.balance("MCC-101") == 1_000_000_000_000 - 6_117_000_000  # the balance shows whole milligrams


def test_what_was_crushed_for_a_rejected_batch_stays_taken_and_the_fill_is_due_again(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.reject(bench.counted(fill))
    assert bench.balance("SUN2201") == 97
    assert bench.fill(fill).status is FillStatus.DUE

    second = bench.made(fill)
    assert bench.balance("SUN2201") == 94
    assert bench.fill(fill).batch_id == second


def test_two_counts_for_the_last_tablets_are_won_by_exactly_one(bench: Bench) -> None:
    bench.take_in(tablets("LAST", 3, days=300), tablet_mg=250)
    bench.withdraw("SUN2201", "ACC7710")
    batches = [bench.draw_up(bench.planned(capsules(name), IN_CAPSULES)[0]) for name in ("Ann Sample", "Bob Sample")]

    answers = together([lambda batch=batch: bench.count(batch, 3) for batch in batches])

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "NoneType"]
    assert {answer.code for answer in answers if answer} == {"lot-short"}
    assert bench.balance("LAST") == 0
    assert sorted(bench.batch(batch).status for batch in batches) == ["in_process", "planned"]


def test_one_batch_is_counted_once_whoever_tries_at_the_same_moment(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.draw_up(fill)

    answers = together([lambda: bench.count(batch, 3), lambda: bench.count(batch, 3, by=bench.maria)])

    assert {answer.code for answer in answers if answer} == {"batch-state"}
    assert len([answer for answer in answers if answer is None]) == 1
    assert bench.balance("SUN2201") == 97


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_nothing_is_drawn_up_for_which_the_stock_does_not_suffice(bench: Bench) -> None:
    bench.take_in(tablets("LAST", 2, days=300), tablet_mg=250)
    bench.withdraw("SUN2201", "ACC7710")
    order_id = bench.accepted(capsules())
    with pytest.raises(Shortage, match="3 tablets needed"):
        bench.plan(order_id, IN_CAPSULES)


def test_the_earliest_expiry_that_still_covers_the_supply_goes_first(bench: Bench) -> None:
    bench.take_in(tablets("TOO-SOON", 50, days=33), tablet_mg=250)
    bench.take_in(tablets("COVERS", 50, days=34), tablet_mg=250)
    bench.take_in(tablets("LATER", 50, days=35), tablet_mg=250)
    opening, _ = bench.planned(titration(), IN_L1)  # in use through the 35th day

    assert taken(bench, bench.draw_up(opening)) == {"COVERS": 2}


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_lot_is_not_used_before_a_pharmacist_releases_it_nor_after_it_is_withdrawn(bench: Bench) -> None:
    lot = bench.take_in(tablets("NEW", 50, days=60), release=False, tablet_mg=250)
    opening, _ = bench.planned(titration(), IN_L1)
    first = bench.draw_up(opening)
    assert taken(bench, first) == {"SUN2201": 2}

    bench.reject(first)
    bench.release_lot(lot)
    second = bench.draw_up(opening)
    assert taken(bench, second) == {"NEW": 2}

    bench.reject(second)
    bench.withdraw("NEW")
    assert taken(bench, bench.draw_up(opening)) == {"SUN2201": 2}


def test_a_lot_that_was_withdrawn_after_the_worksheet_is_not_counted(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.draw_up(fill)
    bench.withdraw("SUN2201")
    with pytest.raises(Conflict, match="withdrawn"):
        bench.count(batch, 3)
    assert bench.balance("SUN2201") == 100


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_lot_that_has_expired_since_the_worksheet_is_not_counted(bench: Bench) -> None:
    bench.take_in(tablets("SHORT", 50, days=34), tablet_mg=250)
    opening, _ = bench.planned(titration(), IN_L1)
    batch = bench.draw_up(opening)
    assert taken(bench, batch) == {"SHORT": 2}
    bench.clock.pass_days(35)
    with pytest.raises(Conflict, match="expired"):
        bench.count(batch, 2)
    assert bench.balance("SHORT") == 50


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_an_expired_lot_is_not_taken_in(bench: Bench) -> None:
    with pytest.raises(Invalid, match="expired"):
        bench.take_in(tablets("OLD", 50, days=-1))


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_lot_that_was_withdrawn_while_the_batch_was_made_keeps_it_from_release(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.compounded(fill)
    bench.withdraw("SUN2201")
    with pytest.raises(Unsafe, match="SUN2201"):
        bench.release(batch)
    assert bench.batch(batch).status == "compounded"


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_wrong_lot_that_is_scanned_is_refused(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.counted(fill)
    filler = next(line for line in bench.batch(batch).open_lines if line.part is Part.FILLER)
    with pytest.raises(Invalid, match="MCC-101") as refusal:
        bench.weigh(batch, filler, lot="MCC-999")
    assert list(refusal.value.fields) == ["lot"]
    assert bench.balance("MCC-101") == 1_000_000_000_000


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_line_is_recorded_once(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.counted(fill)
    line = bench.batch(batch).open_lines[0]
    bench.weigh(batch, line)
    with pytest.raises(Conflict, match="recorded already"):
        bench.weigh(batch, line)


def together(attempts: list[Callable[[], None]]) -> list[PharmacyError | None]:
    """What each attempt met, all begun at the same moment: an error, or nothing."""
    meet = Barrier(len(attempts))

    def run(attempt: Callable[[], None]) -> PharmacyError | None:
        meet.wait()
        try:
            attempt()
        except PharmacyError as error:
            return error
        return None

    with ThreadPoolExecutor(len(attempts)) as threads:
        return list(threads.map(run, attempts))
