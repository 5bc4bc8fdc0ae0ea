"""NADAC's price lists: imported whole or not at all, and held beside what was paid for the lots. No cost and no valuation comes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from compounding.db.benchmarks import ListedPriceRow, PriceListRow, listed_prices
from compounding.db.inventory import LotRow, ProductRow
from compounding.db.people import PersonRow
from compounding.db.purchases import PurchaseRow, ReceiptRow
from compounding.db.values import policy_in_force
from compounding.domain.benchmark import Beside, Listed, PriceList, beside
from compounding.domain.errors import Conflict
from compounding.domain.gs1 import ndc_11
from compounding.domain.inventory import StockUnit
from compounding.domain.money import Money
from compounding.domain.people import Role
from compounding.domain.wording import said
from compounding.workflow.act import Act, Look
from compounding.workflow.paging import paged

_LOTS = 40  # on one page
_BOUGHT_ON = func.coalesce(PurchaseRow.invoiced_on, LotRow.received_on)  # without an invoice, the day on which it came


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: `passed_over` rows were of packages that nobody buys here; `person` is empty for the command line. `at` is UTC."""

    rows: int
    kept: int
    known: int
    first_as_of: date
    last_as_of: date
    person: str
    at: datetime

    @property
    def passed_over(self) -> int:
        """The rows of what nobody buys here."""
        return self.rows - self.kept - self.known

    @property
    def sentence(self) -> str:
        """What the import came to."""
        known = f", {self.known} known before" if self.known else ""
        return f"{self.rows} rows were read: {self.kept} kept{known}, {self.passed_over} passed over, since nobody buys their packages here."


@dataclass(frozen=True, slots=True)
class Bought:
    """A lot that was bought, with what was paid for it beside NADAC; where that says nothing of it, `why_not` says why."""

    lot_id: UUID
    lot_number: str
    product_id: UUID
    product: str
    labeler: str
    ndc: str
    unit: StockUnit
    bought_on: date
    paid: Money
    quantity: int
    beside: Beside | None
    why_not: str


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """The page of the benchmark: the imports, the newest first; one page of the lots that were bought, the newest first. Pages count from 1."""

    imports: tuple[Imported, ...]
    import_count: int
    bought: tuple[Bought, ...]
    lot_count: int
    page: int
    pages: int
    packages: int


def stocked(look: Look) -> frozenset[str]:
    """The packages that are known here, each as the eleven digits that price lists have."""
    return frozenset(ndc_11(ndc) for ndc in look.session.scalars(select(ProductRow.ndc).where(ProductRow.ndc.is_not(None))) if ndc)


def take_in(act: Act, told: PriceList) -> Imported:
    """Keep what a list says that was not known; raises `Conflict` for a file that was imported before and still says nothing new."""
    known = listed_prices(act.session, {item.ndc for item in told.ours})
    new = [item for item in told.ours if item != _last_said(known.get(item.ndc, []), item)]
    before = act.session.scalars(select(PriceListRow).where(PriceListRow.sha256 == told.sha256).order_by(PriceListRow.imported_at.desc())).first()
    if before is not None and not new:
        day = said(act.day_of(before.imported_at))
        raise Conflict("price-list-known", f"This very list was imported on {day} already, and says nothing that is not known here. Nothing was changed.")
    row = PriceListRow(
        sha256=told.sha256, rows_read=told.rows, rows_kept=len(new), rows_known=len(told.ours) - len(new) + told.repeated, first_as_of=told.first_as_of,
        last_as_of=told.last_as_of, person_id=None if act.actor.role is Role.SYSTEM else act.actor.id, imported_at=act.at,
    )  # fmt: skip
    act.session.add(row)
    act.session.add_all(_price_row(row.id, item) for item in new)
    return _imported(row, "")


def page(look: Look, number: int) -> Benchmarks:
    """The imports and a page of the lots; the last page where there are not so many."""
    count = look.session.scalars(select(func.count()).select_from(LotRow).join(ProductRow, LotRow.product_id == ProductRow.id).where(*_comparable())).one()
    number, pages = paged(count, number, _LOTS)
    rows = look.session.execute(
        select(PriceListRow, PersonRow.name).outerjoin(PersonRow, PriceListRow.person_id == PersonRow.id).order_by(PriceListRow.imported_at.desc()).limit(12)
    )
    imports = tuple(_imported(row, name or "") for row, name in rows)
    everything = look.session.scalars(select(func.count()).select_from(PriceListRow)).one()
    found = bought(look, limit=_LOTS, offset=(number - 1) * _LOTS)
    return Benchmarks(imports, everything, found, count, number, pages, len(stocked(look)))


def bought(look: Look, *where: ColumnElement[bool], limit: int | None = None, offset: int = 0) -> tuple[Bought, ...]:
    """The lots of packages with an NDC that `where` chooses, the last bought first, each beside NADAC as it was in force on the day of its invoice."""
    rows = look.session.execute(
        select(LotRow, ProductRow, _BOUGHT_ON)
        .join(ProductRow, LotRow.product_id == ProductRow.id)
        .outerjoin(ReceiptRow, ReceiptRow.lot_id == LotRow.id)
        .outerjoin(PurchaseRow, ReceiptRow.purchase_id == PurchaseRow.id)
        .where(*_comparable(), *where)
        .order_by(_BOUGHT_ON.desc(), LotRow.lot_number, LotRow.id)
        .limit(limit)
        .offset(offset)
    ).all()
    prices = listed_prices(look.session, {ndc_11(product.ndc or "") for _, product, _ in rows})
    limit_over = policy_in_force(look.session).nadac_over
    made = []
    for lot, product, day in rows:
        unit, known = StockUnit(product.unit), prices.get(ndc_11(product.ndc or ""), [])
        held, why_not = beside(Money(lot.invoice_micros), lot.invoice_quantity, unit, day, known, limit=limit_over)
        names = (product.id, product.name, product.labeler, product.ndc or "")
        made.append(Bought(lot.id, lot.lot_number, *names, unit, day, Money(lot.invoice_micros), lot.invoice_quantity, held, why_not))
    return tuple(made)


def bought_in(look: Look, first: date, after: date) -> tuple[Bought, ...]:
    """The lots that were bought from `first` on and before `after`, those furthest above NADAC first; none where no list was ever imported."""
    if not look.session.scalar(select(exists().where(PriceListRow.id.is_not(None)))):
        return ()
    found = bought(look, first <= _BOUGHT_ON, after > _BOUGHT_ON)
    return tuple(sorted(found, key=lambda item: (item.beside is None, -item.beside.share if item.beside else 0, item.product, item.lot_number)))


def of_lot(look: Look, lot_id: UUID) -> Bought | None:
    """One lot beside NADAC; None for what has no NDC or was made here."""
    return next(iter(bought(look, LotRow.id == lot_id)), None)


def of_product(look: Look, product_id: UUID) -> tuple[Bought, ...]:
    """The lots of one product beside NADAC, the last bought first."""
    return bought(look, LotRow.product_id == product_id, limit=_LOTS)


def _comparable() -> tuple[ColumnElement[bool], ...]:
    return ProductRow.ndc.is_not(None), LotRow.batch_id.is_(None)


def _last_said(known: Sequence[Listed], item: Listed) -> Listed | None:
    """What was known last of the same package by the list of the same day, from the same day on."""
    return next((other for other in reversed(known) if (other.as_of, other.effective_on) == (item.as_of, item.effective_on)), None)


def _price_row(price_list_id: UUID, item: Listed) -> ListedPriceRow:
    return ListedPriceRow(
        price_list_id=price_list_id, ndc=item.ndc, description=item.description, price_micros=item.price.micros, pricing_unit=item.unit,
        effective_on=item.effective_on, as_of=item.as_of,
    )  # fmt: skip


def _imported(row: PriceListRow, person: str) -> Imported:
    return Imported(row.rows_read, row.rows_kept, row.rows_known, row.first_as_of, row.last_as_of, person, row.imported_at)
