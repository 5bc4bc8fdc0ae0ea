"""Blank worksheets by their numbers, and batches that were made on paper and entered later: when each step was done, and when it was entered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, one_of, positive, table_args


class BlankRow(Row, kw_only=True):
    """A numbered blank worksheet of a formula version: who printed it when, and what became of it. None goes away."""

    __tablename__ = "blank"
    __table_args__ = table_args(
        UniqueConstraint("number"),
        UniqueConstraint("batch_id"),
        one_of("status", "unused", "used", "spoiled"),
        positive("number"),
        CheckConstraint("(status = 'used') = (batch_id IS NOT NULL)", name="used_for_a_batch"),
        CheckConstraint("status <> 'spoiled' OR (spoiled_reason IS NOT NULL AND length(spoiled_reason) > 0)", name="spoiled_with_a_reason"),
        CheckConstraint("spoiled_reason IS NULL OR status = 'spoiled'", name="reason_of_a_spoiled_one"),
        CheckConstraint("(status = 'unused') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("(settled_at IS NULL) = (settler_id IS NULL)", name="settled_by_somebody"),
        Index(None, "status", "number"),
        Index(None, "formula_id"),
    )

    number: Mapped[int]
    formula_id: Mapped[UUID] = mapped_column(ForeignKey("formula.id"))
    status: Mapped[str]
    printed_on: Mapped[date]
    printed_at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"), default=None)
    spoiled_reason: Mapped[str | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settler_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)


class LateEntryRow(Row, kw_only=True):
    """That a batch was made on paper: on which blank worksheet, why, and who began to enter it when; append-only."""

    __tablename__ = "late_entry"
    __table_args__ = table_args(
        UniqueConstraint("batch_id"), UniqueConstraint("blank_id"), CheckConstraint("length(reason) > 0", name="reason_given"), Index(None, "entered_at")
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    blank_id: Mapped[UUID] = mapped_column(ForeignKey("blank.id"))
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class LateStepRow(Row, kw_only=True):
    """One step of such a batch: when it was done, as the paper says, and when it was entered, by the clock; append-only."""

    __tablename__ = "late_step"
    __table_args__ = table_args(
        UniqueConstraint("batch_id", "step"),
        CheckConstraint("done_at <= entered_at", name="done_before_it_was_entered"),
        CheckConstraint("length(step) > 0", name="step_named"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    step: Mapped[str]
    done_on: Mapped[date]
    done_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


def late_entry(session: Session, batch_id: UUID) -> LateEntryRow | None:
    """That a batch was made on paper; None for one that was not."""
    return session.scalars(select(LateEntryRow).where(LateEntryRow.batch_id == batch_id)).first()


def late_steps(session: Session, batch_id: UUID) -> tuple[LateStepRow, ...]:
    """The steps of a batch that were entered late, in the order of their entry."""
    return tuple(session.scalars(select(LateStepRow).where(LateStepRow.batch_id == batch_id).order_by(LateStepRow.entered_at)))
