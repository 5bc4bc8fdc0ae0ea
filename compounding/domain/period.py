"""A stretch of days that somebody wrote down, its first and its last day being part of it."""

from dataclasses import dataclass
from datetime import date

from compounding.domain.wording import said


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included; as FHIR's `boundsPeriod` for a dosage."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has; none or fewer where it ends before it begins."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{said(self.first)} to {said(self.last)}"
