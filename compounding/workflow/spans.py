"""Bounds of moments and days, by which lists are asked for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression


@dataclass(frozen=True, slots=True)
class Span:
    """A bound: `kind` is one of eq, ne, ge, gt, le, lt; what was named begins with `first` and ends before `end`.

    Moments are aware; days are the pharmacy's own. A moment within a day holds no whole day: then `end` is the day before `first`.
    """

    kind: str
    first: date | datetime
    end: date | datetime

    def in_days(self, zone: ZoneInfo) -> "Span":
        """The bound of moments as one of days, each of which lasts from midnight to midnight."""
        if not isinstance(self.first, datetime) or not isinstance(self.end, datetime):
            return self
        first = self.first.astimezone(zone).date()
        whole = datetime.combine(first, time.min, zone).astimezone(UTC) == self.first
        return Span(self.kind, first if whole else first + timedelta(days=1), self.end.astimezone(zone).date())


def within(column: SQLColumnExpression[date] | SQLColumnExpression[datetime], span: Span) -> ColumnElement[bool]:
    """Whether a moment or a day is where the bound asks for it, by FHIR R4's comparison of ranges (3.1.1.4.7)."""
    match span.kind:
        case "ge":
            return column >= min(span.first, span.end)
        case "gt":
            return column >= span.end
        case "le":
            return column < max(span.first, span.end)
        case "lt":
            return column < span.first
        case "ne":
            return (column < span.first) | (column >= span.end)
        case _:
            return (column >= span.first) & (column < span.end)
