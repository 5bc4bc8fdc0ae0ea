"""A recall: how grave it is, what it covers, whom it has to reach by which hour, and when it may be closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from compounding.domain.batch import BatchStatus
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.inventory import StockUnit
from compounding.domain.policy import Policy
from compounding.domain.recall import Kind


class RecallClass(StrEnum):
    """How grave it is (21 CFR 7.3(m))."""

    FIRST = "I"
    SECOND = "II"
    THIRD = "III"


class ContactKind(StrEnum):
    """Whom a recall has to reach."""

    PATIENT = "patient"
    PRESCRIBER = "prescriber"
    BOARD = "board"
    MEDWATCH = "medwatch"


class Way(StrEnum):
    """How somebody was tried."""

    PHONE = "phone"
    LETTER = "letter"
    PORTAL = "portal"
    VISIT = "visit"
    REPORT = "report"


class Result(StrEnum):
    """What came of a try; what is given up is settled by its note alone."""

    REACHED = "reached"
    UNREACHED = "unreached"
    RETURNED = "returned"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class ScopeLot:
    """A lot that is recalled, and how much of it was on the shelf then."""

    id: UUID
    product: str
    lot_number: str
    left: int
    unit: StockUnit


@dataclass(frozen=True, slots=True)
class ScopeBatch:
    """A batch that is recalled."""

    id: UUID
    number: str
    name: str
    made_on: date | None
    beyond_use: date | None
    strength: str = ""


@dataclass(frozen=True, slots=True)
class ScopeBottle:
    """A bottle of a recalled batch; `handed_on` is None for one that is still in the house."""

    fill_id: UUID
    rx_number: str
    batch_numbers: tuple[str, ...]
    patient_id: UUID
    npi: str
    handed_on: date | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a recall covers, as a walk from its start found it; never changed afterwards. Names and addresses do not belong here."""

    kind: Kind
    start_id: UUID
    start: str
    since: date | None
    until: date | None
    lots: tuple[ScopeLot, ...]
    batches: tuple[ScopeBatch, ...]
    bottles: tuple[ScopeBottle, ...]

    @property
    def handed_over(self) -> tuple[ScopeBottle, ...]:
        """The bottles that left the house."""
        return tuple(bottle for bottle in self.bottles if bottle.handed_on is not None)


@dataclass(frozen=True, slots=True)
class Notice:
    """What whoever opens a recall says of it. `learned_at` is when the pharmacy was told that a patient was harmed, None where nobody was."""

    recall_class: RecallClass
    reason: str
    learned_at: datetime | None

    @property
    def is_grave(self) -> bool:
        """Whether use may cause serious harm or death, which is what class I means."""
        return self.recall_class is RecallClass.FIRST


@dataclass(frozen=True, slots=True)
class Try:
    """One try to reach somebody; `returned` is in `unit`, and only where something came back."""

    way: Way
    result: Result
    note: str
    returned: int | None = None
    unit: StockUnit | None = None


def due(kind: ContactKind, notice: Notice, *, opened_at: datetime, policy: Policy) -> datetime | None:
    """The hour by which the law wants this contact; None where it names none, and it is made without delay.

    California, B&P 4126.9: patients or prescribers and the board where use may cause serious harm or death (which is class I), counted
    from the recall notice; MedWatch where a patient was harmed, counted from when the pharmacy was told.
    """
    if kind is ContactKind.MEDWATCH:
        return None if notice.learned_at is None else notice.learned_at + timedelta(hours=policy.medwatch_hours)
    return opened_at + timedelta(hours=policy.recall_hours) if notice.is_grave else None


def state_of(results: Sequence[Result]) -> Result | None:
    """Where a contact stands after its tries, the oldest first: what came back stays so, whoever was reached stays reached; None before any try."""
    for settled in (Result.RETURNED, Result.REACHED):
        if settled in results:
            return settled
    return results[-1] if results else None


def is_settled(state: Result | None) -> bool:
    """Whether nothing more has to be tried."""
    return state in {Result.REACHED, Result.RETURNED, Result.GIVEN_UP}


def refuse_bad_try(attempt: Try, before: Sequence[Result]) -> None:
    """Refuse a try that says too little: a return without its amount, and giving up without a try before it and without a note."""
    fields = {}
    if attempt.result is Result.RETURNED and attempt.returned is None:
        fields["returned.amount"] = ("Count or measure what came back, and write how much. It is destroyed, never restocked.",)
    if attempt.result is not Result.RETURNED and attempt.returned is not None:
        fields["returned.amount"] = ("Choose “returned” if something came back, or leave this empty.",)
    if attempt.result is Result.GIVEN_UP and not attempt.note:
        fields["note"] = ("Say what was tried, and why no more can be done.",)
    if attempt.result is Result.GIVEN_UP and Result.UNREACHED not in before:
        fields["result"] = ("Nobody has tried yet. Try first; it can be given up after that.",)
    if fields:
        raise Invalid("recall-try", "This try says too little.", fields=fields)


def refuse_open_contacts(unsettled: Sequence[str]) -> None:
    """A recall is closed only when everybody was reached, has returned what they had, or was given up with a note."""
    if unsettled:
        names = ", ".join(unsettled[:5]) + (f" and {len(unsettled) - 5} more" if len(unsettled) > 5 else "")
        raise Conflict("recall-contacts", f"Not settled yet: {names}. Reach them, or say for each why that is not possible.")


_UNMADE = frozenset({BatchStatus.PLANNED, BatchStatus.IN_PROCESS})
IN_HOUSE = frozenset({FillStatus.PLANNED, FillStatus.MADE, FillStatus.LABELLED, FillStatus.CHECKED})


def recalled_batch(status: BatchStatus) -> BatchStatus:
    """What becomes of a batch in a recall: one that is not made yet is rejected, a rejected one stays so, every other is recalled."""
    if status in _UNMADE or status is BatchStatus.REJECTED:
        return BatchStatus.REJECTED
    return BatchStatus.RECALLED
