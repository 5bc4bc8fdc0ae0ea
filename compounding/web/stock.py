"""Stock: the lots on the shelf, one lot with its ledger, and what is done to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.errors import Invalid
from compounding.domain.purchase import Source
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.schemas.stock import PACK, RELEASE, WEIGHING, WITHDRAWAL, Packed, Weighed
from compounding.web import amounts
from compounding.web.beside import beside_line
from compounding.web.page import actor, page_number, pharmacy, render, reshow, unflatten
from compounding.web.shelf import shelves
from compounding.web.spread import measured
from compounding.workflow import inventory, lot_pages, papers, stock_counts

blueprint = Blueprint("stock", __name__, url_prefix="/stock")

SIZES = tuple((size, size) for size in ("000", "00", "0", "1", "2", "3", "4", "5"))
_NAMES = {
    "weighing.weights": "Weights", "weighing.balance": "Balance", "weighing.assay.percent": "Assay", "weighing.assay.source": "Certificate",
    "pack.size": "Shell size", "pack.shell_lot": "Lot of the shells", "pack.gross": "Filled shells", "pack.tare": "Empty shells together",
    "pack.empties": "Empty shells", "pack.balance": "Balance",
    "release.compared": "Release", "withdrawal.sure": "Withdrawal",
}  # fmt: skip
_CAME_IN = {Source.MANUFACTURER: "the manufacturer's sealed container", Source.REPACKAGER: "a wholesaler's or repackager's sealed container"}
_Answer = Response | tuple[str, int]


@blueprint.get("")
def lots() -> str:
    """Every lot, the earliest expiry first."""
    found = pharmacy().look(LookName.STOCK, actor(), inventory.stock)
    soon = found.today + timedelta(days=found.expiring_days)
    return render("stock.html", shelves=shelves(found), low=found.low, today=found.today, soon=soon, amounts=amounts)


@blueprint.get("/<uuid:lot_id>")
def lot(lot_id: UUID) -> str:
    """One lot with its ledger."""
    return render("lot.html", **_lot(lot_id))


@blueprint.post("/<uuid:lot_id>/release")
def release(lot_id: UUID) -> _Answer:
    """Let the lot be used."""

    def change() -> None:
        pharmacy().perform(ActName.LOT_RELEASE, actor(), lambda act: inventory.release(act, lot_id))

    return _done(lot_id, RELEASE, lambda _: change(), "The lot is released.")


@blueprint.post("/<uuid:lot_id>/withdrawal")
def withdraw(lot_id: UUID) -> _Answer:
    """Take the lot out of use."""

    def change() -> None:
        pharmacy().perform(ActName.LOT_WITHDRAW, actor(), lambda act: inventory.withdraw(act, lot_id))

    return _done(lot_id, WITHDRAWAL, lambda _: change(), "The lot is withdrawn. Nothing more is taken from it.")


@blueprint.post("/<uuid:lot_id>/weighing")
def weigh(lot_id: UUID) -> _Answer:
    """Record what tablets of the lot weigh, one by one."""

    def change(told: dict[str, Any]) -> None:
        said: Weighed = told["weighing"]
        pharmacy().perform(
            ActName.LOT_WEIGH_TABLETS,
            actor(),
            lambda act: inventory.weigh_tablets(act, lot_id, weights=said.weights, balance=said.balance, assay=said.assay),
        )

    return _done(lot_id, WEIGHING, change, "The weights of the tablets are recorded.")


@blueprint.post("/<uuid:lot_id>/pack")
def pack(lot_id: UUID) -> _Answer:
    """Record how much powder of the lot packs the shells of a size."""

    def change(told: dict[str, Any]) -> None:
        said: Packed = told["pack"]
        pharmacy().perform(
            ActName.LOT_WEIGH_TABLETS,
            actor(),
            lambda act: inventory.measure_pack(
                act, lot_id, size=said.size, gross=said.gross, tare=said.tare, empties=said.empties, shell_lot=said.shell_lot, balance=said.balance
            ),
        )

    return _done(lot_id, PACK, change, "The pack statistic is recorded.")


def _done(lot_id: UUID, schema: Schema, change: Callable[[dict[str, Any]], None], words: str) -> _Answer:
    """Do `change` with what the form says and go back to the lot, or show the lot again with what is wrong beside the field."""
    try:
        change(cast("dict[str, Any]", _told(schema)))
    except Invalid as error:
        return reshow("lot.html", _beside(error, next(iter(schema.fields))), **_lot(lot_id))
    flash(words)
    return redirect(f"/stock/{lot_id}", code=303)


def _told(schema: Schema) -> object:
    return read(schema, from_form(unflatten(request.form)))


def _beside(error: Invalid, form: str) -> Invalid:
    """`error` as the page shows it: a field that a use case names stands in the act's own form."""
    fields = {path if path.startswith(f"{form}.") else f"{form}.{path}": messages for path, messages in error.fields.items()}
    return Invalid(error.code, error.sentence, fields=fields)


def _lot(lot_id: UUID) -> dict[str, object]:
    found = pharmacy().look(LookName.STOCK, actor(), lambda look: lot_pages.ledger(look, lot_id, page=page_number()))
    may_release = actor().role in ACTS[ActName.LOT_RELEASE]
    counts = pharmacy().look(LookName.STOCK, actor(), lambda look: stock_counts.counts(look, lot_id))
    filed = pharmacy().look(LookName.PAPERS, actor(), lambda look: papers.papers_of(look, papers.lot_of(look, lot_id)))
    balances = [(balance.code, balance.name) for balance in found.balances]
    return {
        "ledger": found, "measured": measured(found.lot, found.single_weight), "balances": balances, "amounts": amounts, "names": _NAMES,
        "zone": pharmacy().zone, "may_release": may_release, "sizes": SIZES, "sources": _CAME_IN, "counts": counts,
        "filed": filed, "beside": beside_line(found.beside) if found.beside else None,
    }  # fmt: skip
