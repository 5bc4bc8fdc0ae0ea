"""Stock: lots received into quarantine, released by a pharmacist, measured, withdrawn; what is left and what expires soon."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from compounding.db.batches import BatchRow
from compounding.db.document import decode, encode
from compounding.db.inventory import LotRow, MovementRow, PackStatisticRow, ProductRow, TabletWeighingRow
from compounding.db.people import PersonRow
from compounding.db.values import lots
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.inventory import FEWEST_WEIGHED, TABLET_STRENGTH, Lot, LotStatus, Product, StockUnit
from compounding.domain.money import Money
from compounding.domain.people import Role
from compounding.domain.quantity import Mass
from compounding.workflow.act import Act, Look

_MOVEMENTS = 100  # on one page of a ledger


@dataclass(frozen=True, slots=True)
class Receipt:
    """A lot as it came: `quantity` in the product's stock unit, for `invoice` altogether."""

    product: str
    lot_number: str
    expires_on: date
    quantity: int
    invoice: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a lot's ledger: how much came or (negative) went at the moment `at` (UTC), what was left after it, for which batch, and by whom."""

    amount: int
    after: int
    reason: str
    at: datetime
    batch_id: UUID | None
    batch_number: str
    person: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """One lot and a page of its movements, the newest first; pages count from 1."""

    lot: Lot
    product: Product
    received_on: date
    movements: tuple[Movement, ...]
    page: int
    pages: int
    today: date


@dataclass(frozen=True, slots=True)
class Stock:
    """Every lot with its product, the earliest expiry first."""

    lots: tuple[tuple[Lot, Product], ...]
    today: date


def receive(act: Act, receipt: Receipt) -> UUID:
    """Take a lot in; it stays quarantined until a pharmacist releases it."""
    product = act.session.scalars(select(ProductRow).where(ProductRow.code == receipt.product)).first()
    if product is None:
        raise Invalid("product", "Choose a product from the list.", fields={"product": ("Choose a product from the list.",)})
    if receipt.expires_on < act.today:
        raise Invalid("expired", "This lot has expired and cannot be taken in.", fields={"expires_on": ("This date is past.",)})
    twin = act.session.scalars(select(LotRow).where(LotRow.product_id == product.id, LotRow.lot_number == receipt.lot_number)).first()
    if twin is not None:
        message = "This lot number of this product was received already. Check the package."
        raise Conflict("lot-known", message)
    row = LotRow(
        product_id=product.id,
        lot_number=receipt.lot_number,
        expires_on=receipt.expires_on,
        received_on=act.today,
        status=LotStatus.QUARANTINED,
        invoice_micros=receipt.invoice.micros,
        invoice_quantity=receipt.quantity,
    )
    act.session.add(row)
    act.session.add(MovementRow(lot_id=row.id, amount=receipt.quantity, reason="received", person_id=_person(act), moved_at=act.at))
    return row.id


def release(act: Act, lot_id: UUID) -> None:
    """Let a quarantined lot be used."""
    row = _lot_row(act, lot_id)
    if row.status != LotStatus.QUARANTINED:
        raise Conflict("lot-state", f"This lot is {row.status}; only a quarantined one can be released.")
    row.status = LotStatus.AVAILABLE


def withdraw(act: Act, lot_id: UUID) -> None:
    """Take a lot out of use at once; anybody at the bench may."""
    row = _lot_row(act, lot_id)
    if row.status not in {LotStatus.QUARANTINED, LotStatus.AVAILABLE}:
        raise Conflict("lot-state", f"This lot is {row.status} already.")
    row.status = LotStatus.WITHDRAWN


def weigh_tablets(act: Act, lot_id: UUID, *, tablets: int, together: Mass) -> None:
    """Record how much `tablets` tablets of a lot weigh together; ten at least, since their average stands for the lot."""
    if tablets < FEWEST_WEIGHED:
        message = f"Weigh at least {FEWEST_WEIGHED} tablets of the lot together."
        raise Invalid("too-few", message, fields={"tablets": (message,)})
    if together < TABLET_STRENGTH * tablets:
        message = f"{tablets} tablets of 50 mg weigh more than {TABLET_STRENGTH * tablets} together. Read the balance again, in mg."
        raise Invalid("too-light", message, fields={"together": (message,)})
    row = _lot_row(act, lot_id)
    _require_unit(act, row, StockUnit.TABLET)
    act.session.add(
        TabletWeighingRow(lot_id=row.id, tablets=tablets, total_ng=together.nanograms, document=encode(together), person_id=_person(act), weighed_at=act.at)
    )


def measure_pack(act: Act, lot_id: UUID, *, size: str, shells: int, together: Mass) -> None:
    """Record how much of a powder lot packs `shells` shells of a size, net of the shells."""
    row = _lot_row(act, lot_id)
    _require_unit(act, row, StockUnit.TABLET, StockUnit.NANOGRAM)
    act.session.add(PackStatisticRow(lot_id=row.id, capsule_size=size, shells=shells, total_ng=together.nanograms, person_id=_person(act), measured_at=act.at))


def stock(look: Look) -> Stock:
    """Every lot as it stands today."""
    by_lot = {lot_id: decode(Product, document) for lot_id, document in look.session.execute(_products_of_lots())}
    return Stock(tuple((lot, by_lot[lot.id]) for lot in lots(look.session)), look.today)


def products(look: Look) -> tuple[Product, ...]:
    """Everything that can be received, by name."""
    rows = look.session.scalars(select(ProductRow).order_by(ProductRow.name, ProductRow.code))
    return tuple(decode(Product, row.document) for row in rows)


def ledger(look: Look, lot_id: UUID, *, page: int = 1) -> Ledger:
    """One lot with a page of its movements; the last page when there are not so many."""
    row = look.session.get(LotRow, lot_id)
    if row is None:
        raise Unknown("unknown-lot", "There is no such lot.")
    product = decode(Product, look.session.scalars(select(ProductRow.document).where(ProductRow.id == row.product_id)).one())
    count = look.session.scalars(select(func.count()).select_from(MovementRow).where(MovementRow.lot_id == lot_id)).one()
    pages = max(1, -(-count // _MOVEMENTS))
    page = min(max(page, 1), pages)
    (lot,) = lots(look.session, only=[lot_id])
    return Ledger(lot, product, row.received_on, _movements(look, lot, skipped=(page - 1) * _MOVEMENTS), page, pages, look.today)


def _movements(look: Look, lot: Lot, *, skipped: int) -> tuple[Movement, ...]:
    """A page of movements after the `skipped` newest ones, each with what was left after it."""
    newest_first = (MovementRow.moved_at.desc(), MovementRow.amount, MovementRow.id)  # of one moment, what came in before what went out
    newer = select(MovementRow.amount).where(MovementRow.lot_id == lot.id).order_by(*newest_first).limit(skipped)
    after = lot.balance - sum(look.session.scalars(newer))
    rows = look.session.execute(
        select(MovementRow.amount, MovementRow.reason, MovementRow.moved_at, BatchRow.id, BatchRow.number, PersonRow.name)
        .outerjoin(BatchRow, MovementRow.batch_id == BatchRow.id)
        .outerjoin(PersonRow, MovementRow.person_id == PersonRow.id)
        .where(MovementRow.lot_id == lot.id)
        .order_by(*newest_first)
        .offset(skipped)
        .limit(_MOVEMENTS)
    )
    found = []
    for amount, reason, at, batch_id, batch_number, person in rows:
        found.append(Movement(amount, after, reason, at, batch_id, str(batch_number or ""), person or ""))
        after -= amount
    return tuple(found)


def _products_of_lots() -> Select[UUID, str]:
    return select(LotRow.id, ProductRow.document).join(ProductRow, LotRow.product_id == ProductRow.id)


def _require_unit(act: Act, row: LotRow, *units: StockUnit) -> None:
    if act.session.scalars(select(ProductRow.unit).where(ProductRow.id == row.product_id)).one() not in units:
        raise Conflict("lot-kind", f"Lot {row.lot_number} is not measured in this way. Open the lot of the tablets or of the powder.")


def _lot_row(act: Act, lot_id: UUID) -> LotRow:
    row = act.session.get(LotRow, lot_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown("unknown-lot", "There is no such lot.")
    return row


def _person(act: Act) -> UUID | None:
    """The person who acts; a named part of the program is not in the table of people."""
    return None if act.actor.role is Role.SYSTEM else act.actor.id
