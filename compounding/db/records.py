"""What happened to a batch beside its plan and its weighings: set aside, taken up again, rejected, released by one person, entered late."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, one_of, table_args
from compounding.db.batches import BatchLotRow
from compounding.db.inventory import LotRow
from compounding.domain.inventory import LotStatus
from compounding.domain.people import Actor


class BatchEventRow(Row, kw_only=True):
    """One event of a batch with the reason that somebody gave; append-only."""

    __tablename__ = "batch_event"
    __table_args__ = table_args(
        one_of("kind", "quarantined", "lifted", "rejected", "alone", "late"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        Index(None, "batch_id", "at"),
        Index(None, "kind", "at"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    kind: Mapped[str]
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


def keep_event(session: Session, batch_id: UUID, kind: str, *, reason: str, person: Actor, at: datetime) -> BatchEventRow:
    """Keep that this happened, and why."""
    row = BatchEventRow(batch_id=batch_id, kind=kind, reason=reason, person_id=person.id, at=at)
    session.add(row)
    return row


def events_of(session: Session, batch_id: UUID) -> tuple[BatchEventRow, ...]:
    """Every event of a batch, the oldest first."""
    wanted = select(BatchEventRow).where(BatchEventRow.batch_id == batch_id).order_by(BatchEventRow.at, BatchEventRow.kind)
    return tuple(session.scalars(wanted))


def is_held(session: Session, batch_id: UUID) -> bool:
    """Whether somebody quarantined the batch and nobody has lifted that since."""
    kinds = [row.kind for row in events_of(session, batch_id) if row.kind in {"quarantined", "lifted"}]
    return bool(kinds) and kinds[-1] == "quarantined"


def lost_lots(session: Session, batch_id: UUID) -> tuple[str, ...]:
    """The lots of a batch that were withdrawn or recalled since it took them, by their numbers."""
    used = select(BatchLotRow.lot_id).where(BatchLotRow.batch_id == batch_id)
    wanted = select(LotRow.lot_number).where(LotRow.id.in_(used), LotRow.status != LotStatus.AVAILABLE).order_by(LotRow.lot_number)
    return tuple(session.scalars(wanted))
