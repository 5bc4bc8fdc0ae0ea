"""What was handed over of a prescriber's own orders: each container that went to the patient, also one whose hand-over was recorded wrongly."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import Select, false, func, or_, select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.dispenses import DispenseRow, VoidRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.values import formula_of, good_through, plan_of, planned
from compounding.domain.errors import Unknown
from compounding.domain.prescription import Form
from compounding.workflow.act import Look
from compounding.workflow.ownership import own_row
from compounding.workflow.spans import Span, within


@dataclass(frozen=True, slots=True, kw_only=True)
class DispenseView:
    """One hand-over: which container, of which batch, for which days, and what it holds (`amount`, in mL or capsules).

    One that was recorded wrongly says so and does not count; its `version` is then 2, and it changed when that was said.
    """

    id: UUID
    prescription_id: UUID
    patient_id: UUID
    fill_id: UUID
    fill: int
    part: int
    batch_number: str
    formula: str
    strength: str
    amount: Fraction
    in_capsules: bool
    handed_over_at: datetime
    handed_over_on: date
    first_dose_on: date
    last_dose_on: date
    beyond_use: date | None
    voided: bool
    version: int
    changed_at: datetime

    @property
    def days(self) -> int:
        """For how many days it is."""
        return (self.last_dose_on - self.first_dose_on).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDispenses:
    """Which hand-overs of own orders are wanted: each condition that is given, the oldest first, `skip` of them left out, at most `limit` (None: all)."""

    limit: int | None = None
    skip: int = 0
    ids: frozenset[UUID] | None = None
    patients: frozenset[UUID] | None = None
    prescriptions: frozenset[UUID] | None = None
    stands: frozenset[bool] | None = None
    handed: tuple[Span, ...] = ()
    changed: tuple[Span, ...] = ()


def own_dispense(look: Look, dispense_id: UUID) -> DispenseView:
    """One hand-over of an own order; raises `Unknown` for another's, as for one that is not there."""
    _, found = own_dispenses(look, AskedDispenses(ids=frozenset({dispense_id})))
    if not found:
        raise Unknown("unknown-dispense", "There is no such hand-over.")
    return found[0]


def dispenses_of(look: Look, prescription_id: UUID) -> tuple[DispenseView, ...]:
    """Every hand-over of one own order, the first first; raises `Unknown`."""
    row = own_row(look, prescription_id)
    return own_dispenses(look, AskedDispenses(prescriptions=frozenset({row.id})))[1]


def own_dispenses(look: Look, asked: AskedDispenses) -> tuple[int, tuple[DispenseView, ...]]:
    """How many hand-overs there are like that, and those of this page."""
    wanted = _where(look, asked)
    total = look.session.scalar(select(func.count()).select_from(wanted.with_only_columns(DispenseRow.id).subquery())) or 0
    page = wanted.order_by(DispenseRow.handed_at, DispenseRow.id).offset(asked.skip).limit(asked.limit)
    return total, tuple(_views(look, look.session.execute(page).all()))


def _where(look: Look, asked: AskedDispenses) -> Select[DispenseRow, FillRow, BatchRow, PrescriptionRow, datetime]:
    changed = func.coalesce(VoidRow.voided_at, DispenseRow.handed_at)
    query = (
        select(DispenseRow, FillRow, BatchRow, PrescriptionRow, VoidRow.voided_at)
        .join(FillRow, DispenseRow.fill_id == FillRow.id)
        .join(BatchRow, DispenseRow.batch_id == BatchRow.id)
        .join(PrescriptionRow, DispenseRow.prescription_id == PrescriptionRow.id)
        .outerjoin(VoidRow, VoidRow.dispense_id == DispenseRow.id)
        .where(PrescriptionRow.client_id == look.actor.id)
    )
    if asked.ids is not None:
        query = query.where(DispenseRow.id.in_(asked.ids))
    if asked.patients is not None:
        query = query.where(DispenseRow.patient_id.in_(asked.patients))
    if asked.prescriptions is not None:
        query = query.where(DispenseRow.prescription_id.in_(asked.prescriptions))
    if asked.stands is not None:
        stands = DispenseRow.voided.is_(None)
        query = query.where(or_(false(), *(stands if wanted else ~stands for wanted in asked.stands)))
    for span in asked.handed:
        query = query.where(within(DispenseRow.handed_at, span))
    for span in asked.changed:
        query = query.where(within(changed, span))
    return query


def _views(look: Look, page: Iterable[Found[DispenseRow, FillRow, BatchRow, PrescriptionRow, datetime]]) -> Iterator[DispenseView]:
    for dispense, fill, batch, order, voided_at in page:
        look.note_read(patient_id=order.patient_id, prescription_id=order.id)
        _, formula = formula_of(look.session, fill)
        yield DispenseView(
            id=dispense.id,
            prescription_id=order.id,
            patient_id=dispense.patient_id,
            fill_id=fill.id,
            fill=fill.number,
            part=fill.part if fill.opens is not None else 0,
            batch_number=str(batch.number),
            formula=formula.name,
            strength=str(formula.liquid.strength if formula.liquid else formula.capsules.strength if formula.capsules else ""),
            amount=planned(look.session, fill, plan_of(look.session, fill)).amounts.dispensed,
            in_capsules=order.form == Form.CAPSULE,
            handed_over_at=dispense.handed_at,
            handed_over_on=dispense.handed_on,
            first_dose_on=dispense.first_dose_on,
            last_dose_on=dispense.first_dose_on + (fill.closes_on - fill.opens_on),
            beyond_use=good_through(look.session, fill, batch),
            voided=dispense.voided is not None,
            version=1 if voided_at is None else 2,
            changed_at=voided_at or dispense.handed_at,
        )
