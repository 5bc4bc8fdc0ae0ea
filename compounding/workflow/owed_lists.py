"""What is owed to whom: all of it by when it must be given, and what of an order or of one container."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from compounding.db.batches import BatchRow, FillRow, PlanRow, ShareRow
from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.document import decode
from compounding.db.formulas import FormulaRow
from compounding.db.owed import OwedRow
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.values import earlier, policy_in_force
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Formula
from compounding.domain.owed import AskedBy, Deadline, Standing, deadline
from compounding.domain.quantity import NANOLITRES
from compounding.workflow.act import Look

LISTED = 100  # of what is owed on one page


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that is, or was, owed: whose, how much of what was given for how many days, and by when the rest must be given.

    Amounts are mL or capsules. `rest_id` is the container of the rest, `days_without` the days without a dose until today.
    """

    fill_id: UUID
    rest_id: UUID
    prescription_id: UUID
    prescription_number: str
    patient: str
    birth_date: date
    number: int
    part: int
    preparation: str
    unit: str
    given: Fraction
    rest: Fraction
    given_days: int
    rest_days: int
    asked_by: AskedBy
    reason: str
    cut_on: date
    by: str
    standing: Standing
    status: FillStatus
    batch_number: str
    deadline: Deadline
    days_without: int
    given_on: date | None
    cancelled_reason: str
    is_late: bool


def open_ones(look: Look) -> tuple[Owed, ...]:
    """What is owed to anybody, what must be given soonest first."""
    found = _found(look, FillRow.status.not_in((FillStatus.HANDED_OVER, FillStatus.CANCELLED)))
    return tuple(sorted(found, key=lambda item: (item.deadline.by, item.prescription_number)))[:LISTED]


def count_open(look: Look) -> int:
    """How much is owed."""
    query = select(func.count()).select_from(OwedRow).join(FillRow, OwedRow.rest_id == FillRow.id)
    return look.session.scalars(query.where(FillRow.status.not_in((FillStatus.HANDED_OVER, FillStatus.CANCELLED)))).one()


def of_order(look: Look, prescription_id: UUID) -> tuple[Owed, ...]:
    """What was ever owed of an order, in the order of time."""
    return _found(look, FillRow.prescription_id == prescription_id)


def of_fill(look: Look, fill_id: UUID) -> tuple[Owed, ...]:
    """What concerns this container: what is owed of it, and what it is the rest of."""
    return _found(look, (OwedRow.fill_id == fill_id) | (OwedRow.rest_id == fill_id))


def _found(look: Look, which: ColumnElement[bool]) -> tuple[Owed, ...]:
    given = aliased(FillRow)
    rows = look.session.execute(
        select(OwedRow, FillRow, given, PrescriptionRow, PatientRow, FormulaRow, PersonRow.name, BatchRow, ShareRow.no_later, DispenseRow.handed_on)
        .join(FillRow, OwedRow.rest_id == FillRow.id)
        .join(given, OwedRow.fill_id == given.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .join(PlanRow, FillRow.plan_id == PlanRow.id)
        .join(FormulaRow, PlanRow.formula_id == FormulaRow.id)
        .join(PersonRow, OwedRow.person_id == PersonRow.id)
        .outerjoin(ShareRow, (ShareRow.fill_id == FillRow.id) & (ShareRow.status == "live"))
        .outerjoin(BatchRow, ShareRow.batch_id == BatchRow.id)
        .outerjoin(DispenseRow, (DispenseRow.fill_id == FillRow.id) & STANDS)
        .where(which)
        .order_by(OwedRow.cut_at)
    ).all()
    months = policy_in_force(look.session).written_months if rows else 0
    return tuple(_owed(look, tuple(row), months) for row in rows)


def _owed(look: Look, row: tuple[Any, ...], months: int) -> Owed:
    cut, fill, given, prescription, patient, formula_row, by, batch, no_later, handed_on = row
    look.note_read(patient_id=patient.id, prescription_id=prescription.id)
    formula = decode(Formula, formula_row.document)
    status = FillStatus(fill.status)
    standing = {FillStatus.HANDED_OVER: Standing.GIVEN, FillStatus.CANCELLED: Standing.CANCELLED}.get(status, Standing.OPEN)
    until = deadline(
        opens_on=fill.opens_on,
        closes_on=fill.closes_on,
        good_through=earlier(batch.beyond_use, no_later) if batch else None,
        written_on=prescription.written_on,
        months=months,
    )
    waits = standing is Standing.OPEN
    return Owed(
        fill_id=given.id,
        rest_id=fill.id,
        prescription_id=prescription.id,
        prescription_number=str(prescription.number),
        patient=patient.name,
        birth_date=patient.birth_date,
        number=fill.number,
        part=fill.part,
        preparation=f"naltrexone {formula.strength_text} {formula.dosage_form}",
        unit="mL" if formula.liquid else "capsules",
        given=_amount(cut.given - _cut_off(look, given.id, after=cut), formula),
        rest=_amount(cut.rest - _cut_off(look, fill.id, after=cut), formula),
        given_days=given.closes - given.opens + 1,
        rest_days=fill.closes - fill.opens + 1,
        asked_by=AskedBy(cut.asked_by),
        reason=cut.reason,
        cut_on=cut.cut_on,
        by=by,
        standing=standing,
        status=status,
        batch_number=str(batch.number) if batch else "",
        deadline=until,
        days_without=until.days_without(look.today) if waits else 0,
        given_on=handed_on,
        cancelled_reason=cut.cancelled_reason or ("the order was cancelled" if standing is Standing.CANCELLED else ""),
        is_late=waits and look.today > until.by,
    )


def _cut_off(look: Look, fill_id: UUID, *, after: OwedRow) -> int:
    """What was cut off a container later."""
    later = select(func.coalesce(func.sum(OwedRow.rest), 0)).where(OwedRow.fill_id == fill_id, OwedRow.cut_at > after.cut_at)
    return int(look.session.scalars(later).one())


def _amount(units: int, formula: Formula) -> Fraction:
    """Nanolitres of a liquid as mL; capsules as they are."""
    return Fraction(units, NANOLITRES) if formula.liquid else Fraction(units)
