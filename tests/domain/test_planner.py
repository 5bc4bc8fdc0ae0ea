"""Whole courses, as a pharmacist orders them; the second pharmacist agrees with every one of these plans."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from compounding.domain.errors import Conflict, Invalid, PharmacyError, Unsafe
from compounding.domain.formula import Method, Storage
from compounding.domain.inventory import Shortage
from compounding.domain.plan import Choices, Plan
from compounding.domain.prescription import Form, Moment, Order
from compounding.domain.quantity import Concentration, Mass, Volume
from tests.domain.examples import (
    GP,
    MONTH_OF_CAPSULES,
    POLICY,
    SYRINGE_1,
    SYRINGE_3,
    SYRINGE_5,
    SYRINGE_5_COARSE,
    TITRATION,
    TODAY,
    VIAL,
    bottle,
    capsule_choices,
    choices,
    dropper,
    filler,
    order,
    planned,
    shelf,
    step,
    tablets,
)

L1 = choices("L1", bottle(120), SYRINGE_5)


def spans(plan: Plan) -> list[tuple[int, int]]:
    return [(fill.opens, fill.closes) for fill in plan.fills]


def amounts(plan: Plan) -> list[tuple[Fraction, Fraction, int, Fraction]]:
    """Dispensed and made (mL or capsules), tablets, mg left, of each fill."""
    return [(fill.amounts.dispensed, fill.amounts.made, fill.amounts.tablets, fill.amounts.left.mg) for fill in plan.fills]


def refusal(kind: type[PharmacyError], of: Order, chosen: Choices) -> str:
    with pytest.raises(kind) as refused:
        planned(of, chosen)
    return refused.value.code


def test_thirty_capsules_of_four_and_a_half_milligrams() -> None:
    plan = planned(MONTH_OF_CAPSULES, capsule_choices())
    assert plan.prescribed == plan.taken == Mass.of_mg(135)
    assert plan.working("fill.1.tablets").exact == Fraction("2.7")
    assert amounts(plan) == [(30, 30, 3, Fraction(15))]
    made = plan.fills[0].preparation
    assert made is not None
    assert made.weight is not None
    assert (made.lines[1].name, made.lines[1].target) == ("naltrexone tablet 50 mg", 675_000_000)
    assert made.weight.filler == Mass.of_mg("203.90625")
    assert made.lines[2].exact == Fraction("6117187500")
    assert (made.weight_low, made.weight_high) == (made.weight.net * Fraction(9, 10), made.weight.net * Fraction(11, 10))
    assert plan.fills[0].until == TODAY + timedelta(days=179)


def test_a_titration_in_the_refrigerator_takes_two_bottles_the_second_made_on_day_36() -> None:
    plan = planned(TITRATION, L1)
    assert (plan.prescribed, plan.taken, plan.days) == (Mass.of_mg(126), Mass.of_mg(126), 42)
    assert spans(plan) == [(1, 35), (36, 42)]
    assert amounts(plan) == [(Fraction("94.5"), 100, 2, Fraction("5.5")), (Fraction("31.5"), 50, 1, Fraction("18.5"))]
    assert plan.fills[1].make_by == plan.fills[1].opens_on == TODAY + timedelta(days=35)
    assert plan.fills[1].preparation is None
    assert [fill.until for fill in plan.fills] == [date(2026, 4, 5), date(2026, 5, 10)]
    assert [(part.step, part.first_day, part.last_day) for part in plan.fills[0].steps] == [(1, 1, 14), (2, 15, 28), (3, 29, 35)]


def test_the_same_titration_at_room_temperature_has_thirty_days() -> None:
    plan = planned(TITRATION, replace(L1, storage=Storage.ROOM))
    assert spans(plan) == [(1, 30), (31, 42)]
    assert [(dispensed, tablet) for dispensed, _, tablet, _ in amounts(plan)] == [(72, 2), (54, 2)]


def test_a_coarse_syringe_changes_what_is_taken_and_says_so() -> None:
    plan = planned(TITRATION, replace(L1, device=SYRINGE_5_COARSE))
    assert [step.amount for step in plan.steps] == [Fraction("1.6"), 3, Fraction("4.6")]
    assert plan.taken == Mass.of_mg("128.8")
    assert sum(dispensed for dispensed, _, _, _ in amounts(plan)) == Fraction("128.8")
    notices = {notice.code: notice for notice in plan.notices}
    assert notices["rounding_1"].warning
    assert "+6.67 %" in notices["rounding_1"].sentence
    assert not notices["rounding_3"].warning
    assert "+2.22 %" in notices["rounding_3"].sentence
    assert "rounding_2" not in notices


def test_another_strength_puts_the_same_titration_on_the_marks() -> None:
    plan = planned(TITRATION, choices("L1-1.5", bottle(120), SYRINGE_5_COARSE))
    assert [step.amount for step in plan.steps] == [1, 2, 3]
    assert plan.taken == Mass.of_mg(126)
    assert not any(notice.code.startswith("rounding") for notice in plan.notices)


def test_a_dose_too_far_from_every_mark_is_refused() -> None:
    assert refusal(Unsafe, order(step("0.15", 7)), L1) == "rounding"
    assert refusal(Unsafe, order(step("0.04", 7)), L1) == "below-first-mark"


def test_many_drops_and_several_draws_are_warned_of() -> None:
    many = planned(order(step("4.5", 7), form=Form.ORAL_DROPS), choices("L1", bottle(60), dropper("L1")))
    assert {notice.code for notice in many.notices if notice.warning} == {"drops_1"}
    assert many.steps[0].reading is not None
    assert many.steps[0].reading.drops == 90
    draws = planned(order(step("4.5", 7)), choices("L1", bottle(60), SYRINGE_3))
    assert {notice.code for notice in draws.notices if notice.warning} == {"draws_1"}


def test_a_course_of_drops_says_its_drops_and_its_volume_and_one_drop_is_one_drop() -> None:
    course = planned(GP, choices("L5", bottle(10), dropper("L5")))
    assert (course.drops, course.volume) == (1197, Volume.of_ml("59.85"))
    assert course.working("step.1.amount").text == "1 drop = 0.05 mL (0 %)"
    assert course.working("step.2.amount").text == "2 drops = 0.1 mL (0 %)"
    capsules = planned(MONTH_OF_CAPSULES, capsule_choices())
    assert (capsules.drops, capsules.volume) == (0, None)
    assert capsules.working("step.1.amount").text == "1 capsule"
    assert capsules.working("fill.1.tablets").exactly == "2.7 tablets"


def test_drops_are_counted_for_one_formula_and_until_they_lapse() -> None:
    assert refusal(Unsafe, GP, choices("L2", bottle(10), dropper("L5"))) == "dropper-formula"
    lapsed = replace(dropper("L5"), valid_through=TODAY - timedelta(days=1))
    assert refusal(Conflict, GP, choices("L5", bottle(10), lapsed)) == "calibration"


def test_a_prescribed_strength_is_made_or_the_prescriber_asked() -> None:
    assert refusal(Unsafe, replace(TITRATION, strength=Concentration.of(5)), L1) == "formula-strength"
    assert refusal(Unsafe, replace(MONTH_OF_CAPSULES, capsule_strength=Mass.of_mg("1.5")), capsule_choices()) == "formula-strength"
    assert planned(replace(TITRATION, strength=Concentration.of(1)), L1).days == 42


def test_another_form_than_the_ordered_one_is_refused() -> None:
    assert refusal(Unsafe, TITRATION, capsule_choices()) == "formula-form"
    assert refusal(Unsafe, MONTH_OF_CAPSULES, L1) == "formula-form"


def test_a_liquid_needs_something_to_measure_it() -> None:
    assert refusal(Invalid, TITRATION, replace(L1, device=None)) == "device"


def test_a_course_does_not_begin_before_today() -> None:
    assert refusal(Invalid, TITRATION, replace(L1, starts_on=TODAY - timedelta(days=1))) == "starts-on"


def test_capsules_are_taken_as_whole_ones() -> None:
    steps = (step("1.5", 14), step("3", 14), step("4.5", 14))
    plan = planned(order(*steps, form=Form.CAPSULE), capsule_choices("C1.5"))
    assert [step.capsules for step in plan.steps] == [1, 2, 3]
    assert [fill.amounts.used for fill in plan.fills] == [84]
    assert refusal(Unsafe, order(step("2", 14), form=Form.CAPSULE), capsule_choices("C1.5")) == "capsule-dose"


def test_a_vial_is_filled_up_to_what_it_holds() -> None:
    plan = planned(order(step("4.5", 150), form=Form.CAPSULE), capsule_choices())
    assert spans(plan) == [(1, 120), (121, 150)]


def test_overage_is_made_and_not_dispensed() -> None:
    plan = planned(MONTH_OF_CAPSULES, capsule_choices(overage=2))
    assert amounts(plan) == [(30, 32, 3, Fraction(15))]
    assert plan.fills[0].amounts.active == Mass.of_mg(144)


def test_overfill_and_what_stays_in_the_bottle_are_made_beside_the_doses() -> None:
    plan = planned(order(step("3", 14)), replace(L1, overfill=Volume.of_ml(2), container=bottle(60, "1.5")))
    assert amounts(plan) == [(Fraction("45.5"), 50, 1, Fraction(8))]


def test_overfill_and_what_stays_in_the_bottle_leave_less_room_for_doses() -> None:
    chosen = replace(L1, overfill=Volume.of_ml(2), container=bottle(60, "1"))
    plan = planned(order(step("4.5", 20)), chosen)
    # 12 days are 54 mL and 3 more; with a thirteenth the bottle would hold 61.5 mL
    assert spans(plan) == [(1, 12), (13, 20)]
    assert plan.fills[0].amounts.dispensed == 57


def test_weighed_powder_makes_no_more_than_the_next_mark() -> None:
    plan = planned(TITRATION, replace(L1, method=Method.POWDER))
    assert amounts(plan) == [(Fraction("94.5"), 95, 2, Fraction("5.5")), (Fraction("31.5"), 32, 1, Fraction("18.5"))]
    assert [fill.amounts.active for fill in plan.fills] == [Mass.of_mg(95), Mass.of_mg(32)]


def test_two_doses_a_day_take_twice_as_much() -> None:
    plan = planned(order(step("1.5", 14, Moment.MORNING, Moment.BEDTIME)), L1)
    assert plan.taken == Mass.of_mg(42)
    assert [fill.amounts.used for fill in plan.fills] == [42]


def test_a_bottle_that_is_fetched_the_day_before_has_one_day_less() -> None:
    plan = planned(TITRATION, replace(L1, lead_days=1, starts_on=TODAY + timedelta(days=1)))
    assert spans(plan) == [(1, 34), (35, 42)]
    assert [fill.make_by for fill in plan.fills] == [TODAY, TODAY + timedelta(days=34)]


def test_the_day_of_making_counted_as_day_nought_gives_a_day_more() -> None:
    plan = planned(TITRATION, L1, policy=replace(POLICY, made_is_day_one=False))
    assert spans(plan) == [(1, 36), (37, 42)]


def test_a_course_that_begins_later_has_no_lots_yet() -> None:
    plan = planned(TITRATION, replace(L1, starts_on=TODAY + timedelta(days=3)), stock=())
    assert [fill.preparation for fill in plan.fills] == [None, None]


def test_stock_that_expires_soon_cuts_the_first_bottle_and_never_dates_it_longer() -> None:
    plan = planned(TITRATION, L1, stock=shelf(tablets(expires_on=TODAY + timedelta(days=19))))
    assert spans(plan) == [(1, 20), (21, 42)]
    assert plan.fills[0].until == plan.fills[0].closes_on == TODAY + timedelta(days=19)
    assert "soonest expiry" in plan.fills[0].until_reason


def test_a_filler_that_expires_soon_cuts_the_capsules_too() -> None:
    soon = TODAY + timedelta(days=9)
    plan = planned(order(step("4.5", 30), form=Form.CAPSULE), capsule_choices("C4.5"), stock=shelf(filler(expires_on=soon)))
    assert spans(plan) == [(1, 10), (11, 30)]
    assert plan.fills[0].until == plan.fills[0].closes_on == soon


def test_too_little_stock_is_said_and_nothing_is_planned() -> None:
    with pytest.raises(Shortage):
        planned(TITRATION, L1, stock=shelf(tablets(1)))


def test_a_container_that_is_too_small_for_a_day_or_for_its_batch_is_refused() -> None:
    small = replace(VIAL, capsules=2)
    assert refusal(Unsafe, order(step("4.5", 7), form=Form.CAPSULE), replace(capsule_choices("C1.5"), container=small)) == "container"
    assert refusal(Unsafe, order(step("1.5", 7)), choices("L5", replace(bottle(10), volume=Volume.of_ml("9.5")), SYRINGE_1)) == "container"


def test_every_number_of_a_plan_says_why_it_is_so() -> None:
    plan = planned(TITRATION, L1)
    assert plan.working("course.total").exact == 126
    assert plan.working("fill.2.tablets").ratio == "1"
    assert plan.working("fill.1.made").exact == 100
    assert plan.working("step.3.amount").exact == Fraction("4.5")
