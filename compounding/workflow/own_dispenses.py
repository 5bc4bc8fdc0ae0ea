"""What was handed over of a prescriber's own orders, and where the labels of their containers stand; never a label's bytes."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.dispenses import DispenseRow
from compounding.db.labels import LabelPrintRow, LabelRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.values import formula_of, good_through
from compounding.domain.errors import Unknown
from compounding.domain.fill import FillStatus
from compounding.workflow.act import Look
from compounding.workflow.ownership import own_row


@dataclass(frozen=True, slots=True)
class DispenseView:
    """One hand-over: which container, of which batch, for which days. One that was recorded wrongly says so and does not count."""

    id: UUID
    prescription_id: UUID
    fill_id: UUID
    fill: int
    part: int
    batch_number: str
    formula: str
    strength: str
    handed_over_at: datetime
    handed_over_on: date
    first_dose_on: date
    last_dose_on: date
    beyond_use: date | None
    voided: bool


@dataclass(frozen=True, slots=True)
class LabelView:
    """Where the label of one container stands: its newest version, whether that still holds, and how often it was printed."""

    fill_id: UUID
    fill: int
    part: int
    status: FillStatus
    label: str  # none, current or void
    version: int
    issued_at: datetime | None
    prints: int


def own_dispense(look: Look, dispense_id: UUID) -> DispenseView:
    """One hand-over of an own order; another's is as unknown as one that does not exist."""
    found = _dispenses(look, _all().where(DispenseRow.id == dispense_id, PrescriptionRow.client_id == look.actor.id))
    if not found:
        raise Unknown("unknown-dispense", "There is no such hand-over.")
    return found[0]


def own_dispenses(look: Look, prescription_id: UUID) -> tuple[DispenseView, ...]:
    """Every hand-over of an own order, the first first; raises `Unknown`."""
    row = own_row(look, prescription_id)
    return _dispenses(look, _all().where(PrescriptionRow.id == row.id))


def own_labels(look: Look, prescription_id: UUID) -> tuple[LabelView, ...]:
    """The label of each container of an own order that is not cancelled; raises `Unknown`."""
    row = own_row(look, prescription_id)
    look.note_read(patient_id=row.patient_id, prescription_id=row.id)
    fills = look.session.scalars(
        select(FillRow).where(FillRow.prescription_id == row.id, FillRow.status != FillStatus.CANCELLED).order_by(FillRow.opens_on, FillRow.id)
    ).all()
    columns = (LabelRow.fill_id, LabelRow.version, LabelRow.status, LabelRow.issued_at)
    labels = look.session.execute(select(*columns).where(LabelRow.fill_id.in_([fill.id for fill in fills])).order_by(LabelRow.version)).all()
    newest = {label.fill_id: label for label in labels}
    counted = (
        select(LabelRow.fill_id, func.count(LabelPrintRow.id))
        .join(LabelPrintRow, LabelPrintRow.label_id == LabelRow.id)
        .where(LabelRow.fill_id.in_(newest))
        .group_by(LabelRow.fill_id)
    )
    prints = dict(look.session.execute(counted).all())
    found = []
    for fill in fills:
        label, part = newest.get(fill.id), fill.part if fill.opens is not None else 0
        status, version, issued_at = (label.status, label.version, label.issued_at) if label else ("none", 0, None)
        found.append(LabelView(fill.id, fill.number, part, FillStatus(fill.status), status, version, issued_at, prints.get(fill.id, 0)))
    return tuple(found)


def _all() -> Select[DispenseRow, FillRow, BatchRow, PrescriptionRow]:
    return (
        select(DispenseRow, FillRow, BatchRow, PrescriptionRow)
        .join(FillRow, DispenseRow.fill_id == FillRow.id)
        .join(BatchRow, DispenseRow.batch_id == BatchRow.id)
        .join(PrescriptionRow, DispenseRow.prescription_id == PrescriptionRow.id)
        .order_by(DispenseRow.handed_at, DispenseRow.id)
    )


def _dispenses(look: Look, query: Select[DispenseRow, FillRow, BatchRow, PrescriptionRow]) -> tuple[DispenseView, ...]:
    found = []
    for dispense, fill, batch, order in look.session.execute(query).all():
        look.note_read(patient_id=order.patient_id, prescription_id=order.id)
        _, formula = formula_of(look.session, fill)
        found.append(
            DispenseView(
                id=dispense.id,
                prescription_id=order.id,
                fill_id=fill.id,
                fill=fill.number,
                part=fill.part if fill.opens is not None else 0,
                batch_number=str(batch.number),
                formula=formula.name,
                strength=str(formula.liquid.strength if formula.liquid else formula.capsules.strength if formula.capsules else ""),
                handed_over_at=dispense.handed_at,
                handed_over_on=dispense.handed_on,
                first_dose_on=dispense.first_dose_on,
                last_dose_on=dispense.first_dose_on + (fill.closes_on - fill.opens_on),
                beyond_use=good_through(look.session, fill, batch),
                voided=dispense.voided is not None,
            )
        )
    return tuple(found)
