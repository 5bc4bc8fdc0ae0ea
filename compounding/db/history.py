"""What the pharmacy itself knows of a patient: earlier and present orders, the last container, the therapy and its review."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from compounding.db.batches import FillRow, PlanRow
from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.document import decode, decode_often
from compounding.db.formulas import FormulaRow
from compounding.db.prescriptions import FindingRow, PatientRow, PrescriptionRow, ReviewRow
from compounding.db.private import begins
from compounding.db.values import planned
from compounding.domain.formula import Formula
from compounding.domain.plan import Plan
from compounding.domain.prescription import Order, Patient, dose_on
from compounding.domain.safety import Action, ActiveOrder, History, LastFill, StoppedOrder

_SUPPLYING = ("accepted", "completed")  # states in which an order has been, or is being, supplied


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stopped order: its key, whose it is as names are compared, and the patient as it was written."""

    prescription_id: UUID
    who: tuple[str, date]
    patient: Patient
    order: StoppedOrder


def match_key(name: str) -> str:
    """A patient's name as it is compared: case, spaces and other forms of the same letters (full width, ligatures) folded."""
    return " ".join(normalize("NFKC", name).casefold().split())


def named_so(typed: str) -> ColumnElement[bool]:
    """Whether one of a patient's names begins as `typed`, in a query, which may rarely find somebody else too: `is_named_so` drops those."""
    return begins(PatientRow.match_key, match_key(typed))


def is_named_so(name: str, typed: str) -> bool:
    """Whether one of these names begins as `typed`."""
    return f" {match_key(typed)}" in f" {match_key(name)}"


def known_patient(session: Session, order: Order) -> UUID | None:
    """The key of an order's patient, by name and birth date; None where nobody is known by both."""
    who = select(PatientRow.id).where(PatientRow.match_key == match_key(order.patient.name), PatientRow.birth_date == order.patient.birth_date)
    return session.scalar(who)


def history(session: Session, order: Order, *, today: date, but: UUID | None) -> History:
    """The history of the order's patient on `today`, leaving out the prescription `but`, which is the one under screening."""
    return histories(session, [(order, but)], today=today)[0]


def histories(session: Session, asked: Sequence[tuple[Order, UUID | None]], *, today: date) -> list[History]:
    """As `history`, of many orders in as many queries as of one: each with the prescription that is left out."""
    whose = [(match_key(order.patient.name), order.patient.birth_date) for order, _ in asked]
    rows = session.execute(select(PatientRow.name, PatientRow.birth_date, PatientRow.id).where(PatientRow.match_key.in_({key for key, _ in whose})))
    patients = {(match_key(name), birth_date): patient_id for name, birth_date, patient_id in rows}
    known = {patients[who] for who in whose if who in patients}
    starts, reviews = _therapies(session, known)
    active, last, stopped = _active_orders(session, known, today=today), _last_fills(session, known), _stops(session, [order.patient for order, _ in asked])
    found = []
    for (order, but), who in zip(asked, whose, strict=True):
        refused = _stopped_orders(stopped, order.patient, but)
        if who not in patients:
            found.append(History(stopped_orders=refused))
            continue
        patient = patients[who]
        found.append(
            History(
                active_orders=tuple(item for key, item in active.get(patient, ()) if key != but),
                last_fill=_of_order(last.get(patient), but),
                stopped_orders=refused,
                therapy_start=starts.get(patient),
                review_on=reviews.get(patient),
            )
        )
    return found


def last_fill(session: Session, patient_id: UUID, *, prescription_id: UUID | None) -> LastFill | None:
    """The container that the patient was handed last, whatever order it belonged to."""
    return last_fills(session, [(patient_id, prescription_id)])[patient_id, prescription_id]


def last_fills(session: Session, asked: Collection[tuple[UUID, UUID | None]]) -> dict[tuple[UUID, UUID | None], LastFill | None]:
    """As `last_fill`, of many patients, each with the prescription that is under screening."""
    found = _last_fills(session, {patient_id for patient_id, _ in asked})
    return {(patient_id, but): _of_order(found.get(patient_id), but) for patient_id, but in asked}


def _of_order(found: tuple[UUID, LastFill] | None, prescription_id: UUID | None) -> LastFill | None:
    """The fill, saying whether it belongs to that order."""
    return found and replace(found[1], of_this_order=found[0] == prescription_id)


def _last_fills(session: Session, patient_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, LastFill]]:
    """The container that each patient was handed last, with the order that it belonged to."""
    newest = func.row_number().over(partition_by=DispenseRow.patient_id, order_by=DispenseRow.handed_at.desc())
    ranked = select(DispenseRow.id, newest.label("place")).where(DispenseRow.patient_id.in_(patient_ids), STANDS).subquery()
    rows = session.execute(
        select(DispenseRow, FillRow, PlanRow.document, PrescriptionRow, FormulaRow.document)
        .join(ranked, (ranked.c.id == DispenseRow.id) & (ranked.c.place == 1))
        .join(FillRow, DispenseRow.fill_id == FillRow.id)
        .join(PlanRow, FillRow.plan_id == PlanRow.id)
        .join(FormulaRow, PlanRow.formula_id == FormulaRow.id)
        .join(PrescriptionRow, DispenseRow.prescription_id == PrescriptionRow.id)
    )
    found = {}
    for dispense, fill, plan, prescription, made_by in rows:
        closes = planned(session, fill, decode_often(Plan, plan)).closes
        formula = decode_often(Formula, made_by)
        found[dispense.patient_id] = (
            prescription.id,
            LastFill(
                daily=dose_on(decode(Order, prescription.document).steps, closes).daily,
                handed_on=dispense.handed_on,
                runs_out_on=fill.closes_on,
                strength=formula.liquid.strength if formula.liquid else None,
                capsule_strength=formula.capsules.strength if formula.capsules else None,
            ),
        )
    return found


def _active_orders(session: Session, patient_ids: Collection[UUID], *, today: date) -> dict[UUID, list[tuple[UUID, ActiveOrder]]]:
    """What each patient is supplied by on `today`, with the keys of those orders."""
    theirs = PrescriptionRow.patient_id.in_(patient_ids) & PrescriptionRow.status.in_(_SUPPLYING)
    opened = (
        select(FillRow.prescription_id, func.min(FillRow.opens_on))
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .where(theirs, FillRow.status != "cancelled")
        .group_by(FillRow.prescription_id)
    )
    opens = dict(session.execute(opened).all())
    found: dict[UUID, list[tuple[UUID, ActiveOrder]]] = {}
    for row in session.scalars(select(PrescriptionRow).where(theirs).order_by(PrescriptionRow.number)):
        order = _active_order(row, opens.get(row.id) or row.received_on, today)
        if order.ends_on >= today:
            found.setdefault(row.patient_id, []).append((row.id, order))
    return found


def _active_order(row: PrescriptionRow, starts_on: date, today: date) -> ActiveOrder:
    order = decode(Order, row.document)
    day = min(max(1, (today - starts_on).days + 1), order.days)
    return ActiveOrder(str(row.number), starts_on, dose_on(order.steps, day).daily, order.days)


def _stops(session: Session, patients: Sequence[Patient]) -> list[_Stop]:
    """The stopped orders of all these names and birth dates."""
    keys, births = {match_key(item.name) for item in patients}, {item.birth_date for item in patients}
    rows = session.execute(
        select(PrescriptionRow, PatientRow.name, PatientRow.birth_date, FindingRow.rule)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .join(FindingRow, FindingRow.prescription_id == PrescriptionRow.id)
        .where(or_(PatientRow.match_key.in_(keys), PatientRow.birth_date.in_(births)), FindingRow.action == Action.STOP)
        .order_by(PrescriptionRow.number, FindingRow.rule)
    )
    found = []
    for row, name, birth_date, rule in rows:
        order = decode(Order, row.document)
        doses = tuple(step.daily for step in order.steps)
        stopped = StoppedOrder(str(row.number), rule, row.received_on, order.opioid, doses, order.patient.birth_date)
        found.append(_Stop(row.id, (match_key(name), birth_date), order.patient, stopped))
    return found


def _stopped_orders(stops: Iterable[_Stop], patient: Patient, but: UUID | None) -> tuple[StoppedOrder, ...]:
    """The stopped orders of that name, and those of another name with the same birth date and telephone: a slip in the name forgets none."""
    own = match_key(patient.name)
    found = []
    for stop in stops:
        key, birth_date = stop.who
        if stop.prescription_id == but:
            continue
        if key == own:
            found.append(stop.order)
        elif birth_date == patient.birth_date and _digits(stop.patient.phone) == _digits(patient.phone):
            found.append(replace(stop.order, other_name=stop.patient.name))
    return tuple(found)


def _digits(phone: str) -> str:
    """A telephone number as it is compared."""
    return "".join(sign for sign in phone if sign.isdigit())


def _therapies(session: Session, patient_ids: Collection[UUID]) -> tuple[dict[UUID, date], dict[UUID, date]]:
    """The first dose of each patient's therapy here, and the day of its last review."""
    first = select(DispenseRow.patient_id, func.min(DispenseRow.first_dose_on)).where(DispenseRow.patient_id.in_(patient_ids), STANDS)
    last = select(ReviewRow.patient_id, func.max(ReviewRow.reviewed_on)).where(ReviewRow.patient_id.in_(patient_ids))
    starts = dict(session.execute(first.group_by(DispenseRow.patient_id)).all())
    return starts, dict(session.execute(last.group_by(ReviewRow.patient_id)).all())
