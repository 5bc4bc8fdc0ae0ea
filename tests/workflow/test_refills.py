"""Refills: they repeat the last step, one of the order's number each time, for the dose that the patient takes today."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from compounding.domain.errors import Conflict, Invalid
from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.quantity import Mass
from tests.workflow.bench import Bench
from tests.workflow.orders import FIRST_DAY, IN_L1, titration

TWICE = replace(titration(), refills=2)


def course_given(bench: Bench) -> UUID:
    """The whole titration handed over; today is its last day."""
    order_id = bench.accepted(TWICE)
    opening, closing = bench.plan(order_id, IN_L1)
    bench.handed_over(opening)
    assert bench.compose(opening).value.refills == "2"
    bench.clock.pass_days(35)
    bench.handed_over(closing)
    bench.clock.pass_days(6)
    bench.answer(order_id)
    return order_id


def test_a_refill_repeats_the_last_step_and_takes_one_of_the_orders_refills(bench: Bench) -> None:
    order_id = course_given(bench)
    seen = bench.prescription(order_id)
    assert (seen.status, seen.refills_left, seen.refills_now) == (PrescriptionStatus.ACCEPTED, 2, True)

    request = replace(IN_L1, starts_on=FIRST_DAY + timedelta(days=42))
    plan = bench.draft(order_id, request)
    assert [(step.dose, step.days) for step in plan.steps] == [(Mass.of_mg("4.5"), 14)]
    assert plan.prescribed == Mass.of_mg(63)

    for refills_left in (1, 0):
        bench.clock.pass_days((request.starts_on - bench.today).days)
        (fill,) = bench.plan(order_id, request, dose="4.5")
        assert bench.prescription(order_id).refills_left == refills_left
        bench.handed_over(fill)
        assert bench.compose(fill).value.refills == str(refills_left)
        request = replace(request, starts_on=request.starts_on + timedelta(days=14))
    assert bench.prescription(order_id).status is PrescriptionStatus.COMPLETED
    assert bench.balance("SUN2201") == 100 - 3 - 2 * 2  # 63 mL take two tablets


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("later", "starts"), [(0, 42), (1, 42), (3, 44)])
def test_a_refill_starts_by_default_the_day_after_the_last_dose_or_today_when_that_is_past(bench: Bench, later: int, starts: int) -> None:
    order_id = course_given(bench)  # its last dose is on the course's day 42, which is today
    bench.clock.pass_days(later)
    usual = bench.choosable(order_id).usual
    assert usual is not None
    assert usual.starts_on == FIRST_DAY + timedelta(days=starts)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_refill_that_was_planned_but_not_begun_still_follows_what_was_handed_over(bench: Bench) -> None:
    order_id = course_given(bench)
    bench.plan(order_id, replace(IN_L1, starts_on=FIRST_DAY + timedelta(days=42)), dose="4.5")
    usual = bench.choosable(order_id).usual
    assert usual is not None
    assert usual.starts_on == FIRST_DAY + timedelta(days=42)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
@pytest.mark.parametrize("dose", ["", "3"])
def test_a_refill_for_another_dose_than_the_patients_is_refused(bench: Bench, dose: str) -> None:
    order_id = course_given(bench)
    with pytest.raises(Invalid) as refusal:
        bench.plan(order_id, replace(IN_L1, starts_on=bench.today), dose=dose)
    assert list(refusal.value.fields) == ["present_dose"]
    assert bench.prescription(order_id).refills_left == 2


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_course_that_was_begun_is_not_planned_again(bench: Bench) -> None:
    order_id = bench.accepted(TWICE)
    opening, _ = bench.plan(order_id, IN_L1)
    bench.plan(order_id, IN_L1)  # nothing was begun: the first plan is void
    assert len(bench.prescription(order_id).fills) == 2
    with pytest.raises(Conflict):
        bench.draw_up(opening)

    current = bench.prescription(order_id).fills[0].id
    bench.handed_over(current)
    with pytest.raises(Conflict, match="begun"):
        bench.plan(order_id, IN_L1)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_an_order_without_refills_is_completed_and_not_planned_again(bench: Bench) -> None:
    order_id = bench.accepted(titration())
    for fill, days in zip(bench.plan(order_id, IN_L1), (35, 7), strict=True):
        bench.handed_over(fill)
        bench.clock.pass_days(days)
    assert bench.prescription(order_id).status is PrescriptionStatus.COMPLETED
    with pytest.raises(Conflict):
        bench.plan(order_id, replace(IN_L1, starts_on=bench.today), {})
