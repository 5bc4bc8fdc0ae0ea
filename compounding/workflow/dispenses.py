"""The counter: the labelled container checked by its barcode, then handed over, its dates fixed and its cost recorded."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.changes import refuse_unsupplied
from compounding.db.demand import refuse_declined_step
from compounding.db.dispenses import DispenseRow
from compounding.db.document import decode, encode
from compounding.db.fill_signing import check_content, hand_over_content
from compounding.db.history import history
from compounding.db.labels import LabelRow, void_labels
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.screening import counter_stops, keep_answers, keep_findings, order_in_work
from compounding.db.signing import sign
from compounding.db.values import fill_row, good_through, live_batch_row, plan_of, planned, policy_in_force, prescription_row
from compounding.domain.batch import BatchStatus, Meaning
from compounding.domain.dispense import HandOver, barcode_of, check_course, check_identity, check_scan
from compounding.domain.errors import Conflict, Unsafe
from compounding.domain.fill import FillStatus, advance
from compounding.domain.prescription import Order
from compounding.domain.safety import Finding, HandOverFacts, OrderFacts, Reply, changed_answers, clear, screen_hand_over, screen_order
from compounding.domain.wording import said
from compounding.workflow.act import Act, Look
from compounding.workflow.completion import complete
from compounding.workflow.costing import record_fill


def check(act: Act, fill_id: UUID, scanned: str) -> None:
    """The product check: a pharmacist scans the labelled container and signs that it is this one."""
    fill = fill_row(act.session, fill_id, lock=True)
    fill.status = advance(FillStatus(fill.status), FillStatus.CHECKED)
    refuse_unsupplied(act.session, [fill])
    batch, prescription = _made(act, fill), prescription_row(act.session, fill.prescription_id)
    check_scan(scanned, barcode_of(str(prescription.number), str(batch.number)))
    label = act.session.scalars(select(LabelRow).where(LabelRow.fill_id == fill.id, LabelRow.status == "current")).one()
    sign(act.session, fill.id, meaning=Meaning.CHECK, person=act.actor, content=check_content(label), at=act.at)


def findings_at_counter(look: Look, fill_id: UUID, told: HandOver) -> tuple[Finding, ...]:
    """What the rules say of handing this fill over today, on the answers given at the counter."""
    fill = fill_row(look.session, fill_id)
    return _findings(look, fill, prescription_row(look.session, fill.prescription_id), told)


def ask(act: Act, fill_id: UUID, told: HandOver) -> None:
    """Keep what the rules say of the answers given at the counter, whatever comes of them: another answer a moment later is then seen."""
    fill = fill_row(act.session, fill_id, lock=True)
    if fill.status != FillStatus.CHECKED:
        raise Conflict("fill-state", f"This fill is {fill.status.replace('_', ' ')}; only a checked one is handed over.")
    prescription = prescription_row(act.session, fill.prescription_id)
    keep_findings(act.session, prescription.id, _findings(act, fill, prescription, told), at=act.at, fill_id=fill.id)


def hand_over(act: Act, fill_id: UUID, told: HandOver, answers: Mapping[str, Reply]) -> UUID:
    """Hand a checked container over: identifiers, opioid question, counselling, first dose; its cost is recorded with it.

    Another first day than the label's is `Conflict`: `redate` it first, print the new label and check it.
    """
    fill = fill_row(act.session, fill_id, lock=True)
    prescription = prescription_row(act.session, fill.prescription_id, lock=True)
    fill.status = advance(FillStatus(fill.status), FillStatus.HANDED_OVER)
    refuse_unsupplied(act.session, [fill])
    batch = _made(act, fill)
    refuse_declined_step(act.session, fill, plan_of(act.session, fill))
    check_identity(decode(Order, prescription.document).patient, told)
    if told.first_dose_on != fill.opens_on:
        message = f"The label's dates begin on {said(fill.opens_on)}. Change the dates first; a new label replaces the old."
        raise Conflict("first-dose", message)
    _check_dates(act, fill, batch, told.first_dose_on)
    _screen(act, fill, prescription, told, answers)
    row = DispenseRow(
        fill_id=fill.id,
        batch_id=batch.id,
        prescription_id=prescription.id,
        patient_id=prescription.patient_id,
        handed_at=act.at,
        handed_on=act.today,
        first_dose_on=told.first_dose_on,
        document=encode(told),
        person_id=act.actor.id,
    )
    act.session.add(row)
    sign(act.session, fill.id, meaning=Meaning.HAND_OVER, person=act.actor, content=hand_over_content(row), at=act.at)
    record_fill(act, row, batch)
    complete(act, prescription)
    return row.id


def redate(act: Act, fill_id: UUID, first_dose_on: date) -> None:
    """Move this container, its rest, and those of its course that are still due, to another first day; its label is void until printed anew.

    The rest, where less of it was given, is labelled and checked anew too.
    """
    fill = fill_row(act.session, fill_id, lock=True)
    refuse_unsupplied(act.session, [fill])
    batch = _made(act, fill)
    _check_dates(act, fill, batch, first_dose_on)
    moved = first_dose_on - fill.opens_on
    due = (FillRow.number > fill.number) & (FillRow.status == FillStatus.DUE)
    rest = (FillRow.number == fill.number) & (FillRow.opens > (fill.opens or 0)) & FillRow.status.not_in((FillStatus.HANDED_OVER, FillStatus.CANCELLED))
    later = act.session.scalars(select(FillRow).where(FillRow.plan_id == fill.plan_id, due | rest)).all()
    for item in later:
        item.make_by += moved
        if item.status in {FillStatus.LABELLED, FillStatus.CHECKED}:  # the rest of this container, whose label says other days now
            _unlabel(act, item)
    for item in (fill, *later):
        item.opens_on, item.closes_on = item.opens_on + moved, item.closes_on + moved
    _unlabel(act, fill)


def _unlabel(act: Act, fill: FillRow) -> None:
    if fill.status != FillStatus.MADE:  # it has no label yet
        fill.status = advance(FillStatus(fill.status), FillStatus.MADE)
    void_labels(act.session, [fill.id])


def _made(look: Look, fill: FillRow) -> BatchRow:
    batch = live_batch_row(look.session, fill.id)
    if batch is None or batch.status != BatchStatus.RELEASED:
        raise Unsafe("not-released", "The batch of this fill is not released; it may not leave the house.")
    return batch


def _check_dates(act: Act, fill: FillRow, batch: BatchRow, first_dose_on: date) -> None:
    good = good_through(act.session, fill, batch)
    if good is None or good < act.today:
        until = f" {said(good)}" if good else ""
        raise Unsafe("past-date", f"This batch is past its beyond-use date{until}. It may not be handed over; make it again.")
    days = (fill.closes_on - fill.opens_on + timedelta(days=1)).days
    check_course(first_dose_on, days=days, beyond_use=good, today=act.today)


def _findings(look: Look, fill: FillRow, prescription: PrescriptionRow, told: HandOver) -> tuple[Finding, ...]:
    order = order_in_work(look.session, prescription)
    container = planned(look.session, fill, plan_of(look.session, fill))
    known = history(look.session, order, today=look.today, but=prescription.id)
    policy = policy_in_force(look.session)
    facts = HandOverFacts(order, look.today, known, policy, told.opioid, container.opens, container.closes)
    now = (*screen_order(OrderFacts(order, look.today, known, policy)), *screen_hand_over(facts))
    since = look.at - timedelta(days=policy.repeat_after_stop_days)
    seen = changed_answers(counter_stops(look.session, prescription.id, since=since), now)
    found = {(item.rule, item.facts_sha256): item for item in (*now, *seen)}
    return tuple(sorted(found.values(), key=lambda finding: finding.rank))


def _screen(act: Act, fill: FillRow, prescription: PrescriptionRow, told: HandOver, answers: Mapping[str, Reply]) -> None:
    findings = _findings(act, fill, prescription, told)
    keep_findings(act.session, prescription.id, findings, at=act.at, fill_id=fill.id)
    answered = keep_answers(act.session, prescription.id, findings, answers, person=act.actor, at=act.at)
    clear(order_in_work(act.session, prescription), findings, answered)
