"""What the bench records of a batch, and what it refuses: weights, counts, pH, capsules, yield and traits."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from compounding.domain.authority import ActName
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Part
from compounding.domain.people import Actor
from compounding.domain.preparation import Line
from compounding.domain.prescription import Form
from compounding.workflow import batches
from tests.workflow.aside import details, lift
from tests.workflow.bench import Bench
from tests.workflow.orders import FIRST_DAY, IN_CAPSULES, IN_L1, IN_L1_AT_ROOM, capsules, order, titration

ONE_DATABASE = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
ALKALINE = Fraction(6)  # benzoate is measured to work from pH 3 to 4.5 only


@ONE_DATABASE
def test_a_weight_outside_its_limits_is_kept_only_with_a_reason(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.counted(fill)
    filler = next(line for line in bench.batch(batch).open_lines if line.part is Part.FILLER)
    assert (filler.low, filler.high) == (5_811_150_000, 6_422_850_000)  # 5 % about 6117 mg

    for actual in (filler.low - 1, filler.high + 1):
        with pytest.raises(Invalid) as refusal:
            bench.weigh(batch, filler, actual)
        assert set(refusal.value.fields) == {"reading", "reason"}
    assert bench.batch(batch).weighed_line(filler.number) is None

    with pytest.raises(Forbidden, match="Only a pharmacist"):
        bench.weigh(batch, filler, filler.high + 1, reason="the pan was not tared")
    with pytest.raises(Unsafe, match=r"over, by 10 .* stay"):
        _allowed(bench, batch, filler, filler.target * 11 // 10 + 1, by=bench.james)
    with pytest.raises(Forbidden, match="Only a pharmacist"):
        _allowed(bench, batch, filler, filler.high + 1, by=bench.linh)
    _allowed(bench, batch, filler, filler.high + 1, by=bench.james)
    assert [item.name for item in bench.batch(batch).signatures if item.meaning == "allowed an amount between its limits"] == ["James Okafor"]
    kept = bench.batch(batch).weighed_line(filler.number)
    assert kept is not None
    assert (kept.actual, kept.reason, kept.by) == (filler.high + 1, "the pan was not tared", "Linh Tran")
    assert bench.balance("MCC-101") == 1_000_000_000_000 - filler.high - 1


@ONE_DATABASE
def test_both_limits_of_a_weight_belong_to_it(bench: Bench) -> None:
    first, second = (bench.counted(bench.planned(capsules(name), IN_CAPSULES)[0]) for name in ("Ann Sample", "Bob Sample"))
    for batch, end in ((first, "low"), (second, "high")):
        filler = next(line for line in bench.batch(batch).open_lines if line.part is Part.FILLER)
        bench.weigh(batch, filler, getattr(filler, end))
        assert bench.batch(batch).weighed_line(filler.number) is not None


@ONE_DATABASE
def test_a_count_is_never_off_whatever_the_reason(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.counted(fill)
    shells = next(line for line in bench.batch(batch).open_lines if line.part is Part.SHELL)
    for actual in (29, 31):
        with pytest.raises(Invalid, match="Count 30"):
            bench.weigh(batch, shells, actual, reason="one broke")
    assert bench.balance("SH3-20") == 5000


def test_a_ph_out_of_range_shortens_the_date_to_14_days_and_a_longer_course_is_not_released(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), IN_L1)
    batch = bench.compounded(opening, ph=ALKALINE)

    assert bench.batch(batch).beyond_use == FIRST_DAY + timedelta(days=13)
    record = bench.batch(batch).record
    assert record is not None
    assert record.preserved is False
    with pytest.raises(Unsafe, match="before the last dose"):
        bench.release(batch)
    assert bench.fill(opening).status is FillStatus.PLANNED


@ONE_DATABASE
@pytest.mark.parametrize("ph", [ALKALINE, Fraction("2.9"), Fraction("4.51"), None])
def test_a_course_of_14_days_is_released_with_the_shorter_date(bench: Bench, ph: Fraction | None) -> None:
    (fill,) = bench.planned(order(("1.5", 14), form=Form.ORAL_LIQUID), IN_L1)
    batch = bench.compounded(fill, ph=ph)
    bench.release(batch)
    assert bench.compose(fill).value.beyond_use == "Discard after Mar 15, 2026"


@ONE_DATABASE
@pytest.mark.parametrize("ph", [Fraction(3), Fraction("4.5")])
def test_the_ends_of_the_ph_range_belong_to_it(bench: Bench, ph: Fraction) -> None:
    opening, _ = bench.planned(titration(), IN_L1)
    batch = bench.compounded(opening, ph=ph)
    bench.release(batch)
    assert bench.batch(batch).beyond_use == FIRST_DAY + timedelta(days=34)


@ONE_DATABASE
def test_what_turns_out_unpreserved_may_not_stand_at_room_temperature(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), IN_L1_AT_ROOM)
    with pytest.raises(Unsafe, match="may not be kept at"):
        bench.compounded(opening, ph=ALKALINE)


@ONE_DATABASE
def test_less_than_is_dispensed_does_not_go_on(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.weighed(fill)
    with pytest.raises(Unsafe, match="run short"):
        bench.compound(batch, replace(bench.finished(batch), made=Fraction(29), deviations="one broke"))


@ONE_DATABASE
def test_there_are_never_more_capsules_than_shells(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.weighed(fill)
    for made, why in ((Fraction(31), "shells"), (Fraction(300), "shells"), (Fraction(61, 2), "whole capsules")):
        with pytest.raises(Invalid, match=why):
            bench.compound(batch, replace(bench.finished(batch), made=made, deviations="the machine was generous"))
    bench.compound(batch)


@ONE_DATABASE
def test_an_unusual_yield_is_explained(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), IN_L1)  # 100 mL, of which 94.5 are dispensed
    batch = bench.weighed(opening)
    with pytest.raises(Invalid) as refusal:
        bench.compound(batch, replace(bench.finished(batch), made=Fraction(111)))
    assert "deviations" in refusal.value.fields
    bench.compound(batch, replace(bench.finished(batch), made=Fraction(111), deviations="the graduate was read again: it is 111"))


@ONE_DATABASE
def test_a_trait_that_is_missing_sets_the_batch_aside_with_a_reason_and_only_rejecting_leads_on(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), IN_L1)
    batch = bench.weighed(opening)
    good = bench.finished(batch)
    cloudy = replace(good, found=(replace(good.found[0], present=False), *good.found[1:]))
    with pytest.raises(Invalid, match="Appearance") as refusal:
        bench.compound(batch, cloudy)
    assert set(refusal.value.fields) == {"deviations"}
    assert bench.batch(batch).status == "in_process"

    bench.compound(batch, replace(cloudy, deviations="it stayed cloudy"))
    assert bench.batch(batch).status == "quarantined"
    assert details(bench, batch).events[0].reason.endswith("it stayed cloudy")
    assert details(bench, batch).broken == ()
    with pytest.raises(Conflict, match="set aside"):
        bench.release(batch)
    with pytest.raises(Unsafe, match="Reject the batch"):
        lift(bench, batch)
    bench.reject(batch)
    assert bench.fill(opening).status is FillStatus.DUE


def _allowed(bench: Bench, batch: UUID, line: Line, actual: int, *, by: Actor) -> None:
    """An amount outside its limits that somebody lets stay."""
    taken = {"lot_number": line.lot_number, "actual": actual, "reason": "the pan was not tared"}
    bench.pharmacy.perform(ActName.BATCH_WEIGH, bench.linh, lambda act: batches.weigh(act, batch, line.number, allowed_by=by, **taken))
