"""What goes wrong with a container: made again, a misfill, a return that is destroyed."""

from typing import cast
from uuid import UUID

from flask import Blueprint, flash, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.setback import Cause, Setback, SetbackKind
from compounding.schemas.counter import SETBACK
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.signing import sign, witness
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import fill_pages, setbacks

blueprint = Blueprint("setbacks", __name__, url_prefix="/fills/<uuid:fill_id>")

KINDS = {
    SetbackKind.REMAKE: "It is lost or spoiled and is made again",
    SetbackKind.MISFILL: "It was filled or given wrongly",
    SetbackKind.RETURN: "It came back",
}
CAUSES = tuple(
    (cause.value, words)
    for cause, words in (
        (Cause.SPILL, "spilled, broken or lost"),
        (Cause.REJECTED, "not as it must be"),
        (Cause.BEYOND_USE, "past its beyond-use date"),
        (Cause.EXPIRED, "a component expired"),
        (Cause.QC, "used for checks"),
    )
)


@blueprint.get("/setback")
def page(fill_id: UUID) -> str:
    """What went wrong with a container, and what may be recorded."""
    return _page(fill_id, {})


@blueprint.post("/setback")
def record(fill_id: UUID) -> Answer:
    """Record a setback, signed."""
    return attempt(lambda: _recorded(fill_id), lambda errors: _page(fill_id, errors))


@blueprint.post("/destruction")
def destroy(fill_id: UUID) -> Answer:
    """Destroy what came back, before a witness."""
    return attempt(lambda: _destroyed(fill_id), lambda errors: _page(fill_id, errors))


def _page(fill_id: UUID, errors: Errors) -> str:
    fill = pharmacy().look(LookName.LABELS, actor(), lambda look: fill_pages.page(look, fill_id))
    found = pharmacy().look(LookName.LABELS, actor(), lambda look: setbacks.setbacks(look, fill_id))
    kinds = [(kind.value, KINDS[kind]) for kind in found.possible]
    return render("setback.html", values=request.form, errors=errors, it=fill, found=found, kinds=kinds, causes=CAUSES)


def _recorded(fill_id: UUID) -> str:
    told = cast("Setback", read(SETBACK, from_form(unflatten(request.form))))
    person = sign()
    following = pharmacy().perform(ActName.FILL_SET_BACK, person, lambda act: setbacks.record(act, fill_id, told))
    if told.kind is SetbackKind.RETURN:
        flash("The return is recorded. Destroy the container now, before a witness; it never goes back to stock.")
        return f"/fills/{fill_id}/setback"
    flash("It is recorded. This container is made in its place.")
    return f"/fills/{following}"


def _destroyed(fill_id: UUID) -> str:
    second = witness()
    pharmacy().perform(ActName.FILL_DESTROY, actor(), lambda act: setbacks.destroy(act, fill_id, second))
    flash("The destruction is recorded.")
    return f"/fills/{fill_id}/setback"
