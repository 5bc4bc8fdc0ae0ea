"""Made for stock: choose a formula, see the preparation and its date, draw it up. The choice stands in the address, so that it can be linked."""

from typing import cast

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.stocking import StockRequest, size_text
from compounding.schemas.bench import FOR_STOCK
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.batches import exact_amount, shown_amount
from compounding.web.page import actor, errors_of, pharmacy, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import stocking
from compounding.workflow.stocking import StockDraft

blueprint = Blueprint("for-stock", __name__)


@blueprint.get("/batches/for-stock")
def page() -> str:
    """The form, and below it the batch that it would give today."""
    if not request.args:
        return _page(request.args, None, {})
    found, errors = _looked_at(request.args)
    return _page(request.args, found, errors)


@blueprint.post("/batches/for-stock")
def draw_up() -> Answer:
    """Draw up the worksheet of what was looked at."""
    return attempt(_drawn_up, lambda errors: _page(request.form, None, errors))


def _drawn_up() -> str:
    wanted = _request(request.form)
    return f"/batches/{pharmacy().perform(ActName.BATCH_PLAN, actor(), lambda act: stocking.draw_up(act, wanted))}"


def _looked_at(values: MultiDict[str, str]) -> tuple[StockDraft | None, Errors]:
    """The batch, or what keeps it from being made."""
    try:
        wanted = _request(values)
        return pharmacy().look(LookName.BATCHES, actor(), lambda look: stocking.draft(look, wanted)), {}
    except Invalid as error:
        return None, errors_of(error)
    except (Unsafe, Conflict) as error:
        return None, {"": (error.sentence,)}


def _request(values: MultiDict[str, str]) -> StockRequest:
    return cast("StockRequest", read(FOR_STOCK, from_form(unflatten(values))))


def _page(values: MultiDict[str, str], found: StockDraft | None, errors: Errors) -> str:
    choosable = pharmacy().look(LookName.BATCHES, actor(), stocking.choosable)
    formulas = [(formula.code, f"{formula.code}: {formula.name}") for formula in choosable.formulas]
    boxes = [(container.product, container.name) for container in choosable.containers]
    saying = {"shown_amount": shown_amount, "exact_amount": exact_amount, "size_text": size_text}
    return render("for_stock.html", values=values, errors=errors, found=found, formulas=formulas, boxes=boxes, **saying)
