"""Whole orders, from the prescription to the counter and the month's costs, with every number that must come out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from compounding.domain.batch import bench_lines
from compounding.domain.cost import CostKind
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Part
from compounding.domain.money import Money
from compounding.domain.plan import Plan
from compounding.domain.prescription import Form, PrescriptionStatus
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.weighing import percent
from tests.workflow.bench import ANSWER, Bench
from tests.workflow.orders import FIRST_DAY, IN_CAPSULES, IN_L1, IN_L1_AT_ROOM, IN_L1_BY_FIFTHS, IN_L2, IN_L5, capsules, gp, titration

GP_IN_L5 = (1, 15, 29, 43, 57, 71, 85, 99, 111, 122)
GP_IN_L2 = (1, 36, 62, 80, 95, 108, 120)


def opening_days(plan: Plan) -> tuple[int, ...]:
    return tuple(fill.opens for fill in plan.fills)


def strengths(plan: Plan) -> set[Concentration]:
    """What is really in each bottle: all the naltrexone in all that is made."""
    return {fill.amounts.active / Volume(fill.amounts.made) for fill in plan.fills}


def go_to(bench: Bench, course_day: int) -> None:
    bench.clock.pass_days((FIRST_DAY + timedelta(days=course_day - 1) - bench.today).days)


def test_thirty_capsules_go_all_the_way_with_the_right_numbers(bench: Bench) -> None:
    order_id = bench.accepted(capsules())
    plan = bench.draft(order_id, IN_CAPSULES)

    assert (plan.prescribed, plan.taken) == (Mass.of_mg(135), Mass.of_mg(135))
    assert plan.working("fill.1.tablets").exact == Fraction("2.7")
    assert plan.fills[0].amounts.tablets == 3

    (fill,) = bench.plan(order_id, IN_CAPSULES)
    batch = bench.draw_up(fill)
    shown = bench.batch(batch)
    made, by_part = shown.preparation, {line.part: line for line in bench_lines(shown.preparation)}
    assert by_part[Part.ACTIVE].exact == Mass.of_mg(675).nanograms
    assert by_part[Part.FILLER].exact == Fraction("6117.1875") * 1_000_000
    assert made.weight is not None
    assert made.weight.filler == Mass.of_mg("203.90625")
    assert (made.weight_low, made.weight_high) == (made.weight.net * Fraction(9, 10), made.weight.net * Fraction(11, 10))

    bench.count(batch)
    bench.weigh_all(batch)
    bench.compound(batch)
    bench.release(batch)
    assert bench.batch(batch).beyond_use == FIRST_DAY + timedelta(days=179)  # 180 days, the day of making being the first

    bench.label(fill)
    bench.check(fill)
    bench.hand_over(fill)
    seen = bench.prescription(order_id)
    assert seen.status is PrescriptionStatus.COMPLETED
    assert [item.status for item in seen.fills] == [FillStatus.HANDED_OVER]


def test_thirty_capsules_cost_what_their_lots_were_bought_for(bench: Bench) -> None:
    order_id = bench.accepted(capsules())
    (fill,) = bench.plan(order_id, IN_CAPSULES)
    batch = bench.handed_over(fill)
    month = bench.month("2026-03")

    assert {kind: amount.micros for kind, amount in month.parts} == {
        CostKind.TABLETS: 1_890_000,  # 2.7 of 3 tablets at 0.70
        CostKind.INGREDIENTS: 1_444_680,  # 6117 mg of filler at 0.04 a gram, 30 shells at 0.04
        CostKind.CONTAINER: 400_000,  # a vial at 0.35, a label at 0.05
        CostKind.LABOUR: 15_000_000,  # 25 minutes at 36 an hour
        CostKind.OVERHEAD: 10_000_000,
        CostKind.WASTE: 210_000,  # 0.3 of a tablet
    }
    assert month.total == Money(28_944_680)
    assert month.article_month == Money.of(40)
    (of_patient,), (of_fill,) = month.patients, month.fills
    assert (of_patient.patient, of_patient.total, of_patient.days) == ("Ann Sample", month.total, 30)
    assert (of_fill.batch_id, of_fill.total, of_fill.month) == (batch, month.total, month.total)
    assert sum(part.amount.micros for part in of_fill.parts) == month.total.micros


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_capsules_are_not_dated_past_their_components(bench: Bench) -> None:
    bench.clock.pass_days(300)  # the tablets of the first lot expire in 100 days, the filler in 300
    order = replace(capsules(), written_on=bench.today, therapy=replace(capsules().therapy, last_taken=bench.today))
    (fill,) = bench.planned(order, replace(IN_CAPSULES, starts_on=bench.today))
    made = bench.batch(bench.draw_up(fill)).preparation

    assert made.beyond_use.until == bench.lot("SUN2201").expires_on == bench.today + timedelta(days=100)
    assert "SUN2201" in made.beyond_use.decided_by.name
    assert bench.today + timedelta(days=179) in {candidate.until for candidate in made.beyond_use.candidates}


def test_a_titration_takes_two_bottles_and_the_second_is_really_made_on_day_36(bench: Bench) -> None:
    order_id = bench.accepted(titration())
    plan = bench.draft(order_id, IN_L1)
    first, second = plan.fills

    assert (plan.prescribed, plan.days) == (Mass.of_mg(126), 42)
    assert [(fill.opens, fill.closes) for fill in plan.fills] == [(1, 35), (36, 42)]
    assert [(fill.amounts.dispensed, fill.amounts.tablets, fill.amounts.made, fill.amounts.left) for fill in plan.fills] == [
        (Fraction("94.5"), 2, 100, Mass.of_mg("5.5")),
        (Fraction("31.5"), 1, 50, Mass.of_mg("18.5")),
    ]
    assert strengths(plan) == {Concentration.of(1)}  # three tablets in 126 mL would be 1.190 mg/mL
    assert (first.until - first.make_by, second.make_by) == (timedelta(days=34), date(2026, 4, 6))

    opening, closing = bench.plan(order_id, IN_L1)
    bench.handed_over(opening)
    assert bench.prescription(order_id).status is PrescriptionStatus.ACCEPTED

    go_to(bench, 36)
    batch = bench.made(closing)
    value = bench.compose(closing).value
    assert bench.batch(batch).made_on == date(2026, 4, 6)
    assert bench.batch(batch).beyond_use == date(2026, 5, 10)
    assert value.directions == ("Apr 6 to Apr 12, 2026: Take 4.5 mL by mouth at bedtime.",)
    assert (value.quantity, value.container) == ("31.5 mL", "Bottle 2 of 2")

    bench.label(closing)
    bench.check(closing)
    bench.hand_over(closing)
    assert bench.prescription(order_id).status is PrescriptionStatus.COMPLETED
    tablets = {line.lot_number: line for line in bench.batch(batch).preparation.lines if line.part is Part.ACTIVE}
    assert {lot: line.target for lot, line in tablets.items()} == {"SUN2201": 1}
    assert bench.balance("SUN2201") == 97


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_the_first_bottle_of_a_titration_names_its_own_steps_only(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), IN_L1)
    bench.made(opening)
    value = bench.compose(opening).value

    assert value.directions == (
        "Mar 2 to Mar 15, 2026: Take 1.5 mL by mouth at bedtime.",
        "Mar 16 to Mar 29, 2026: Take 3 mL by mouth at bedtime.",
        "Mar 30 to Apr 5, 2026: Take 4.5 mL by mouth at bedtime.",
    )
    assert (value.quantity, value.container, value.beyond_use) == ("94.5 mL", "Bottle 1 of 2", "Discard after Apr 5, 2026")


def test_at_room_temperature_the_titration_is_72_and_54_ml_of_two_tablets_each(bench: Bench) -> None:
    order_id = bench.accepted(titration())
    plan = bench.draft(order_id, IN_L1_AT_ROOM)

    assert [(fill.opens, fill.closes) for fill in plan.fills] == [(1, 30), (31, 42)]
    assert [(fill.amounts.dispensed, fill.amounts.tablets) for fill in plan.fills] == [(72, 2), (54, 2)]
    assert strengths(plan) == {Concentration.of(1)}

    opening, closing = bench.plan(order_id, IN_L1_AT_ROOM)
    first = bench.handed_over(opening)
    go_to(bench, 31)
    bench.handed_over(closing)
    assert bench.batch(first).beyond_use == FIRST_DAY + timedelta(days=29)
    assert bench.prescription(order_id).status is PrescriptionStatus.COMPLETED
    assert bench.balance("SUN2201") == 96


def test_a_coarse_syringe_is_shown_warned_of_and_used_only_with_a_reason(bench: Bench) -> None:
    order_id = bench.accepted(titration())
    plan = bench.draft(order_id, IN_L1_BY_FIFTHS)
    readings = [step.reading for step in plan.steps if step.reading]

    assert [reading.measured for reading in readings] == [Volume.of_ml("1.6"), Volume.of_ml(3), Volume.of_ml("4.6")]
    assert [percent(reading.error) for reading in readings] == ["+6.67 %", "0 %", "+2.22 %"]
    assert sum(fill.amounts.used for fill in plan.fills) == Fraction("128.8")
    assert {notice.code: notice.warning for notice in plan.notices if notice.code.startswith("rounding")} == {"rounding_1": True, "rounding_3": False}
    warning = next(notice for notice in plan.notices if notice.code == "rounding_1")
    assert "+6.67 %" in warning.sentence
    assert "Another device or strength" in warning.sentence

    with pytest.raises(Invalid) as refusal:
        bench.plan(order_id, IN_L1_BY_FIFTHS, {})
    assert list(refusal.value.fields) == ["answers.rounding_1.chosen"]
    assert bench.prescription(order_id).fills == ()

    opening, closing = bench.plan(order_id, IN_L1_BY_FIFTHS, {"rounding_1": ANSWER})
    bench.handed_over(opening)
    go_to(bench, 36)
    bench.handed_over(closing)
    assert bench.compose(opening).value.directions[0] == "Mar 2 to Mar 15, 2026: Take 1.6 mL by mouth at bedtime."
    assert bench.prescription(order_id).status is PrescriptionStatus.COMPLETED


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_device_whose_marks_meet_every_dose_is_offered_before_one_that_rounds(bench: Bench) -> None:
    order_id = bench.accepted(titration())
    offered = bench.choosable(order_id).options
    names = [(option.formula.code, option.device.code if option.device else "") for option in offered]

    in_one_draw = [option.worst_error for option in offered if not option.refused and option.draws == 1]
    assert in_one_draw == sorted(in_one_draw)
    usable = [not option.refused for option in offered]
    assert usable == sorted(usable, reverse=True)
    exact, coarse = names.index(("L1", "syringe-5-by-0.1")), names.index(("L1", "syringe-5-by-0.2"))
    assert exact < coarse
    assert (offered[exact].worst_error, offered[exact].remark) == (0, "every dose stands on a mark")
    assert percent(offered[coarse].worst_error) == "+6.67 %"
    assert offered[0].worst_error == 0


def finish(bench: Bench, fills: Sequence[UUID], days: Sequence[int], order_id: UUID) -> None:
    """Make and hand over each bottle on its own day."""
    for fill, day in zip(fills, days, strict=True):
        go_to(bench, day)
        bench.answer(order_id)
        bench.handed_over(fill)


@pytest.mark.campaign
def test_the_gps_course_in_drops_is_ten_bottles_made_and_handed_over_on_their_days(bench: Bench) -> None:
    order_id = bench.accepted(gp())
    bench.review(order_id)
    plan = bench.draft(order_id, IN_L5)

    assert (plan.days, plan.prescribed, plan.taken) == (126, Mass.of_mg("299.25"), Mass.of_mg("299.25"))
    assert [step.reading.drops for step in plan.steps if step.reading] == list(range(1, 19))
    assert [step.amount for step in plan.steps] == [week * Fraction("0.05") for week in range(1, 19)]
    assert sum(step.reading.drops * step.days for step in plan.steps if step.reading and step.reading.drops) == 1197
    assert sum(fill.amounts.used for fill in plan.fills) == Fraction("59.85")
    assert opening_days(plan) == GP_IN_L5
    assert {fill.amounts.made for fill in plan.fills} == {10}
    assert strengths(plan) == {Concentration.of(5)}

    fills = bench.plan(order_id, IN_L5)
    finish(bench, fills, GP_IN_L5, order_id)
    seen = bench.prescription(order_id)
    assert [item.handed_over_on for item in seen.fills] == [FIRST_DAY + timedelta(days=day - 1) for day in GP_IN_L5]
    assert all(item.beyond_use == item.handed_over_on + timedelta(days=13) for item in seen.fills if item.handed_over_on)
    assert seen.status is PrescriptionStatus.COMPLETED
    assert bench.balance("SUN2201") == 90
    assert bench.compose(fills[-1]).value.directions == ("Jul 1 to Jul 5, 2026: Take 18 drops by mouth at bedtime.",)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_the_gps_course_in_l2_is_seven_bottles_and_stands_still_past_day_104_until_the_review_is_recorded(bench: Bench) -> None:
    order_id = bench.accepted(gp())
    plan = bench.draft(order_id, IN_L2)
    assert opening_days(plan) == GP_IN_L2
    assert sum(fill.amounts.used for fill in plan.fills) == Fraction("59.85")
    assert strengths(plan) == {Concentration.of(5)}

    fills = bench.plan(order_id, IN_L2)
    finish(bench, fills[:5], GP_IN_L2[:5], order_id)  # the one of day 95 with a tick that the review is due
    go_to(bench, 108)
    bench.answer(order_id)
    bench.checked(fills[5])
    (finding,) = [item for item in bench.at_counter(fills[5]) if item.rule == "R16" and item.action == "block"]
    assert "day 104" in finding.sentence
    with pytest.raises(Invalid) as refusal:
        bench.hand_over(fills[5], replies={})
    assert "answers.r16.contact" in refusal.value.fields
    assert bench.fill(fills[5]).status is FillStatus.CHECKED

    bench.review(order_id)
    assert bench.at_counter(fills[5]) == ()
    bench.hand_over(fills[5], replies={})
    finish(bench, fills[6:], GP_IN_L2[6:], order_id)
    seen = bench.prescription(order_id)
    assert [item.handed_over_on for item in seen.fills] == [FIRST_DAY + timedelta(days=day - 1) for day in GP_IN_L2]
    assert seen.status is PrescriptionStatus.COMPLETED


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_drops_are_for_the_formula_that_they_were_counted_with(bench: Bench) -> None:
    order_id = bench.accepted(gp(Form.ORAL_DROPS))
    with pytest.raises(Unsafe, match="counted"):
        bench.draft(order_id, replace(IN_L2, device="dropper-20"))
