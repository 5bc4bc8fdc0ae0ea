"""Hand-overs: which bottle went to whom, when, and what was asked and told at the counter."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import FixedDocument, Row, table_args


class DispenseRow(Row, kw_only=True):
    """One bottle handed over; the document holds the two identifiers, the opioid answer and the counselling."""

    __tablename__ = "dispense"
    __table_args__ = table_args(
        UniqueConstraint("fill_id"),
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
    document: Mapped[FixedDocument]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
