"""How findings say lists and reckon months."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date


def listed(items: Sequence[str]) -> str:
    """Items as "a", "a and b" or "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def months_later(day: date, months: int) -> date:
    """The same day of the month, `months` later; the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
