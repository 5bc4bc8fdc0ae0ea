"""Complaints and adverse events as they were received, and each review by the pharmacist in charge."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import HASHED, Row, one_of, positive, sha256, table_args
from compounding.db.private import Private


class ComplaintRow(Row, kw_only=True):
    """What somebody reported of a bottle or a batch, or of something unknown (USP <795> 12). It never changes; what follows is a review.

    The document is `Kin`: the lots that are in it, and the other batches that hold the same, as they stood on that day.
    """

    __tablename__ = "complaint"
    __table_args__ = table_args(
        UniqueConstraint("number"),
        one_of("harm", "none", "minor", "emergency", "hospital", "life_threatening", "disability", "death", "other_serious"),
        positive("number"),
        sha256("sha256"),
        Index(None, "batch_id"),
        Index(None, "fill_id"),
        Index(None, "received_at"),
    )

    number: Mapped[int]
    fill_id: Mapped[UUID | None] = mapped_column(ForeignKey("fill.id"), default=None)
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"), default=None)
    prescription_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription.id"), default=None)
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"), default=None)
    received_at: Mapped[datetime]
    complainant: Mapped[str] = mapped_column(Private("complaint.complainant"))
    nature: Mapped[str] = mapped_column(Private("complaint.nature"))
    response: Mapped[str] = mapped_column(Private("complaint.response"))
    harm: Mapped[str]
    document: Mapped[str] = mapped_column(Private("complaint.document"), info=HASHED)
    sha256: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class ComplaintReviewRow(Row, kw_only=True):
    """What the pharmacist in charge found and decided, signed; a later review stands beside the earlier ones, and the newest counts."""

    __tablename__ = "complaint_review"
    __table_args__ = table_args(
        CheckConstraint("(medwatch_on IS NULL) = (why_not IS NOT NULL)", name="medwatch"),
        Index(None, "complaint_id", "reviewed_at"),
    )

    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaint.id"))
    findings: Mapped[str] = mapped_column(Private("complaint_review.findings"))
    follow_up: Mapped[str] = mapped_column(Private("complaint_review.follow_up"))
    is_quality: Mapped[bool]
    medwatch_on: Mapped[date | None] = mapped_column(default=None)
    why_not: Mapped[str | None] = mapped_column(Private("complaint_review.why_not"), default=None)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    signature_id: Mapped[UUID] = mapped_column(ForeignKey("signature.id"))
    reviewed_at: Mapped[datetime]
