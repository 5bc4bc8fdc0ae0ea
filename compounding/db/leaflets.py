"""Leaflets as they were given: byte for byte, each with the label that it goes with, and every time that one was printed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import HASHED, Row, positive, sha256, table_args
from compounding.db.document import decode
from compounding.db.inventory import DeviceRow
from compounding.db.private import Private, PrivateBytes
from compounding.domain.weighing import Syringe


class LeafletRow(Row, kw_only=True):
    """The leaflet of a label in one language and size; it is written once, and counts as long as its label does."""

    __tablename__ = "leaflet"
    __table_args__ = table_args(UniqueConstraint("label_id", "language", "large_print"), sha256("value_sha256"), sha256("pdf_sha256"))

    label_id: Mapped[UUID] = mapped_column(ForeignKey("label.id"))
    language: Mapped[str]
    large_print: Mapped[bool]
    value: Mapped[str] = mapped_column(Private("leaflet.value"), info=HASHED)
    value_sha256: Mapped[str]
    pdf: Mapped[bytes] = mapped_column(PrivateBytes("leaflet.pdf"), info=HASHED)
    pdf_sha256: Mapped[str]
    template_version: Mapped[str]
    issued_at: Mapped[datetime]


class LeafletPrintRow(Row, kw_only=True):
    """One printing of a leaflet; number 1 is the first, every other the same bytes again."""

    __tablename__ = "leaflet_print"
    __table_args__ = table_args(UniqueConstraint("leaflet_id", "number"), positive("number"))

    leaflet_id: Mapped[UUID] = mapped_column(ForeignKey("leaflet.id"))
    number: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime]


def syringe_of(session: Session, name: str) -> Syringe | None:
    """The syringe of that name, in use or not any more; None for capsules and droppers."""
    row = session.scalars(select(DeviceRow).where(DeviceRow.name == name, DeviceRow.kind == "syringe").order_by(DeviceRow.active.desc())).first()
    return decode(Syringe, row.document) if row else None
