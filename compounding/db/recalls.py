"""Recalls, whom each has to reach, every try to reach them, and why a lot was set aside again."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import FixedDocument, Row, one_of, positive, sha256, table_args
from compounding.db.private import Private
from compounding.db.traces import in_parts
from compounding.domain.errors import Unknown
from compounding.domain.recall_case import Result


class RecallRow(Row, kw_only=True):
    """One recall. The document is its scope as it was found on that day and cannot change, nor can reason and class; only its status can.

    `learned_at` is when the pharmacy was told that a patient was harmed, None where nobody was.
    """

    __tablename__ = "recall"
    __table_args__ = table_args(
        UniqueConstraint("number"),
        one_of("status", "open", "closed"),
        one_of("recall_class", "I", "II", "III"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        positive("number"),
        sha256("sha256"),
        Index(None, "status", "opened_at"),
    )

    number: Mapped[int]
    status: Mapped[str]
    recall_class: Mapped[str]
    reason: Mapped[str]
    document: Mapped[FixedDocument]
    sha256: Mapped[str]
    learned_at: Mapped[datetime | None] = mapped_column(default=None)
    opened_at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    closing: Mapped[str | None] = mapped_column(default=None)


class RecallContactRow(Row, kw_only=True):
    """Somebody whom a recall has to reach: a patient, a prescriber by NPI, the state board, or MedWatch; `due_at` is the law's hour, if it names one."""

    __tablename__ = "recall_contact"
    __table_args__ = table_args(
        one_of("kind", "patient", "prescriber", "board", "medwatch"),
        CheckConstraint("(kind = 'patient') = (patient_id IS NOT NULL)", name="patient"),
        CheckConstraint("(kind = 'prescriber') = (npi IS NOT NULL)", name="prescriber"),
        UniqueConstraint("recall_id", "patient_id"),
        UniqueConstraint("recall_id", "npi"),
        Index(None, "recall_id", "kind"),
    )

    recall_id: Mapped[UUID] = mapped_column(ForeignKey("recall.id"))
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(Private("recall_contact.name"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"), default=None)
    npi: Mapped[str | None] = mapped_column(default=None)
    due_at: Mapped[datetime | None] = mapped_column(default=None)


class RecallTryRow(Row, kw_only=True):
    """One try to reach a contact. `returned` is how much came back, in pieces or nanolitres; it is destroyed and never goes back to stock."""

    __tablename__ = "recall_try"
    __table_args__ = table_args(
        one_of("way", "phone", "letter", "portal", "visit", "report"),
        one_of("result", "reached", "unreached", "returned", "given_up"),
        one_of("unit", "piece", "nL"),
        CheckConstraint("(result = 'returned') = (returned IS NOT NULL)", name="returned"),
        CheckConstraint("(returned IS NULL) = (unit IS NULL)", name="unit_of_returned"),
        CheckConstraint("returned > 0", name="returned_positive"),
        Index(None, "contact_id", "tried_at"),
    )

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("recall_contact.id"))
    way: Mapped[str]
    result: Mapped[str]
    note: Mapped[str] = mapped_column(Private("recall_try.note"))
    returned: Mapped[int | None] = mapped_column(default=None)
    unit: Mapped[str | None] = mapped_column(default=None)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    tried_at: Mapped[datetime]


class LotQuarantineRow(Row, kw_only=True):
    """That somebody set a lot aside again, and why; a pharmacist's release ends it."""

    __tablename__ = "lot_quarantine"
    __table_args__ = table_args(Index(None, "lot_id", "placed_at"))

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[datetime]


def recall_row(session: Session, recall_id: UUID, *, lock: bool = False) -> RecallRow:
    """The row, or `Unknown`."""
    row = session.get(RecallRow, recall_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise Unknown("unknown-recall", "There is no such recall.")
    return row


def contact_row(session: Session, recall_id: UUID, contact_id: UUID) -> RecallContactRow:
    """The row, if it belongs to that recall, or `Unknown`."""
    row = session.get(RecallContactRow, contact_id)
    if row is None or row.recall_id != recall_id:
        raise Unknown("unknown-contact", "There is no such contact of this recall.")
    return row


def results_of(session: Session, contacts: Collection[UUID]) -> dict[UUID, list[Result]]:
    """What came of every try of these contacts, the oldest first."""
    found: dict[UUID, list[Result]] = defaultdict(list)
    columns = (RecallTryRow.contact_id, RecallTryRow.result)
    for part in in_parts(contacts):
        for contact_id, result in session.execute(select(*columns).where(RecallTryRow.contact_id.in_(part)).order_by(RecallTryRow.tried_at)):
            found[contact_id].append(Result(result))
    return found
