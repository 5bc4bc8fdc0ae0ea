"""Breaking the glass, what lies behind it for an hour, and its report to the pharmacist in charge."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, request

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.schemas.forms import from_form
from compounding.schemas.glass import GLASS, JUDGEMENT
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import glass

blueprint = Blueprint("glass", __name__, url_prefix="/glass")


@blueprint.get("")
def form() -> str:
    """What breaking the glass means, the form, and what was broken by whoever asks."""
    return _form({})


@blueprint.post("")
def break_it() -> Answer:
    """Open one patient's records, with a reason and a signature."""
    return attempt(_broken, _form)


@blueprint.get("/<uuid:glass_id>")
def records(glass_id: UUID) -> str:
    """The records, for the hour."""
    found = pharmacy().look(LookName.GLASS, actor(), lambda look: glass.records(look, glass_id))
    return render("glass_records.html", it=found, zone=pharmacy().zone)


@blueprint.get("/reports")
def reports() -> str:
    """Who broke the glass, what for, and what the pharmacist in charge made of it."""
    return _reports({})


@blueprint.post("/<uuid:glass_id>/judgement")
def judge(glass_id: UUID) -> Answer:
    """Keep that the pharmacist in charge has seen it."""
    return attempt(lambda: _judged(glass_id), _reports)


def _broken() -> str:
    told = cast("dict[str, Any]", read(GLASS, from_form(unflatten(request.form))))
    sign()
    key = pharmacy().perform(ActName.GLASS_BREAK, actor(), lambda act: glass.break_glass(act, told["rx"], told["reason"]))
    return f"/glass/{key}"


def _judged(glass_id: UUID) -> str:
    told = cast("dict[str, str]", read(JUDGEMENT, from_form(unflatten(request.form))))["judgement"]
    sign()
    pharmacy().perform(ActName.GLASS_JUDGE, actor(), lambda act: glass.judge(act, glass_id, told))
    flash("It is kept that you have seen this.")
    return "/glass/reports"


def _form(errors: Errors) -> str:
    found, at = pharmacy().look(LookName.GLASS, actor(), lambda look: (glass.own(look), look.at))
    return render("glass.html", values=request.form, errors=errors, found=found, at=at, zone=pharmacy().zone)


def _reports(errors: Errors) -> str:
    found = pharmacy().look(LookName.GLASS_REPORTS, actor(), glass.reports)
    may = actor().role in ACTS[ActName.GLASS_JUDGE]
    return render("glass_reports.html", values=request.form, errors=errors, found=found, may=may, zone=pharmacy().zone)
