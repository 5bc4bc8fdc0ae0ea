"""Prescriptions: taking one in from paper, fax or telephone."""

import json

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid
from compounding.schemas.forms import from_form
from compounding.schemas.prescriptions import read_order
from compounding.web import intake
from compounding.web.course import course
from compounding.web.page import actor, pharmacy, render, reshow, unflatten
from compounding.web.proposal import proposed, taken
from compounding.web.rows import changed, rows_of, without_spare_rows
from compounding.workflow.prescriptions import receive

blueprint = Blueprint("prescriptions", __name__, url_prefix="/prescriptions")

_PAGE = "prescription_new.html"


@blueprint.get("/new")
def new() -> str:
    """The empty order form."""
    return render(_PAGE, **_shown(MultiDict()))


@blueprint.post("/new")
def create() -> Response | tuple[str, int]:
    """Receive the order, or show the form again."""
    typed = without_spare_rows(request.form)
    try:
        order = read_order(_nested(typed))
        received = pharmacy().perform(ActName.PRESCRIPTION_RECEIVE, actor(), lambda act: receive(act, order, literal=_literal(typed)))
    except Invalid as error:
        return reshow(_PAGE, error, **_shown(typed))
    return redirect(f"/prescriptions/{received.id}")


@blueprint.post("/new/rows")
def rows() -> str:
    """The form with its rows changed; for the house's script only the part that changes."""
    today = pharmacy().look(LookName.DAY, actor(), lambda look: look.today)
    command = request.form.get("rows", "")
    typed, row = changed(taken(request.form, command, near=today), command)
    return render(_part("prescription_steps.html"), focus=f"steps.{row}.dose", proposal=proposed(typed, command, near=today), **_shown(typed))


@blueprint.post("/new/course")
def understood() -> str:
    """The course as it was understood, before anything is saved."""
    return render(_part("prescription_course.html"), **_shown(request.form))


def _part(part: str) -> str:
    return part if request.headers.get("X-Part") else _PAGE


def _nested(typed: MultiDict[str, str]) -> dict[str, object]:
    """What was typed, as the schema loads it. The API has defaults that a paper order has not: at the form an answer is asked for."""
    nested = unflatten(typed)
    indication = nested.get("indication")
    asked = {"route": "", "refills": "", "steps": [], **from_form(nested)}
    asked["indication"] = {"on_label": "", **(indication if isinstance(indication, dict) else {})}
    return {**asked, "steps": nested.get("steps", [])}


def _literal(typed: MultiDict[str, str]) -> str:
    """What was typed, name by name, as JSON: the form's original."""
    return json.dumps([pair for pair in typed.items(multi=True) if pair[0] != "csrf_token"], ensure_ascii=False)


def _shown(typed: MultiDict[str, str]) -> dict[str, object]:
    today = pharmacy().look(LookName.DAY, actor(), lambda look: look.today)
    return {"values": typed, "row_count": len(rows_of(typed)), "course": course(typed, first=today), "today": today, "intake": intake}
