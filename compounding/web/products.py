"""Products: what can be bought, with what is at hand; a new one; what else is in it; how much there should be at least."""

from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.errors import Invalid
from compounding.domain.inventory import Product, StockUnit
from compounding.schemas.forms import from_form
from compounding.schemas.products import DESCRIPTION, LEVEL, PRODUCT
from compounding.schemas.refusals import read
from compounding.web import amounts
from compounding.web.beside import beside_lines
from compounding.web.page import actor, pharmacy, render, reshow, unflatten
from compounding.workflow import products as work

blueprint = Blueprint("stock_products", __name__, url_prefix="/stock/products")

_UNITS = (("tablet", "tablets"), ("g", "g"), ("ml", "mL"), ("piece", "pieces"))
_NAMES = {
    "code": "Code", "stands_for": "Stands for", "name": "Name", "labeler": "Labeler", "ndc": "NDC", "gtin": "Bar code number", "unit": "Counted in",
    "excipients": "Other substances in it", "container_volume": "Volume", "container_capsules": "Capsules", "unusable_volume": "Stays behind",
    "description.excipients": "Other substances in it", "description.source": "Where it is said", "level.least": "Least level",
}  # fmt: skip
_Answer = Response | tuple[str, int]


@blueprint.get("")
def index() -> str:
    """Everything that can be bought."""
    found = pharmacy().look(LookName.STOCK, actor(), work.catalogue)
    return render("products.html", catalogue=found, amounts=amounts, may_add=actor().role in ACTS[ActName.PRODUCT_ADD])


@blueprint.get("/new")
def form() -> str:
    """The form of a new product."""
    return render("product_new.html", **_adding())


@blueprint.post("/new")
def add() -> _Answer:
    """Make a product known."""
    try:
        told = cast("Product", _told(PRODUCT))
        product_id = pharmacy().perform(ActName.PRODUCT_ADD, actor(), lambda act: work.add(act, told))
    except Invalid as error:
        return reshow("product_new.html", error, **_adding())
    flash(f"{told.name} of {told.labeler} is known now. Lots of it can be received.")
    return redirect(f"/stock/products/{product_id}", code=303)


@blueprint.get("/<uuid:product_id>")
def product(product_id: UUID) -> str:
    """One product with what is at hand, what else is in it, and its lots."""
    return render("product.html", **_product(product_id))


@blueprint.post("/<uuid:product_id>/excipients")
def describe(product_id: UUID) -> _Answer:
    """Record what else is in it."""
    try:
        told = cast("dict[str, Any]", _told(DESCRIPTION))["description"]
        pharmacy().perform(ActName.PRODUCT_DESCRIBE, actor(), lambda act: work.describe(act, product_id, told["excipients"], told["source"]))
    except Invalid as error:
        return reshow("product.html", _beside(error, "description"), **_product(product_id))
    flash("From now on this holds for every lot of it. What batches recorded stays.")
    return redirect(f"/stock/products/{product_id}", code=303)


@blueprint.post("/<uuid:product_id>/level")
def level(product_id: UUID) -> _Answer:
    """Set how much there should be at least."""
    try:
        told = cast("dict[str, Any]", _told(LEVEL))["level"]
        least = _in_stock_units(told["least"], _product(product_id)["view"].product.unit)
        pharmacy().perform(ActName.PRODUCT_SET_LEVEL, actor(), lambda act: work.set_level(act, product_id, least))
    except Invalid as error:
        return reshow("product.html", error, **_product(product_id))
    flash("The least level is set.")
    return redirect(f"/stock/products/{product_id}", code=303)


def _told(schema: Schema) -> object:
    return read(schema, from_form(unflatten(request.form)))


def _in_stock_units(quantity: Fraction, unit: StockUnit) -> int:
    found = amounts.in_stock_units(quantity, unit)
    if found is None:
        message = f"Enter whole {amounts.unit_word(unit)}."
        raise Invalid("level", message, fields={"level.least": (message,)})
    return found


def _beside(error: Invalid, form: str) -> Invalid:
    """`error` as the page shows it: a field that a use case names stands in the act's own form."""
    fields = {path if path.startswith(f"{form}.") else f"{form}.{path}": messages for path, messages in error.fields.items()}
    return Invalid(error.code, error.sentence, fields=fields)


def _adding() -> dict[str, Any]:
    known = pharmacy().look(LookName.STOCK, actor(), work.catalogue)
    return {"units": _UNITS, "names": _NAMES, "known": sorted(known.holdings)}


def _product(product_id: UUID) -> dict[str, Any]:
    found = pharmacy().look(LookName.STOCK, actor(), lambda look: work.product(look, product_id))
    may = {name: actor().role in ACTS[act] for name, act in (("describe", ActName.PRODUCT_DESCRIBE), ("level", ActName.PRODUCT_SET_LEVEL))}
    return {"view": found, "bought": beside_lines(found.bought), "amounts": amounts, "names": _NAMES, "may": may, "zone": pharmacy().zone}
