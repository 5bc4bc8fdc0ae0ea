"""A hand-over that was recorded wrongly is voided: the record stays, with who voided it and why.

What never left the pharmacy can be handed over again, after another check. What left the building comes back only to be destroyed.
"""

from dataclasses import dataclass
from enum import StrEnum

from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import PrescriptionStatus


class Whereabouts(StrEnum):
    """Where the container is of which a hand-over was recorded."""

    HERE = "here"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Void:
    """What is told of a hand-over that did not happen as it stands."""

    whereabouts: Whereabouts
    reason: str


def check(told: Void, status: FillStatus, *, set_back: bool) -> None:
    """Refuse to void what was not handed over, what went on since, and a record without its reason."""
    if status is not FillStatus.HANDED_OVER:
        raise Conflict("not-handed-over", "No hand-over of this container stands. Look at it again.")
    if set_back:
        message = "A return, a misfill or a remake of this container is on record: it was given to somebody. Its hand-over stands."
        raise Conflict("set-back", message)
    if not told.reason:
        raise Invalid("void", "Say how it was found out.", fields={"reason": ("Say how it was found out, and what really happened.",)})


def following(told: Void, order: PrescriptionStatus) -> FillStatus:
    """Where the container goes: checked again and handed over where it is here, made again where it is not, nowhere where its order is over."""
    if order not in {PrescriptionStatus.ACCEPTED, PrescriptionStatus.COMPLETED, PrescriptionStatus.HELD}:
        return FillStatus.CANCELLED
    return FillStatus.LABELLED if told.whereabouts is Whereabouts.HERE else FillStatus.DUE
