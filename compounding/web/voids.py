"""A hand-over that was recorded wrongly, taken back."""

from typing import cast
from uuid import UUID

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.void import Void, Whereabouts
from compounding.schemas.counter import VOID
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import fill_pages, voids

blueprint = Blueprint("voids", __name__, url_prefix="/fills/<uuid:fill_id>")

WHERE = ((Whereabouts.HERE.value, "It never left: it lies here"), (Whereabouts.LEFT.value, "It left the pharmacy"))
_SAID = {
    Whereabouts.HERE: "The hand-over is voided. Check the container again; then it can be handed over.",
    Whereabouts.LEFT: "The hand-over is voided. When the container is back, destroy it before a witness; another is made in its place.",
}


@blueprint.get("/void")
def page(fill_id: UUID) -> str:
    """What of the hand-overs of this container does not stand, and the form that voids one."""
    return _page(fill_id, {})


@blueprint.post("/void")
def void(fill_id: UUID) -> Answer:
    """Void the hand-over, signed."""
    return attempt(lambda: _voided(fill_id), lambda errors: _page(fill_id, errors))


def _page(fill_id: UUID, errors: Errors) -> str:
    fill = pharmacy().look(LookName.LABELS, actor(), lambda look: fill_pages.page(look, fill_id))
    found = pharmacy().look(LookName.LABELS, actor(), lambda look: voids.voids(look, fill_id))
    may = actor().role in ACTS[ActName.FILL_VOID]
    return render("void.html", values=request.form, errors=errors, it=fill, found=found, may=may, where=WHERE)


def _voided(fill_id: UUID) -> str:
    told = cast("Void", read(VOID, from_form(unflatten(request.form))))
    person = sign()
    pharmacy().perform(ActName.FILL_VOID, person, lambda act: voids.void(act, fill_id, told))
    flash(_SAID[told.whereabouts])
    return f"/fills/{fill_id}{'' if told.whereabouts is Whereabouts.HERE else '/setback'}"
