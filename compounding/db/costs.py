"""What things cost and what was asked for them, entry by entry; a correction is a new entry, and a month that was signed takes none."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import HASHED, Document, FixedDocument, Row, not_negative, sha256, table_args
from compounding.db.private import PrivateBytes


class CostRow(Row, kw_only=True):
    """One part of the cost of a fill, a batch or a lot, in millionths of the currency, in the month ("2026-11") that it counts to.

    The document says why. `cause` is set where it is waste, `active_ng` is the naltrexone that it stands for. A correction names the entry
    that it corrects in `corrects_id`, and its amount is the difference, which may be negative.
    """

    __tablename__ = "cost"
    __table_args__ = table_args(
        CheckConstraint("length(month) = 7", name="month_length"),
        CheckConstraint("fill_id IS NOT NULL OR batch_id IS NOT NULL OR lot_id IS NOT NULL", name="subject"),
        Index(None, "month", "kind"),
        Index(None, "fill_id"),
        Index(None, "batch_id"),
        Index(None, "lot_id"),
        Index(None, "prescription_id"),
        Index(None, "patient_id", "month"),
        Index(None, "corrects_id"),
    )

    fill_id: Mapped[UUID | None] = mapped_column(ForeignKey("fill.id"), default=None)
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"), default=None)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"), default=None)
    prescription_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription.id"), default=None)
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"), default=None)
    month: Mapped[str]
    kind: Mapped[str]
    cause: Mapped[str | None] = mapped_column(default=None)
    amount_micros: Mapped[int]
    active_ng: Mapped[int | None] = mapped_column(default=None)
    document: Mapped[FixedDocument]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("cost.id"), default=None)
    recorded_at: Mapped[datetime]


class ChargeRow(Row, kw_only=True):
    """What was asked for one hand-over, in whole cents, and what it serves: so many doses over so many days. The document is the `Charge` with its parts.

    A hand-over that is voided gives a second entry with the same numbers below zero, which names the first.
    """

    __tablename__ = "charge"
    __table_args__ = table_args(
        CheckConstraint("length(month) = 7", name="month_length"),
        CheckConstraint(
            "(reverses_id IS NULL AND amount_micros >= 0 AND days > 0 AND doses > 0)"
            " OR (reverses_id IS NOT NULL AND amount_micros <= 0 AND days < 0 AND doses < 0)",
            name="below_zero_reverses",
        ),
        Index("uq_charge_dispense_id", "dispense_id", unique=True, sqlite_where=text("reverses_id IS NULL"), postgresql_where=text("reverses_id IS NULL")),
        UniqueConstraint("reverses_id"),
        Index(None, "month"),
        Index(None, "fill_id"),
        Index(None, "patient_id", "month"),
    )

    dispense_id: Mapped[UUID] = mapped_column(ForeignKey("dispense.id"))
    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    month: Mapped[str]
    amount_micros: Mapped[int]
    days: Mapped[int]
    doses: Mapped[int]
    document: Mapped[FixedDocument]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("charge.id"), default=None)
    recorded_at: Mapped[datetime]


class QuoteRow(Row, kw_only=True):
    """A price that was told for a fill before it was made; the document is the `Quoted`. Another one stands beside it, and the newest counts."""

    __tablename__ = "quote"
    __table_args__ = table_args(
        not_negative("asked_micros"),
        not_negative("cost_micros"),
        CheckConstraint("valid_until >= quoted_on", name="valid_until"),
        sha256("sha256"),
        Index(None, "fill_id", "quoted_at"),
    )

    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    asked_micros: Mapped[int]
    cost_micros: Mapped[int]
    quoted_on: Mapped[date]
    valid_until: Mapped[date]
    document: Mapped[FixedDocument]
    sha256: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    quoted_at: Mapped[datetime]


class ClosingRow(Row, kw_only=True):
    """A month that was closed: the document is its `Figures`, which the signature of the row's key fixes."""

    __tablename__ = "closing"
    __table_args__ = table_args(CheckConstraint("length(month) = 7", name="month_length"), UniqueConstraint("month"), sha256("sha256"))

    month: Mapped[str]
    document: Mapped[Document]
    sha256: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime]


class MonthPaperRow(Row, kw_only=True):
    """The paper of a month as it was printed when the month was closed."""

    __tablename__ = "month_paper"
    __table_args__ = table_args(UniqueConstraint("closing_id"), sha256("pdf_sha256"))

    closing_id: Mapped[UUID] = mapped_column(ForeignKey("closing.id"))
    pdf: Mapped[bytes] = mapped_column(PrivateBytes("month_paper.pdf"), info=HASHED)
    pdf_sha256: Mapped[str]
    template_version: Mapped[str]
    filed_at: Mapped[datetime]
