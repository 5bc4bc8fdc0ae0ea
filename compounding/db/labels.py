"""Labels as they were verified, byte for byte, and every time that one was printed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import HASHED, Row, one_of, positive, sha256, table_args
from compounding.db.private import Private, PrivateBytes


class LabelRow(Row, kw_only=True):
    """The finished label of a fill: its text, its PDF and their hashes cannot change; only its status can."""

    __tablename__ = "label"
    __table_args__ = table_args(
        UniqueConstraint("fill_id", "version"),
        one_of("status", "current", "void"),
        positive("version"),
        sha256("value_sha256"),
        sha256("pdf_sha256"),
        Index(None, "batch_id"),
    )

    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"))
    version: Mapped[int]
    media: Mapped[str]
    status: Mapped[str]
    value: Mapped[str] = mapped_column(Private("label.value"), info=HASHED)
    value_sha256: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(PrivateBytes("label.pdf"), info=HASHED)
    pdf_sha256: Mapped[str]
    template_version: Mapped[str]
    issued_at: Mapped[datetime]


class LabelPrintRow(Row, kw_only=True):
    """One printing of a label; number 1 is the first, every other a reprint of the same bytes with its reason."""

    __tablename__ = "label_print"
    __table_args__ = table_args(UniqueConstraint("label_id", "number"), positive("number"))

    label_id: Mapped[UUID] = mapped_column(ForeignKey("label.id"))
    number: Mapped[int]
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime]


def void_labels(session: Session, fill_ids: Collection[UUID]) -> None:
    """What the labels of these containers say does not hold any more: each is labelled anew, or never."""
    for label in session.scalars(select(LabelRow).where(LabelRow.fill_id.in_(fill_ids), LabelRow.status == "current")):
        label.status = "void"
