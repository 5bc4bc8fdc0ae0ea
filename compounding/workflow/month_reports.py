"""What a month's report says beside its costs: waste by cause, the months before, what was made and used, each batch, each dose, and lots that expire soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import Text, and_, case, cast, func, select

from compounding.db.batches import BatchRow, WeighingRow
from compounding.db.costs import ChargeRow, CostRow
from compounding.db.dispenses import DispenseRow
from compounding.db.formulas import FormulaRow
from compounding.db.inventory import LotRow, MovementRow, ProductRow
from compounding.db.parts import part_of
from compounding.domain.cost import WasteCause
from compounding.domain.inventory import LotStatus
from compounding.domain.money import Money, total
from compounding.domain.quantity import Mass
from compounding.domain.valuation import Moved, Valuation, valuation
from compounding.workflow.act import Look
from compounding.workflow.benchmarks import Bought, bought_in
from compounding.workflow.ledger import Closing, closing
from compounding.workflow.paging import paged

_BATCHES = 40  # on one page
_EXPIRING_DAYS = 90  # the report's own look ahead (domain facts, 7.4)
_MONTHS = 12
_lots_of_tablets = select(LotRow.id).join(ProductRow, LotRow.product_id == ProductRow.id).where(ProductRow.kind == "tablet")


@dataclass(frozen=True, slots=True)
class Waste:
    """What was paid for and reached nobody, by its cause; `active` is the naltrexone in it."""

    cause: WasteCause
    active: Mass
    amount: Money


@dataclass(frozen=True, slots=True)
class MonthSum:
    """One month in a row of them."""

    month: str
    cost: Money
    waste: Money
    charged: Money


@dataclass(frozen=True, slots=True)
class Made:
    """What a batch took and gave: `planned` and `made` in mL or capsules, None before it was compounded; `cost` is all that the ledger has of it."""

    id: UUID
    number: str
    formula: str
    is_liquid: bool
    made_on: date
    tablets: int
    planned: Fraction
    made: Fraction | None
    status: str
    cost: Money
    waste: Money


@dataclass(frozen=True, slots=True)
class Doses:
    """What single doses of one formula cost and were sold for in the month."""

    formula: str
    fills: int
    days: int
    doses: int
    cost: Money
    charged: Money

    @property
    def cost_each(self) -> Money:
        """What one dose cost, to the millionth."""
        return self.cost * Fraction(1, self.doses)

    @property
    def charged_each(self) -> Money:
        """What was asked for one dose, to the millionth."""
        return self.charged * Fraction(1, self.doses)


@dataclass(frozen=True, slots=True)
class Expiring:
    """A lot that expires soon, with what the rest of it was bought for."""

    id: UUID
    product: str
    lot_number: str
    expires_on: date
    worth: Money


@dataclass(frozen=True, slots=True)
class Report:
    """A month's report beside `costs.MonthCost`. `tablets` values the tablets used in three ways; `expiring` looks ahead from today.

    `bought` are the lots that were bought in the month, beside a benchmark that is no part of any sum.
    """

    closing: Closing | None
    waste: tuple[Waste, ...]
    months: tuple[MonthSum, ...]
    batches: tuple[Made, ...]
    doses: tuple[Doses, ...]
    tablets: Valuation
    expiring: tuple[Expiring, ...]
    bought: tuple[Bought, ...] = ()

    @property
    def wasted(self) -> Money:
        """All that was wasted."""
        return total([item.amount for item in self.waste])

    def yields(self, *, liquid: bool) -> tuple[Fraction, Fraction]:
        """What was planned and what was made of liquids (mL) or capsules, of the batches that were finished."""
        done = [item for item in self.batches if item.made is not None and item.is_liquid is liquid]
        return sum((item.planned for item in done), Fraction(0)), sum((item.made or Fraction(0) for item in done), Fraction(0))


def report(look: Look, month: str) -> Report:
    """The report of `month` ("2026-11")."""
    return Report(
        closing=closing(look.session, month),
        waste=_waste(look, month),
        months=_months(look, month),
        batches=_batches(look, month),
        doses=_doses(look, month),
        tablets=_tablets(look, month),
        expiring=_expiring(look),
        bought=bought_in(look, *_span(month)),
    )


def page_of(batches: Sequence[Made], page: int) -> tuple[tuple[Made, ...], int, int]:
    """One page of the batches, which page that is, and how many there are; the last page where there are not so many."""
    page, pages = paged(len(batches), page, _BATCHES)
    return tuple(batches[(page - 1) * _BATCHES : page * _BATCHES]), page, pages


def _waste(look: Look, month: str) -> tuple[Waste, ...]:
    query = select(CostRow.cause, func.sum(CostRow.active_ng), func.sum(CostRow.amount_micros))
    rows = look.session.execute(query.where(CostRow.month == month, CostRow.cause.is_not(None)).group_by(CostRow.cause))
    found = {cause: Waste(WasteCause(str(cause)), Mass.of_nanograms(active or 0), Money(micros)) for cause, active, micros in rows}
    return tuple(found.get(cause, Waste(cause, Mass.of_mg(0), Money(0))) for cause in WasteCause)


def _months(look: Look, month: str) -> tuple[MonthSum, ...]:
    """The twelve months that end with `month`, those without entries as nothing."""
    year, number = map(int, month.split("-"))
    ends = year * 12 + number - 1
    names = [f"{place // 12}-{place % 12 + 1:02d}" for place in range(ends - _MONTHS + 1, ends + 1)]
    wasted = func.sum(case((CostRow.cause.is_not(None), CostRow.amount_micros), else_=0))
    paid = select(CostRow.month, func.sum(CostRow.amount_micros), wasted).where(CostRow.month.in_(names)).group_by(CostRow.month)
    cost = {name: (Money(int(all_of_it)), Money(int(waste))) for name, all_of_it, waste in look.session.execute(paid)}
    asked = select(ChargeRow.month, func.sum(ChargeRow.amount_micros)).where(ChargeRow.month.in_(names)).group_by(ChargeRow.month)
    charged = dict(look.session.execute(asked).all())
    return tuple(MonthSum(name, *cost.get(name, (Money(0), Money(0))), Money(charged.get(name, 0))) for name in names)


def _batches(look: Look, month: str) -> tuple[Made, ...]:
    first, after = _span(month)
    rows = look.session.execute(
        select(
            BatchRow.id,
            BatchRow.number,
            BatchRow.status,
            BatchRow.made_on,
            BatchRow.formula_id,
            part_of(BatchRow.document, "preparation", "amounts", "made").label("planned"),
            part_of(BatchRow.record, "finished", "made").label("made"),
        )
        .where(BatchRow.made_on >= first, BatchRow.made_on < after)
        .order_by(BatchRow.number)
    ).all()
    formulas = {row.id: row for row in look.session.scalars(select(FormulaRow).where(FormulaRow.id.in_({row.formula_id for row in rows})))}
    keys = [row.id for row in rows]
    sums = select(CostRow.batch_id, func.sum(CostRow.amount_micros)).where(CostRow.batch_id.in_(keys)).group_by(CostRow.batch_id)
    cost = dict(look.session.execute(sums).all())
    waste = dict(look.session.execute(sums.where(CostRow.cause.is_not(None))).all())
    counted = select(WeighingRow.batch_id, func.sum(WeighingRow.actual)).where(WeighingRow.batch_id.in_(keys), WeighingRow.unit == "tablet")
    tablets = dict(look.session.execute(counted.group_by(WeighingRow.batch_id)).all())
    return tuple(
        Made(
            id=key,
            number=str(number),
            formula=formulas[formula_id].name,
            is_liquid='"capsules":null' in formulas[formula_id].document,
            made_on=made_on,
            tablets=tablets.get(key, 0),
            planned=Fraction(planned),
            made=None if made is None else Fraction(made),
            status=status,
            cost=Money(cost.get(key, 0)),
            waste=Money(waste.get(key, 0)),
        )
        for key, number, status, made_on, formula_id, planned, made in rows
        if made_on is not None
    )


def _doses(look: Look, month: str) -> tuple[Doses, ...]:
    asked = (
        select(
            FormulaRow.name,
            func.sum(case((ChargeRow.days > 0, 1), else_=-1)),  # what reverses another is below zero
            func.sum(ChargeRow.days),
            func.sum(ChargeRow.doses),
            func.sum(ChargeRow.amount_micros),
        )
        .join(DispenseRow, ChargeRow.dispense_id == DispenseRow.id)
        .join(BatchRow, DispenseRow.batch_id == BatchRow.id)
        .join(FormulaRow, BatchRow.formula_id == FormulaRow.id)
        .where(ChargeRow.month == month)
        .group_by(FormulaRow.name)
        .order_by(FormulaRow.name)
    )
    paid = (
        select(FormulaRow.name, func.sum(CostRow.amount_micros))
        .join(BatchRow, CostRow.batch_id == BatchRow.id)
        .join(FormulaRow, BatchRow.formula_id == FormulaRow.id)
        .where(CostRow.month == month, CostRow.fill_id.is_not(None))
        .group_by(FormulaRow.name)
    )
    cost = dict(look.session.execute(paid).all())
    return tuple(
        Doses(name, int(fills), int(days), int(doses), Money(cost.get(name, 0)), Money(micros))
        for name, fills, days, doses, micros in look.session.execute(asked)
        if doses  # all that was asked may have been voided
    )


def _tablets(look: Look, month: str) -> Valuation:
    """Every tablet that came and went until the month's end, in the order of time; what batches took in this month is valued."""
    # A batch takes its tablets on the day on which it is made; a lot lies here from the day of its receipt; of the rest the day in UTC is near enough.
    day = func.coalesce(cast(BatchRow.made_on, Text), case((MovementRow.amount > 0, cast(LotRow.received_on, Text)), else_=cast(MovementRow.moved_at, Text)))
    when = func.substr(day, 1, len(month))
    rows = look.session.execute(
        select(MovementRow.amount, LotRow.invoice_micros, LotRow.invoice_quantity, and_(BatchRow.made_on.is_not(None), when == month))
        .join(LotRow, MovementRow.lot_id == LotRow.id)
        .outerjoin(BatchRow, MovementRow.batch_id == BatchRow.id)
        .where(MovementRow.lot_id.in_(_lots_of_tablets), when <= month)
        .order_by(MovementRow.moved_at, MovementRow.amount.desc(), MovementRow.id)
    )
    moved = [Moved(amount, Money(micros), quantity, counted=bool(counted)) for amount, micros, quantity, counted in rows]
    return valuation(moved)


def _expiring(look: Look) -> tuple[Expiring, ...]:
    until = look.today + timedelta(days=_EXPIRING_DAYS)
    rows = look.session.execute(
        select(LotRow.id, ProductRow.name, LotRow.lot_number, LotRow.expires_on, LotRow.balance, LotRow.invoice_micros, LotRow.invoice_quantity)
        .join(ProductRow, LotRow.product_id == ProductRow.id)
        .where(LotRow.balance > 0, LotRow.status == LotStatus.AVAILABLE, LotRow.expires_on >= look.today, LotRow.expires_on <= until)
        .order_by(LotRow.expires_on, LotRow.lot_number)
    )
    return tuple(Expiring(key, name, lot, day, Money(micros) * Fraction(balance, quantity)) for key, name, lot, day, balance, micros, quantity in rows)


def _span(month: str) -> tuple[date, date]:
    first = datetime.fromisoformat(f"{month}-01").date()
    return first, (first + timedelta(days=31)).replace(day=1)
