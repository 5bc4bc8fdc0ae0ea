"""What the pharmacy itself knows of a patient: earlier and present orders, the last container, the therapy and its review."""

from datetime import date
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from compounding.db.batches import FillRow, PlanRow
from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.document import decode
from compounding.db.prescriptions import FindingRow, PatientRow, PrescriptionRow, ReviewRow
from compounding.db.values import formula_by_id, planned
from compounding.domain.plan import Plan
from compounding.domain.prescription import Order, Patient, dose_on
from compounding.domain.safety import Action, ActiveOrder, History, LastFill, StoppedOrder

_SUPPLYING = ("accepted", "completed")  # states in which an order has been, or is being, supplied


def match_key(name: str) -> str:
    """A patient's name as it is compared: case, spaces and other forms of the same letters (full width, ligatures) folded."""
    return " ".join(normalize("NFKC", name).casefold().split())


def history(session: Session, order: Order, *, today: date, but: UUID | None) -> History:
    """The history of the order's patient on `today`, leaving out the prescription `but`, which is the one under screening."""
    key = match_key(order.patient.name)
    patient = session.scalars(select(PatientRow).where(PatientRow.match_key == key, PatientRow.birth_date == order.patient.birth_date)).first()
    stopped = _stopped_orders(session, order.patient, but)
    if patient is None:
        return History(stopped_orders=stopped)
    start, review = _therapy(session, patient.id)
    return History(
        active_orders=_active_orders(session, patient.id, today=today, but=but),
        last_fill=last_fill(session, patient.id, prescription_id=but),
        stopped_orders=stopped,
        therapy_start=start,
        review_on=review,
    )


def last_fill(session: Session, patient_id: UUID, *, prescription_id: UUID | None) -> LastFill | None:
    """The container that the patient was handed last, whatever order it belonged to."""
    found = session.execute(
        select(DispenseRow, FillRow, PlanRow, PrescriptionRow)
        .join(FillRow, DispenseRow.fill_id == FillRow.id)
        .join(PlanRow, FillRow.plan_id == PlanRow.id)
        .join(PrescriptionRow, DispenseRow.prescription_id == PrescriptionRow.id)
        .where(DispenseRow.patient_id == patient_id, STANDS)
        .order_by(DispenseRow.handed_at.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    dispense, fill, plan_row, prescription = found
    formula = formula_by_id(session, plan_row.formula_id)
    closes = planned(session, fill, decode(Plan, plan_row.document)).closes
    return LastFill(
        daily=dose_on(decode(Order, prescription.document).steps, closes).daily,
        handed_on=dispense.handed_on,
        runs_out_on=fill.closes_on,
        strength=formula.liquid.strength if formula.liquid else None,
        capsule_strength=formula.capsules.strength if formula.capsules else None,
        of_this_order=prescription.id == prescription_id,
    )


def _active_orders(session: Session, patient_id: UUID, *, today: date, but: UUID | None) -> tuple[ActiveOrder, ...]:
    rows = session.scalars(
        select(PrescriptionRow).where(PrescriptionRow.patient_id == patient_id, PrescriptionRow.status.in_(_SUPPLYING)).order_by(PrescriptionRow.number)
    )
    found = [_active_order(session, row, today) for row in rows if row.id != but]
    return tuple(order for order in found if order.ends_on >= today)


def _active_order(session: Session, row: PrescriptionRow, today: date) -> ActiveOrder:
    order = decode(Order, row.document)
    opens_on = session.scalars(select(func.min(FillRow.opens_on)).where(FillRow.prescription_id == row.id, FillRow.status != "cancelled")).one()
    starts_on = opens_on or row.received_on
    day = min(max(1, (today - starts_on).days + 1), order.days)
    return ActiveOrder(str(row.number), starts_on, dose_on(order.steps, day).daily, order.days)


def _stopped_orders(session: Session, patient: Patient, but: UUID | None) -> tuple[StoppedOrder, ...]:
    """The stopped orders of that name, and those of another name with the same birth date and telephone: a slip in the name forgets none."""
    key = match_key(patient.name)
    rows = session.execute(
        select(PrescriptionRow, PatientRow.match_key, FindingRow.rule)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .join(FindingRow, FindingRow.prescription_id == PrescriptionRow.id)
        .where(or_(PatientRow.match_key == key, PatientRow.birth_date == patient.birth_date), FindingRow.action == Action.STOP)
        .order_by(PrescriptionRow.number, FindingRow.rule)
    ).all()
    found = []
    for row, other_key, rule in rows:
        order = decode(Order, row.document)
        if row.id == but or (other_key != key and _digits(order.patient.phone) != _digits(patient.phone)):
            continue
        doses = tuple(step.daily for step in order.steps)
        other_name = "" if other_key == key else order.patient.name
        found.append(StoppedOrder(str(row.number), rule, row.received_on, order.opioid, doses, order.patient.birth_date, other_name))
    return tuple(found)


def _digits(phone: str) -> str:
    """A telephone number as it is compared."""
    return "".join(sign for sign in phone if sign.isdigit())


def _therapy(session: Session, patient_id: UUID) -> tuple[date | None, date | None]:
    """The first dose of the therapy here, and the day of its last review."""
    start = session.scalars(select(func.min(DispenseRow.first_dose_on)).where(DispenseRow.patient_id == patient_id, STANDS)).one()
    review = session.scalars(select(func.max(ReviewRow.reviewed_on)).where(ReviewRow.patient_id == patient_id)).one()
    return start, review
