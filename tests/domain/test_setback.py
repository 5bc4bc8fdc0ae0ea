"""What may go wrong with a container in which state, and what must be told of it."""

from dataclasses import replace

import pytest

from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.setback import NEXT, POSSIBLE, Cause, Setback, SetbackKind, SetbackStatus, advance, cause_of, check

REMAKE = Setback(SetbackKind.REMAKE, Cause.SPILL, "the bottle fell")
MISFILL = Setback(SetbackKind.MISFILL, None, "the label of another", "James Okafor", reached_patient=True, done="patient called, nothing taken")
RETURN = Setback(SetbackKind.RETURN, None, "the patient stopped")


def test_a_return_is_of_what_was_handed_over_and_nothing_is_lost_before_it_is_made() -> None:
    for status in FillStatus:
        for told in (REMAKE, replace(MISFILL, reached_patient=False), RETURN):
            if told.kind in POSSIBLE.get(status, ()):
                check(told, status)
            else:
                with pytest.raises(Conflict):
                    check(told, status)
    assert SetbackKind.RETURN not in POSSIBLE[FillStatus.CHECKED]
    assert not POSSIBLE.keys() & {FillStatus.DUE, FillStatus.PLANNED, FillStatus.CANCELLED}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (replace(REMAKE, reason=""), "reason"), (replace(REMAKE, cause=None), "cause"), (replace(MISFILL, found_by=""), "found_by"),
        (replace(MISFILL, done=""), "done"), (replace(MISFILL, reached_patient=None), "reached_patient"),
    ],
)  # fmt: skip
def test_a_record_with_a_gap_names_the_field(told: Setback, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(told, FillStatus.HANDED_OVER)
    assert set(refused.value.fields) == {field}


def test_what_never_left_the_house_cannot_have_reached_the_patient() -> None:
    with pytest.raises(Invalid, match="missing") as refused:
        check(MISFILL, FillStatus.CHECKED)
    assert set(refused.value.fields) == {"reached_patient"}


def test_waste_is_counted_by_one_word() -> None:
    assert [cause_of(told) for told in (REMAKE, MISFILL, RETURN)] == [Cause.SPILL, Cause.REMAKE, Cause.RETURN]


def test_what_came_back_has_one_way_and_it_is_not_to_the_shelf() -> None:
    assert advance(SetbackStatus.RETURNED, SetbackStatus.DESTROYED) is SetbackStatus.DESTROYED
    assert {status for ways in NEXT.values() for status in ways} == {SetbackStatus.DESTROYED}
