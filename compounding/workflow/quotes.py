"""A price that is told for a container before it is made: kept with its day, whose word it is and until when it stands, beside what it then cost."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import FillRow
from compounding.db.costs import ChargeRow, CostRow, QuoteRow
from compounding.db.document import decode, encode, sha256
from compounding.db.people import PersonRow
from compounding.db.values import fill_row, formula_of, plan_of, policy_in_force, prescription_row, prices
from compounding.domain.fill import FillStatus
from compounding.domain.money import Money
from compounding.domain.prescription import Order
from compounding.domain.pricing import Charge, charge
from compounding.domain.quote import Quote, quote
from compounding.domain.quoted import Quoted, quoted
from compounding.workflow.act import Act, Look


@dataclass(frozen=True, slots=True)
class Told:
    """A quote that was kept: what was told, by whom; `stands` is whether it still holds today."""

    quoted: Quoted
    person: str
    stands: bool


@dataclass(frozen=True, slots=True)
class QuotePage:
    """A container's quotes, the newest first, beside what it cost and what was asked; `estimate` and `price` are today's, before it is made.

    `cost` and `asked` are None until it was handed over.
    """

    fill_id: UUID
    number: int
    of: int
    status: FillStatus
    prescription_id: UUID
    prescription_number: str
    order: Order
    told: tuple[Told, ...]
    estimate: Quote | None
    price: Charge | None
    quote_days: int
    cost: Money | None
    asked: Money | None
    today: date


def keep(act: Act, fill_id: UUID) -> UUID:
    """Keep today's price of a fill that is still to be made; raises `Conflict` where it was made already, or where a price is missing."""
    fill = fill_row(act.session, fill_id, lock=True)
    found = quoted(_estimate(act, fill), FillStatus(fill.status), policy_in_force(act.session), act.today)
    text = encode(found)
    row = QuoteRow(
        fill_id=fill.id,
        asked_micros=found.charge.asked.micros,
        cost_micros=found.cost.micros,
        quoted_on=found.on,
        valid_until=found.valid_until,
        document=text,
        sha256=sha256(text),
        person_id=act.actor.id,
        quoted_at=act.at,
    )
    act.session.add(row)
    return row.id


def page(look: Look, fill_id: UUID) -> QuotePage:
    """The quotes of a fill; raises `Unknown`."""
    fill = fill_row(look.session, fill_id)
    prescription = prescription_row(look.session, fill.prescription_id)
    look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    status = FillStatus(fill.status)
    estimate = _estimate(look, fill) if status in {FillStatus.DUE, FillStatus.PLANNED} else None
    policy = policy_in_force(look.session)
    asked = look.session.scalars(select(func.sum(ChargeRow.amount_micros)).where(ChargeRow.fill_id == fill.id)).one()
    spent = look.session.scalars(select(func.sum(CostRow.amount_micros)).where(CostRow.fill_id == fill.id, CostRow.patient_id.is_not(None))).one()
    return QuotePage(
        fill_id=fill.id,
        number=fill.number,
        of=len(plan_of(look.session, fill).fills),
        status=status,
        prescription_id=prescription.id,
        prescription_number=str(prescription.number),
        order=decode(Order, prescription.document),
        told=_told(look, fill.id),
        estimate=estimate,
        price=charge(estimate.parts, policy) if estimate else None,
        quote_days=policy.quote_days,
        cost=None if spent is None else Money(spent),
        asked=None if asked is None else Money(asked),
        today=look.today,
    )


def _told(look: Look, fill_id: UUID) -> tuple[Told, ...]:
    rows = look.session.execute(
        select(QuoteRow.document, PersonRow.name).join(PersonRow, QuoteRow.person_id == PersonRow.id).where(QuoteRow.fill_id == fill_id)
        .order_by(QuoteRow.quoted_at.desc(), QuoteRow.id)
    )  # fmt: skip
    found = [(decode(Quoted, document), name) for document, name in rows]
    return tuple(Told(item, name, stands=place == 0 and item.valid_until >= look.today) for place, (item, name) in enumerate(found))


def _estimate(look: Look, fill: FillRow) -> Quote:
    """What the fill would cost by its plan, made alone, at what was paid last."""
    plan = plan_of(look.session, fill)
    _, formula = formula_of(look.session, fill)
    return quote(formula, [plan.fills[fill.number - 1].amounts], plan.container, prices(look.session), policy_in_force(look.session))
