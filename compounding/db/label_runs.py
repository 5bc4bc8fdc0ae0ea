"""Runs of labels: those of many containers as one job, one after the other, each with what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import Row, one_of, positive, table_args
from compounding.db.private import Private


class LabelRunRow(Row, kw_only=True):
    """One run on one printer: on sheets from the position `first` on, or one label after the other. `job_id` is the job of its sheets."""

    __tablename__ = "label_run"
    __table_args__ = table_args(
        one_of("status", "working", "done", "stopped"),
        positive("first"),
        CheckConstraint("(status = 'working') = (ended_at IS NULL)", name="ended"),
        Index(None, "status", "asked_at"),
    )

    printer_id: Mapped[UUID] = mapped_column(ForeignKey("printer.id"))
    medium: Mapped[str]
    first: Mapped[int]
    status: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(default="")
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("print_job.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class LabelRunItemRow(Row, kw_only=True):
    """One container of a run, in its place; refused with the sentence that says why, and then printed by hand."""

    __tablename__ = "label_run_item"
    __table_args__ = table_args(
        UniqueConstraint("run_id", "place"),
        UniqueConstraint("run_id", "fill_id"),
        one_of("status", "waiting", "printed", "refused"),
        positive("place"),
        CheckConstraint("(status = 'printed') = (label_id IS NOT NULL)", name="printed_is_a_label"),
        CheckConstraint("(status = 'refused') = (length(said) > 0)", name="refused_with_a_sentence"),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("label_run.id"))
    place: Mapped[int]
    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    status: Mapped[str]
    said: Mapped[str] = mapped_column(Private("label_run_item.said"), default="")
    label_id: Mapped[UUID | None] = mapped_column(ForeignKey("label.id"), default=None)
