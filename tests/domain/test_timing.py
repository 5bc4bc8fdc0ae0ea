"""A step that names its time is timed; ending it before that takes a reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from compounding.domain.errors import Invalid
from compounding.domain.library_formulas import formulas
from compounding.domain.timing import check_time, said_time, timed_steps

BEGUN = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Mix for 5 minutes.", 300),
        ("Shake for at least 90 seconds and let it stand for 2 minutes.", 120),
        ("Let it swell for 1 hour.", 3600),
    ],
)
def test_the_longest_time_in_a_step_is_its_time(text: str, seconds: int) -> None:
    (step,) = timed_steps(replace(formulas()[0], instructions=("Crush.", text)))
    assert (step.number, step.lasts) == (2, timedelta(seconds=seconds))


@pytest.mark.parametrize("text", ["Weigh 5 capsules.", "Mix well.", "Keep for 35 days.", "Mix for 0 minutes.", "Mix for 05 minutes.", "Use within 5 minutes."])
def test_what_names_no_time_of_its_own_is_not_timed(text: str) -> None:
    assert timed_steps(replace(formulas()[0], instructions=(text,))) == ()


def test_a_step_ends_after_its_time_or_with_a_reason() -> None:
    (step,) = timed_steps(replace(formulas()[0], instructions=("Mix for 5 minutes.",)))
    check_time(step, BEGUN, BEGUN + timedelta(minutes=5), "")
    with pytest.raises(Invalid, match=r"lasts 5 min, and 4 min 59 s have passed"):
        check_time(step, BEGUN, BEGUN + timedelta(minutes=4, seconds=59), "")
    check_time(step, BEGUN, BEGUN + timedelta(minutes=1), "the mortar cracked")
    assert [said_time(timedelta(seconds=count)) for count in (0, 59, 60, 3661)] == ["0 s", "59 s", "1 min", "61 min 1 s"]
