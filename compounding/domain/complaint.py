"""Complaints and adverse events: what was reported, how grave it is, what else holds the same components, and what the review found."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from compounding.domain.errors import Invalid
from compounding.domain.policy import Policy


class Harm(StrEnum):
    """How grave it was; from `EMERGENCY` on it is serious (FDA form 3500, "outcome attributed to adverse event")."""

    NONE = "none"
    MINOR = "minor"
    EMERGENCY = "emergency"
    HOSPITAL = "hospital"
    LIFE_THREATENING = "life_threatening"
    DISABILITY = "disability"
    DEATH = "death"
    OTHER_SERIOUS = "other_serious"

    @property
    def is_serious(self) -> bool:
        """Whether it is one of the outcomes that form 3500 calls serious."""
        return self not in {Harm.NONE, Harm.MINOR}


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reported: who (by name or by a mark that is theirs alone), what, and what was answered at once."""

    received_at: datetime
    complainant: str
    nature: str
    response: str
    harm: Harm


@dataclass(frozen=True, slots=True)
class Component:
    """A lot that is in the bottle, and the numbers of the other batches that hold it."""

    lot_id: UUID
    product: str
    lot_number: str
    other_batches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kin:
    """Whether other batches share components with what is complained of, as it was found on a day: batches, and bottles of them that were handed over."""

    found_on: date
    components: tuple[Component, ...]
    batches: int
    handed_over: int


@dataclass(frozen=True, slots=True)
class Review:
    """What the designated person found. `medwatch_on` is the day of the report; without one `why_not` says why there is none."""

    findings: str
    follow_up: str
    is_quality: bool
    medwatch_on: date | None
    why_not: str | None


def medwatch_due(report: Report, policy: Policy) -> datetime | None:
    """The hour by which MedWatch wants to know of a harmed patient (California, B&P 4126.9); None where nobody was harmed."""
    return None if report.harm is Harm.NONE else report.received_at + timedelta(hours=policy.medwatch_hours)


def refuse_bad_review(review: Review, *, today: date) -> None:
    """Refuse a review that leaves MedWatch open, or reported it on a day that cannot be."""
    fields = {}
    if review.medwatch_on is None and not review.why_not:
        fields["why_not"] = ("Say why MedWatch needs no report, or give the day of the report.",)
    if review.medwatch_on is not None and review.why_not:
        fields["why_not"] = ("Either give the day of the report, or say why there is none.",)
    if review.medwatch_on is not None and review.medwatch_on > today:
        fields["medwatch_on"] = ("This day is still to come.",)
    if fields:
        raise Invalid("complaint-review", "This review is not complete.", fields=fields)
