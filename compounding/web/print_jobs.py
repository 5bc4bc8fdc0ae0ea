"""Print jobs: what waits, what the printers said, and what a person does about it."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, request

from compounding.domain.authority import ActName, LookName
from compounding.web.page import actor, inline_pdf, pharmacy, render
from compounding.web.trying import Answer, Errors, attempt
from compounding.wire.delivery import moved
from compounding.workflow import print_jobs

blueprint = Blueprint("print_jobs", __name__, url_prefix="/jobs")

_AGAIN_SECONDS = "5"


@blueprint.get("")
def index() -> Response:
    """Every job that is open, and the newest of the others; the page shows itself anew while one is on its way, unless somebody wants it still."""
    return _index({})


@blueprint.get("/<uuid:job_id>.pdf")
def pdf(job_id: UUID) -> Response:
    """What a job prints, at its own size, for the browser."""
    found = pharmacy().look(LookName.LABELS, actor(), lambda look: print_jobs.shown(look, job_id))
    return inline_pdf(moved(found.printer, found.pdf), "label.pdf")


@blueprint.post("/<uuid:job_id>/cancel")
def cancel(job_id: UUID) -> Answer:
    """Nobody wants it any more."""
    return attempt(lambda: _cancelled(job_id), _again)


@blueprint.post("/<uuid:job_id>/again")
def again(job_id: UUID) -> Answer:
    """Send it once more."""
    return attempt(lambda: _sent_again(job_id), _again)


@blueprint.post("/<uuid:job_id>/came-out")
def came_out(job_id: UUID) -> Answer:
    """Somebody has it in hand."""
    return attempt(lambda: _confirmed(job_id), _again)


def _cancelled(job_id: UUID) -> str:
    pharmacy().perform(ActName.JOB_CANCEL, actor(), lambda act: print_jobs.cancel(act, job_id))
    flash("The job is cancelled. What it would have printed is still here, and can be printed again.")
    return _back()


def _sent_again(job_id: UUID) -> str:
    pharmacy().perform(ActName.JOB_SEND_AGAIN, actor(), lambda act: print_jobs.send_again(act, job_id))
    return _back()


def _confirmed(job_id: UUID) -> str:
    pharmacy().perform(ActName.JOB_CONFIRM, actor(), lambda act: print_jobs.confirm(act, job_id))
    return _back()


def _back() -> str:
    """The container that the button stood on, or the list."""
    fill = request.form.get("fill", "")
    try:
        return f"/fills/{UUID(fill)}"
    except ValueError:
        return "/jobs"


def _again(errors: Errors) -> str:
    return _index(errors).get_data(as_text=True)


def _index(errors: Errors) -> Response:
    found = pharmacy().look(LookName.PRINTERS, actor(), print_jobs.jobs)
    stalled = pharmacy().look(LookName.PRINTERS, actor(), print_jobs.is_stalled)
    active, still = any(job.on_its_way for job in found), "still" in request.args or bool(errors)
    response = make_response(render("print_jobs.html", errors=errors, jobs=found, zone=pharmacy().zone, active=active, still=still, stalled=stalled))
    if active and not still:
        response.headers["Refresh"] = _AGAIN_SECONDS
    return response
