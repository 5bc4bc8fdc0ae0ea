"""Writing a master formula: the form of a new one, of a new version, and of a draft that is corrected."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.formula import Formula
from compounding.schemas.forms import from_form
from compounding.schemas.formulas import FORMULA
from compounding.schemas.refusals import read
from compounding.web.formula_form import blank, changed, choices, counts, typed, without_spare_rows
from compounding.web.page import actor, errors_of, pharmacy, render, unflatten
from compounding.web.trying import Errors
from compounding.workflow import formula_pages, formulas
from compounding.workflow.act import Act

blueprint = Blueprint("formula_drafts", __name__, url_prefix="/formulas")
_Answer = Response | tuple[str, int] | str


@blueprint.get("/new")
def new() -> str:
    """The empty form, of a liquid unless capsules are asked for."""
    return _form(blank(request.args.get("form", "")), {})


@blueprint.post("/new")
def create() -> _Answer:
    """Keep a new formula as a draft."""
    return _written(lambda formula: lambda act: formulas.draft(act, formula), ActName.FORMULA_DRAFT)


@blueprint.get("/<code>/<int(max=9999):version>/next")
def revise(code: str, version: int) -> str:
    """The form of the next version, filled with this one."""
    return _form(typed(_entry(code, version).formula), {}, after=_entry(code, version))


@blueprint.post("/<code>/<int(max=9999):version>/next")
def keep_next(code: str, version: int) -> _Answer:
    """Keep the next version as a draft."""
    return _written(lambda formula: lambda act: formulas.new_version(act, code, formula), ActName.FORMULA_DRAFT, after=_entry(code, version))


@blueprint.get("/<code>/<int(max=9999):version>/correct")
def correct(code: str, version: int) -> str:
    """The form of a draft, filled with what it says."""
    found = _entry(code, version)
    filled = typed(found.formula)
    filled["change"], filled["seen"] = found.formula.change, found.sha256
    return _form(filled, {}, draft=found)


@blueprint.post("/<code>/<int(max=9999):version>/correct")
def keep_correction(code: str, version: int) -> _Answer:
    """Put what was written in the place of the draft."""
    seen = request.form.get("seen", "")
    return _written(lambda formula: lambda act: formulas.correct(act, code, version, formula, seen), ActName.FORMULA_CORRECT, draft=_entry(code, version))


def _entry(code: str, version: int) -> formula_pages.Entry:
    return pharmacy().look(LookName.FORMULAS, actor(), lambda look: formula_pages.entry(look, code, version))


def _written(
    keep: Callable[[Formula], Callable[[Act], Formula]], name: ActName, *, after: formula_pages.Entry | None = None, draft: formula_pages.Entry | None = None
) -> _Answer:
    """Add or take away a row, keep what was written, or show it again with what to mend."""
    if command := request.form.get("rows", ""):
        return _form(changed(request.form, command), {}, after=after, draft=draft)
    filled = without_spare_rows(request.form)
    try:
        nested = from_form(unflatten(filled))
        nested.pop("seen", None)
        written = cast("Formula", read(FORMULA, nested))
        kept = pharmacy().perform(name, actor(), keep(written))
    except Invalid as error:
        return _form(filled, errors_of(error), after=after, draft=draft), 422
    except Conflict as error:
        return _form(filled, {"": (error.sentence,)}, after=after, draft=draft), 409
    return redirect(f"/formulas/{kept.code}/{kept.version}", code=303)


def _form(filled: MultiDict[str, str], errors: Errors, *, after: formula_pages.Entry | None = None, draft: formula_pages.Entry | None = None) -> str:
    house = pharmacy().look(LookName.FORMULAS, actor(), formula_pages.may_name)
    offered = choices(house, filled.get("code", ""))
    return render("formula_write.html", values=filled, errors=errors, offered=offered, counts=counts(filled), after=after, draft=draft)
