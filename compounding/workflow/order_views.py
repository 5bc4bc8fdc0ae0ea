"""An order as the pharmacy sees it today, read whole: what each use case of an order shows, through whichever door."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.document import decode, encode, sha256
from compounding.db.history import last_fill
from compounding.db.prescriptions import PrescriptionRow, ReviewRow
from compounding.db.screening import order_findings, overrides, refills_now
from compounding.db.values import earlier, policy_in_force
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import Order, PrescriptionStatus
from compounding.domain.retyping import Retype, to_retype
from compounding.domain.safety import Finding, Override, open_findings
from compounding.workflow.act import Look
from compounding.workflow.correspondence import Correspondence, correspondence

_VERSION = 32  # hexadecimal digits: 128 bits


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
    said: Correspondence


def view(look: Look, row: PrescriptionRow) -> PrescriptionView:
    """The order of `row` with its findings on today's facts and its fills; that it is read is logged."""
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
        retype=doses_to_retype(look, row),
        said=correspondence(look, row),
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


def doses_to_retype(look: Look, row: PrescriptionRow) -> tuple[Retype, ...]:
    """What is typed again to accept the order; nothing once that was decided."""
    if row.status not in {PrescriptionStatus.RECEIVED, PrescriptionStatus.HELD}:
        return ()
    first_fill = last_fill(look.session, row.patient_id, prescription_id=row.id) is None
    return to_retype(decode(Order, row.document), policy_in_force(look.session), first_fill=first_fill)


def version(found: PrescriptionView) -> str:
    """What this state of an order is known by: another one for everything that its reader could see change, the same for the same."""
    return sha256(encode(replace(found, today=found.received_on, retype=())))[:_VERSION]
