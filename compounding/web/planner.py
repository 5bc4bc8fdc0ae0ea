"""The planner: a course worked out as one types, for nobody in particular. No patient is named, and nothing is kept.

The form posts, since the line of an address is too short for a long course and a server cuts it off without a word; the page gives
the address of what it shows, where that fits, so that it can be bookmarked and sent to a colleague.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from compounding.domain.authority import LookName
from compounding.domain.capsule_ways import Way
from compounding.domain.chooser import why_lost
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.formula import Method, Storage
from compounding.domain.option import size_said
from compounding.domain.plan import Inquiry
from compounding.domain.planner import calibration_lapsed
from compounding.domain.weighing import percent
from compounding.schemas.forms import from_form
from compounding.schemas.inquiry import INQUIRY
from compounding.schemas.refusals import read
from compounding.web import intake
from compounding.web.course import course
from compounding.web.page import Nested, actor, errors_of, pharmacy, render, unflatten
from compounding.web.planned import told
from compounding.web.rows import changed, rows_of, without_spare_rows
from compounding.workflow import capsule_ways
from compounding.workflow.choices import Shelf, shelf
from compounding.workflow.sketches import Sketched, sketch

blueprint = Blueprint("planner", __name__, url_prefix="/planner")

_START = MultiDict([("form", "oral_liquid")])
_LONGEST = 3500  # characters of an address; gunicorn takes a line of 4094 with everything
_ASIDE = frozenset({"csrf_token", "rows"})
_WORDS = {
    "formula": "Formula", "device": "Syringe or dropper", "storage": "Kept at", "container": "Container", "method": "Tablets", "starts_on": "First dose",
    "lead_days": "Lead days", "overfill": "Overfill", "overage": "Overage",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of what was typed: the course, or what to do at which field, or the sentence that refuses it and what the pharmacy would choose `instead`.

    `ways` are those to take a course in capsules.
    """

    found: Sketched | None = None
    refused: str = ""
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    instead: Sketched | None = None
    ways: tuple[Way, ...] = ()


@blueprint.get("")
def page() -> tuple[str, int]:
    """The planner, empty or with the course of its address."""
    return _page(request.args) if request.args else (_render(_START, Answer(), row=None), 200)


@blueprint.post("")
def compute() -> tuple[str, int]:
    """The planner with the course that was typed, or with its rows changed."""
    return _page(request.form)


def _page(fields: MultiDict[str, str]) -> tuple[str, int]:
    """While somebody types or changes rows, what is still empty is no error yet."""
    command = fields.get("rows", "")
    if command or request.headers.get("X-Live"):
        typed, row = changed(fields, command)
        return _render(typed, _answer(typed), row=row if command else None, typing=True), 200
    typed = without_spare_rows(fields)
    answer = _answer(typed)
    return _render(typed, answer, row=None), 200 if answer.found else 422


def _answer(typed: MultiDict[str, str]) -> Answer:
    try:
        inquiry = cast("Inquiry", read(INQUIRY, asked_of(typed)))
    except Invalid as error:
        return Answer(errors=errors_of(error))
    ways = pharmacy().look(LookName.SKETCHES, actor(), lambda look: capsule_ways.of_regimen(look, inquiry.regimen))
    try:
        return Answer(_sketched(inquiry), ways=ways)
    except Invalid as error:
        return Answer(errors=errors_of(error)) if error.fields else Answer(refused=error.sentence)
    except (Unsafe, Conflict) as error:
        return Answer(refused=error.sentence, instead=_instead(inquiry), ways=ways)


def _sketched(inquiry: Inquiry) -> Sketched:
    return pharmacy().look(LookName.SKETCHES, actor(), lambda look: sketch(look, inquiry))


def _instead(inquiry: Inquiry) -> Sketched | None:
    """The same regimen with every choice left to the pharmacy, where that helps."""
    left_open = Inquiry(inquiry.regimen, starts_on=inquiry.starts_on, lead_days=inquiry.lead_days)
    try:
        return None if inquiry == left_open else _sketched(left_open)
    except (Invalid, Unsafe, Conflict):
        return None


def asked_of(typed: MultiDict[str, str]) -> dict[str, object]:
    """What was typed, as the schema loads it: blank rows at the end are none yet, and a strength is in the unit of its form."""
    nested = unflatten(typed)
    asked = from_form(nested)
    strength = asked.get("strength")
    if isinstance(strength, dict):
        asked["strength"] = {**strength, "unit": "mg" if asked.get("form") == "capsule" else "mg/mL"}
    return {**asked, "steps": _without_blank_end(nested.get("steps", []))}


def _without_blank_end(steps: Nested) -> Nested:
    while isinstance(steps, list) and steps and not steps[-1]:
        steps = steps[:-1]
    return steps


def _render(typed: MultiDict[str, str], answer: Answer, *, row: int | None, typing: bool = False) -> str:
    offered = pharmacy().look(LookName.SKETCHES, actor(), shelf)
    beside = {path: messages for path, messages in answer.errors.items() if not typing or _filled(typed, path)}
    return render(
        "planner.html",
        values=typed,
        errors=beside,
        missing=answer.errors if typing else {},
        names={**intake.names(answer.errors), **_WORDS},
        refused=answer.refused,
        told=told(answer.found) if answer.found else None,
        instead=told(answer.instead) if answer.instead else None,
        lists=_lists(offered, typed),
        row_count=len(rows_of(typed)),
        focus=f"steps.{row}.dose" if row is not None else "",
        course=course(typed, first=offered.today),
        intake=intake,
        today=offered.today,
        address=_address(typed) if answer.found else "",
        size_said=size_said,
        why_lost=why_lost,
        ways=answer.ways,
        percent=percent,
    )


def _filled(typed: MultiDict[str, str], path: str) -> bool:
    return any(text.strip() for name, texts in typed.lists() if name.removesuffix("[]") == path or name.startswith(f"{path}.") for text in texts)


def _lists(offered: Shelf, typed: MultiDict[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen for the form, and what was chosen though it is for another or, a dropper, must be counted again first."""
    capsules, chosen = typed.get("form") == "capsule", {typed.get(name) for name in ("formula", "container", "device")}
    measuring = [it for it in offered.devices if it.code in chosen or not (capsules or calibration_lapsed(it, offered.today))]
    return {
        "formula": [(it.code, it.name) for it in offered.formulas if (it.capsules is not None) == capsules or it.code in chosen],
        "device": sorted(((it.code, it.name) for it in measuring), key=lambda pair: pair[1]),
        "container": [(it.product, it.name) for it in offered.containers if (it.capsules is not None) == capsules or it.product in chosen],
        "storage": [("", "as the formula says"), *((it.value, it.value) for it in Storage)],
        "method": [("", "as the formula says"), *((it.value, it.value) for it in Method)],
    }


def _address(typed: MultiDict[str, str]) -> str:
    pairs = [(name, text.strip()) for name, text in typed.items(multi=True) if text.strip() and name not in _ASIDE]
    address = f"/planner?{urlencode(pairs)}"
    return address if len(address) <= _LONGEST else ""
