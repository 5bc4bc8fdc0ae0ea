"""Blank worksheets for a power cut: numbered and printed, listed, spoiled; and the begin of a late entry from one of them."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.blank import MOST
from compounding.schemas.counter import REASON
from compounding.schemas.forms import from_form
from compounding.schemas.records import BLANKS, LATE, SHEETS
from compounding.schemas.refusals import read
from compounding.web.page import actor, inline_pdf, pharmacy, profile, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import blank_paper, blanks, paper_parts
from compounding.workflow.blanks import Blank
from compounding.workflow.paper_parts import Desk

blueprint = Blueprint("blanks", __name__, url_prefix="/batches")

_LIST = "/batches/blanks"


@blueprint.get("/blanks")
def index() -> str:
    """Every number and what became of it, and the form that prints more."""
    return _index({})


@blueprint.post("/blanks")
def number() -> Answer:
    """Number blank worksheets; the answer is their paper."""
    return attempt(_numbered, _index)


@blueprint.get("/blanks/<uuid:blank_id>.pdf")
def paper(blank_id: UUID) -> Response:
    """The paper of one number."""
    return _papers(pharmacy().look(LookName.BATCHES, actor(), lambda look: (blanks.blank(look, blank_id),)))


@blueprint.get("/blanks/<uuid:blank_id>/together.pdf")
def papers(blank_id: UUID) -> Response:
    """The papers of all numbers that were printed together."""
    return _papers(pharmacy().look(LookName.BATCHES, actor(), lambda look: blanks.run_of(look, blank_id)))


@blueprint.get("/blanks/<uuid:blank_id>/spoil")
def spoiling(blank_id: UUID) -> str:
    """The page on which a number is given up."""
    return _spoil_page(blank_id, {})


@blueprint.post("/blanks/<uuid:blank_id>/spoil")
def spoil(blank_id: UUID) -> Answer:
    """This number is not used, for a reason."""
    return attempt(lambda: _spoiled(blank_id), lambda errors: _spoil_page(blank_id, errors))


def _index(errors: Errors) -> str:
    page = cast("dict[str, int]", read(SHEETS, request.args.to_dict()))["page"]
    found = pharmacy().look(LookName.BATCHES, actor(), lambda look: blanks.blanks(look, page))
    return render("blanks.html", values=request.form, errors=errors, found=found, most=MOST, zone=pharmacy().zone)


def _spoil_page(blank_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.BATCHES, actor(), lambda look: blanks.blank(look, blank_id))
    return render("blank_spoil.html", values=request.form, errors=errors, it=found, zone=pharmacy().zone)


def _papers(found: tuple[Blank, ...]) -> Response:
    room = pharmacy()
    desk = Desk(profile(), room.look(LookName.BATCHES, actor(), lambda look: look.at), room.zone)
    content = paper_parts.lay_out_all(current_app.extensions["renderer"], tuple(blank_paper.blank_paper(item, desk) for item in found))
    return inline_pdf(content, "blank-worksheets.pdf")


def _numbered() -> str:
    told = cast("dict[str, Any]", read(BLANKS, from_form(unflatten(request.form))))
    keys = pharmacy().perform(ActName.BLANK_PRINT, actor(), lambda act: blanks.print_blanks(act, told["formula"], told["count"]))
    flash("They are numbered. Print them, and keep them where they are found in the dark.")
    return f"{_LIST}#blank-{keys[0]}"


def _spoiled(blank_id: UUID) -> str:
    reason = cast("dict[str, str]", read(REASON, from_form(unflatten(request.form))))["reason"]
    pharmacy().perform(ActName.BLANK_SPOIL, actor(), lambda act: blanks.spoil(act, blank_id, reason))
    return _LIST


@blueprint.get("/<uuid:batch_id>/late")
def beginning(batch_id: UUID) -> str:
    """The page on which the late entry of a batch begins."""
    return _late_page(batch_id, {})


@blueprint.post("/<uuid:batch_id>/late")
def begin(batch_id: UUID) -> Answer:
    """From here on each step of the batch is told with its time."""
    return attempt(lambda: _begun(batch_id), lambda errors: _late_page(batch_id, errors))


def _late_page(batch_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.BATCHES, actor(), lambda look: blanks.batch_of(look, batch_id))
    return render("batch_late.html", values=request.form, errors=errors, it=found)


def _begun(batch_id: UUID) -> str:
    told = cast("dict[str, str]", read(LATE, from_form(unflatten(request.form))))
    pharmacy().perform(ActName.BATCH_ENTER_LATE, actor(), lambda act: blanks.begin_late(act, batch_id, told["blank"], told["reason"]))
    return f"/batches/{batch_id}"
