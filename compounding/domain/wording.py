"""How sentences for persons say a date, the same in every locale."""

from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def said(day: date) -> str:
    """A date as "3 March 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
