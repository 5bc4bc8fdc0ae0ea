"""An order that moves to another pharmacy, or came from one: with whom it was agreed, and what of it remains."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from compounding.domain.errors import Conflict, Invalid
from compounding.domain.prescription import PrescriptionStatus


class Direction(StrEnum):
    """Which way an order moves."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One move of an order: the other pharmacy with its licence, the pharmacist who was spoken to, and the day."""

    direction: Direction
    pharmacy: str
    phone: str
    licence: str
    pharmacist: str
    on: date


@dataclass(frozen=True, slots=True)
class Remaining:
    """What of an order was not handed over when it moved: containers that are still to be made, and refills."""

    containers: int
    refills: int


def check(told: Transfer, status: PrescriptionStatus, *, today: date, begun: bool) -> None:
    """Refuse a move of an order that cannot move: one that is over, one of which a container is being made, or a day to come."""
    if told.on > today:
        message = "This day is still to come. Enter the day on which it was agreed."
        raise Invalid("transfer", message, fields={"on": (message,)})
    if told.direction is Direction.IN:
        if status not in {PrescriptionStatus.RECEIVED, PrescriptionStatus.HELD, PrescriptionStatus.ACCEPTED}:
            raise Conflict("transfer", f"This order is {status}: where it came from is recorded before. Look at it again.")
        return
    if status is not PrescriptionStatus.ACCEPTED:
        raise Conflict("transfer", f"This order is {status}; only an accepted one can move to another pharmacy.")
    if begun:
        raise Conflict("transfer", "A container of this order is being worked on. Hand it over, or reject its batch, first.")
