"""Prescriptions: received through either door, screened, accepted, held, declined; reviewed after three months."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import FillRow
from compounding.db.changes import refuse_changed, refuse_ended
from compounding.db.document import decode
from compounding.db.prescriptions import PrescriptionRow, ReviewRow
from compounding.db.screening import keep_answers, keep_findings, order_findings, order_in_work
from compounding.db.values import policy_in_force, prescription_row
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.people import Role
from compounding.domain.prescription import OpioidAnswer, Order, PrescriptionStatus, advance
from compounding.domain.quantity import Mass
from compounding.domain.retyping import check_retyped
from compounding.domain.safety import Reply, clear
from compounding.workflow.act import Act, Look
from compounding.workflow.order_keeping import keep_order
from compounding.workflow.order_views import PrescriptionView, doses_to_retype, view


def receive(act: Act, order: Order, *, literal: str) -> PrescriptionView:
    """Keep an order, whatever the rules say of it; a stop declines it, a hold or a timed stop holds it.

    `literal` is what was sent, as it came. A prescriber's system writes only for its own prescribers.
    """
    if act.actor.role is Role.PRESCRIBER and order.prescriber.npi not in act.actor.npis:
        raise Forbidden("npi", "This token may not write for this prescriber. Send an NPI that it was made for.", npi=order.prescriber.npi)
    client_id = act.actor.id if act.actor.role is Role.PRESCRIBER else None
    return view(act, keep_order(act, order, literal=literal, client_id=client_id, supersedes_id=None))


def ask_again(act: Act, prescription_id: UUID, opioid: OpioidAnswer) -> UUID:
    """Keep a held order anew with another answer to the opioid question; gives the key of the new one.

    The held one stays as it was written and is declined. The new one is screened like any other: a stop of the old one is seen (rule R30).
    """
    row = prescription_row(act.session, prescription_id, lock=True)
    if row.status != PrescriptionStatus.HELD:
        raise Conflict("prescription-state", f"This prescription is {row.status}; the opioid question is asked again only for a held one.")
    refuse_changed(act.session, row.id)
    _refuse_planned(act, row)
    order = replace(decode(Order, row.document), opioid=opioid)
    kept = keep_order(act, order, literal=row.literal, client_id=row.client_id, supersedes_id=row.id)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.DECLINED)
    return kept.id


def accept(act: Act, prescription_id: UUID, answers: Mapping[str, Reply], retyped: Mapping[int, Mass]) -> None:
    """Accept an order with an answer to each of its findings, by rule; the person has just signed.

    `retyped` are the doses of `PrescriptionView.retype`, by place from 0, as the person typed them again from the original. Raises
    `Unsafe` for a stop or a hold, whoever asks, and `Invalid` naming each finding that lacks its answer and each dose that differs.
    """
    row = prescription_row(act.session, prescription_id, lock=True)
    refuse_changed(act.session, row.id)
    asked = doses_to_retype(act, row)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.ACCEPTED)
    _answer(act, row, answers)
    check_retyped(asked, retyped)


def answer(act: Act, prescription_id: UUID, answers: Mapping[str, Reply]) -> None:
    """Answer what the rules find in an accepted order on today's facts; the person has just signed."""
    row = prescription_row(act.session, prescription_id, lock=True)
    if row.status != PrescriptionStatus.ACCEPTED:
        raise Conflict("prescription-state", f"This prescription is {row.status}; only an accepted one is answered so.")
    _answer(act, row, answers)


def decline(act: Act, prescription_id: UUID) -> None:
    """Turn an order down for good; it is kept. One of which something was planned is cancelled instead."""
    row = prescription_row(act.session, prescription_id, lock=True)
    _refuse_planned(act, row)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.DECLINED)


def _refuse_planned(act: Act, row: PrescriptionRow) -> None:
    planned = select(FillRow.id).where(FillRow.prescription_id == row.id, FillRow.status != FillStatus.CANCELLED)
    if act.session.scalars(planned.limit(1)).first() is not None:
        raise Conflict("fill-open", "This order was planned, and is only held for a while. Accept it again, or cancel it.")


def cancel(act: Act, prescription_id: UUID) -> None:
    """Cancel an order and those of its fills that were not begun. What its prescriber has ended is seen to instead (`changes.carry_out`)."""
    row = prescription_row(act.session, prescription_id, lock=True)
    refuse_ended(act.session, row.id)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.CANCELLED)
    fills = act.session.scalars(select(FillRow).where(FillRow.prescription_id == row.id)).all()
    if any(fill.status in {FillStatus.PLANNED, FillStatus.MADE, FillStatus.LABELLED, FillStatus.CHECKED} for fill in fills):
        raise Conflict("fill-open", "A fill of this order is being worked on. Finish it, or reject its batch, first.")
    for fill in fills:
        if fill.status == FillStatus.DUE:
            fill.status = FillStatus.CANCELLED


def record_review(act: Act, prescription_id: UUID, *, reviewed_on: date, outcome_text: str) -> None:
    """Record the three-month review of the patient's therapy (rule R16)."""
    row = prescription_row(act.session, prescription_id)
    if reviewed_on > act.today:
        raise Invalid("review", "A review cannot lie in the future.", fields={"reviewed_on": ("Give today or an earlier day.",)})
    if not outcome_text:
        raise Invalid("review", "Say what the review found.", fields={"outcome": ("Say what the review found.",)})
    act.session.add(
        ReviewRow(
            prescription_id=row.id,
            patient_id=row.patient_id,
            reviewed_on=reviewed_on,
            outcome=outcome_text,
            person_id=act.actor.id,
            recorded_at=act.at,
        )
    )


def prescription(look: Look, prescription_id: UUID) -> PrescriptionView:
    """One prescription, whole; raises `Unknown`."""
    return view(look, prescription_row(look.session, prescription_id))


def _answer(act: Act, row: PrescriptionRow, answers: Mapping[str, Reply]) -> None:
    findings = order_findings(act.session, row, today=act.today, policy=policy_in_force(act.session))
    keep_findings(act.session, row.id, findings, at=act.at)
    answered = keep_answers(act.session, row.id, findings, answers, person=act.actor, at=act.at)
    clear(order_in_work(act.session, row), findings, answered)
