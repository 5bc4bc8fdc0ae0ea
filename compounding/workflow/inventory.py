"""Stock: lots received into quarantine, released by a pharmacist, measured, withdrawn; what is left and what expires soon."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from compounding.db.document import decode, encode
from compounding.db.holding import refuse_held_lot
from compounding.db.inventory import LotRow, MovementRow, PackStatisticRow, ProductRow, TabletWeighingRow
from compounding.db.products import least_levels
from compounding.db.products import products as known_products
from compounding.db.purchases import PurchaseRow, ReceiptRow, SerialRow, purchase_numbered, require_new
from compounding.db.readiness import ready_balance
from compounding.db.values import batch_row, lots, policy_in_force
from compounding.domain.batch import BatchStatus
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.inventory import Assay, Lot, LotStatus, PackStatistic, Product, StockUnit, TabletWeight, Weighing
from compounding.domain.levels import Holding, holdings
from compounding.domain.measurement import empty_shells, pack_statistic, tablet_weight
from compounding.domain.money import Money
from compounding.domain.people import Role
from compounding.domain.purchase import Origin, Purchase, expiry_of, require_origin
from compounding.domain.quantity import Mass
from compounding.domain.wording import said
from compounding.workflow.act import Act, Look


@dataclass(frozen=True, slots=True)
class Receipt:
    """A lot as it came: `quantity` in the product's stock unit, for `invoice` altogether; `expires_on` is None where nothing is printed."""

    product: str
    lot_number: str
    expires_on: date | None
    quantity: int
    invoice: Money
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Stock:
    """Every lot with its product, the earliest expiry first; what runs low, and from how many days before its expiry a lot is told as expiring."""

    lots: tuple[tuple[Lot, Product], ...]
    low: tuple[Holding, ...]
    expiring_days: int
    today: date


def receive(act: Act, receipt: Receipt) -> UUID:
    """Take a lot in; it stays quarantined until a pharmacist releases it. Loose or returned stock is refused, and a pack that came before."""
    origin = receipt.origin
    require_origin(origin, today=act.today)
    product = act.session.scalars(select(ProductRow).where(ProductRow.code == receipt.product)).first()
    if product is None:
        raise Invalid("product", "Choose a product from the list.", fields={"product": ("Choose a product from the list.",)})
    policy, is_source = policy_in_force(act.session), product.unit == StockUnit.TABLET
    expires_on = expiry_of(receipt.expires_on, no_expiry=origin.no_expiry, needs_one=is_source, received_on=act.today, policy=policy)
    require_new(act.session, product.id, receipt.lot_number, origin.serials)
    row = LotRow(
        product_id=product.id,
        lot_number=receipt.lot_number,
        expires_on=expires_on,
        received_on=act.today,
        status=LotStatus.QUARANTINED,
        invoice_micros=receipt.invoice.micros,
        invoice_quantity=receipt.quantity,
    )
    act.session.add(row)
    act.session.add(MovementRow(lot_id=row.id, amount=receipt.quantity, reason="received", person_id=_person(act), moved_at=act.at))
    _keep_origin(act, row, origin)
    return row.id


def _keep_origin(act: Act, row: LotRow, origin: Origin) -> None:
    purchase_id = _purchase(act, origin.purchase) if origin.purchase else None
    act.session.add(
        ReceiptRow(
            lot_id=row.id, purchase_id=purchase_id, source=origin.source, manufacturer_lot=origin.manufacturer_lot, no_expiry=origin.no_expiry
        )
    )  # fmt: skip
    act.session.add_all(SerialRow(product_id=row.product_id, lot_id=row.id, number=number) for number in origin.serials)


def _purchase(act: Act, purchase: Purchase) -> UUID:
    """The row of an invoice: the one that is there, or a new one; the same number with another day is a slip in one of the two."""
    known = purchase_numbered(act.session, purchase.wholesaler, purchase.invoice_number)
    if known is None:
        row = PurchaseRow(
            wholesaler=purchase.wholesaler, invoice_number=purchase.invoice_number, invoiced_on=purchase.invoiced_on, person_id=_person(act), recorded_at=act.at
        )  # fmt: skip
        act.session.add(row)
        return row.id
    if known.invoiced_on != purchase.invoiced_on:
        message = f"Invoice {known.invoice_number} of {known.wholesaler} is recorded with {said(known.invoiced_on)}. Compare the day and the number."
        raise Invalid("receipt", message, fields={"invoiced_on": (message,)})
    return known.id


def release(act: Act, lot_id: UUID) -> None:
    """Let a quarantined lot be used."""
    row = _lot_row(act, lot_id)
    if row.status != LotStatus.QUARANTINED:
        raise Conflict("lot-state", f"This lot is {row.status}; only a quarantined one can be released.")
    refuse_held_lot(act.session, row.id)
    if row.batch_id is not None and batch_row(act.session, row.batch_id, lock=True).status != BatchStatus.RELEASED:
        raise Conflict("batch-held", "The batch that became this lot is not released. Lift its quarantine first, or reject it.")
    if row.expires_on < act.today:
        raise Conflict("lot-expired", f"This lot expired on {said(row.expires_on)} and cannot be released. Have it destroyed.")
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
    _, device = ready_balance(act.session, balance, today=act.today, field="balance")
    on = Weighing(device.name, act.today, act.actor.name)
    found = tablet_weight(weights, on=on, assay=assay, policy=policy_in_force(act.session))
    keep_tablet_weight(act, row.id, found)


def measure_pack(
    act: Act, lot_id: UUID, *, size: str, gross: Sequence[Mass], tare: Mass | None, empties: Sequence[Mass] = (), shell_lot: str, balance: str
) -> None:
    """Record how a powder lot packs shells of a size: filled ones one by one, as many empty ones of the lot numbered `shell_lot`.

    The empty ones are weighed one by one (`empties`), or together (`tare`) where the balance does not weigh a single one.
    """
    row = _lot_row(act, lot_id)
    _require_unit(act, row, StockUnit.TABLET, StockUnit.NANOGRAM)
    if not any(lot.lot_number == shell_lot and lot.product == f"shell-{size}" for lot in lots(act.session)):
        message = f"There is no lot {shell_lot} of size {size} shells. Scan the lot of the shells that were filled."
        raise Invalid("shell-lot", message, fields={"shell_lot": (message,)})
    _, device = ready_balance(act.session, balance, today=act.today, field="balance")
    on = Weighing(device.name, act.today, act.actor.name)
    policy = policy_in_force(act.session)
    together = empty_shells(empties, size=size, filled=len(gross), balance=device, policy=policy) if tare is None else tare
    found = pack_statistic(size, gross, together, shell_lot=shell_lot, on=on, policy=policy)
    keep_pack_statistic(act, row.id, replace(found, empties=tuple(empties)))


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
    found = lots(look.session)
    held = holdings([product for _, product in known_products(look.session)], found, least_levels(look.session), look.today)
    low = tuple(holding for holding in held if holding.is_low)
    return Stock(tuple((lot, by_lot[lot.id]) for lot in found), low, policy_in_force(look.session).expiring_days, look.today)


def products(look: Look) -> tuple[Product, ...]:
    """Everything that can be received, by name."""
    return tuple(product for _, product in known_products(look.session) if not product.made_here)


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
