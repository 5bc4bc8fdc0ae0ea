"""Hand-overs: which bottle went to whom, when, and what was asked and told at the counter; and what went wrong with a container."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import HASHED, Row, one_of, positive, table_args
from compounding.db.private import Private


class DispenseRow(Row, kw_only=True):
    """One bottle handed over; the document holds the two identifiers, the opioid answer and the counselling.

    Of a fill at most one stands. `voided` says of one that does not whether the bottle was still here; the database itself writes it
    when a `VoidRow` comes in, and nothing else can.
    """

    __tablename__ = "dispense"
    __table_args__ = table_args(
        Index("uq_dispense_fill_id_standing", "fill_id", unique=True, sqlite_where=text("voided IS NULL"), postgresql_where=text("voided IS NULL")),
        one_of("voided", "here", "left"),
        Index(None, "fill_id"),
        Index(None, "batch_id"),
        Index(None, "prescription_id"),
        Index(None, "patient_id", "handed_on"),
    )

    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    handed_at: Mapped[datetime]
    handed_on: Mapped[date]
    first_dose_on: Mapped[date]
    document: Mapped[str] = mapped_column(Private("dispense.document"), info=HASHED)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    voided: Mapped[str | None] = mapped_column(init=False, default=None)


STANDS = DispenseRow.voided.is_(None)  # the hand-over counts
LEFT_THE_HOUSE = DispenseRow.voided.is_distinct_from("here")  # whether it counts or not: the bottle went out, and a recall must reach it


class VoidRow(Row, kw_only=True):
    """A hand-over that was recorded wrongly: why, and whether the bottle was here; append-only, once for each hand-over."""

    __tablename__ = "void"
    __table_args__ = table_args(
        UniqueConstraint("dispense_id"),
        one_of("whereabouts", "here", "left"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        Index(None, "voided_on"),
    )

    dispense_id: Mapped[UUID] = mapped_column(ForeignKey("dispense.id"))
    whereabouts: Mapped[str]
    reason: Mapped[str] = mapped_column(Private("void.reason"))
    voided_on: Mapped[date]
    voided_at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class SetbackRow(Row, kw_only=True):
    """What went wrong with a container: a remake, a misfill or a return, with the cause by which its waste is counted.

    `amount` is what was lost, in nanolitres or capsules. What was brought back is destroyed before a witness, and never returns to stock.
    """

    __tablename__ = "setback"
    __table_args__ = table_args(
        one_of("kind", "remake", "misfill", "return"),
        one_of("cause", "spill", "rejected", "beyond-use date", "expired", "QC", "remake", "return"),
        one_of("status", "recorded", "returned", "destroyed"),
        CheckConstraint("(kind = 'return') = (status <> 'recorded')", name="only_a_return_comes_back"),
        CheckConstraint("(status = 'destroyed') = (destroyed_at IS NOT NULL)", name="destroyed"),
        CheckConstraint("destroyer_id <> witness_id", name="two_people"),
        CheckConstraint("kind <> 'misfill' OR (found_by <> '' AND done <> '' AND reached_patient IS NOT NULL)", name="misfill_told"),
        positive("amount"),
        Index(None, "fill_id"),
        Index(None, "batch_id"),
        Index(None, "happened_on", "cause"),
        Index("uq_setback_return", "fill_id", "batch_id", unique=True, sqlite_where=text("kind = 'return'"), postgresql_where=text("kind = 'return'")),
    )

    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    kind: Mapped[str]
    cause: Mapped[str]
    status: Mapped[str]
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(Private("setback.reason"))
    found_by: Mapped[str]
    reached_patient: Mapped[bool | None] = mapped_column(default=None)
    done: Mapped[str]
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    destroyed_at: Mapped[datetime | None] = mapped_column(default=None)
    destroyer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    witness_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
