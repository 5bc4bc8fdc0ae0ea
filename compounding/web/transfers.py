"""The transfer of an order to another pharmacy, or from one."""

from typing import cast
from uuid import UUID

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.transfer import Direction, Transfer
from compounding.schemas.counter import TRANSFER
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import transfers

blueprint = Blueprint("transfers", __name__, url_prefix="/prescriptions/<uuid:order_id>")

DIRECTIONS = ((Direction.OUT.value, "it moves to another pharmacy"), (Direction.IN.value, "it came from another pharmacy"))


@blueprint.get("/transfer")
def page(order_id: UUID) -> str:
    """What is on record, and the form of a move."""
    return _page(order_id, {})


@blueprint.post("/transfer")
def move(order_id: UUID) -> Answer:
    """Record a move."""
    return attempt(lambda: _moved(order_id), lambda errors: _page(order_id, errors))


def _page(order_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.PRESCRIPTIONS, actor(), lambda look: transfers.transfers(look, order_id))
    may = actor().role in ACTS[ActName.PRESCRIPTION_TRANSFER]
    return render("transfer.html", values=request.form, errors=errors, it=found, may=may, directions=DIRECTIONS)


def _moved(order_id: UUID) -> str:
    told = cast("Transfer", read(TRANSFER, from_form(unflatten(request.form))))
    pharmacy().perform(ActName.PRESCRIPTION_TRANSFER, actor(), lambda act: transfers.move(act, order_id, told))
    flash("The transfer is recorded." if told.direction is Direction.IN else "The transfer is recorded. This order gives no further container here.")
    return f"/prescriptions/{order_id}/transfer"
