"""Prescriptions: received through either door, screened, accepted, held, declined; reviewed after three months."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.counters import next_number
from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.document import decode, encode, sha256
from compounding.db.history import history, last_fill, match_key
from compounding.db.prescriptions import PatientRow, PrescriptionRow, ReviewRow
from compounding.db.screening import keep_answers, keep_findings, order_findings, order_in_work, overrides, refills_now
from compounding.db.values import earlier, policy_in_force, prescription_row
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unknown
from compounding.domain.fill import FillStatus
from compounding.domain.people import Role
from compounding.domain.prescription import OpioidAnswer, Order, PrescriptionStatus, advance
from compounding.domain.quantity import Mass
from compounding.domain.retyping import Retype, check_retyped, to_retype
from compounding.domain.safety import Finding, OrderFacts, Override, Reply, clear, open_findings, outcome, screen_order
from compounding.workflow.act import Act, Look


@dataclass(frozen=True, slots=True)
class FillView:
    """One fill of an order and what became of it."""

    id: UUID
    number: int
    status: FillStatus
    make_by: date
    opens_on: date
    closes_on: date
    batch_id: UUID | None
    batch_number: str
    beyond_use: date | None
    handed_over_on: date | None
    part: int = 0  # where less of a container was given; 0 for a whole one


@dataclass(frozen=True, slots=True)
class PrescriptionView:
    """A prescription as the pharmacy sees it today: the order, what the rules say of it now, and its fills.

    `findings` are those of today's facts; `open` those of them that nobody has answered. `refills_now`: the course was handed over
    whole, so that what comes next is a refill. `retype`: the doses that are typed again to accept it.
    """

    id: UUID
    number: str
    status: PrescriptionStatus
    order: Order
    received_at: datetime
    received_on: date
    refills_left: int
    findings: tuple[Finding, ...]
    open: tuple[Finding, ...]
    overrides: tuple[Override, ...]
    fills: tuple[FillView, ...]
    review_on: date | None
    patient_id: UUID
    today: date
    refills_now: bool
    retype: tuple[Retype, ...]


def receive(act: Act, order: Order, *, literal: str) -> PrescriptionView:
    """Keep an order, whatever the rules say of it; a stop declines it, a hold or a timed stop holds it.

    `literal` is what was sent, as it came. A prescriber's system writes only for its own prescribers.
    """
    if act.actor.role is Role.PRESCRIBER and order.prescriber.npi not in act.actor.npis:
        raise Forbidden("npi", "This token may not write for this prescriber. Send an NPI that it was made for.", npi=order.prescriber.npi)
    client_id = act.actor.id if act.actor.role is Role.PRESCRIBER else None
    return _view(act, _keep(act, order, literal=literal, client_id=client_id, supersedes_id=None))


def ask_again(act: Act, prescription_id: UUID, opioid: OpioidAnswer) -> UUID:
    """Keep a held order anew with another answer to the opioid question; gives the key of the new one.

    The held one stays as it was written and is declined. The new one is screened like any other: a stop of the old one is seen (rule R30).
    """
    row = prescription_row(act.session, prescription_id, lock=True)
    if row.status != PrescriptionStatus.HELD:
        raise Conflict("prescription-state", f"This prescription is {row.status}; the opioid question is asked again only for a held one.")
    order = replace(decode(Order, row.document), opioid=opioid)
    kept = _keep(act, order, literal=row.literal, client_id=row.client_id, supersedes_id=row.id)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.DECLINED)
    return kept.id


def accept(act: Act, prescription_id: UUID, answers: Mapping[str, Reply], retyped: Mapping[int, Mass]) -> None:
    """Accept an order with an answer to each of its findings, by rule; the person has just signed.

    `retyped` are the doses of `PrescriptionView.retype`, by place from 0, as the person typed them again from the original. Raises
    `Unsafe` for a stop or a hold, whoever asks, and `Invalid` naming each finding that lacks its answer and each dose that differs.
    """
    row = prescription_row(act.session, prescription_id, lock=True)
    asked = _to_retype(act, row)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.ACCEPTED)
    _answer(act, row, answers)
    check_retyped(asked, retyped)


def answer(act: Act, prescription_id: UUID, answers: Mapping[str, Reply]) -> None:
    """Answer what the rules find in an accepted order on today's facts; the person has just signed."""
    row = prescription_row(act.session, prescription_id, lock=True)
    if row.status != PrescriptionStatus.ACCEPTED:
        raise Conflict("prescription-state", f"This prescription is {row.status}; only an accepted one is answered so.")
    _answer(act, row, answers)


def hold(act: Act, prescription_id: UUID) -> None:
    """Set an order aside until something is resolved."""
    row = prescription_row(act.session, prescription_id, lock=True)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.HELD)


def decline(act: Act, prescription_id: UUID) -> None:
    """Turn an order down for good; it is kept."""
    row = prescription_row(act.session, prescription_id, lock=True)
    row.status = advance(PrescriptionStatus(row.status), PrescriptionStatus.DECLINED)


def cancel(act: Act, prescription_id: UUID) -> None:
    """Cancel an accepted order and those of its fills that were not begun."""
    row = prescription_row(act.session, prescription_id, lock=True)
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
    return _view(look, prescription_row(look.session, prescription_id))


def own_prescription(look: Look, prescription_id: UUID) -> PrescriptionView:
    """One prescription that the asking system has sent; another's is as unknown as one that does not exist."""
    row = prescription_row(look.session, prescription_id)
    if row.client_id != look.actor.id:
        raise Unknown("unknown-prescription", "There is no such prescription.")
    return _view(look, row)


def own_prescriptions(look: Look, *, status: PrescriptionStatus | None, limit: int, after: int) -> tuple[PrescriptionView, ...]:
    """What the asking system has sent, by number, from the number beyond `after` on."""
    query = select(PrescriptionRow).where(PrescriptionRow.client_id == look.actor.id, PrescriptionRow.number > after)
    if status is not None:
        query = query.where(PrescriptionRow.status == status)
    return tuple(_view(look, row) for row in look.session.scalars(query.order_by(PrescriptionRow.number).limit(limit)).all())


def _keep(act: Act, order: Order, *, literal: str, client_id: UUID | None, supersedes_id: UUID | None) -> PrescriptionRow:
    """The order as a row with its findings, in the state that they put it in."""
    patient_id = _patient(act, order)
    known = history(act.session, order, today=act.today, but=None)
    findings = screen_order(OrderFacts(order, act.today, known, policy_in_force(act.session)))
    text = encode(order)
    row = PrescriptionRow(
        number=next_number(act.session, "prescription"),
        patient_id=patient_id,
        prescriber_npi=order.prescriber.npi,
        prescriber_name=order.prescriber.name,
        status=outcome(findings).value,
        form=order.form,
        received_at=act.at,
        received_on=act.today,
        written_on=order.written_on,
        client_id=client_id,
        literal=literal,
        document=text,
        sha256=sha256(text),
        refills_left=order.refills,
        supersedes_id=supersedes_id,
    )
    act.session.add(row)
    keep_findings(act.session, row.id, findings, at=act.at)
    act.session.flush()
    return row


def _answer(act: Act, row: PrescriptionRow, answers: Mapping[str, Reply]) -> None:
    findings = order_findings(act.session, row, today=act.today, policy=policy_in_force(act.session))
    keep_findings(act.session, row.id, findings, at=act.at)
    answered = keep_answers(act.session, row.id, findings, answers, person=act.actor, at=act.at)
    clear(order_in_work(act.session, row), findings, answered)


def _to_retype(look: Look, row: PrescriptionRow) -> tuple[Retype, ...]:
    """What is typed again to accept the order; nothing once that was decided."""
    if row.status not in {PrescriptionStatus.RECEIVED, PrescriptionStatus.HELD}:
        return ()
    first_fill = last_fill(look.session, row.patient_id, prescription_id=row.id) is None
    return to_retype(decode(Order, row.document), policy_in_force(look.session), first_fill=first_fill)


def _patient(act: Act, order: Order) -> UUID:
    """The patient's key by name and birth date; a new one where nobody is known by both."""
    key = match_key(order.patient.name)
    row = act.session.scalars(select(PatientRow).where(PatientRow.match_key == key, PatientRow.birth_date == order.patient.birth_date)).first()
    if row is None:
        row = PatientRow(name=order.patient.name, match_key=key, birth_date=order.patient.birth_date, created_at=act.at)
        act.session.add(row)
    return row.id


def _view(look: Look, row: PrescriptionRow) -> PrescriptionView:
    look.note_read(patient_id=row.patient_id, prescription_id=row.id)
    findings = order_findings(look.session, row, today=look.today, policy=policy_in_force(look.session))
    answered = overrides(look.session, row.id)
    reviews = look.session.scalars(select(ReviewRow.reviewed_on).where(ReviewRow.patient_id == row.patient_id).order_by(ReviewRow.reviewed_on))
    return PrescriptionView(
        id=row.id,
        number=str(row.number),
        status=PrescriptionStatus(row.status),
        order=decode(Order, row.document),
        received_at=row.received_at,
        received_on=row.received_on,
        refills_left=row.refills_left,
        findings=findings,
        open=open_findings(findings, answered),
        overrides=answered,
        fills=_fills(look, row.id),
        review_on=max(reviews, default=None),
        patient_id=row.patient_id,
        today=look.today,
        refills_now=refills_now(look.session, row.id),
        retype=_to_retype(look, row),
    )


def _fills(look: Look, prescription_id: UUID) -> tuple[FillView, ...]:
    rows = look.session.execute(
        select(FillRow, BatchRow, ShareRow.no_later, DispenseRow)
        .outerjoin(ShareRow, (ShareRow.fill_id == FillRow.id) & (ShareRow.status == "live"))
        .outerjoin(BatchRow, ShareRow.batch_id == BatchRow.id)
        .outerjoin(DispenseRow, (DispenseRow.fill_id == FillRow.id) & STANDS)
        .where(FillRow.prescription_id == prescription_id, FillRow.status != FillStatus.CANCELLED)
        .order_by(FillRow.opens_on)
    )
    return tuple(_fill(fill, batch, no_later, dispense) for fill, batch, no_later, dispense in rows)


def _fill(fill: FillRow, batch: BatchRow | None, no_later: date | None, dispense: DispenseRow | None) -> FillView:
    return FillView(
        id=fill.id,
        number=fill.number,
        status=FillStatus(fill.status),
        make_by=fill.make_by,
        opens_on=fill.opens_on,
        closes_on=fill.closes_on,
        batch_id=batch.id if batch else None,
        batch_number=str(batch.number) if batch else "",
        beyond_use=earlier(batch.beyond_use, no_later) if batch else None,
        handed_over_on=dispense.handed_on if dispense else None,
        part=fill.part if fill.opens is not None else 0,
    )
