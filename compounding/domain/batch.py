"""A batch in the making: its states, what was really weighed, and who may sign for what.

Two people stand behind every batch: one compounds, another one, a pharmacist, verifies. The tablet count is witnessed before
crushing and the weights before mixing, since afterwards neither can be seen (USP <795> 7.2 and 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from compounding.domain import states
from compounding.domain.capsule_check import CapsuleWeights, Remedy, WeightStatistics
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.domain.formula import Part
from compounding.domain.inventory import said_amount
from compounding.domain.people import PHARMACISTS, Actor
from compounding.domain.policy import Policy
from compounding.domain.preparation import Line, Preparation, Take
from compounding.domain.quality import Found
from compounding.domain.quantity import Mass
from compounding.domain.weighing import percent


class BatchStatus(StrEnum):
    """Where a batch stands."""

    PLANNED = "planned"
    IN_PROCESS = "in_process"
    COMPOUNDED = "compounded"
    VERIFIED = "verified"
    RELEASED = "released"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"
    RECALLED = "recalled"


NEXT: dict[BatchStatus, frozenset[BatchStatus]] = {
    BatchStatus.PLANNED: frozenset({BatchStatus.IN_PROCESS, BatchStatus.REJECTED}),
    BatchStatus.IN_PROCESS: frozenset({BatchStatus.COMPOUNDED, BatchStatus.REJECTED}),
    BatchStatus.COMPOUNDED: frozenset({BatchStatus.VERIFIED, BatchStatus.QUARANTINED, BatchStatus.REJECTED}),
    BatchStatus.VERIFIED: frozenset({BatchStatus.RELEASED, BatchStatus.QUARANTINED, BatchStatus.REJECTED}),
    BatchStatus.RELEASED: frozenset({BatchStatus.QUARANTINED, BatchStatus.RECALLED}),
    BatchStatus.QUARANTINED: frozenset({BatchStatus.COMPOUNDED, BatchStatus.VERIFIED, BatchStatus.RELEASED, BatchStatus.REJECTED, BatchStatus.RECALLED}),
    BatchStatus.REJECTED: frozenset(),
    BatchStatus.RECALLED: frozenset(),
}


class Meaning(StrEnum):
    """What a signature says."""

    LINE_CLEAR = "found the line clear: no other product, no label of the last batch"
    WITNESS_COUNT = "witnessed the tablet count before crushing"
    WITNESS_WEIGHTS = "witnessed the weights before mixing"
    COMPOUND = "compounded"
    VERIFY = "verified"
    RELEASE = "released"
    CHECK = "checked the labelled product"
    HAND_OVER = "handed over"
    EXCURSION_RELEASE = "released after an excursion of temperature"
    EXCURSION_REJECT = "rejected after an excursion of temperature"
    OVERRIDE = "overrode a finding of the screening"
    REJECT = "rejected"
    ADJUST = "adjusted the book to a count"
    DESTROY = "destroyed"
    WITNESS_DESTRUCTION = "witnessed the destruction"
    SETBACK = "recorded what went wrong with a container"
    OWE = "gave less than was planned"
    VOID = "voided a hand-over"
    LIFT = "lifted the quarantine"
    ALONE = "verified and released alone"
    ALLOW = "allowed an amount between its limits"
    RECALL = "recalled"
    CLOSE_RECALL = "closed the recall"
    REVIEW_COMPLAINT = "reviewed the complaint"
    CLOSE_MONTH = "closed the month"
    CORRECT_COST = "corrected a cost"
    APPROVE_FORMULA = "approved the master formula"
    RETIRE_FORMULA = "retired the master formula"
    APPROVE_TEXTS = "approved the texts of a language"


@dataclass(frozen=True, slots=True)
class Finished:
    """What the compounder reports of the finished preparation: yield in mL or good capsules, pH, capsules weighed one by one, traits, deviations.

    `weights` are the net weights of records from before the empty shells were weighed too.
    """

    made: Fraction
    ph: Fraction | None
    weights: tuple[Mass, ...]
    found: tuple[Found, ...]
    deviations: str
    capsules: CapsuleWeights | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The compounding record's findings (USP <795> 7.2); `preserved` is whether the measured pH lets the preservative work.

    `weighed` is what the capsules' weights say, None for a liquid; `before` what was reported when the batch was set aside.
    """

    finished: Finished
    preserved: bool
    weighed: WeightStatistics | None = None
    before: tuple[Finished, ...] = ()


def advance(status: BatchStatus, to: BatchStatus) -> BatchStatus:
    """`to`, if a batch may go there from `status`; else `Conflict`."""
    return states.advance(NEXT, status, to, thing="batch")


def other_person(first: UUID, second: UUID, *, acts: str) -> None:
    """Refuse one person for two roles that check each other; `acts` names them ("compound and verify")."""
    if first == second:
        message = f"The same person may not {acts}. Ask somebody else."
        raise Forbidden("two-people", message)


def check_alone(policy: Policy, reason: str) -> str:
    """Why one person compounds and verifies; refused where the policy does not allow it, or no reason is given."""
    if not policy.release_alone:
        raise Forbidden("two-people", "The same person may not compound and verify a batch. Ask somebody else.")
    if not reason:
        message = "You compounded this batch. Say why nobody else can verify it."
        raise Invalid("alone", message, fields={"alone": (message,)})
    return reason


def refuse_unsettled(record: Record) -> None:
    """No batch leaves that was set aside, nor one of which a capsule was out and nothing was done."""
    capsules, weighed = record.finished.capsules, record.weighed
    if capsules is None or weighed is None:
        return
    if capsules.remedy is Remedy.SET_ASIDE or (weighed.out and capsules.remedy is not Remedy.ALL_WEIGHED):
        message = "This batch was set aside for its capsules. Weigh every capsule, or reject the batch: it cannot be released so."
        raise Unsafe("unsettled", message)


def tablet_lines(preparation: Preparation) -> tuple[Line, ...]:
    """The lines whose tablets are counted and crushed first."""
    return tuple(line for line in preparation.lines if line.part is Part.ACTIVE and line.take is Take.COUNT)


def bench_lines(preparation: Preparation) -> tuple[Line, ...]:
    """Every other line, in order."""
    return tuple(line for line in preparation.lines if line not in tablet_lines(preparation))


def check_begin(tablets: Sequence[Line], *, counts: bool) -> None:
    """A batch that takes tablets begins with their count, and one whose drug is drawn from stock without any."""
    if bool(tablets) is not counts:
        what = "This batch takes no tablets: begin it without a count." if counts else "Count the tablets of this batch first, before a witness."
        raise Conflict("count", what)


def check_count(lines: Sequence[Line], counted: int) -> None:
    """Refuse a tablet count that differs from the plan."""
    planned = sum(line.target for line in lines)
    if counted != planned:
        message = f"{counted} tablets were counted and the plan takes {planned}. Count again; to make another amount, plan again."
        raise Invalid("tablet-count", message, fields={"counted": (message,)})


def check_weighed(line: Line, actual: int, reason: str, policy: Policy, *, allowed_by: Actor | None = None) -> None:
    """Refuse an amount outside the line's limits, unless a pharmacist lets it stay with a reason; a count is never off.

    Beyond the outer limit no reason helps: ten times the powder is `Unsafe`. What is made up to a volume has no outer limit, since
    the volume decides and not what was added.
    """
    if line.low <= actual <= line.high:
        return
    off = abs(Fraction(actual - line.target, line.target))
    if line.part is Part.ACTIVE and off > policy.potency_tolerance:
        content = f"{percent(Fraction(actual, line.target))[1:]} of the labelled content"
        message = f"{line.name}: this would give {content}. Weigh it again; if it is mixed already, reject the batch."
        raise Unsafe("potency", message)
    if line.take is Take.COUNT:
        message = f"Count {line.target}: another number is not this batch."
        raise Invalid("count", message, fields={"reading": (message,)})
    side = "under" if actual < line.low else "over"
    limits = f"{said_amount(line.low, line.unit)} to {said_amount(line.high, line.unit)}"
    if off > policy.weighing_outer and line.take is not Take.TO_VOLUME:
        most = percent(policy.weighing_outer)[1:]
        message = f"{line.name}: {side}, by {percent(off)[1:]}; no reason lets more than {most} stay. Correct it at the bench, or reject the batch."
        raise Unsafe("weight-outer", message)
    if not reason:
        message = f"{line.name}: {side}, outside {limits}. Correct it at the bench; to keep it, a pharmacist gives the reason."
        raise Invalid("weight-limits", message, fields={"reading": (message,), "reason": ("Say why this amount was kept.",)})
    if allowed_by is None or allowed_by.role not in PHARMACISTS:
        message = "Only a pharmacist lets an amount outside its limits stay. Call one."
        raise Forbidden("pharmacist", message)
