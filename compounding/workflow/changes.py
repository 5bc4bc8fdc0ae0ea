"""What a prescriber's system changes about its own orders: cancelled, held, resumed, stopped, stepped back, in another form, or another order instead.

What a change does at once makes only less: nothing more is begun, and the labels that do not hold any more are void. What is made already waits for a
pharmacist, who sees to it (`carry_out`). What goes on comes as a new order, screened from the beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.changes import ChangeRow, last_change
from compounding.db.document import decode, encode
from compounding.db.history import known_patient
from compounding.db.labels import void_labels
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.values import batch_row, prescription_row
from compounding.domain.change import ENDS, Change, ChangeKind, Effect, Touched, changed, check, left
from compounding.domain.cost import WasteCause
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.fill import advance as advance_fill
from compounding.domain.prescription import Order, PrescriptionStatus, advance
from compounding.domain.quantity import Mass
from compounding.workflow.act import Act
from compounding.workflow.costing import record_lost
from compounding.workflow.order_keeping import keep_order
from compounding.workflow.order_views import PrescriptionView, view
from compounding.workflow.ownership import own_row

_LABELLED = frozenset({FillStatus.LABELLED, FillStatus.CHECKED})
_DONE = frozenset({FillStatus.HANDED_OVER, FillStatus.CANCELLED})
_LONGEST_AHEAD = 366  # days


@dataclass(frozen=True, slots=True)
class Changed:
    """The order after a change, and the order that came in its place, if one did."""

    order: PrescriptionView
    replacement: PrescriptionView | None


def change(act: Act, prescription_id: UUID, told: Change, *, literal: str, who_is_unclear: bool = False) -> Changed:
    """Do what the prescriber's system asks of its own order; `literal` is what was sent, as it came.

    An order in the place of another is for the same patient, unless the pharmacy has asked who that is (`who_is_unclear`).
    Raises `Unknown` for another's order, and `Conflict`, `Invalid` or `Forbidden`; then nothing was changed.
    """
    row = own_row(act, prescription_id, lock=True)
    fills = _fills(act, row)
    check(told, PrescriptionStatus(row.status), handed_over=any(fill.status == FillStatus.HANDED_OVER for fill in fills))
    _refuse_ended(act, row, told)
    day = _course_day(act, row, fills, told)
    new = _new_order(row, told, day)
    if new is not None and new.prescriber.npi not in act.actor.npis:
        raise Forbidden("npi", "This token may not write for this prescriber. Send an NPI that it was made for.", npi=new.prescriber.npi)
    if told.order is not None and not who_is_unclear and known_patient(act.session, told.order) != row.patient_id:
        message = "This is for another patient, by name or birth date. Cancel this order, and send the other by itself."
        raise Invalid("other-patient", message, fields={"order.patient": (message,)})
    touched = _touch(act, row, fills, told)
    rest = left(decode(Order, row.document).steps, day)
    effect = Effect(touched, sum(step.days for step in rest), sum((step.total for step in rest), Mass.of_mg(0)))
    kept = keep_order(act, new, literal=literal, client_id=row.client_id, supersedes_id=row.id) if new is not None else None
    act.session.add(
        ChangeRow(
            prescription_id=row.id,
            client_id=act.actor.id,
            kind=told.kind,
            reason=told.reason,
            effect=encode(effect),
            replacement_id=kept.id if kept else None,
            from_on=told.from_on,
            changed_at=act.at,
            done_at=None if _waits(row, told, fills) else act.at,
        )
    )
    act.session.flush()
    return Changed(view(act, row), view(act, kept) if kept else None)


def carry_out(act: Act, prescription_id: UUID) -> None:
    """A pharmacist has seen to what was made of an order that its prescriber ended: it is waste, and the order is cancelled.

    It takes no signature, as no cancelling does: rule 19 asks for one under what a patient gets, and this only ends, at the prescriber's word that is kept
    with it, what nobody will get; who did it stands in the trail. Raises `Conflict` while a batch for it is being made: that is finished or rejected first.
    """
    row = prescription_row(act.session, prescription_id, lock=True)
    found = last_change(act.session, row.id)
    if found is None or found.kind not in ENDS or found.done_at is not None:
        raise Conflict("no-change", "Nothing of this order waits for you. Look at it again.")
    for fill in _fills(act, row):
        if fill.status == FillStatus.PLANNED:
            raise Conflict("fill-open", "A batch for a container of this order is being made. Finish it, or reject it, first.")
        if fill.status not in _DONE:
            _discard(act, fill, found.reason)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.CANCELLED)
    found.done_at, found.person_id = act.at, act.actor.id


def _refuse_ended(act: Act, row: PrescriptionRow, told: Change) -> None:
    """An order that was ended takes no other change; what resumes was held before."""
    before = last_change(act.session, row.id)
    if before is not None and before.kind in ENDS:
        raise Conflict("changed-already", "This order was ended already, and the pharmacy sees to what was made of it. Read it again.")
    if told.kind is ChangeKind.RESUME and (before is None or before.kind != ChangeKind.HOLD):
        message = "This order is held by the pharmacy and not by you. Answer its question, or send another order."
        raise Conflict("not-yours-to-resume", message)


def _course_day(act: Act, row: PrescriptionRow, fills: Sequence[FillRow], told: Change) -> int:
    """The course day on which the change begins, from 1: today's, unless a later day was sent. While the course is held it stands still."""
    begins = told.from_on or act.today
    if not act.today <= begins <= act.today + timedelta(days=_LONGEST_AHEAD):
        message = f"Give today, {act.today}, or a day in the year after it."
        raise Invalid("from-on", message, fields={"from_on": (message,)})
    started = min((fill.opens_on for fill in fills if fill.status == FillStatus.HANDED_OVER), default=None)
    return 1 if started is None else max(1, (begins - started - _stood_still(act, row, begins)).days + 1)


def _stood_still(act: Act, row: PrescriptionRow, until: date) -> timedelta:
    """For how long the course was held before `until`, each hold to the day on which it was resumed."""
    stood, held_from = timedelta(), None
    for past in act.session.scalars(select(ChangeRow).where(ChangeRow.prescription_id == row.id).order_by(ChangeRow.changed_at, ChangeRow.id)):
        if past.kind == ChangeKind.HOLD:
            held_from = _begins(act, past)
        elif held_from is not None:
            stood, held_from = stood + max(_begins(act, past) - held_from, timedelta()), None
    return stood if held_from is None else stood + max(until - held_from, timedelta())


def _begins(act: Act, past: ChangeRow) -> date:
    """The first day on which a change that was kept holds."""
    return past.from_on or act.day_of(past.changed_at)


def _new_order(row: PrescriptionRow, told: Change, day: int) -> Order | None:
    if told.kind is ChangeKind.ORDER:
        return told.order
    if told.kind not in {ChangeKind.STEP_BACK, ChangeKind.OTHER_FORM}:
        return None
    return changed(replace(decode(Order, row.document), refills=row.refills_left), day, told)


def _fills(act: Act, row: PrescriptionRow) -> Sequence[FillRow]:
    query = select(FillRow).where(FillRow.prescription_id == row.id, FillRow.status != FillStatus.CANCELLED)
    return act.session.scalars(query.order_by(FillRow.opens_on, FillRow.id).with_for_update().execution_options(populate_existing=True)).all()


def _touch(act: Act, row: PrescriptionRow, fills: Sequence[FillRow], told: Change) -> tuple[Touched, ...]:
    """What the change does to each container that was not handed over, and to the order itself."""
    touched = []
    moved = _pause(act, row, told)
    for fill in fills:
        if fill.status == FillStatus.HANDED_OVER:
            continue
        was = FillStatus(fill.status)
        if was is FillStatus.DUE and told.kind in ENDS:
            fill.status = advance_fill(was, FillStatus.CANCELLED)
        if was in _LABELLED:
            void_labels(act.session, [fill.id])
            fill.status = advance_fill(was, FillStatus.MADE)
        _move(fill, moved)
        touched.append(Touched(fill.number, fill.part if fill.opens is not None else 0, was, FillStatus(fill.status), _batch(act, fill), was in _LABELLED))
    if told.kind in ENDS:
        waits = any(fill.status not in _DONE for fill in fills)
        _advance(row, PrescriptionStatus.HELD if waits else PrescriptionStatus.CANCELLED)
    elif told.kind is ChangeKind.HOLD:
        _advance(row, PrescriptionStatus.HELD)
    return tuple(touched)


def _advance(row: PrescriptionRow, to: PrescriptionStatus) -> None:
    if row.status != to:  # one that is held already stays so until a pharmacist has seen to what was made
        row.status = advance(PrescriptionStatus(row.status), to)


def _waits(row: PrescriptionRow, told: Change, fills: Sequence[FillRow]) -> bool:
    """Whether a pharmacist has yet to see to what was made: an order that was ended and is not cancelled yet."""
    return told.kind in ENDS and row.status == PrescriptionStatus.HELD and any(fill.status not in _DONE for fill in fills)


def _pause(act: Act, row: PrescriptionRow, told: Change) -> timedelta:
    """By how much what is left moves: a course that is resumed goes on where it was held."""
    before = last_change(act.session, row.id)
    if told.kind is not ChangeKind.RESUME or before is None:
        return timedelta()
    return max((told.from_on or act.today) - _begins(act, before), timedelta())


def _move(fill: FillRow, by: timedelta) -> None:
    if by:
        fill.make_by, fill.opens_on, fill.closes_on = fill.make_by + by, fill.opens_on + by, fill.closes_on + by


def _batch(act: Act, fill: FillRow) -> str:
    of_fill = select(BatchRow.number).join(ShareRow, ShareRow.batch_id == BatchRow.id).where(ShareRow.fill_id == fill.id, ShareRow.status == "live")
    number = act.session.scalars(of_fill).first()
    return str(number) if number is not None else ""


def _discard(act: Act, fill: FillRow, reason: str) -> None:
    """A container that nobody will get: what is in it is waste, and its label is void."""
    share = act.session.scalars(select(ShareRow).where(ShareRow.fill_id == fill.id, ShareRow.status == "live").with_for_update()).first()
    if share is not None:
        batch = batch_row(act.session, share.batch_id)
        record_lost(act, batch, WasteCause.DESTROYED, f"Batch {batch.number}, its order was ended: {reason}", on=act.today, fill_id=fill.id)
        share.status = "void"
    void_labels(act.session, [fill.id])
    fill.status = advance_fill(FillStatus(fill.status), FillStatus.CANCELLED)
