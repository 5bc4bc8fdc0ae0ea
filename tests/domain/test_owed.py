"""Parts of a container: every day once, every dose once, and by when the rest must be given."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding import second
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.owed import AskedBy, Cut, Rest, check, daily, days_given, deadline, part
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.prescription import Form, Moment
from tests.domain.examples import SYRINGE_5, TITRATION, bottle, capsule_choices, choices, order, plain, planned, step
from tests.domain.formulary import written

TWO_STEPS = planned(order(step("4.5", 10), step("9", 5, Moment.BEDTIME), form=Form.CAPSULE), capsule_choices(overage=2))  # 10 days of 1, 5 of 2
LIQUID = planned(TITRATION, choices("L1", bottle(120), SYRINGE_5, overfill="1"))
CASES = [(TWO_STEPS, "C4.5"), (LIQUID, "L1")]


def parts(plan: Plan, container: FillPlan, ends: list[int], code: str) -> list[FillPlan]:
    """The container in parts that end on these course days and on its last."""
    found, opens = [], container.opens
    for closes in [*sorted(set(ends)), container.closes]:
        if opens <= closes <= container.closes:
            found.append(part(plan, container, opens, closes, written(code)))
            opens = closes + 1
    return found


@pytest.mark.parametrize(("plan", "code"), CASES, ids=["capsules", "liquid"])
@given(ends=st.lists(st.integers(1, 60), max_size=6))
def test_the_parts_of_a_container_serve_each_of_its_days_once_and_give_no_more_than_was_prescribed(plan: Plan, code: str, ends: list[int]) -> None:
    for container in plan.fills:
        found = parts(plan, container, [container.opens - 1 + end for end in ends], code)
        days = [day for item in found for served in item.steps for day in range(served.first_day, served.last_day + 1)]
        assert days == list(range(container.opens, container.closes + 1))
        assert sum((item.amounts.used for item in found), Fraction(0)) == container.amounts.used
        assert [item.opens_on for item in found[1:]] == [item.closes_on + timedelta(days=1) for item in found[:-1]]
        assert sum(plan.doses(item) for item in found) == plan.doses(container)
        told = {"plan": plain(plan), "whole": plain(container), "container": plain(container), "formula": plain(written(code))}
        assert second.check_parts(parts=[plain(item) for item in found], **told) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"closes": 7},
        {"opens": 2},
        {"steps": ()},
        {"amounts": {"used": "9"}},
        {"amounts": {"dispensed": "9"}},
        {"amounts": {"tablets": 3}},
        {"amounts": {"active": "63/2"}},
    ],
    ids=str,
)
def test_the_second_pharmacist_sees_a_part_that_is_wrong(change: dict[str, object]) -> None:
    (container,) = TWO_STEPS.fills
    first, rest = parts(TWO_STEPS, container, [8], "C4.5")
    amounts = change.get("amounts", {})
    assert isinstance(amounts, dict)
    wrong = plain(first) | {name: list(value) if isinstance(value, tuple) else value for name, value in change.items() if name != "amounts"}
    wrong["amounts"] = plain(first.amounts) | amounts
    told = {"plan": plain(TWO_STEPS), "whole": plain(container), "container": plain(container), "formula": plain(written("C4.5"))}
    assert second.check_parts(parts=[plain(first), plain(rest)], **told) == ()
    assert second.check_parts(parts=[wrong, plain(rest)], **told) != ()


def test_what_is_given_ends_with_a_whole_day() -> None:
    (container,) = TWO_STEPS.fills
    assert list(daily(TWO_STEPS, container)) == [1] * 10 + [2] * 5
    assert [days_given(TWO_STEPS, container, given, capsules=True) for given in (1, 10, 12, 18)] == [1, 10, 11, 14]
    with pytest.raises(Invalid, match=r"13 capsules end within a day. Give 12 \(11 days\) or 14 \(12 days\)"):
        days_given(TWO_STEPS, container, 13, capsules=True)
    for all_or_nothing in (0, -1, 20, 21, 200):
        with pytest.raises(Invalid, match="serves 20 capsules"):
            days_given(TWO_STEPS, container, all_or_nothing, capsules=True)
    assert days_given(LIQUID, LIQUID.fills[0], 3, capsules=False) == 3
    with pytest.raises(Invalid, match="days"):
        days_given(LIQUID, LIQUID.fills[0], LIQUID.fills[0].closes, capsules=False)


@pytest.mark.parametrize("status", FillStatus)
def test_only_what_is_due_or_made_is_cut_and_only_capsules_are_counted_apart(status: FillStatus) -> None:
    here, later = (Cut(10, AskedBy.PATIENT, rest, "cannot pay for all today") for rest in (Rest.HERE, Rest.TO_BE_MADE))
    made = status in {FillStatus.MADE, FillStatus.LABELLED, FillStatus.CHECKED}
    if not made and status is not FillStatus.DUE:
        for told in (here, later):
            with pytest.raises(Conflict):
                check(told, status, capsules=True)
        return
    check(later, status, capsules=False)
    with pytest.raises(Invalid) as refused:
        check(replace(later, reason=""), status, capsules=True)
    assert set(refused.value.fields) == {"reason"}
    for capsules in (True, False):
        if made and capsules:
            check(here, status, capsules=capsules)
            continue
        with pytest.raises(Invalid) as refused:
            check(here, status, capsules=capsules)
        assert set(refused.value.fields) == {"rest"}


def test_the_rest_is_given_within_the_beyond_use_date_and_the_year_of_its_order() -> None:
    dates = {"opens_on": date(2026, 3, 12), "closes_on": date(2026, 3, 31), "written_on": date(2026, 3, 1), "months": 12}
    found = deadline(good_through=date(2026, 8, 28), **dates)
    assert (found.needed, found.by) == (date(2026, 3, 12), date(2026, 8, 9))  # begun then, its last dose is on the 28th
    assert "beyond-use" in found.reason
    valid = deadline(good_through=None, **dates)
    assert (valid.by, "12 months" in valid.reason) == (date(2027, 3, 1), True)
    assert deadline(good_through=date(2028, 1, 1), **dates).by == date(2027, 3, 1)
    assert [found.days_without(date(2026, 3, day)) for day in (11, 12, 14)] == [0, 1, 3]
