"""Prescriptions as they came, what screening found in them, and what a pharmacist decided about it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import HASHED, Row, not_negative, one_of, positive, sha256, table_args
from compounding.db.private import NameIndex, Private, PrivateDate


class PatientRow(Row, kw_only=True):
    """One person for whom prescriptions came; `match_key` is the name as it is compared (`history.match_key`)."""

    __tablename__ = "patient"
    __table_args__ = table_args(UniqueConstraint("match_key", "birth_date"))

    name: Mapped[str] = mapped_column(Private("patient.name"))
    match_key: Mapped[str] = mapped_column(NameIndex("patient.match_key"))
    birth_date: Mapped[date] = mapped_column(PrivateDate("patient.birth_date"))
    created_at: Mapped[datetime]


class PrescriptionRow(Row, kw_only=True):
    """One order. `literal` is what was sent, as it came; `document` is the order read from it; neither can change any more."""

    __tablename__ = "prescription"
    __table_args__ = table_args(
        UniqueConstraint("number"),
        one_of("status", "received", "accepted", "held", "declined", "completed", "cancelled"),
        one_of("form", "oral_liquid", "oral_drops", "capsule"),
        positive("number"),
        not_negative("refills_left"),
        sha256("sha256"),
        Index(None, "status", "received_at"),
        Index(None, "patient_id", "written_on"),
        Index(None, "client_id"),
        Index(None, "supersedes_id"),
    )

    number: Mapped[int]
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    prescriber_npi: Mapped[str]
    prescriber_name: Mapped[str]
    status: Mapped[str]
    form: Mapped[str]
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    written_on: Mapped[date]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("client.id"), default=None)
    literal: Mapped[str] = mapped_column(Private("prescription.literal"), info=HASHED)
    document: Mapped[str] = mapped_column(Private("prescription.document"), info=HASHED)
    sha256: Mapped[str]
    refills_left: Mapped[int]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription.id"), default=None)


class FindingRow(Row, kw_only=True):
    """What one rule said about an order, at one stage, on the facts whose hash stands here."""

    __tablename__ = "finding"
    __table_args__ = table_args(sha256("facts_sha256"), Index(None, "prescription_id", "found_at"), Index(None, "fill_id"))

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    fill_id: Mapped[UUID | None] = mapped_column(ForeignKey("fill.id"), default=None)
    rule: Mapped[str]
    stage: Mapped[str]
    action: Mapped[str]
    sentence: Mapped[str] = mapped_column(Private("finding.sentence"))
    source: Mapped[str]
    facts_sha256: Mapped[str]
    not_before: Mapped[date | None] = mapped_column(default=None)
    found_at: Mapped[datetime]


class OverrideRow(Row, kw_only=True):
    """A pharmacist's signed decision to go on in spite of one rule, for the facts whose hash stands here and no others."""

    __tablename__ = "override"
    __table_args__ = table_args(sha256("facts_sha256"), Index(None, "prescription_id"), Index(None, "fill_id"))

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    fill_id: Mapped[UUID | None] = mapped_column(ForeignKey("fill.id"), default=None)
    rule: Mapped[str]
    facts_sha256: Mapped[str]
    reason: Mapped[str] = mapped_column(Private("override.reason"))
    contact: Mapped[str] = mapped_column(Private("override.contact"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    signature_id: Mapped[UUID] = mapped_column(ForeignKey("signature.id"))
    made_at: Mapped[datetime]


class ReviewRow(Row, kw_only=True):
    """The three-month review of a patient's therapy."""

    __tablename__ = "review"
    __table_args__ = table_args(Index(None, "patient_id", "reviewed_on"))

    prescription_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription.id"), default=None)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    reviewed_on: Mapped[date]
    outcome: Mapped[str] = mapped_column(Private("review.outcome"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class TransferRow(Row, kw_only=True):
    """That an order moved to another pharmacy or came from one, and what of it remained; once in each direction."""

    __tablename__ = "transfer"
    __table_args__ = table_args(
        UniqueConstraint("prescription_id", "direction"), one_of("direction", "out", "in"), not_negative("containers"), not_negative("refills")
    )

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    direction: Mapped[str]
    pharmacy: Mapped[str]
    phone: Mapped[str]
    licence: Mapped[str]
    pharmacist: Mapped[str]
    moved_on: Mapped[date]
    containers: Mapped[int]
    refills: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
