"""How findings say dates and lists, the same in every locale."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def said(day: date) -> str:
    """A date as "3 March 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def listed(items: Sequence[str]) -> str:
    """Items as "a", "a and b" or "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def months_later(day: date, months: int) -> date:
    """The same day of the month, `months` later; the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
