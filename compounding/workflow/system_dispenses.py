"""The hand-overs of a prescriber's system's own orders: each container that went to the patient, also one whose hand-over was recorded wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import Select, false, func, or_, select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.dispenses import DispenseRow, VoidRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.values import good_through, plan_of, planned
from compounding.domain.errors import Unknown
from compounding.domain.prescription import Form
from compounding.workflow.act import Look
from compounding.workflow.system_orders import Span, within


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDispense:
    """One container that was handed over: `amount` is what it holds, in mL or capsules. `version` is 2 once the hand-over was called wrong."""

    id: UUID
    prescription_id: UUID
    patient_id: UUID
    batch_number: str
    beyond_use: date | None
    amount: Fraction
    in_capsules: bool
    days: int
    handed_at: datetime
    stands: bool
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDispenses:
    """Which hand-overs of own orders are wanted: each condition that is given, the oldest first, `skip` of them left out, at most `limit`."""

    limit: int
    skip: int = 0
    ids: frozenset[UUID] | None = None
    patients: frozenset[UUID] | None = None
    prescriptions: frozenset[UUID] | None = None
    stands: frozenset[bool] | None = None
    handed: tuple[Span, ...] = ()
    changed: tuple[Span, ...] = ()


def own_dispense(look: Look, dispense_id: UUID) -> ToldDispense:
    """One hand-over of an own order; raises `Unknown`, as for one that is not there."""
    _, found = own_dispenses(look, AskedDispenses(limit=1, ids=frozenset({dispense_id})))
    if not found:
        raise Unknown("unknown-dispense", "There is no such hand-over.")
    return found[0]


def own_dispenses(look: Look, asked: AskedDispenses) -> tuple[int, tuple[ToldDispense, ...]]:
    """How many hand-overs there are like that, and those of this page."""
    wanted = _where(look, asked)
    total = look.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = look.session.execute(wanted.order_by(DispenseRow.handed_at, DispenseRow.id).offset(asked.skip).limit(asked.limit)).all()
    return total, _told(look, page)


def _where(look: Look, asked: AskedDispenses) -> Select[UUID, datetime]:
    changed = func.coalesce(VoidRow.voided_at, DispenseRow.handed_at)
    query = (
        select(DispenseRow.id, VoidRow.voided_at)
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


def _told(look: Look, page: Sequence[Found[UUID, datetime]]) -> tuple[ToldDispense, ...]:
    told = []
    for dispense_id, voided_at in page:
        row = look.session.get_one(DispenseRow, dispense_id)
        fill, batch = look.session.get_one(FillRow, row.fill_id), look.session.get_one(BatchRow, row.batch_id)
        form = look.session.get_one(PrescriptionRow, row.prescription_id).form
        look.note_read(patient_id=row.patient_id, prescription_id=row.prescription_id)
        told.append(
            ToldDispense(
                id=row.id,
                prescription_id=row.prescription_id,
                patient_id=row.patient_id,
                batch_number=str(batch.number),
                beyond_use=good_through(look.session, fill, batch),
                amount=planned(look.session, fill, plan_of(look.session, fill)).amounts.dispensed,
                in_capsules=form == Form.CAPSULE,
                days=(fill.closes_on - fill.opens_on).days + 1,
                handed_at=row.handed_at,
                stands=row.voided is None,
                version=1 if voided_at is None else 2,
                changed_at=voided_at or row.handed_at,
            )
        )
    return tuple(told)
