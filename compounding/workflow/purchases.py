"""Deliveries before they are taken in: what a scan means here, what the form needs; and an invoice with its lots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from compounding.db.document import decode
from compounding.db.inventory import LotRow, ProductRow
from compounding.db.products import products as known_products
from compounding.db.purchases import PurchaseRow, ReceiptRow, require_new
from compounding.db.values import lots, policy_in_force
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.gs1 import Scan, ndc_digits
from compounding.domain.inventory import Lot, Product
from compounding.domain.money import Money, total
from compounding.domain.purchase import Purchase
from compounding.domain.wording import said
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the form of a delivery chooses from: every product by name, the wholesalers that we know, and how long an assigned expiry may be."""

    products: tuple[Product, ...]
    wholesalers: tuple[str, ...]
    assigned_years: int


@dataclass(frozen=True, slots=True)
class Recognized:
    """A scanned pack as the pharmacy knows it; what the code does not say is empty."""

    product: Product
    lot_number: str
    expires_on: date | None
    serial: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice with its lots, and what they cost together."""

    purchase: Purchase
    lots: tuple[tuple[Lot, Product], ...]
    total: Money
    today: date


def delivery(look: Look) -> Delivery:
    """What a delivery may be of."""
    wholesalers = look.session.scalars(select(PurchaseRow.wholesaler).distinct().order_by(PurchaseRow.wholesaler))
    return Delivery(tuple(product for _, product in known_products(look.session)), tuple(wholesalers), policy_in_force(look.session).assigned_expiry_years)


def recognize(look: Look, scan: Scan) -> Recognized:
    """The product, lot and pack that a scan names; raises `Invalid` for what is unknown here or expired, and `Conflict` for what came before."""
    known = [(key, product) for key, product in known_products(look.session) if product.is_named_by(scan)]
    if len(known) != 1:
        raise Invalid("scan", _nobody(scan) if not known else "Two products here have this code. Choose the product by hand.")
    ((key, product),) = known
    expires_on = scan.expires_on(look.today)
    if expires_on and expires_on < look.today:
        raise Conflict("expired", f"This pack of {product.name} expired on {said(expires_on)}. It cannot be taken in: set it apart.")
    require_new(look.session, key, scan.lot_number, [scan.serial] if scan.serial else [])
    return Recognized(product, scan.lot_number, expires_on, scan.serial, scan.is_doubtful)


def purchase(look: Look, purchase_id: UUID) -> Invoice:
    """An invoice with its lots in the order of their numbers."""
    row = look.session.get(PurchaseRow, purchase_id)
    if row is None:
        raise Unknown("unknown-purchase", "There is no such invoice.")
    keys = look.session.scalars(select(ReceiptRow.lot_id).where(ReceiptRow.purchase_id == purchase_id)).all()
    by_lot = {lot_id: decode(Product, document) for lot_id, document in look.session.execute(_products_of(keys))}
    found = sorted(((lot, by_lot[lot.id]) for lot in lots(look.session, only=keys)), key=lambda pair: (pair[1].name, pair[0].lot_number))
    together = total([lot.invoice for lot, _ in found])
    return Invoice(Purchase(row.wholesaler, row.invoice_number, row.invoiced_on), tuple(found), together, look.today)


def _products_of(keys: Sequence[UUID]) -> Select[UUID, str]:
    return select(LotRow.id, ProductRow.document).join(ProductRow, LotRow.product_id == ProductRow.id).where(LotRow.id.in_(keys))


def _nobody(scan: Scan) -> str:
    """What to do with a code that no product has, in the words of the code."""
    digits = ndc_digits(scan.gtin)
    told = f"bar code number {scan.gtin}" + (f" (NDC {digits}, hyphens unknown)" if digits else "") if scan.gtin else f"NDC {scan.ndc}"
    return f"No product here has the {told}. Compare the pack with the order; if it is right, add the product first, then scan again."
