"""Setbacks: a container made again, a misfill, a container that comes back and is destroyed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import FillRow, PlanRow, ShareRow
from compounding.db.dispenses import SetbackRow
from compounding.db.fill_signing import destruction_content, setback_content
from compounding.db.labels import void_labels
from compounding.db.signing import sign
from compounding.db.values import batch_row, fill_row, live_batch_row, prescription_row
from compounding.domain.batch import Meaning, other_person
from compounding.domain.cost import WasteCause
from compounding.domain.errors import Conflict, Forbidden
from compounding.domain.fill import FillStatus
from compounding.domain.fill import advance as advance_fill
from compounding.domain.people import BENCH, Actor
from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.prescription import advance as advance_prescription
from compounding.domain.setback import POSSIBLE, Cause, Setback, SetbackKind, SetbackStatus, advance, cause_of, check
from compounding.workflow.act import Act, Look
from compounding.workflow.costing import record_lost

# What was handed over stays the cost of its hand-over; only a container still in the house is waste.
_WASTE = {
    Cause.SPILL: WasteCause.SPILL,
    Cause.REJECTED: WasteCause.REJECTED,
    Cause.BEYOND_USE: WasteCause.BEYOND_USE,
    Cause.EXPIRED: WasteCause.EXPIRED,
    Cause.QC: WasteCause.QC,
    Cause.REMAKE: WasteCause.REMAKE,
    Cause.RETURN: WasteCause.REMAKE,
}


@dataclass(frozen=True, slots=True)
class SetbackView:
    """A setback as it was recorded, and whether what came back was destroyed."""

    told: Setback
    cause: Cause
    status: SetbackStatus
    on: date


@dataclass(frozen=True, slots=True)
class Setbacks:
    """What went wrong with a container, the newest first, and what may still be recorded of it."""

    fill_id: UUID
    found: tuple[SetbackView, ...]
    possible: tuple[SetbackKind, ...]

    @property
    def waits(self) -> bool:
        """Whether something that came back is still to be destroyed."""
        return any(item.status is SetbackStatus.RETURNED for item in self.found)


def record(act: Act, fill_id: UUID, told: Setback) -> UUID:
    """Record a setback with a signature; gives the fill that is to be made in its place, or the fill itself for a return.

    A container still in the house makes its own fill due again. For one that was handed over, a fill with the same days is added to the order.
    """
    fill = fill_row(act.session, fill_id, lock=True)
    status = FillStatus(fill.status)
    check(told, status)
    share = act.session.scalars(select(ShareRow).where(ShareRow.fill_id == fill.id, ShareRow.status == "live")).first()
    if share is None:
        raise Conflict("no-share", "This container has no batch any more. Look at it again.")
    if told.kind is SetbackKind.RETURN and _returned(act, fill.id, share.batch_id):
        raise Conflict("returned", "This container came back already.")
    row = SetbackRow(
        fill_id=fill.id,
        batch_id=share.batch_id,
        kind=told.kind,
        cause=cause_of(told),
        status=SetbackStatus.RETURNED if told.kind is SetbackKind.RETURN else SetbackStatus.RECORDED,
        amount=share.amount,
        reason=told.reason,
        found_by=told.found_by,
        reached_patient=told.reached_patient,
        done=told.done,
        happened_on=act.today,
        recorded_at=act.at,
        person_id=act.actor.id,
    )
    act.session.add(row)
    sign(act.session, row.id, meaning=Meaning.SETBACK, person=act.actor, content=setback_content(row), at=act.at)
    if told.kind is SetbackKind.RETURN:
        return fill.id
    if status is FillStatus.HANDED_OVER:
        return _in_its_place(act, fill)
    lost, batch = cause_of(told), batch_row(act.session, share.batch_id)
    record_lost(act, batch, _WASTE[lost], f"Batch {batch.number}, a container that was lost: {lost}", on=act.today, fill_id=fill.id)
    return _due_again(act, fill, share)


def destroy(act: Act, fill_id: UUID, witness: Actor) -> None:
    """Destroy the container that came back, before a witness; nothing of it returns to stock."""
    back = select(SetbackRow).where(SetbackRow.fill_id == fill_row(act.session, fill_id).id, SetbackRow.kind == "return")
    row = act.session.scalars(back.order_by(SetbackRow.status.desc(), SetbackRow.recorded_at)).first()  # one that waits goes before one that is gone
    if row is None:
        raise Conflict("not-returned", "This container did not come back. Record its return first.")
    other_person(act.actor.id, witness.id, acts="destroy and witness")
    if witness.role not in BENCH:
        raise Forbidden("witness-role", f"A {witness.role} cannot witness this. Ask a technician or a pharmacist.")
    row.status = advance(SetbackStatus(row.status), SetbackStatus.DESTROYED)
    row.destroyed_at, row.destroyer_id, row.witness_id = act.at, act.actor.id, witness.id
    sign(act.session, row.id, meaning=Meaning.WITNESS_DESTRUCTION, person=witness, content=destruction_content(row), at=act.at)


def setbacks(look: Look, fill_id: UUID) -> Setbacks:
    """What went wrong with a container; raises `Unknown`."""
    fill = fill_row(look.session, fill_id)
    look.note_read(prescription_id=fill.prescription_id)
    rows = look.session.scalars(select(SetbackRow).where(SetbackRow.fill_id == fill.id).order_by(SetbackRow.recorded_at.desc())).all()
    possible = POSSIBLE.get(FillStatus(fill.status), ())
    live = live_batch_row(look.session, fill.id)
    if live is None or _returned(look, fill.id, live.id):
        possible = tuple(kind for kind in possible if kind is not SetbackKind.RETURN)
    return Setbacks(fill.id, tuple(map(_view, rows)), possible)


def _view(row: SetbackRow) -> SetbackView:
    told = Setback(SetbackKind(row.kind), Cause(row.cause), row.reason, row.found_by, row.reached_patient, row.done)
    return SetbackView(told, Cause(row.cause), SetbackStatus(row.status), row.happened_on)


def _returned(look: Look, fill_id: UUID, batch_id: UUID) -> bool:
    """Whether what this batch gave came back; of one that was made again, the first may have come back too."""
    back = select(SetbackRow.id).where(SetbackRow.fill_id == fill_id, SetbackRow.batch_id == batch_id, SetbackRow.kind == "return")
    return look.session.scalars(back).first() is not None


def _due_again(act: Act, fill: FillRow, share: ShareRow) -> UUID:
    fill.status = advance_fill(FillStatus(fill.status), FillStatus.DUE)
    fill.make_by = min(fill.make_by, act.today)
    share.status = "void"
    void_labels(act.session, [fill.id])
    return fill.id


def _in_its_place(act: Act, fill: FillRow) -> UUID:
    """A fill with the same content under a plan of its own, begun today at the earliest; the order is worked on again."""
    plan = act.session.scalars(select(PlanRow).where(PlanRow.id == fill.plan_id)).one()
    again = PlanRow(
        prescription_id=plan.prescription_id,
        status="current",
        document=plan.document,
        sha256=plan.sha256,
        policy_version=plan.policy_version,
        formula_id=plan.formula_id,
        person_id=act.actor.id,
        made_at=act.at,
    )
    later = max(act.today, fill.opens_on) - fill.opens_on
    new = FillRow(
        plan_id=again.id,
        prescription_id=fill.prescription_id,
        number=fill.number,
        status=FillStatus.DUE,
        make_by=act.today,
        opens_on=fill.opens_on + later,
        closes_on=fill.closes_on + later,
        part=fill.part,
        opens=fill.opens,
        closes=fill.closes,
    )
    act.session.add_all([again, new])
    prescription = prescription_row(act.session, fill.prescription_id, lock=True)
    if prescription.status == PrescriptionStatus.COMPLETED:
        prescription.status = advance_prescription(PrescriptionStatus.COMPLETED, PrescriptionStatus.ACCEPTED)
    return new.id
