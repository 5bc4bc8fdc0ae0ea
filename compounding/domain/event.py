"""What a prescriber's system is told without asking: one event for each thing that became of its orders, delivered until it is taken.

An event names orders and containers by their keys and says nothing else of a patient. It may arrive twice (whoever delivers it can end before
that is noted), always under the same id, by which the receiver drops the second.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from compounding.domain.fill import FillStatus
from compounding.domain.prescription import PrescriptionStatus


class EventKind(StrEnum):
    """What happened, as `subject.verb`."""

    ACCEPTED = "prescription.accepted"
    HELD = "prescription.held"
    DECLINED = "prescription.declined"
    CANCELLED = "prescription.cancelled"
    COMPLETED = "prescription.completed"
    QUESTION = "clarification.asked"
    READY = "fill.ready"
    DISPENSED = "fill.dispensed"
    VOIDED = "fill.voided"
    REVIEW = "review.due"


class EventStatus(StrEnum):
    """Where an event is. Where no address was set when it happened there is nobody to tell: it is kept, and can be asked for."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one try: whether the receiver took it, whether it wants no more (410), and one sentence."""

    taken: bool
    said: str
    gone: bool = False


OF_ORDERS: Final = {
    PrescriptionStatus.ACCEPTED: EventKind.ACCEPTED,
    PrescriptionStatus.HELD: EventKind.HELD,
    PrescriptionStatus.DECLINED: EventKind.DECLINED,
    PrescriptionStatus.CANCELLED: EventKind.CANCELLED,
    PrescriptionStatus.COMPLETED: EventKind.COMPLETED,
}
# A receiver that is restarted is back within seconds, one that is mended within a day; an hour between tries asks nothing of anybody.
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
# Longer than the slowest try (10 s): whoever had it by then has ended without telling, and it is tried again.
LEASE: Final = timedelta(seconds=60)
# A receiver gets its events one after the other; one that it refuses so often does not hold up those behind it any more.
HOLDS_UP: Final = 8


def pause_after(tries: int) -> timedelta:
    """How long an event pauses after so many tries, at least one: doubled each time, up to the longest; it is never given up."""
    doubled: int = 2 ** min(tries - 1, 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def of_fill(before: FillStatus | None, now: FillStatus) -> EventKind | None:
    """What a container's way from one state to the next tells its prescriber; None for what is the pharmacy's own business."""
    if before is FillStatus.HANDED_OVER:
        return EventKind.VOIDED
    return {FillStatus.CHECKED: EventKind.READY, FillStatus.HANDED_OVER: EventKind.DISPENSED}.get(now)
