"""What goes wrong with a container: made again, filled or given wrongly, brought back. What comes back is destroyed, never restocked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from compounding.domain import states
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus


class SetbackKind(StrEnum):
    """What happened."""

    REMAKE = "remake"
    MISFILL = "misfill"
    RETURN = "return"


class Cause(StrEnum):
    """Why the container is lost, in the words by which waste is counted."""

    SPILL = "spill"
    REJECTED = "rejected"
    BEYOND_USE = "beyond-use date"
    EXPIRED = "expired"
    QC = "QC"
    REMAKE = "remake"
    RETURN = "return"


class SetbackStatus(StrEnum):
    """Where it stands: what was brought back waits for its destruction."""

    RECORDED = "recorded"
    RETURNED = "returned"
    DESTROYED = "destroyed"


NEXT: dict[SetbackStatus, frozenset[SetbackStatus]] = {
    SetbackStatus.RECORDED: frozenset(),
    SetbackStatus.RETURNED: frozenset({SetbackStatus.DESTROYED}),
    SetbackStatus.DESTROYED: frozenset(),
}
_IN_THE_HOUSE = frozenset({FillStatus.MADE, FillStatus.LABELLED, FillStatus.CHECKED})
# What may be recorded of a container in each state; in the others nothing was made yet, or nothing is left.
POSSIBLE: Mapping[FillStatus, tuple[SetbackKind, ...]] = {
    **dict.fromkeys(_IN_THE_HOUSE, (SetbackKind.REMAKE, SetbackKind.MISFILL)),
    FillStatus.HANDED_OVER: (SetbackKind.REMAKE, SetbackKind.MISFILL, SetbackKind.RETURN),
}


@dataclass(frozen=True, slots=True)
class Setback:
    """What is told of it. `found_by`, `reached_patient` and `done` (what was done about it) belong to a misfill alone."""

    kind: SetbackKind
    cause: Cause | None
    reason: str
    found_by: str = ""
    reached_patient: bool | None = None
    done: str = ""


def cause_of(told: Setback) -> Cause:
    """The cause by which its waste is counted: what is told for a remake; a misfill is made again, a return is a return."""
    if told.kind is SetbackKind.RETURN:
        return Cause.RETURN
    return told.cause or Cause.REMAKE


def check(told: Setback, status: FillStatus) -> None:
    """Refuse what cannot have happened to a container in this state, and a record with a gap."""
    if told.kind not in POSSIBLE.get(status, ()):
        message = f"This container is {states.said(status)}: a {told.kind} of it cannot be. Look at it again."
        raise Conflict("setback", message)
    wrong = {}
    if not told.reason:
        wrong["reason"] = ("Say what happened.",)
    if told.kind is SetbackKind.REMAKE and told.cause is None:
        wrong["cause"] = ("Choose why it is made again.",)
    if told.kind is SetbackKind.MISFILL:
        if not told.found_by:
            wrong["found_by"] = ("Write who found it.",)
        if told.reached_patient is None:
            wrong["reached_patient"] = ("Say whether it reached the patient.",)
        if not told.done:
            wrong["done"] = ("Say what was done: prescriber and patient told, container fetched back.",)
        if status is not FillStatus.HANDED_OVER and told.reached_patient:
            wrong["reached_patient"] = ("This container was not handed over. If another's was, open that one.",)
    if wrong:
        raise Invalid("setback", "Something is missing. Correct what is named.", fields=wrong)


def advance(status: SetbackStatus, to: SetbackStatus) -> SetbackStatus:
    """`to`, if it may go there from `status`; else `Conflict`."""
    return states.advance(NEXT, status, to, thing="return")
