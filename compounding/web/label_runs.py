"""A day's labels as one job: chosen on one page, followed on another, which works by itself without script."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.print_job import STALLED
from compounding.domain.printer import PrintsFor
from compounding.schemas.printers import RUN
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.screen import chosen_here
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import label_runs, printers
from compounding.workflow.printers import PrinterView

blueprint = Blueprint("label_runs", __name__, url_prefix="/labels")

_AGAIN_SECONDS = "2"


@blueprint.get("/day")
def day() -> str:
    """The containers that are released and have no label, and the printers that take many."""
    return _day({})


@blueprint.post("/day")
def start() -> Answer:
    """Begin a run."""
    return attempt(_started, _day)


@blueprint.get("/runs/<uuid:run_id>")
def run(run_id: UUID) -> Response:
    """How far a run is; it shows itself anew while it works, unless somebody wants it still."""
    return _run(run_id, {})


@blueprint.post("/runs/<uuid:run_id>/stop")
def stop(run_id: UUID) -> Answer:
    """Print nothing further of it."""
    return attempt(lambda: _stopped(run_id), lambda errors: _run(run_id, errors).get_data(as_text=True))


def _started() -> str:
    told = cast("dict[str, Any]", read(RUN, unflatten(request.form)))
    run_id = pharmacy().perform(ActName.RUN_START, actor(), lambda act: label_runs.start(act, told["printer"], told["fills"], first=told["first"]))
    return f"/labels/runs/{run_id}"


def _stopped(run_id: UUID) -> str:
    pharmacy().perform(ActName.RUN_STOP, actor(), lambda act: label_runs.stop(act, run_id))
    return f"/labels/runs/{run_id}"


def _day(errors: Errors) -> str:
    ready = pharmacy().look(LookName.LABELS, actor(), label_runs.ready)
    newest = pharmacy().look(LookName.PRINTERS, actor(), label_runs.newest)
    able = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.printers(look, PrintsFor.CONTAINERS))
    shown = {"ready": ready, "newest": newest, "printers": able, "chosen": _chosen(able), "zone": pharmacy().zone}
    return render("label_day.html", values=request.form, errors=errors, **shown)


def _chosen(able: Sequence[PrinterView]) -> PrinterView | None:
    """The printer that the address or the form names, else that of this screen, else the first."""
    wanted = request.form.get("printer") or request.args.get("printer") or str(chosen_here())
    return next((item for item in able if str(item.id) == wanted), able[0] if able else None)


def _run(run_id: UUID, errors: Errors) -> Response:
    found, now = pharmacy().look(LookName.LABELS, actor(), lambda look: (label_runs.run(look, run_id), look.at))
    stalled = found.status == "working" and not found.settled and now - found.asked_at >= STALLED
    still = "still" in request.args or found.status != "working"
    response = make_response(render("label_run.html", errors=errors, it=found, still=still, stalled=stalled, zone=pharmacy().zone))
    if not still:
        response.headers["Refresh"] = _AGAIN_SECONDS
    return response
