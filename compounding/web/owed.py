"""Less than was planned is given: what of a container, what is owed then, and the list of all that is owed."""

from typing import cast
from uuid import UUID

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.owed import AskedBy, Cut, Rest
from compounding.domain.quantity import decimal_text
from compounding.schemas.counter import CUT, REASON
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import fill_pages, owed, owed_lists

blueprint = Blueprint("owed", __name__)

ASKED = ((AskedBy.PATIENT.value, "the patient wants less now"), (AskedBy.STOCK.value, "there is not enough"))
RESTS = ((Rest.HERE.value, "it is counted into a container of its own, and kept here"), (Rest.TO_BE_MADE.value, "it is still to be made"))


@blueprint.get("/owed")
def index() -> str:
    """All that is owed, what must be given soonest first."""
    found, count = pharmacy().look(LookName.DAY, actor(), lambda look: (owed_lists.open_ones(look), owed_lists.count_open(look)))
    return render("owed.html", found=found, count=count, decimal=decimal_text)


@blueprint.get("/fills/<uuid:fill_id>/part")
def page(fill_id: UUID) -> str:
    """What of this container is owed, and the forms to give less and to cancel what is owed."""
    return _page(fill_id, {})


@blueprint.post("/fills/<uuid:fill_id>/part")
def give_part(fill_id: UUID) -> Answer:
    """Give less than was planned, signed."""
    return attempt(lambda: _cut(fill_id), lambda errors: _page(fill_id, errors))


@blueprint.get("/fills/<uuid:fill_id>/cancel")
def cancelling(fill_id: UUID) -> str:
    """The page on which what is owed is cancelled."""
    return _page(fill_id, {}, page="owed_cancel.html")


@blueprint.post("/fills/<uuid:fill_id>/cancel")
def cancel(fill_id: UUID) -> Answer:
    """What is owed is not given, signed with a reason."""
    return attempt(lambda: _cancelled(fill_id), lambda errors: _page(fill_id, errors, page="owed_cancel.html"))


def _page(fill_id: UUID, errors: Errors, *, page: str = "fill_part.html") -> str:
    fill = pharmacy().look(LookName.LABELS, actor(), lambda look: fill_pages.page(look, fill_id))
    found = pharmacy().look(LookName.LABELS, actor(), lambda look: owed_lists.of_fill(look, fill_id))
    may = actor().role in ACTS[ActName.FILL_PART]
    shown = {"asked": ASKED, "rests": RESTS, "decimal": decimal_text}
    return render(page, values=request.form, errors=errors, it=fill, found=found, may=may, **shown)


def _cut(fill_id: UUID) -> str:
    told = cast("Cut", read(CUT, from_form(unflatten(request.form))))
    person = sign()
    pharmacy().perform(ActName.FILL_PART, person, lambda act: owed.cut(act, fill_id, told))
    flash("What is owed is kept. Print a label for each part, and check each.")
    return f"/fills/{fill_id}"


def _cancelled(fill_id: UUID) -> str:
    reason = cast("dict[str, str]", read(REASON, from_form(unflatten(request.form))))["reason"]
    person = sign()
    pharmacy().perform(ActName.FILL_CANCEL, person, lambda act: owed.cancel(act, fill_id, reason))
    flash("It is not owed any more. Destroy what of it lies here.")
    return f"/fills/{fill_id}/part"
