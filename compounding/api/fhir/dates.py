"""A date as a search writes it: a year, a month, a day or a moment, each as wide as it was written (FHIR R4, 3.1.1.4.7), with what is asked of it before it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from compounding.workflow.spans import Span

DATE = "Write a date such as 2026, 2026-03 or 2026-03-09, or a moment with its zone, with eq, ne, ge, gt, le or lt before it."
_MOMENT = re.compile(r"(eq|ne|ge|gt|le|lt)?(\d{4})(?:-(\d{2})(?:-(\d{2})(T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?:Z|[+-]\d{2}:\d{2}))?)?)?", re.ASCII)
_OVER_A_MONTH = timedelta(days=31)  # from the first of any month
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)  # the bounds of what a clock can tell in every zone


def moments(text: str, zone: ZoneInfo) -> Span | None:
    """The moments that `text` takes in, days by the clock of `zone`; None where it is no date."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    kind, year, month, day, clock, _, second, fraction = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        if clock is None:
            return Span(kind or "eq", _begins(first, zone), _begins(_behind(first, has_month=month is not None, has_day=day is not None), zone))
        moment = datetime.fromisoformat(f"{first}{clock}").astimezone(UTC)
        return Span(kind or "eq", moment, moment + _width(second, fraction))
    except (ValueError, OverflowError):
        return None


def _behind(first: date, *, has_month: bool, has_day: bool) -> date:
    """The first day behind the day, month or year that was written; the last that there is stands for what lies behind it."""
    try:
        if has_day:
            return first + timedelta(days=1)
        return (first + _OVER_A_MONTH).replace(day=1) if has_month else first.replace(year=first.year + 1)
    except (ValueError, OverflowError):
        return date.max


def _begins(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins."""
    try:
        return min(max(datetime.combine(day, time.min, zone).astimezone(UTC), _FIRST), _LAST)
    except OverflowError:
        return _FIRST if day.year == 1 else _LAST


def _width(second: str | None, fraction: str | None) -> timedelta:
    """How long what was written lasts: a minute, a second, or a decimal part of one."""
    if second is None:
        return timedelta(minutes=1)
    return timedelta(microseconds=10 ** (6 - len(fraction or "")))
