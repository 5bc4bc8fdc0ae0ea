"""Deliveries: the form that a scan fills, a lot that is taken in, and an invoice with its lots."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.inventory import Product, StockUnit
from compounding.domain.purchase import Purchase
from compounding.schemas.forms import from_form
from compounding.schemas.receiving import RECEIPT, SCAN, Delivered
from compounding.schemas.refusals import read
from compounding.web import amounts
from compounding.web.page import actor, pharmacy, render, reshow, unflatten
from compounding.workflow import inventory, purchases
from compounding.workflow.inventory import Receipt
from compounding.workflow.purchases import Recognized

blueprint = Blueprint("stock_receiving", __name__, url_prefix="/stock")

SOURCES = (
    ("manufacturer", "The manufacturer's sealed container, with lot and expiry"),
    ("repackager", "A wholesaler's or repackager's sealed container, with lot and expiry"),
    ("loose", "Loose, or a container that was opened"),
    ("returned", "Brought back by a patient"),
)
_NAMES = {
    "scan": "Scan", "product": "Product", "lot_number": "Lot number", "manufacturer_lot": "Manufacturer's lot", "expires_on": "Expiry",
    "no_expiry": "No expiry", "quantity": "Quantity", "invoice": "Price", "serials": "Serial numbers", "source": "What it came in",
    "wholesaler": "Wholesaler", "invoice_number": "Invoice number", "invoiced_on": "Day of the invoice",
}  # fmt: skip
_FIELD_OF = {"lot-known": "lot_number", "serial-known": "serials"}  # what came before stands beside what says so
_Answer = Response | tuple[str, int]


@blueprint.get("/receive")
def form() -> str:
    """The form of a delivery, empty or begun with an invoice that is there (`?purchase=`)."""
    return render("lot_receive.html", values=_begun(request.args.get("purchase", "")), **_receiving())


@blueprint.post("/receive/scan")
def scan() -> str | _Answer:
    """The form with what a scan of a pack says filled in, beside what was typed; nothing is taken in."""
    if not request.form.get("scan", "").strip():
        return render("lot_receive.html", values=request.form, **_receiving())
    try:
        told = cast("dict[str, Any]", read(SCAN, {"scan": request.form["scan"]}))["scan"]
        found = pharmacy().look(LookName.STOCK, actor(), lambda look: purchases.recognize(look, told))
        values = filled(request.form, found)
    except (Invalid, Conflict) as error:
        return reshow("lot_receive.html", _refused("scan", error), **_receiving())
    return render("lot_receive.html", values=values, found=found, **_receiving())


@blueprint.post("/receive")
def receive() -> _Answer:
    """Take a lot in."""
    try:
        taken_in = _receipt(cast("Delivered", read(RECEIPT, from_form(unflatten(request.form)))))
        lot_id = pharmacy().perform(ActName.LOT_RECEIVE, actor(), lambda act: inventory.receive(act, taken_in))
    except Invalid as error:
        return reshow("lot_receive.html", error, **_receiving())
    except Conflict as known:
        return reshow("lot_receive.html", _refused(_FIELD_OF.get(known.code, ""), known), **_receiving())
    flash(f"Lot {taken_in.lot_number} is taken in. It stays quarantined until a pharmacist releases it.")
    return redirect(f"/stock/{lot_id}", code=303)


@blueprint.get("/purchases/<uuid:purchase_id>")
def purchase(purchase_id: UUID) -> str:
    """One invoice with its lots and their sum."""
    found = pharmacy().look(LookName.STOCK, actor(), lambda look: purchases.purchase(look, purchase_id))
    return render("purchase.html", invoice=found, purchase_id=purchase_id, amounts=amounts)


def filled(form: MultiDict[str, str], found: Recognized) -> MultiDict[str, str]:
    """What was typed with what was scanned beside it; raises `Conflict` where the pack is not of the lot that the form is about."""
    values = MultiDict(form)
    _agree(values, "product", found.product.code, f"This pack is {found.product.name} of {found.product.labeler}")
    if found.lot_number:
        _agree(values, "lot_number", found.lot_number, f"This pack is of lot {found.lot_number}")
    if found.expires_on:
        day = found.expires_on
        for part, number in (("day", day.day), ("month", day.month), ("year", day.year)):
            _agree(values, f"expires_on.{part}", str(number), f"This pack expires on {day.isoformat()}")
    if found.serial:
        values["serials[]"] = _with_serial(values.get("serials[]", ""), found.serial)
    values["scan"] = ""
    return values


def _agree(values: MultiDict[str, str], name: str, scanned: str, words: str) -> None:
    typed = values.get(name, "").strip()
    if typed and typed != scanned:
        raise Conflict("another-pack", f"{words}, and the form below says otherwise. One form takes in one lot: take that one in first, or correct it.")
    values[name] = scanned


def _with_serial(lines: str, serial: str) -> str:
    known = lines.split()
    if serial in known:
        raise Conflict("another-pack", f"The pack with serial number {serial} was scanned for this lot already. Scan the next one.")
    return "\n".join([*known, serial])


def _refused(field: str, error: Invalid | Conflict) -> Invalid:
    """`error` as the page shows it, beside `field`."""
    if isinstance(error, Invalid) and error.fields:
        return error
    return Invalid(error.code, error.sentence, fields={field: (error.sentence,)} if field else {})


def _receipt(told: Delivered) -> Receipt:
    """What was delivered, in the unit that the product's stock is kept in."""
    products = {product.code: product for product in pharmacy().look(LookName.STOCK, actor(), inventory.products)}
    product = products.get(told.product)
    unit = product.unit if product else StockUnit.PIECE
    quantity = amounts.in_stock_units(told.quantity, unit)
    if product is None or quantity is None:
        path, message = ("quantity", f"Enter whole {amounts.unit_word(unit)}.") if product else ("product", "Choose a product from the list.")
        raise Invalid("receipt", message, fields={path: (message,)})
    return Receipt(told.product, told.lot_number, told.expires_on, quantity, told.invoice, told.origin)


def _receiving() -> dict[str, object]:
    found = pharmacy().look(LookName.STOCK, actor(), purchases.delivery)
    options = [(item.code, _told(item)) for item in found.products]
    return {"products": options, "names": _NAMES, "sources": SOURCES, "wholesalers": found.wholesalers, "years": found.assigned_years}


def _told(product: Product) -> str:
    """A product as the list of the form has it."""
    ndc = f", NDC {product.ndc}" if product.ndc else ""
    return f"{product.name}, {product.labeler}{ndc} (in {amounts.unit_word(product.unit)})"


def _begun(purchase_id: str) -> MultiDict[str, str]:
    """The fields of an invoice of which more lots are to be taken in; nothing where no invoice is named."""
    if not purchase_id:
        return MultiDict()
    try:
        key = UUID(purchase_id)
    except ValueError:
        return MultiDict()
    found = pharmacy().look(LookName.STOCK, actor(), lambda look: purchases.purchase(look, key)).purchase
    return _fields(found)


def _fields(found: Purchase) -> MultiDict[str, str]:
    day = found.invoiced_on
    parts = {"invoiced_on.day": day.day, "invoiced_on.month": day.month, "invoiced_on.year": day.year}
    return MultiDict({"wholesaler": found.wholesaler, "invoice_number": found.invoice_number, **{name: str(number) for name, number in parts.items()}})
