"""Printers: set by a pharmacist, tried with a label of rulers, chosen for this screen."""

from fractions import Fraction
from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.printer import Printer, PrintsFor, Way
from compounding.domain.quantity import decimal_text
from compounding.schemas.forms import from_form
from compounding.schemas.printers import PRINTER
from compounding.schemas.refusals import read
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.screen import choose_here, chosen_here
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import print_jobs, printers

blueprint = Blueprint("printers", __name__, url_prefix="/printers")

_WAYS = (
    (Way.BROWSER, "the browser: its PDF opens, and is printed by this computer"),
    (Way.SOCKET, "a label printer by socket (ZPL)"),
    (Way.IPP, "a printer or print server by IPP (PDF)"),
)
_PURPOSES = ((PrintsFor.CONTAINERS, "labels of containers, for patients"), (PrintsFor.BATCHES, "labels of batches, in the house"))


@blueprint.get("")
def index() -> str:
    """Every printer in use, and the form of another one."""
    return _index({})


@blueprint.post("")
def add() -> Answer:
    """Another printer."""
    return attempt(_added, _index)


@blueprint.get("/<uuid:printer_id>")
def printer(printer_id: UUID) -> str:
    """One printer: how it is set, its test label, and whether this screen prints on it."""
    return _printer(printer_id, {})


@blueprint.post("/<uuid:printer_id>")
def change(printer_id: UUID) -> Answer:
    """Set a printer anew."""
    return attempt(lambda: _changed(printer_id), lambda errors: _printer(printer_id, errors))


@blueprint.post("/<uuid:printer_id>/retire")
def retire(printer_id: UUID) -> Answer:
    """Take a printer out of use."""
    return attempt(lambda: _retired(printer_id), lambda errors: _printer(printer_id, errors))


@blueprint.post("/<uuid:printer_id>/test")
def test(printer_id: UUID) -> Answer:
    """Print the label of rulers."""
    return attempt(lambda: _tested(printer_id), lambda errors: _printer(printer_id, errors))


@blueprint.post("/<uuid:printer_id>/here")
def here(printer_id: UUID) -> Response:
    """From now on this screen prints on it."""
    found = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.printer(look, printer_id))
    flash(f"This screen prints on {found.printer.name} from now on.")
    return choose_here(make_response(redirect(f"/printers/{printer_id}", code=303)), printer_id)


def _added() -> str:
    told = cast("Printer", read(PRINTER, from_form(unflatten(request.form))))
    printer_id = pharmacy().perform(ActName.PRINTER_SET, actor(), lambda act: printers.keep(act, told))
    flash(f"{told.name} is set. Print its test label and measure it.")
    return f"/printers/{printer_id}"


def _changed(printer_id: UUID) -> str:
    told = cast("Printer", read(PRINTER, from_form(unflatten(request.form))))
    pharmacy().perform(ActName.PRINTER_SET, actor(), lambda act: printers.keep(act, told, printer_id))
    flash(f"{told.name} is set. Print its test label and measure it.")
    return f"/printers/{printer_id}"


def _retired(printer_id: UUID) -> str:
    pharmacy().perform(ActName.PRINTER_RETIRE, actor(), lambda act: printers.retire(act, printer_id))
    flash("The printer is out of use. What it printed stays on record.")
    return "/printers"


def _tested(printer_id: UUID) -> str:
    renderer = current_app.extensions["renderer"]
    printed = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.ruler(look, printer_id, renderer))
    job_id = pharmacy().perform(ActName.PRINTER_TEST, actor(), lambda act: printers.test(act, printer_id, printed))
    found = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.printer(look, printer_id))
    return f"/jobs/{job_id}.pdf" if found.in_browser else f"/printers/{printer_id}"


def _index(errors: Errors) -> str:
    found = pharmacy().look(LookName.PRINTERS, actor(), printers.printers)
    values = request.form or MultiDict({"way": Way.BROWSER, "purposes[]": PrintsFor.CONTAINERS})
    return render("printers.html", values=values, errors=errors, found=found, **_shown())


def _printer(printer_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.PRINTERS, actor(), lambda look: printers.printer(look, printer_id))
    jobs = pharmacy().look(LookName.PRINTERS, actor(), lambda look: print_jobs.jobs_of_printer(look, printer_id))
    values = request.form if "name" in request.form else _values(found.printer)
    return render("printer.html", values=values, errors=errors, it=found, jobs=jobs, zone=pharmacy().zone, **_shown())


def _values(printer: Printer) -> MultiDict[str, str]:
    told = {"name": printer.name, "medium": printer.medium, "way": printer.reach.way, "address": printer.reach.address}
    told |= {"right": _millimetres(printer.offset.right_um), "down": _millimetres(printer.offset.down_um)}
    return MultiDict([*told.items(), *(("purposes[]", purpose) for purpose in printer.purposes)])


def _millimetres(um: int) -> str:
    return decimal_text(Fraction(um, 1000))


def _shown() -> dict[str, object]:
    may_set = actor().role in ACTS[ActName.PRINTER_SET]
    return {"media": printers.stock(), "ways": _WAYS, "uses": _PURPOSES, "may_set": may_set, "here": chosen_here()}
