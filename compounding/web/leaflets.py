"""The patient's leaflet: one click on the container's page, and the answer is its PDF."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.translation import Asked
from compounding.schemas.counter import LEAFLET
from compounding.schemas.refusals import read
from compounding.web.fills import show
from compounding.web.page import actor, inline_pdf, pharmacy, profile
from compounding.web.trying import Answer, attempt
from compounding.workflow import leaflets

blueprint = Blueprint("leaflets", __name__)


@blueprint.post("/fills/<uuid:fill_id>/leaflet")
def leaflet(fill_id: UUID) -> Answer:
    """Print the leaflet of a labelled container; the same one again where it was printed already."""
    return attempt(lambda: _printed(fill_id), lambda errors: show(fill_id, errors))


@blueprint.get("/leaflets/<uuid:leaflet_id>.pdf")
def pdf(leaflet_id: UUID) -> Response:
    """The bytes of a leaflet, shown in the browser."""
    content = pharmacy().look(LookName.LABELS, actor(), lambda look: leaflets.pdf(look, leaflet_id))
    return inline_pdf(content, "leaflet.pdf")


def _printed(fill_id: UUID) -> str:
    asked = cast("Asked", read(LEAFLET, {name: request.form.get(name, "") for name in ("language", "size")}))
    composed = pharmacy().look(LookName.LABELS, actor(), lambda look: leaflets.compose(look, fill_id, asked, profile()))
    if composed.kept is not None:
        kept = composed.kept
        return f"/leaflets/{pharmacy().perform(ActName.LEAFLET_ISSUE, actor(), lambda act: leaflets.print_again(act, kept))}.pdf"
    printed = leaflets.lay_out(current_app.extensions["renderer"], composed)
    return f"/leaflets/{pharmacy().perform(ActName.LEAFLET_ISSUE, actor(), lambda act: leaflets.issue(act, composed, printed, profile()))}.pdf"
