"""What acts write into the ledger of costs: a hand-over its fill's cost and price, a batch or lot that reached nobody its waste.

Use cases of several rooms write costs, so this stands below them. Nothing here decides what something costs; that is `domain.cost`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import BatchRow, SignatureRow
from compounding.db.blanks import late_steps
from compounding.db.costs import ChargeRow, ClosingRow, CostRow
from compounding.db.dispenses import DispenseRow
from compounding.db.document import decode, encode
from compounding.db.inventory import LotRow
from compounding.db.locks import Lock, hold
from compounding.db.owed import OwedRow
from compounding.db.values import dealt, fill_row, formula_by_id, lots, plan_of, planned, policy_in_force, policy_of, used_of
from compounding.domain.batch import Meaning, Record
from compounding.domain.cost import AtTheBench, CostKind, CostPart, WasteCause, batch_cost, fill_cost, lost_batch, lost_lot, share_cost
from compounding.domain.inventory import Lot
from compounding.domain.late import BEGIN, COMPOUND, COUNT
from compounding.domain.money import Money, total
from compounding.domain.month import counts_to
from compounding.domain.policy import Policy
from compounding.domain.preparation import BatchPlan, Preparation
from compounding.domain.pricing import charge
from compounding.domain.quantity import NANOGRAMS, Mass
from compounding.domain.weighing import half_up
from compounding.domain.wording import said
from compounding.domain.worksheet import TABLETS
from compounding.workflow.act import Act


def record_fill(act: Act, dispense: DispenseRow, batch: BatchRow) -> None:
    """Keep what the container that is handed over cost, and what is asked for it."""
    policy = policy_in_force(act.session)
    levels = dealt(act.session, batch.id, dispense.fill_id)
    if any(len(shares) > 1 for shares, _ in levels):
        # all who share a batch by one policy, so that what they cost sums to the batch whenever each is handed over
        policy = policy_of(act.session, decode(BatchPlan, batch.document).policy_version)
    (first, at), (shares, place) = levels
    dealt_out = share_cost(parts_of_batch(act.session, batch, policy), shares=first, place=at)
    parts = (*fill_cost(dealt_out, policy, shares=shares, place=place), *_further_container(act.session, batch.id, dispense.fill_id))
    month = counts_to(dispense.handed_on, closed_months(act.session), today=act.today)
    of = {"fill_id": dispense.fill_id, "batch_id": batch.id, "prescription_id": dispense.prescription_id, "patient_id": dispense.patient_id}
    act.session.add_all(cost_row(part, month=month, at=act.at, **of) for part in parts)
    asked = charge(parts, policy)
    fill = fill_row(act.session, dispense.fill_id)
    plan = plan_of(act.session, fill)
    act.session.add(
        ChargeRow(
            dispense_id=dispense.id,
            fill_id=dispense.fill_id,
            patient_id=dispense.patient_id,
            month=month,
            amount_micros=asked.asked.micros,
            days=(fill.closes_on - fill.opens_on).days + 1,
            doses=plan.doses(planned(act.session, fill, plan)),
            document=encode(asked),
            recorded_at=act.at,
        )
    )


def reverse_fill(act: Act, dispense: DispenseRow, why: str) -> None:
    """Take back what a hand-over that is voided cost and asked: entries below zero that name the first, in its month or, where that is closed, in today's."""
    month = counts_to(dispense.handed_on, closed_months(act.session), today=act.today)
    rows = act.session.scalars(select(CostRow).where(CostRow.fill_id == dispense.fill_id, CostRow.patient_id.is_not(None)).order_by(CostRow.recorded_at)).all()
    of = {"fill_id": dispense.fill_id, "batch_id": dispense.batch_id, "prescription_id": dispense.prescription_id, "patient_id": dispense.patient_id}
    for row in (item for item in rows if item.corrects_id is None):
        parts = [decode(CostPart, item.document) for item in rows if row.id in {item.id, item.corrects_id}]
        masses = [part.active for part in parts if part.active is not None]
        if amount := total([part.amount for part in parts]).micros:
            active = Mass.of_mg(0) - sum(masses, Mass.of_mg(0)) if masses else None
            back = replace(parts[0], amount=Money(-amount), reason=f"{why}: {parts[0].reason}", active=active)
            act.session.add(cost_row(back, month=month, at=act.at, corrects_id=row.id, **of))
    for asked in act.session.scalars(select(ChargeRow).where(ChargeRow.dispense_id == dispense.id, ChargeRow.reverses_id.is_(None))):
        act.session.add(
            ChargeRow(
                dispense_id=dispense.id,
                fill_id=asked.fill_id,
                patient_id=asked.patient_id,
                month=month,
                amount_micros=-asked.amount_micros,
                days=-asked.days,
                doses=-asked.doses,
                document=asked.document,
                reverses_id=asked.id,
                recorded_at=act.at,
            )
        )


def record_lost(act: Act, batch: BatchRow, cause: WasteCause, why: str, *, on: date, fill_id: UUID | None = None) -> None:
    """Keep what a batch cost that reached nobody, or the share of one fill in it, as waste of `cause` on that day; nothing where nothing was taken."""
    parts = parts_of_batch(act.session, batch, policy_in_force(act.session), until=act.at)
    if fill_id is not None:
        for shares, place in dealt(act.session, batch.id, fill_id):
            parts = share_cost(parts, shares=shares, place=place)
        parts = (*parts, *_further_container(act.session, batch.id, fill_id))
    lost = lost_batch(parts, cause, why)
    month = counts_to(on, closed_months(act.session), today=act.today)
    if any(part.active is not None for part in lost):
        act.session.add_all(cost_row(part, month=month, at=act.at, batch_id=batch.id, fill_id=fill_id) for part in lost)


def record_lost_lot(act: Act, lot: Lot, amount: int, cause: WasteCause, why: str) -> None:
    """Keep that `amount` of a lot (as it stood before) will reach nobody; a negative amount was found again.

    All that lies of a lot past its expiry is waste by that, whatever is done with it, and counts once, to the day after the expiry.
    """
    if act.session.scalars(select(CostRow.id).where(CostRow.lot_id == lot.id, CostRow.cause == WasteCause.EXPIRED).limit(1)).first():
        return
    day = act.today
    if lot.expires_on < act.today:
        amount, cause, why, day = lot.balance, WasteCause.EXPIRED, f"Expired on {said(lot.expires_on)}", lot.expires_on + timedelta(days=1)
    part = lost_lot(lot, amount, cause, why, is_drug=lot.product == TABLETS)
    month = counts_to(day, closed_months(act.session), today=act.today)
    act.session.add(cost_row(part, month=month, at=act.at, lot_id=lot.id))


def parts_of_batch(session: Session, batch: BatchRow, policy: Policy, *, until: datetime | None = None) -> tuple[CostPart, ...]:
    """What a batch cost, from what really left each lot for it; one that was not compounded was worked on `until` then."""
    preparation = decode(BatchPlan, batch.document).preparation
    record = decode(Record, batch.record) if batch.record else None
    minutes = _minutes(session, batch.id, until)
    bench = _at_the_bench(preparation, record, minutes)
    return batch_cost(formula_by_id(session, batch.formula_id), preparation.amounts, used_of(session, batch.id, preparation), policy, bench=bench)


def closed_months(session: Session) -> frozenset[str]:
    """The months that take no entry any more; no other one is closed before this transaction ends, or its signature would miss what is entered here."""
    hold(session, Lock.MONTHS, shared=True)
    return frozenset(session.scalars(select(ClosingRow.month)))


def cost_row(
    part: CostPart,
    *,
    month: str,
    at: datetime,
    fill_id: UUID | None = None,
    batch_id: UUID | None = None,
    lot_id: UUID | None = None,
    prescription_id: UUID | None = None,
    patient_id: UUID | None = None,
    corrects_id: UUID | None = None,
) -> CostRow:
    """The entry for `part`, which belongs to a fill, a batch or a lot."""
    return CostRow(
        fill_id=fill_id,
        batch_id=batch_id,
        lot_id=lot_id,
        prescription_id=prescription_id,
        patient_id=patient_id,
        month=month,
        kind=part.kind,
        cause=part.cause,
        amount_micros=part.amount.micros,
        active_ng=None if part.active is None else half_up(part.active.mg * NANOGRAMS),
        document=encode(part),
        corrects_id=corrects_id,
        recorded_at=at,
    )


def _further_container(session: Session, batch_id: UUID, fill_id: UUID) -> tuple[CostPart, ...]:
    """The container that was taken for the rest of another; nothing for a fill that is whole, or was made again."""
    taken = session.scalars(select(OwedRow.lot_id).where(OwedRow.rest_id == fill_id, OwedRow.batch_id == batch_id, OwedRow.lot_id.is_not(None))).first()
    if taken is None:
        return ()
    (lot,) = lots(session, only=[taken])
    return (CostPart(CostKind.CONTAINER, lot.cost_of(Fraction(1)), f"one more container, for what was owed, of lot {lot.lot_number}"),)


def _minutes(session: Session, batch_id: UUID, until: datetime | None) -> int | None:
    """Whole minutes from the witnessed count to the signature under the compounding; None where one of the two is missing.

    What takes no tablets begins with a clear line. A batch that was made for stock has none: its lot was valued by standard minutes when it
    was put on the shelf.
    """
    if session.scalars(select(LotRow.id).where(LotRow.batch_id == batch_id).limit(1)).first():
        return None
    if told := {item.step: item.done_at for item in late_steps(session, batch_id)}:  # made on paper: as it says, not as it was entered
        return _whole_minutes(told.get(COUNT, told.get(BEGIN)), told.get(COMPOUND, until))
    wanted = (Meaning.LINE_CLEAR, Meaning.WITNESS_COUNT, Meaning.COMPOUND)
    rows = session.execute(select(SignatureRow.meaning, SignatureRow.signed_at).where(SignatureRow.subject_id == batch_id, SignatureRow.meaning.in_(wanted)))
    signed = dict(rows.all())  # a batch that was set aside is signed for again: its last signature holds
    return _whole_minutes(signed.get(Meaning.WITNESS_COUNT, signed.get(Meaning.LINE_CLEAR)), signed.get(Meaning.COMPOUND, until))


def _whole_minutes(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else half_up(Fraction(int((end - start).total_seconds()), 60))


def _at_the_bench(preparation: Preparation, record: Record | None, minutes: int | None) -> AtTheBench:
    if record is None:
        return AtTheBench(minutes=minutes)
    finished = record.finished
    kept = Fraction(finished.capsules.kept if finished.capsules else 0)
    return AtTheBench(kept, max(Fraction(0), preparation.amounts.made - finished.made - kept), minutes)
