"""Clarifications: the pharmacy sets an order aside with a question, the prescriber's system answers by words or another order, a pharmacist decides."""

from uuid import UUID

from sqlalchemy import select

from compounding.db.changes import ClarificationAnswerRow, ClarificationRow
from compounding.db.values import prescription_row
from compounding.domain.change import Change, ChangeKind
from compounding.domain.clarification import Question, Reason, Reply
from compounding.domain.errors import Conflict, Unknown
from compounding.domain.prescription import PrescriptionStatus, advance
from compounding.workflow.act import Act
from compounding.workflow.changes import Changed, change
from compounding.workflow.order_views import view
from compounding.workflow.ownership import own_row


def ask(act: Act, prescription_id: UUID, question: Question) -> UUID:
    """Set an order aside with a question to its prescriber; one that is held already gets a further question. Gives the question's key."""
    row = prescription_row(act.session, prescription_id, lock=True)
    if row.status != PrescriptionStatus.HELD:
        row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.HELD)
    asked = ClarificationRow(prescription_id=row.id, reason=question.reason, question=question.text, person_id=act.actor.id, asked_at=act.at)
    act.session.add(asked)
    return asked.id


def answer(act: Act, prescription_id: UUID, clarification_id: UUID, *, reply: Reply, literal: str) -> Changed:
    """Answer a question about an own order, once: in words, with an order that takes its place (read and screened from the beginning), or both.

    The order in question stays held until a pharmacist decides; raises `Unknown` for another's order or question, and `Conflict`.
    """
    row = own_row(act, prescription_id, lock=True)
    asked = act.session.get(ClarificationRow, clarification_id)
    if asked is None or asked.prescription_id != row.id:
        raise Unknown("unknown-clarification", "There is no such question.")
    if act.session.scalars(select(ClarificationAnswerRow.id).where(ClarificationAnswerRow.clarification_id == asked.id)).first() is not None:
        raise Conflict("answered", "This question was answered already. Read the order again.")
    if row.status != PrescriptionStatus.HELD:
        raise Conflict("prescription-state", f"This prescription is {row.status}: its question was settled otherwise. Read it again.", status=row.status)
    found = Changed(view(act, row), None)
    if reply.order is not None:
        instead = Change(kind=ChangeKind.ORDER, reason=reply.text or "Another order in answer to a question.", order=reply.order)
        found = change(act, row.id, instead, literal=literal, who_is_unclear=asked.reason == Reason.PATIENT)
    act.session.add(
        ClarificationAnswerRow(
            clarification_id=asked.id,
            client_id=act.actor.id,
            answer=reply.text,
            replacement_id=found.replacement.id if found.replacement else None,
            answered_at=act.at,
        )
    )
    act.session.flush()
    return Changed(view(act, row), found.replacement)
