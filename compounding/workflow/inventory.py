"""Stock: lots received into quarantine, released by a pharmacist, measured, withdrawn; what is left and what expires soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import Select, func, select

from compounding.db.batches import BatchRow
from compounding.db.document import decode, encode
from compounding.db.inventory import LotRow, MovementRow, PackStatisticRow, ProductRow, TabletWeighingRow
from compounding.db.people import PersonRow
from compounding.db.values import balances, lots, policy_in_force
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.inventory import Assay, Lot, LotStatus, PackStatistic, Product, StockUnit, TabletWeight, Weighing
from compounding.domain.measurement import pack_statistic, tablet_weight
from compounding.domain.money import Money
from compounding.domain.people import Role
from compounding.domain.quantity import Mass
from compounding.domain.weighing import Balance
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
    """One lot and a page of its movements, the newest first; pages count from 1.

    `balances` are what it may be weighed on, `single_weight` is how far a single weight may lie from the mean, as a ratio.
    """

    lot: Lot
    product: Product
    received_on: date
    movements: tuple[Movement, ...]
    page: int
    pages: int
    today: date
    balances: tuple[Balance, ...]
    single_weight: Fraction


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


def weigh_tablets(act: Act, lot_id: UUID, *, weights: Sequence[Mass], balance: str, assay: Assay | None = None) -> None:
    """Record what single tablets of a lot weigh on the balance of that code, and its assay where one is known; the newest weighing counts."""
    row = _lot_row(act, lot_id)
    _require_unit(act, row, StockUnit.TABLET)
    on = Weighing(_balance(act, balance), act.today, act.actor.name)
    found = tablet_weight(weights, on=on, assay=assay, policy=policy_in_force(act.session))
    keep_tablet_weight(act, row.id, found)


def measure_pack(act: Act, lot_id: UUID, *, size: str, gross: Sequence[Mass], tare: Mass, shell_lot: str, balance: str) -> None:
    """Record how a powder lot packs shells of a size: filled ones one by one, as many empty ones of the lot numbered `shell_lot` together."""
    row = _lot_row(act, lot_id)
    _require_unit(act, row, StockUnit.TABLET, StockUnit.NANOGRAM)
    if not any(lot.lot_number == shell_lot and lot.product == f"shell-{size}" for lot in lots(act.session)):
        message = f"There is no lot {shell_lot} of size {size} shells. Scan the lot of the shells that were filled."
        raise Invalid("shell-lot", message, fields={"shell_lot": (message,)})
    on = Weighing(_balance(act, balance), act.today, act.actor.name)
    found = pack_statistic(size, gross, tare, shell_lot=shell_lot, on=on, policy=policy_in_force(act.session))
    keep_pack_statistic(act, row.id, found)


def keep_tablet_weight(act: Act, lot_id: UUID, found: TabletWeight) -> None:
    """Write a weighing of tablets down."""
    total = found.together.nanograms
    act.session.add(TabletWeighingRow(lot_id=lot_id, tablets=found.tablets, total_ng=total, document=encode(found), person_id=_person(act), weighed_at=act.at))


def keep_pack_statistic(act: Act, lot_id: UUID, found: PackStatistic) -> None:
    """Write a pack statistic down."""
    act.session.add(
        PackStatisticRow(
            lot_id=lot_id, capsule_size=found.size, shells=found.shells, total_ng=found.together.nanograms,
            document=encode(found), person_id=_person(act), measured_at=act.at,
        )
    )  # fmt: skip


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
    single = policy_in_force(look.session).single_weight if lot.tablet_weight or lot.packs else Fraction(0)
    movements = _movements(look, lot, skipped=(page - 1) * _MOVEMENTS)
    return Ledger(lot, product, row.received_on, movements, page, pages, look.today, balances(look.session), single)


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


def _balance(act: Act, code: str) -> str:
    """The name of the balance with this code, as records keep it."""
    found = next((balance.name for balance in balances(act.session) if balance.code == code), None)
    if found is None:
        raise Invalid("balance", "Choose the balance from the list.", fields={"balance": ("Choose the balance from the list.",)})
    return found


def _lot_row(act: Act, lot_id: UUID) -> LotRow:
    row = act.session.get(LotRow, lot_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown("unknown-lot", "There is no such lot.")
    return row


def _person(act: Act) -> UUID | None:
    """The person who acts; a named part of the program is not in the table of people."""
    return None if act.actor.role is Role.SYSTEM else act.actor.id
