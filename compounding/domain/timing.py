"""Steps of a formula that take a stated time: "Mix for 5 minutes." is timed, and the record keeps when it began and ended.

The time stands in the sentence that a pharmacist approved, and nowhere else, so that the two cannot differ.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from compounding.domain.errors import Invalid
from compounding.domain.formula import Formula

_LASTS = re.compile(r"\bfor (?:at least )?([1-9][0-9]{0,2}) (second|minute|hour)s?\b")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}


@dataclass(frozen=True, slots=True)
class TimedStep:
    """One instruction of the formula, numbered from 1, that lasts at least `lasts`."""

    number: int
    text: str
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Timing:
    """When a timed step began and ended, by whom, and why it ended before its time."""

    started_at: datetime
    ended_at: datetime | None
    by: str
    reason: str


def timed_steps(formula: Formula) -> tuple[TimedStep, ...]:
    """The instructions that name how long they take, in order; of several times in one, the longest."""
    found = []
    for number, text in enumerate(formula.instructions, start=1):
        times = [int(count) * _SECONDS[unit] for count, unit in _LASTS.findall(text)]
        if times:
            found.append(TimedStep(number, text, timedelta(seconds=max(times))))
    return tuple(found)


def check_time(step: TimedStep, started_at: datetime, ended_at: datetime, reason: str) -> None:
    """Refuse to end a step before its time unless somebody says why."""
    lasted = ended_at - started_at
    if lasted < step.lasts and not reason:
        message = f"This step lasts {said_time(step.lasts)}, and {said_time(lasted)} have passed. Go on, or say why it ends now."
        raise Invalid("too-short", message, fields={"ended": (message,)})


def said_time(lasts: timedelta) -> str:
    """A duration in minutes and seconds: "5 min", "4 min 10 s"."""
    minutes, seconds = divmod(int(lasts.total_seconds()), 60)
    parts = [f"{minutes} min"] if minutes else []
    if seconds or not minutes:
        parts.append(f"{seconds} s")
    return " ".join(parts)
