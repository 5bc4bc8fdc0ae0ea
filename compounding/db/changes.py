"""What pharmacy and prescriber say to each other about an order: questions, answers, changes, and requests for a refill."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import FixedDocument, Row, one_of, positive, table_args
from compounding.db.batches import FillRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.private import Private
from compounding.domain.change import ENDS, ChangeKind
from compounding.domain.clarification import WORDS, Reason
from compounding.domain.errors import Conflict

_SUPPLIED = ("accepted", "completed")
_ENDED = "ended by its prescriber: see to what was made"
_CHANGED = {ChangeKind.HOLD: "held by its prescriber", ChangeKind.RESUME: "resumed by its prescriber: accept it again"}


class ClarificationRow(Row, kw_only=True):
    """One question about an order, to its prescriber."""

    __tablename__ = "clarification"
    __table_args__ = table_args(one_of("reason", *Reason), CheckConstraint("length(question) > 0", name="question_given"), Index(None, "prescription_id"))

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    reason: Mapped[str]
    question: Mapped[str] = mapped_column(Private("clarification.question"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]


class ClarificationAnswerRow(Row, kw_only=True):
    """The answer to one question, once: words, another order in the place of the first, or both."""

    __tablename__ = "clarification_answer"
    __table_args__ = table_args(UniqueConstraint("clarification_id"), CheckConstraint("length(answer) > 0 OR replacement_id IS NOT NULL", name="answer_given"))

    clarification_id: Mapped[UUID] = mapped_column(ForeignKey("clarification.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    answer: Mapped[str] = mapped_column(Private("clarification_answer.answer"))
    replacement_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription.id"), default=None)
    answered_at: Mapped[datetime]


class ChangeRow(Row, kw_only=True):
    """One change by the prescriber. `effect` is what it did at once; it is open until a pharmacist has seen to what was made already."""

    __tablename__ = "order_change"
    __table_args__ = table_args(
        one_of("kind", *ChangeKind),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        Index(None, "prescription_id", "changed_at"),
        Index(None, "replacement_id"),
    )

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(Private("order_change.reason"))
    effect: Mapped[FixedDocument]
    replacement_id: Mapped[UUID | None] = mapped_column(ForeignKey("prescription.id"), default=None)
    from_on: Mapped[date | None] = mapped_column(default=None)
    changed_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)


class RefillRequestRow(Row, kw_only=True):
    """That a prescriber asks for the next refill of an order, for a patient who takes `present_dose_ng` a day; it is met by the next plan."""

    __tablename__ = "refill_request"
    __table_args__ = table_args(positive("present_dose_ng"), Index(None, "prescription_id", "asked_at"))

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    present_dose_ng: Mapped[int]
    asked_at: Mapped[datetime]


def last_change(session: Session, prescription_id: UUID) -> ChangeRow | None:
    """The newest change of an order."""
    found = select(ChangeRow).where(ChangeRow.prescription_id == prescription_id).order_by(ChangeRow.changed_at.desc(), ChangeRow.id)
    return session.scalars(found.limit(1)).first()


def said_of(session: Session, prescription_ids: Collection[UUID]) -> dict[UUID, str]:
    """Why each of these held orders waits, where pharmacy or prescriber said so: the newest change or question, and whether that was answered."""
    asked = (
        select(ClarificationRow.prescription_id, ClarificationRow.asked_at, ClarificationRow.reason, ClarificationAnswerRow.id)
        .outerjoin(ClarificationAnswerRow, ClarificationAnswerRow.clarification_id == ClarificationRow.id)
        .where(ClarificationRow.prescription_id.in_(prescription_ids))
    )
    changed = select(ChangeRow.prescription_id, ChangeRow.changed_at, ChangeRow.kind).where(ChangeRow.prescription_id.in_(prescription_ids))
    said = [
        *((at, key, f"{'answered by the prescriber' if answer else 'asked'}: {WORDS[Reason(reason)]}") for key, at, reason, answer in session.execute(asked)),
        *((at, key, _CHANGED.get(ChangeKind(kind), _ENDED)) for key, at, kind in session.execute(changed)),
    ]
    return {key: words for _, key, words in sorted(said)}


def refuse_changed(session: Session, prescription_id: UUID) -> None:
    """Refuse to go on with an order that its prescriber has ended, or holds: `Conflict`."""
    refuse_ended(session, prescription_id)
    change = last_change(session, prescription_id)
    if change is not None and change.kind == ChangeKind.HOLD:
        raise Conflict("held-by-prescriber", "Its prescriber holds this order. It goes on once the prescriber's system says so.")


def refuse_ended(session: Session, prescription_id: UUID) -> None:
    """Refuse to go on with an order that its prescriber has ended: `Conflict`."""
    change = last_change(session, prescription_id)
    if change is not None and change.kind in ENDS:
        raise Conflict("changed-by-prescriber", "Its prescriber has ended this order: it goes no further. See to what was made of it, below.")


def refuse_unsupplied(session: Session, fills: Iterable[FillRow]) -> None:
    """Refuse to work on a container whose order is held or over: `Conflict`, naming the order."""
    orders = {fill.prescription_id for fill in fills}
    stopped = select(PrescriptionRow.number, PrescriptionRow.status).where(PrescriptionRow.id.in_(orders), PrescriptionRow.status.not_in(_SUPPLIED))
    found = session.execute(stopped.order_by(PrescriptionRow.number).limit(1)).first()
    if found is not None:
        message = f"Order {found.number} is {found.status}: nothing more is made or given of it. Look at the order."
        raise Conflict("prescription-state", message, status=found.status)
