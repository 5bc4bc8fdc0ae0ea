"""A container's label: one click prints it, and another with a reason prints the same bytes again."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, after_this_request, current_app, flash, request
from werkzeug.wrappers import Response as AnyResponse

from compounding.domain.authority import ActName, LookName
from compounding.schemas.counter import MEDIUM, REASON
from compounding.schemas.printers import CHOSEN
from compounding.schemas.refusals import read
from compounding.web.desk import composed
from compounding.web.fills import show
from compounding.web.page import actor, inline_pdf, pharmacy, profile, render
from compounding.web.screen import choose_here
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import label_pages, labels, printers
from compounding.workflow.labels import Issued
from compounding.workflow.printers import PrinterView

blueprint = Blueprint("labels", __name__)


@blueprint.post("/fills/<uuid:fill_id>/label")
def label(fill_id: UUID) -> Answer:
    """Issue and print the label: one click."""
    return attempt(lambda: _labelled(fill_id), lambda errors: _refused(fill_id, errors))


@blueprint.get("/labels/<uuid:label_id>.pdf")
def label_pdf(label_id: UUID) -> Response:
    """The bytes of a label, shown in the browser at its own size."""
    content = pharmacy().look(LookName.LABELS, actor(), lambda look: label_pages.pdf(look, label_id))
    return inline_pdf(content, "label.pdf")


@blueprint.post("/labels/<uuid:label_id>/reprint")
def reprint(label_id: UUID) -> Answer:
    """The same bytes again, with a reason."""
    return attempt(lambda: _reprinted(label_id), lambda errors: _asked_again(label_id, errors))


def _labelled(fill_id: UUID) -> str:
    printer = _chosen()
    medium = printer.printer.medium if printer else _medium()
    value = composed(fill_id)
    printed = labels.lay_out(current_app.extensions["renderer"], value, medium)
    key = printer.id if printer else None
    issued = pharmacy().perform(ActName.LABEL_ISSUE, actor(), lambda act: labels.issue(act, value, printed, profile(), printer=key))
    return _to(issued, printer, fill_id)


def _reprinted(label_id: UUID) -> str:
    reason = cast("dict[str, str]", read(REASON, {"reason": request.form.get("reason", "")}))["reason"]
    printer = _chosen()
    key = printer.id if printer else None
    issued = pharmacy().perform(ActName.LABEL_REPRINT, actor(), lambda act: labels.reprint(act, label_id, reason, printer=key))
    fill_id = pharmacy().look(LookName.LABELS, actor(), lambda look: label_pages.fill_of(look, label_id))
    return _to(issued, printer, fill_id)


def _to(issued: Issued, printer: PrinterView | None, fill_id: UUID) -> str:
    """Where one goes on: the PDF, or the container whose label is on its way to a printer."""
    if printer is None:
        return f"/labels/{issued.label_id}.pdf"
    if printer.in_browser:
        return f"/jobs/{issued.job_id}.pdf"
    flash(f"The label is on its way to {printer.printer.name}.")
    return f"/fills/{fill_id}"


def _chosen() -> PrinterView | None:
    """The printer that the form names, kept for this screen where it says so; None where the form names label stock."""
    if not request.form.get("printer"):
        return None
    told = cast("dict[str, UUID | bool]", read(CHOSEN, {name: request.form[name] for name in ("printer", "keep") if name in request.form}))
    key = cast("UUID", told["printer"])
    found = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.chosen(look, key))
    if told["keep"]:
        after_this_request(lambda response: cast("Response", choose_here(cast("AnyResponse", response), key)))
    return found


def _medium() -> str:
    return cast("dict[str, str]", read(MEDIUM, {"medium": request.form.get("medium", "")}))["medium"]


def _refused(fill_id: UUID, errors: Errors) -> str:
    """The container's page; where it was the label's size, with the ways that would help."""
    if "medium" not in errors:
        return show(fill_id, errors)
    printer = _chosen()
    return show(fill_id, errors, tried=printer.printer.medium if printer else request.form.get("medium", ""))


def _asked_again(label_id: UUID, errors: Errors) -> str:
    return render("label_reprint.html", errors=errors, values=request.form, label_id=label_id)
