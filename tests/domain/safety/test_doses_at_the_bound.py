"""Rules on doses, exactly on their bounds, and the numbers that their sentences name."""

import pytest

from compounding.domain.prescription import Order, Unit
from compounding.domain.safety import History
from compounding.domain.safety.doses import last_known_day
from tests.domain.safety.orders import actions, continuing, days_ago, last_fill, only, order, ordered, step


def sentence(given: Order, rule: str) -> str:
    return only(ordered(given), rule).sentence


def test_a_microgram_dose_names_the_number_that_was_written() -> None:
    assert "If 4.5 mg was meant" in sentence(order(steps=(step("4.5", unit=Unit.MCG),)), "R7")


@pytest.mark.parametrize(("dose", "rule", "meant"), [("15", "R10", "1.5 mg"), ("25", "R11", "2.5 mg"), ("100", "R11", "10 mg")])
def test_a_tenth_is_named_up_to_the_highest_low_dose(dose: str, rule: str, meant: str) -> None:
    assert f"{meant} may have been meant." in sentence(order(dose), rule)
    assert "may have been meant" not in sentence(order("101"), "R11")


def test_steps_are_named_with_their_doses_once_each() -> None:
    assert sentence(order("1.5", "15"), "R10").startswith("Step 2 is 15 mg a day, more")
    assert sentence(order("15", "15", "20"), "R10").startswith("Steps 1, 2 and 3 are 15 mg and 20 mg a day")


def test_the_later_of_what_is_told_and_what_was_handed_over_is_the_last_day_known() -> None:
    told = order("4.5", therapy=continuing("4.5", days_ago(20)))
    assert last_known_day(told, last_fill(left=-5)) == days_ago(5)
    assert last_known_day(told, last_fill(left=-30)) == days_ago(20)


def test_after_two_weeks_without_it_the_old_dose_is_no_measure() -> None:
    off = order("1.5", therapy=continuing("4.5", days_ago(15)))
    assert actions(ordered(off, History(last_fill=last_fill("4.5", left=-15))), "R21") == []
    on = order("1.5", therapy=continuing("4.5", days_ago(14)))
    assert actions(ordered(on, History(last_fill=last_fill("4.5", left=-14))), "R21") == ["block", "block"]


def test_a_jump_names_its_step_and_whether_it_is_up_or_down_at_the_very_factor() -> None:
    assert "Step 2 is 4.5 mg a day, at least 3 times step 1 (1.5 mg)" in sentence(order("1.5", "4.5"), "R21")
    assert actions(ordered(order("1.5", "4.4")), "R21") == []


def test_only_a_course_that_falls_at_every_step_is_a_taper() -> None:
    assert actions(ordered(order("4.5", "1.5", therapy=continuing("4.5"))), "R21") == []
    flat = order("4.5", "4.5", "1.5", therapy=continuing("4.5"))
    assert only(ordered(flat), "R21").sentence.startswith("Step 3 is 1.5 mg a day, at most 1/3 of step 2 (4.5 mg)")


def test_a_step_that_stays_the_same_is_no_rise() -> None:
    given = order(steps=(step("1.5", 3), step("1.5", 14)))
    assert actions(ordered(given), "R12") == []
    assert "Step 2 rises after only 3 days" in sentence(order(steps=(step("1.5", 3), step("2", 14))), "R12")


def test_the_present_dose_itself_is_no_rise() -> None:
    assert actions(ordered(order("4.5", therapy=continuing("4.5"))), "R12") == []
