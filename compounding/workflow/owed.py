"""What is owed: less of a container is given than was planned, the rest is kept as a fill of its own, given later or cancelled."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import FillRow, ShareRow
from compounding.db.fill_signing import owed_content
from compounding.db.holding import refuse_held_lot
from compounding.db.inventory import LotRow, MovementRow
from compounding.db.labels import void_labels
from compounding.db.owed import OwedRow
from compounding.db.signing import sign
from compounding.db.values import batch_row, fill_row, formula_of, lots, plan_of, planned, prescription_row
from compounding.domain.batch import Meaning
from compounding.domain.cost import WasteCause
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.fill import FillStatus
from compounding.domain.fill import advance as advance_fill
from compounding.domain.inventory import Lot, LotStatus
from compounding.domain.owed import Cut, Rest, check, days_given, part
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.preparation import units_of
from compounding.domain.prescription import PrescriptionStatus
from compounding.workflow.act import Act
from compounding.workflow.completion import complete
from compounding.workflow.costing import record_lost
from compounding.workflow.proof import prove_parts


def cut(act: Act, fill_id: UUID, told: Cut) -> UUID:
    """Give less of a container than was planned; gives the fill of the rest. Its label is void: each part is labelled and checked anew.

    Capsules that are kept here are counted into a container of their own, which leaves its lot.
    """
    fill = fill_row(act.session, fill_id, lock=True)
    prescription = prescription_row(act.session, fill.prescription_id, lock=True)
    if prescription.status != PrescriptionStatus.ACCEPTED:
        raise Conflict("prescription-state", f"This order is {prescription.status}; of it nothing more is given.")
    plan, (_, formula) = plan_of(act.session, fill), formula_of(act.session, fill)
    capsules, container = formula.capsules is not None, planned(act.session, fill, plan)
    status = FillStatus(fill.status)
    check(told, status, capsules=capsules)
    days = days_given(plan, container, told.given, capsules=capsules)
    whole, last = plan.fills[fill.number - 1], container.opens + days - 1
    first, second = part(plan, whole, container.opens, last, formula), part(plan, whole, last + 1, container.closes, formula)
    prove_parts(plan, container, (first, second), formula)
    rest = _cut_in_two(act, fill, plan, (container, first), here=told.rest is Rest.HERE)
    units, kept = units_of(formula, container.amounts.used), units_of(formula, first.amounts.used)
    row = OwedRow(
        fill_id=fill.id,
        rest_id=rest.id,
        opens=container.opens,
        closes=container.closes,
        given_days=days,
        amount=units,
        given=kept,
        rest=units - kept,
        asked_by=told.asked_by,
        reason=told.reason,
        cut_on=act.today,
        cut_at=act.at,
        person_id=act.actor.id,
    )
    if status is not FillStatus.DUE:
        row.batch_id = _share_out(act, fill, rest, units_of(formula, first.amounts.dispensed), told)
        row.lot_id = _boxed(act, plan, rest, row.batch_id) if told.rest is Rest.HERE else None
    act.session.add(row)
    sign(act.session, row.id, meaning=Meaning.OWE, person=act.actor, content=owed_content(row), at=act.at)
    return rest.id


def cancel(act: Act, rest_id: UUID, reason: str) -> None:
    """What is owed will not be given, for this reason; what of it lies here is waste, and the order may be complete with that."""
    fill = fill_row(act.session, rest_id, lock=True)
    prescription = prescription_row(act.session, fill.prescription_id, lock=True)
    row = act.session.scalars(select(OwedRow).where(OwedRow.rest_id == fill.id)).first()
    if row is None:
        raise Unknown("not-owed", "Nothing of this container is owed: it is a whole one.")
    if not reason:
        raise Invalid("reason", "Say why it is not given.", fields={"reason": ("Say why it is not given.",)})
    if fill.status == FillStatus.PLANNED:
        raise Conflict("fill-open", "A batch for what is owed is being made. Finish it, or reject it, first.")
    fill.status = advance_fill(FillStatus(fill.status), FillStatus.CANCELLED)
    row.cancelled_at, row.cancelled_reason, row.canceller_id = act.at, reason, act.actor.id
    share = act.session.scalars(select(ShareRow).where(ShareRow.fill_id == fill.id, ShareRow.status == "live")).first()
    if share is not None:
        batch = batch_row(act.session, share.batch_id)
        record_lost(act, batch, WasteCause.DESTROYED, f"Batch {batch.number}, owed and never given: {reason}", on=act.today, fill_id=fill.id)
        share.status = "void"
    void_labels(act.session, [fill.id])
    complete(act, prescription)


def _cut_in_two(act: Act, fill: FillRow, plan: Plan, parts: tuple[FillPlan, FillPlan], *, here: bool) -> FillRow:
    """The fill serves the first days from now on, and another the rest; each is labelled anew."""
    container, first = parts
    closes_on, days = fill.closes_on, first.closes - first.opens + 1
    fill.opens, fill.closes = first.opens, first.closes
    fill.closes_on = fill.opens_on + timedelta(days=days - 1)
    if fill.status in {FillStatus.LABELLED, FillStatus.CHECKED}:
        fill.status = advance_fill(FillStatus(fill.status), FillStatus.MADE)
        void_labels(act.session, [fill.id])
    act.session.flush()  # before the rest comes in: no day of a container is served twice
    known = act.session.scalars(select(func.max(FillRow.part)).where(FillRow.plan_id == fill.plan_id, FillRow.number == fill.number)).one() or 1
    opens_on = fill.closes_on + timedelta(days=1)
    rest = FillRow(
        plan_id=fill.plan_id,
        prescription_id=fill.prescription_id,
        number=fill.number,
        part=known + 1,
        status=FillStatus.MADE if here else FillStatus.DUE,
        make_by=max(act.today, opens_on - timedelta(days=plan.lead_days)),
        opens_on=opens_on,
        closes_on=closes_on,
        opens=first.closes + 1,
        closes=container.closes,
    )
    act.session.add(rest)
    act.session.flush()
    return rest


def _share_out(act: Act, fill: FillRow, rest: FillRow, kept: int, told: Cut) -> UUID:
    """The share of a batch in two: the rest has its own, or is missing, which is waste. Gives the batch."""
    share = act.session.scalars(select(ShareRow).where(ShareRow.fill_id == fill.id, ShareRow.status == "live").with_for_update()).first()
    if share is None or share.amount <= kept:
        raise Conflict("no-share", "This container has no batch any more, or holds no more than is to be given. Look at it again.")
    here = told.rest is Rest.HERE
    other = ShareRow(
        batch_id=share.batch_id,
        fill_id=rest.id,
        amount=share.amount - kept,
        status="live" if here else "void",
        no_later=share.no_later,
        place=share.place,
    )
    share.amount = kept
    act.session.add(other)
    act.session.flush()
    if not here:
        batch = batch_row(act.session, share.batch_id)
        record_lost(act, batch, WasteCause.COUNT, f"Batch {batch.number}, short at the counter: {told.reason}", on=act.today, fill_id=rest.id)
    return share.batch_id


def _boxed(act: Act, plan: Plan, rest: FillRow, batch_id: UUID) -> UUID:
    """One more container leaves its lot, the earliest expiry first."""
    for lot in lots(act.session):
        if lot.product == plan.container.product and lot.status is LotStatus.AVAILABLE and lot.expires_on >= rest.closes_on and lot.balance > 0:
            return _taken(act, lot, batch_id)
    message = f"No {plan.container.name} is in stock for the rest. Take one in first, or give the whole container."
    raise Conflict("no-container", message)


def _taken(act: Act, lot: Lot, batch_id: UUID) -> UUID:
    refuse_held_lot(act.session, lot.id)
    act.session.get(LotRow, lot.id, with_for_update=True, populate_existing=True)
    act.session.add(MovementRow(lot_id=lot.id, amount=-1, reason="container of what is owed", batch_id=batch_id, person_id=act.actor.id, moved_at=act.at))
    return lot.id
