"""Which orders are asked for: the filters, the orders of the list and the place in it that exist, and no others."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from compounding.domain.prescription import Form, PrescriptionStatus


class Sort(StrEnum):
    """How a list is ordered; a minus turns it round. Orders written on one day follow by their number."""

    NUMBER = "number"
    NUMBER_DOWN = "-number"
    WRITTEN = "written_on"
    WRITTEN_DOWN = "-written_on"

    @property
    def by_day(self) -> bool:
        """Whether the day of writing comes first."""
        return self in {Sort.WRITTEN, Sort.WRITTEN_DOWN}

    @property
    def down(self) -> bool:
        """Whether the last comes first."""
        return self in {Sort.NUMBER_DOWN, Sort.WRITTEN_DOWN}


@dataclass(frozen=True, slots=True)
class After:
    """The order behind which a page begins: its number, and the day of writing where the list goes by that."""

    number: int
    written_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of its own orders a system asks for; what is None does not matter. Days are the pharmacy's own, and both ends of a range belong to it."""

    limit: int
    status: PrescriptionStatus | None = None
    form: Form | None = None
    npi: str | None = None
    written_from: date | None = None
    written_to: date | None = None
    received_from: date | None = None
    received_to: date | None = None
    updated_since: datetime | None = None
    sort: Sort = Sort.NUMBER
    after: After | None = None
