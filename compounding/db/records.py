"""What happened to a batch beside its plan and its weighings: set aside, taken up again, rejected, released by one person, entered late."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, one_of, positive, table_args
from compounding.db.batches import BatchLotRow
from compounding.db.inventory import LotRow
from compounding.db.people import PersonRow
from compounding.domain.inventory import LotStatus
from compounding.domain.people import Actor
from compounding.domain.timing import Timing


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


class StepTimeRow(Row, kw_only=True):
    """When a timed step of a batch began and ended, by whom, and why it ended before its time."""

    __tablename__ = "step_time"
    __table_args__ = table_args(UniqueConstraint("batch_id", "step"), positive("step"), CheckConstraint("ended_at >= started_at", name="ends_after_it_started"))

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    step: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")


def step_time(session: Session, batch_id: UUID, step: int) -> StepTimeRow | None:
    """The times of one step; None before it began."""
    return session.scalars(select(StepTimeRow).where(StepTimeRow.batch_id == batch_id, StepTimeRow.step == step)).first()


def timings_of(session: Session, batch_id: UUID) -> dict[int, Timing]:
    """The times of every timed step that was begun, by its number."""
    rows = session.execute(select(StepTimeRow, PersonRow.name).join(PersonRow, StepTimeRow.person_id == PersonRow.id).where(StepTimeRow.batch_id == batch_id))
    return {row.step: Timing(row.started_at, row.ended_at, name, row.reason) for row, name in rows}


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
