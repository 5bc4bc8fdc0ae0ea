"""Fills: a course cut into containers, each wholly used before its beyond-use date.

Course days count from 1. A day's doses come wholly from one container.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from compounding.domain import states
from compounding.domain.errors import Unsafe


class FillStatus(StrEnum):
    """Where one fill stands."""

    DUE = "due"
    PLANNED = "planned"
    MADE = "made"
    LABELLED = "labelled"
    CHECKED = "checked"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"


NEXT: dict[FillStatus, frozenset[FillStatus]] = {
    FillStatus.DUE: frozenset({FillStatus.PLANNED, FillStatus.CANCELLED}),
    FillStatus.PLANNED: frozenset({FillStatus.MADE, FillStatus.DUE, FillStatus.CANCELLED}),
    FillStatus.MADE: frozenset({FillStatus.LABELLED, FillStatus.DUE, FillStatus.CANCELLED}),
    FillStatus.LABELLED: frozenset({FillStatus.CHECKED, FillStatus.DUE, FillStatus.LABELLED, FillStatus.MADE, FillStatus.CANCELLED}),
    FillStatus.CHECKED: frozenset({FillStatus.HANDED_OVER, FillStatus.DUE, FillStatus.LABELLED, FillStatus.MADE, FillStatus.CANCELLED}),
    FillStatus.HANDED_OVER: frozenset(),
    FillStatus.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The course days that one container serves."""

    opens: int
    closes: int


def advance(status: FillStatus, to: FillStatus) -> FillStatus:
    """`to`, if a fill may go there from `status`; else `Conflict`."""
    return states.advance(NEXT, status, to, thing="fill")


def split(daily: Sequence[Fraction], capacity: Fraction | None, last_day_of: Callable[[int], int]) -> tuple[Span, ...]:
    """The course as containers, each opened when the one before cannot serve the day.

    `daily` is what each course day takes (mL or capsules), `capacity` what a container gives out, None for no bound.
    `last_day_of(opens)` is the last course day on which a container opened on day `opens` may still be used.
    """
    spans = []
    opens = 1
    while opens <= len(daily):
        closes = _closes(daily, opens, capacity, last_day_of(opens))
        spans.append(Span(opens, closes))
        opens = closes + 1
    return tuple(spans)


def _closes(daily: Sequence[Fraction], opens: int, capacity: Fraction | None, last_day: int) -> int:
    used = Fraction(0)
    closes = opens - 1
    for day in range(opens, min(last_day, len(daily)) + 1):
        used += daily[day - 1]
        if capacity is not None and used > capacity:
            break
        closes = day
    if closes < opens:
        message = "Not even one day's doses fit the container before its beyond-use date: choose a larger one, or make it nearer to its use."
        raise Unsafe("container", message)
    return closes
