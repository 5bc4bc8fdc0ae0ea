"""Transfers: an order that moves to another pharmacy gives no further container here; one that came from another keeps its origin."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import FillRow
from compounding.db.document import decode
from compounding.db.prescriptions import TransferRow
from compounding.db.values import prescription_row
from compounding.domain.errors import Conflict
from compounding.domain.fill import FillStatus
from compounding.domain.fill import advance as advance_fill
from compounding.domain.prescription import Order, PrescriptionStatus
from compounding.domain.prescription import advance as advance_prescription
from compounding.domain.transfer import Direction, Remaining, Transfer, check
from compounding.workflow.act import Act, Look

_BEGUN = frozenset({FillStatus.PLANNED, FillStatus.MADE, FillStatus.LABELLED, FillStatus.CHECKED})


@dataclass(frozen=True, slots=True)
class TransferView:
    """One move, and what remained of the order then."""

    told: Transfer
    remaining: Remaining


@dataclass(frozen=True, slots=True)
class TransferPage:
    """An order as far as it can move, and the moves that are on record."""

    prescription_id: UUID
    number: str
    order: Order
    status: PrescriptionStatus
    remaining: Remaining
    found: tuple[TransferView, ...]


def move(act: Act, prescription_id: UUID, told: Transfer) -> None:
    """Record a move. Out: the order is cancelled here with what was not begun, and keeps no refill; in: where it came from is kept."""
    row = prescription_row(act.session, prescription_id, lock=True)
    fills = act.session.scalars(select(FillRow).where(FillRow.prescription_id == row.id)).all()
    check(told, PrescriptionStatus(row.status), today=act.today, begun=any(fill.status in _BEGUN for fill in fills))
    if any(item.told.direction is told.direction for item in _found(act, row.id)):
        raise Conflict("transferred", "This move is on record already. Look at it again.")
    due = [fill for fill in fills if fill.status == FillStatus.DUE]
    act.session.add(
        TransferRow(
            prescription_id=row.id,
            direction=told.direction,
            pharmacy=told.pharmacy,
            phone=told.phone,
            licence=told.licence,
            pharmacist=told.pharmacist,
            moved_on=told.on,
            containers=len(due),
            refills=row.refills_left,
            person_id=act.actor.id,
            recorded_at=act.at,
        )
    )
    if told.direction is Direction.OUT:
        row.status = advance_prescription(PrescriptionStatus(row.status), PrescriptionStatus.CANCELLED)
        row.refills_left = 0
        for fill in due:
            fill.status = advance_fill(FillStatus.DUE, FillStatus.CANCELLED)


def transfers(look: Look, prescription_id: UUID) -> TransferPage:
    """The moves of an order; raises `Unknown`."""
    row = prescription_row(look.session, prescription_id)
    look.note_read(patient_id=row.patient_id, prescription_id=row.id)
    due = look.session.scalars(select(FillRow.id).where(FillRow.prescription_id == row.id, FillRow.status == FillStatus.DUE)).all()
    remaining = Remaining(len(due), row.refills_left)
    return TransferPage(row.id, str(row.number), decode(Order, row.document), PrescriptionStatus(row.status), remaining, _found(look, row.id))


def _found(look: Look, prescription_id: UUID) -> tuple[TransferView, ...]:
    rows = look.session.scalars(select(TransferRow).where(TransferRow.prescription_id == prescription_id).order_by(TransferRow.recorded_at))
    return tuple(TransferView(_told(row), Remaining(row.containers, row.refills)) for row in rows)


def _told(row: TransferRow) -> Transfer:
    return Transfer(Direction(row.direction), row.pharmacy, row.phone, row.licence, row.pharmacist, row.moved_on)
