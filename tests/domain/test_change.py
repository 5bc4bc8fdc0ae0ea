"""What is left of a course on any day, and the order that a change makes of it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.change import Change, ChangeKind, Now, changed, check, left
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.event import EventKind, of_fill
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import Form, Moment, PrescriptionStatus, Step, Unit, dose_on
from compounding.domain.quantity import Mass
from tests.workflow.orders import titration

doses = st.integers(1, 40).map(lambda quarters: Mass.of_mg(Fraction(quarters, 4)))
steps = st.builds(Step, doses, st.just(Unit.MG), st.just((Moment.BEDTIME,)), st.integers(1, 30))
courses = st.lists(steps, min_size=1, max_size=12).map(tuple)


@given(courses, st.integers(1, 400))
def test_each_day_that_is_left_has_the_dose_that_it_had(course: tuple[Step, ...], day: int) -> None:
    rest, days = left(course, day), sum(step.days for step in course)
    assert sum(step.days for step in rest) == max(days - day + 1, 0)
    for later in range(day, days + 1):
        assert dose_on(rest, later - day + 1).daily == dose_on(course, later).daily


@given(courses)
def test_from_the_first_day_on_all_is_left(course: tuple[Step, ...]) -> None:
    assert left(course, 1) == course


def now(dose: str) -> Now:
    written = titration()
    return Now(date(2026, 3, 20), written.opioid, Mass.of_mg(dose), date(2026, 3, 19))


@pytest.mark.parametrize(("day", "to_step", "days", "total"), [(20, 1, 23, "34.5"), (30, 2, 13, "39"), (30, 1, 13, "19.5"), (42, 1, 1, "1.5")])
def test_a_step_back_takes_the_lower_dose_for_every_day_that_is_left(day: int, to_step: int, days: int, total: str) -> None:
    told = Change(kind=ChangeKind.STEP_BACK, reason="dreams", to_step=to_step, now=now("3"))
    found = changed(titration(), day, told)
    assert (found.days, found.total, found.supply.days, found.directions) == (days, Mass.of_mg(total), days, "")
    assert found.therapy.present_dose == Mass.of_mg("3")


@pytest.mark.parametrize(("day", "to_step"), [(1, 1), (14, 1), (20, 2), (20, 3), (20, 0), (20, 4)])
def test_a_step_back_goes_to_a_lower_dose_of_this_course_or_nowhere(day: int, to_step: int) -> None:
    with pytest.raises(Invalid, match="lower dose"):
        changed(titration(), day, Change(kind=ChangeKind.STEP_BACK, reason="dreams", to_step=to_step, now=now("3")))


def test_after_the_last_day_nothing_is_left_to_change() -> None:
    with pytest.raises(Conflict, match="Nothing is left"):
        changed(titration(), 43, Change(kind=ChangeKind.OTHER_FORM, reason="x", form=Form.CAPSULE, now=now("4.5")))


def test_another_form_is_another_one() -> None:
    with pytest.raises(Invalid, match="ordered already"):
        changed(titration(), 20, Change(kind=ChangeKind.OTHER_FORM, reason="x", form=Form.ORAL_LIQUID, now=now("3")))


@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize("status", [PrescriptionStatus.DECLINED, PrescriptionStatus.COMPLETED, PrescriptionStatus.CANCELLED])
def test_what_is_over_takes_no_change(kind: ChangeKind, status: PrescriptionStatus) -> None:
    with pytest.raises(Conflict, match=status):
        check(Change(kind=kind, reason="x"), status, handed_over=False)


def test_a_new_patient_who_has_taken_nothing_stays_new() -> None:
    told = Change(kind=ChangeKind.OTHER_FORM, reason="x", form=Form.CAPSULE, now=replace(now("3"), present_dose=None, last_taken=None))
    assert changed(titration(), 1, told).therapy == titration().therapy


def test_a_prescriber_is_told_of_what_is_ready_given_and_taken_back_and_of_nothing_else() -> None:
    told = {(before, after): of_fill(before, after) for before in FillStatus for after in FillStatus if before is not after}
    assert {kind for (before, _), kind in told.items() if before is FillStatus.HANDED_OVER} == {EventKind.VOIDED}
    rest = {(before, after): kind for (before, after), kind in told.items() if before is not FillStatus.HANDED_OVER and kind}
    assert {after for _, after in rest} == {FillStatus.CHECKED, FillStatus.HANDED_OVER}
