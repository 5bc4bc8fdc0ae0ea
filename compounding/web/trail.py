"""The trail: who changed what and who read whose data, for the auditor and the pharmacist in charge; whether it is whole, and the whole of it to take along."""

from io import BytesIO
from typing import Any, cast

from flask import Blueprint, Response, current_app, request, send_file
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import LOOKS, ActName, LookName
from compounding.domain.errors import Invalid
from compounding.schemas.forms import from_form
from compounding.schemas.glass import TRAIL, Kind
from compounding.schemas.refusals import read
from compounding.web.page import actor, errors_of, pharmacy, render, unflatten
from compounding.workflow import trail_export, trail_pages, verification
from compounding.workflow.trail_pages import A_PAGE, Filters

blueprint = Blueprint("trail", __name__, url_prefix="/trail")


@blueprint.get("")
def page() -> str | tuple[str, int]:
    """One page of the trail, by filters; that it was read is kept."""
    try:
        filters = _filters()
        found = pharmacy().perform(ActName.TRAIL_CONSULT, actor(), lambda act: trail_pages.consult(act, filters))
    except Invalid as error:
        return _page(Filters(), None, errors=errors_of(error)), 422
    return _page(filters, found)


@blueprint.post("/verify")
def verify() -> str:
    """Hold the whole trail against its seals, the anchor and the records."""
    seals = current_app.extensions["seals"]
    verdict = pharmacy().look(LookName.TRAIL, actor(), lambda look: verification.verify(look, seals))
    return _page(Filters(), None, verdict=verdict)


@blueprint.post("/export")
def export() -> Response:
    """The whole trail, with the anchor and a program that verifies it."""
    pharmacy().perform(ActName.TRAIL_CONSULT, actor(), trail_pages.note_export)
    whole, seals = BytesIO(), current_app.extensions["seals"]
    pharmacy().look(LookName.TRAIL, actor(), lambda look: trail_export.write(look, seals, whole))
    whole.seek(0)
    return send_file(whole, mimetype="application/zip", as_attachment=True, download_name="trail.zip")


def _filters() -> Filters:
    told = cast("dict[str, Any]", read(TRAIL, from_form(unflatten(MultiDict(request.args)))))
    return Filters(of_reads=told.pop("kind") is Kind.READS, **told)


def _page(filters: Filters, found: object, *, errors: object = None, verdict: object = None) -> str:
    seals = current_app.extensions["seals"]
    choices, chain = pharmacy().look(LookName.TRAIL, actor(), lambda look: (trail_pages.choices(look), trail_pages.chain(look, seals)))
    shown = {"filters": filters, "found": found, "choices": choices, "chain": chain, "verdict": verdict, "size": A_PAGE}
    shown["may_open"] = actor().role in LOOKS[LookName.PRESCRIPTIONS]
    return render("trail.html", values=request.args, errors=errors or {}, zone=pharmacy().zone, **shown)
