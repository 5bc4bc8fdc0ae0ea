"""What pharmacy and prescriber have said to each other about an order, as both see it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import PlanRow
from compounding.db.changes import ChangeRow, ClarificationAnswerRow, ClarificationRow, RefillRequestRow
from compounding.db.document import decode
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.domain.change import ChangeKind, Effect
from compounding.domain.clarification import ClarificationStatus, Reason
from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.quantity import Mass
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question, who asked it, and its answer; `replacement` is the order that came as the answer, or with it."""

    id: UUID
    reason: Reason
    question: str
    asked_by: str
    asked_at: datetime
    status: ClarificationStatus
    answer: str = ""
    answered_at: datetime | None = None
    replacement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change by the prescriber and what it did; `open` until a pharmacist has seen to what was made already."""

    id: UUID
    kind: ChangeKind
    reason: str
    from_on: date | None
    changed_at: datetime
    effect: Effect
    open: bool
    replacement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RefillRequest:
    """A refill that was asked for and is not planned yet."""

    asked_at: datetime
    present_dose: Mass


@dataclass(frozen=True, slots=True)
class Correspondence:
    """All of it, the oldest first; and the order in whose place this one came."""

    questions: tuple[QuestionView, ...] = ()
    changes: tuple[ChangeView, ...] = ()
    refill: RefillRequest | None = None
    replaces_id: UUID | None = None

    @property
    def open_change(self) -> ChangeView | None:
        """The change of which a pharmacist has yet to see to what was made."""
        return next((change for change in self.changes if change.open), None)


def correspondence(look: Look, row: PrescriptionRow) -> Correspondence:
    """What was said about the order of `row`; nothing for one that no prescriber's system sent and nobody asked about."""
    return Correspondence(_questions(look, row), _changes(look, row), _refill(look, row), row.supersedes_id)


def _questions(look: Look, row: PrescriptionRow) -> tuple[QuestionView, ...]:
    rows = look.session.execute(
        select(ClarificationRow, PersonRow.name, ClarificationAnswerRow)
        .join(PersonRow, ClarificationRow.person_id == PersonRow.id)
        .outerjoin(ClarificationAnswerRow, ClarificationAnswerRow.clarification_id == ClarificationRow.id)
        .where(ClarificationRow.prescription_id == row.id)
        .order_by(ClarificationRow.asked_at, ClarificationRow.id)
    )
    unanswered = ClarificationStatus.OPEN if row.status == PrescriptionStatus.HELD else ClarificationStatus.SETTLED
    found = []
    for asked, by, answer in rows:
        view = QuestionView(asked.id, Reason(asked.reason), asked.question, by, asked.asked_at, unanswered)
        if answer is not None:
            told = (answer.answer, answer.answered_at, answer.replacement_id)
            view = QuestionView(view.id, view.reason, view.question, by, view.asked_at, ClarificationStatus.ANSWERED, *told)
        found.append(view)
    return tuple(found)


def _changes(look: Look, row: PrescriptionRow) -> tuple[ChangeView, ...]:
    rows = look.session.scalars(select(ChangeRow).where(ChangeRow.prescription_id == row.id).order_by(ChangeRow.changed_at, ChangeRow.id))
    return tuple(
        ChangeView(
            item.id,
            ChangeKind(item.kind),
            item.reason,
            item.from_on,
            item.changed_at,
            decode(Effect, item.effect),
            item.done_at is None,
            item.replacement_id,
        )
        for item in rows
    )


def _refill(look: Look, row: PrescriptionRow) -> RefillRequest | None:
    planned = select(func.max(PlanRow.made_at)).where(PlanRow.prescription_id == row.id).scalar_subquery()
    asked = select(RefillRequestRow).where(RefillRequestRow.prescription_id == row.id, RefillRequestRow.asked_at > planned)
    found = look.session.scalars(asked.order_by(RefillRequestRow.asked_at.desc()).limit(1)).first()
    return RefillRequest(found.asked_at, Mass.of_nanograms(found.present_dose_ng)) if found else None
