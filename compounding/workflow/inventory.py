"""Stock: lots received into quarantine, released by a pharmacist, measured, withdrawn; what is left and what expires soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from compounding.db.document import decode, encode
from compounding.db.inventory import LotRow, MovementRow, PackStatisticRow, ProductRow, TabletWeighingRow
from compounding.db.values import lots
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.inventory import FEWEST_WEIGHED, Lot, LotStatus, Product
from compounding.domain.money import Money
from compounding.domain.people import Role
from compounding.domain.quantity import Mass
from compounding.workflow.act import Act, Look

_SOON = timedelta(days=90)


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
    """One entry of a lot's ledger."""

    amount: int
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class Stock:
    """Every lot, and those that expire within 90 days."""

    lots: tuple[Lot, ...]
    expiring: tuple[Lot, ...]
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
    row = _lot_row(act, lot_id)
    act.session.add(
        TabletWeighingRow(
            lot_id=row.id, tablets=tablets, total_ng=together.nanograms, document=encode(together), person_id=_person(act), weighed_at=act.at
        )
    )


def measure_pack(act: Act, lot_id: UUID, *, size: str, shells: int, together: Mass) -> None:
    """Record how much of a powder lot packs `shells` shells of a size, net of the shells."""
    row = _lot_row(act, lot_id)
    act.session.add(
        PackStatisticRow(lot_id=row.id, capsule_size=size, shells=shells, total_ng=together.nanograms, person_id=_person(act), measured_at=act.at)
    )


def stock(look: Look) -> Stock:
    """Every lot as it stands today."""
    found = lots(look.session)
    expiring = tuple(lot for lot in found if lot.balance and lot.expires_on <= look.today + _SOON)
    return Stock(found, expiring, look.today)


def products(look: Look) -> tuple[Product, ...]:
    """Everything that can be received, by name."""
    rows = look.session.scalars(select(ProductRow).order_by(ProductRow.name, ProductRow.code))
    return tuple(decode(Product, row.document) for row in rows)


def ledger(look: Look, lot_id: UUID) -> tuple[Lot, Sequence[Movement]]:
    """One lot and its movements, the oldest first."""
    found = lots(look.session, only=[lot_id])
    if not found:
        raise Unknown("unknown-lot", "There is no such lot.")
    rows = look.session.scalars(select(MovementRow).where(MovementRow.lot_id == lot_id).order_by(MovementRow.moved_at))
    return found[0], tuple(Movement(row.amount, row.reason, row.moved_at.date()) for row in rows)


def _lot_row(act: Act, lot_id: UUID) -> LotRow:
    row = act.session.get(LotRow, lot_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown("unknown-lot", "There is no such lot.")
    return row


def _person(act: Act) -> UUID | None:
    """The person who acts; a named part of the program is not in the table of people."""
    return None if act.actor.role is Role.SYSTEM else act.actor.id
