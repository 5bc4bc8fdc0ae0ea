"""What a fill cost, entry by entry; a correction is a new entry, and a negative amount is allowed for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import FixedDocument, Row, table_args


class CostRow(Row, kw_only=True):
    """One part of a fill's cost in millionths of the currency, in the month ("2026-11") that it counts to; the document says why."""

    __tablename__ = "cost"
    __table_args__ = table_args(
        CheckConstraint("length(month) = 7", name="month_length"),
        Index(None, "month", "kind"),
        Index(None, "fill_id"),
        Index(None, "batch_id"),
        Index(None, "prescription_id"),
        Index(None, "patient_id", "month"),
    )

    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"), default=None)
    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    month: Mapped[str]
    kind: Mapped[str]
    amount_micros: Mapped[int]
    document: Mapped[FixedDocument]
    recorded_at: Mapped[datetime]
