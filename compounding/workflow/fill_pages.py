"""What the counter sees of a fill; nothing here changes anything."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.document import decode
from compounding.db.fill_signing import fill_signatures
from compounding.db.values import fill_row, good_through, live_batch_row, plan_of, planned, prescription_row
from compounding.domain.dispense import HandOver
from compounding.domain.fill import FillStatus
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.prescription import Order
from compounding.domain.signature import Signed, Standing
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class FillPage:
    """A fill from its release to its hand-over."""

    id: UUID
    number: int
    status: FillStatus
    prescription_id: UUID
    prescription_number: str
    order: Order
    plan: Plan
    fill: FillPlan
    batch_id: UUID | None
    batch_number: str
    beyond_use: date | None
    opens_on: date
    closes_on: date
    handed_on: date | None
    told: HandOver | None
    today: date
    part: int  # where less of a planned container was given; 0 for a whole one
    voided: int  # hand-overs of it that do not stand
    signatures: tuple[Signed, ...]

    @property
    def unit(self) -> str:
        """What the container is counted in."""
        return "capsules" if all(step.capsules is not None for step in self.plan.steps) else "mL"

    @property
    def named(self) -> str:
        """Which container of the course it is."""
        return f"container {self.number} of {len(self.plan.fills)}" + (f", part {self.part}" if self.part else "")

    @property
    def daily(self) -> tuple[tuple[int, Fraction], ...]:
        """What it gives a day, and for how many days, in order."""
        return tuple((served.last_day - served.first_day + 1, self.plan.steps[served.step - 1].daily_amount) for served in self.fill.steps)

    @property
    def broken(self) -> tuple[Signed, ...]:
        """The signatures that do not stand any more."""
        return tuple(item for item in self.signatures if item.standing is Standing.BROKEN)


def page(look: Look, fill_id: UUID) -> FillPage:
    """One fill; raises `Unknown`."""
    fill = fill_row(look.session, fill_id)
    prescription = prescription_row(look.session, fill.prescription_id)
    look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    plan = plan_of(look.session, fill)
    batch = live_batch_row(look.session, fill.id)
    dispense = look.session.scalars(select(DispenseRow).where(DispenseRow.fill_id == fill.id, STANDS)).first()
    return FillPage(
        id=fill.id,
        number=fill.number,
        status=FillStatus(fill.status),
        prescription_id=prescription.id,
        prescription_number=str(prescription.number),
        order=decode(Order, prescription.document),
        plan=plan,
        fill=planned(look.session, fill, plan),
        batch_id=batch.id if batch else None,
        batch_number=str(batch.number) if batch else "",
        beyond_use=good_through(look.session, fill, batch) if batch else None,
        opens_on=fill.opens_on,
        closes_on=fill.closes_on,
        handed_on=dispense.handed_on if dispense else None,
        told=decode(HandOver, dispense.document) if dispense else None,
        today=look.today,
        part=fill.part if fill.opens is not None else 0,
        voided=look.session.scalars(select(func.count()).where(DispenseRow.fill_id == fill.id, ~STANDS)).one(),
        signatures=fill_signatures(look.session, fill.id),
    )
