"""Complaints and adverse events: the list, the form, one of them with its review."""

from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.complaint import Report, Review
from compounding.schemas.complaints import AGAINST, REPORTED, REVIEW, Reported
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.amounts import age
from compounding.web.countdown import left
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.recalls import HARMS, moment
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import complaints as work

blueprint = Blueprint("complaints", __name__, url_prefix="/recall/complaints")


@blueprint.get("")
def index() -> str:
    """Every complaint, the ones without a review first."""
    found = pharmacy().look(LookName.COMPLAINTS, actor(), work.complaints)
    return render("complaints.html", complaints=found, harms=dict(HARMS), age=age, left=left, zone=pharmacy().zone)


@blueprint.get("/new")
def form() -> str:
    """The form of a complaint about a bottle, a batch or something unknown."""
    return _form({})


@blueprint.post("/new")
def record() -> Answer:
    """Keep a complaint."""
    return attempt(_recorded, _form)


@blueprint.get("/<uuid:complaint_id>")
def complaint(complaint_id: UUID) -> str:
    """One complaint with what shares its components, and its reviews."""
    return _complaint(complaint_id, {})


@blueprint.post("/<uuid:complaint_id>/review")
def review(complaint_id: UUID) -> Answer:
    """Sign a review."""
    return attempt(lambda: _reviewed(complaint_id), lambda errors: _complaint(complaint_id, errors))


def _what() -> dict[str, UUID | None]:
    told = cast("dict[str, UUID | None]", read(AGAINST, {name: request.args[name] for name in ("bottle", "batch") if request.args.get(name)}))
    return {"fill_id": told["bottle"], "batch_id": told["batch"]}


def _form(errors: Errors) -> str:
    what = _what()
    against, at = pharmacy().look(LookName.COMPLAINTS, actor(), lambda look: (work.against(look, **what), look.at))
    return render("complaint_new.html", values=request.form or _now(at), errors=errors, against=against, harms=HARMS, query=request.query_string.decode())


def _now(at: datetime) -> MultiDict[str, str]:
    """This day and hour, which whoever was told earlier corrects."""
    local = at.astimezone(pharmacy().zone)
    day = {f"received.on.{part}": str(getattr(local, part)) for part in ("day", "month", "year")}
    return MultiDict({**day, "received.at": f"{local:%H:%M}"})


def _recorded() -> str:
    told, what = cast("Reported", read(REPORTED, from_form(unflatten(request.form)))), _what()
    report = Report(moment(told.received), told.complainant, told.nature, told.response, told.harm)
    complaint_id = pharmacy().perform(ActName.COMPLAINT_RECORD, actor(), lambda act: work.record(act, report, **what))
    return f"/recall/complaints/{complaint_id}"


def _reviewed(complaint_id: UUID) -> str:
    told = cast("Review", read(REVIEW, from_form(unflatten(request.form))))
    person = sign()
    pharmacy().perform(ActName.COMPLAINT_REVIEW, person, lambda act: work.review(act, complaint_id, told))
    return f"/recall/complaints/{complaint_id}"


def _complaint(complaint_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.COMPLAINTS, actor(), lambda look: work.complaint(look, complaint_id))
    may_review = actor().role in ACTS[ActName.COMPLAINT_REVIEW]
    return render(
        "complaint.html", values=request.form, errors=errors, it=found, harms=dict(HARMS), left=left, age=age, zone=pharmacy().zone, may_review=may_review
    )
