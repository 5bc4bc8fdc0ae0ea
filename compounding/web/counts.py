"""A lot counted without its book, the difference once the count is in, the signed adjustment, and destruction before a witness."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid, Unknown
from compounding.domain.inventory import StockUnit
from compounding.domain.people import PHARMACISTS
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.schemas.stock_counts import ADJUSTMENT, COUNT, DESTRUCTION
from compounding.web import amounts
from compounding.web.page import actor, pharmacy, render, reshow, unflatten
from compounding.web.signing import sign, witness
from compounding.workflow import stock_counts as work

blueprint = Blueprint("stock_counts", __name__, url_prefix="/stock")

_CAUSES = (
    ("expired", "It has expired"),
    ("withdrawn", "It was withdrawn"),
    ("recalled", "It was recalled"),
    ("returned", "It was returned"),
    ("damaged", "It is damaged"),
)
_NAMES = {
    "counted": "Counted", "adjustment.reason": "Reason", "signature.secret": "Signature", "amount": "Amount", "cause": "Why", "reason": "How",
    "witness.username": "Witness's user name", "witness.secret": "Witness's password",
}  # fmt: skip
_Answer = Response | tuple[str, int]


@blueprint.get("/<uuid:lot_id>/count")
def form(lot_id: UUID) -> str:
    """The form of a count, which does not show what the book says."""
    return render("lot_count.html", **_lot(lot_id))


@blueprint.post("/<uuid:lot_id>/count")
def count(lot_id: UUID) -> _Answer:
    """Record what was counted, and show it beside the book."""
    shown = _lot(lot_id)
    try:
        counted = _amount(COUNT, "counted", shown["lot"].unit)["counted"]
        count_id = pharmacy().perform(ActName.LOT_COUNT, actor(), lambda act: work.count(act, lot_id, counted))
    except Invalid as error:
        return reshow("lot_count.html", error, **shown)
    return redirect(f"/stock/{lot_id}/counts/{count_id}", code=303)


@blueprint.get("/<uuid:lot_id>/counts/<uuid:count_id>")
def counted(lot_id: UUID, count_id: UUID) -> str:
    """One count beside the book, and what may follow."""
    return render("lot_counted.html", **_counted(lot_id, count_id))


@blueprint.post("/<uuid:lot_id>/counts/<uuid:count_id>/adjustment")
def adjust(lot_id: UUID, count_id: UUID) -> _Answer:
    """Let the book follow the count, signed."""
    shown = _counted(lot_id, count_id)
    try:
        reason = cast("dict[str, Any]", read(ADJUSTMENT, _typed()))["adjustment"]["reason"]
        signer = sign()
        pharmacy().perform(ActName.LOT_ADJUST, signer, lambda act: work.adjust(act, lot_id, count_id, reason))
    except Invalid as error:
        return reshow("lot_counted.html", error, **shown)
    flash("The book follows the count.")
    return redirect(f"/stock/{lot_id}", code=303)


@blueprint.get("/<uuid:lot_id>/destruction")
def destruction(lot_id: UUID) -> str:
    """The form of a destruction."""
    return render("lot_destroy.html", **_lot(lot_id))


@blueprint.post("/<uuid:lot_id>/destruction")
def destroy(lot_id: UUID) -> _Answer:
    """Take off the book what two people saw destroyed."""
    shown = _lot(lot_id)
    try:
        told = _amount(DESTRUCTION, "amount", shown["lot"].unit)
        destroyed = work.Destroyed(told["amount"], told["cause"], told["reason"])
        seen_by, signer = witness(), sign()
        pharmacy().perform(ActName.LOT_DESTROY, signer, lambda act: work.destroy(act, lot_id, destroyed, seen_by))
    except Invalid as error:
        return reshow("lot_destroy.html", error, **shown)
    flash("It is off the book. Two people have signed.")
    return redirect(f"/stock/{lot_id}", code=303)


def _typed() -> dict[str, object]:
    return from_form(unflatten(request.form))


def _amount(schema: Schema, field: str, unit: StockUnit) -> dict[str, Any]:
    """What the form tells, its amount in the unit of the stock."""
    told = cast("dict[str, Any]", read(schema, _typed()))
    amount = amounts.in_stock_units(told[field], unit)
    if amount is None:
        message = f"Enter whole {amounts.unit_word(unit)}."
        raise Invalid("amount", message, fields={field: (message,)})
    return {**told, field: amount}


def _lot(lot_id: UUID) -> dict[str, Any]:
    lot, product = pharmacy().look(LookName.STOCK, actor(), lambda look: work.shelf_lot(look, lot_id))
    return {"lot": lot, "product": product, "amounts": amounts, "names": _NAMES, "causes": _CAUSES}


def _counted(lot_id: UUID, count_id: UUID) -> dict[str, Any]:
    found = pharmacy().look(LookName.STOCK, actor(), lambda look: work.counts(look, lot_id))
    one = next((item for item in found if item.id == count_id), None)
    if one is None:
        raise Unknown("unknown-count", "There is no such count of this lot.")
    may_adjust = not one.needs_pharmacist or actor().role in PHARMACISTS
    return {**_lot(lot_id), "counted": one, "may_adjust": may_adjust, "zone": pharmacy().zone}
