"""What a course would cost in every way that it could be made, side by side: of a course that was typed in the planner, or of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, request

from compounding.domain.authority import LookName
from compounding.domain.cost import CostKind
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.money import Money, display_parts, total
from compounding.domain.plan import Inquiry
from compounding.domain.quote import Quote
from compounding.domain.what_if import Way
from compounding.schemas.costs import TOGETHER
from compounding.schemas.inquiry import INQUIRY
from compounding.schemas.refusals import read
from compounding.web.page import actor, errors_of, pharmacy, render
from compounding.web.planner import asked_of
from compounding.web.trying import Errors
from compounding.workflow import what_if as work
from compounding.workflow.what_if import WhatIf

blueprint = Blueprint("what_if", __name__, url_prefix="/costs/what-if")


@dataclass(frozen=True, slots=True)
class Line:
    """A way with its parts in cents that add up to the printed total."""

    way: Way
    parts: tuple[str, ...]
    total: str
    is_cheapest: bool


@blueprint.get("")
def of_course() -> tuple[str, int]:
    """The ways of the course of the address; without one, where to type it."""
    if not request.args.keys() - {"together"}:
        pharmacy().look(LookName.COSTS, actor(), lambda look: look.today)  # whoever may not see costs is told so here too
        return _render(None, {}), 200
    try:
        inquiry = cast("Inquiry", read(INQUIRY, {name: value for name, value in asked_of(request.args).items() if name != "together"}))
        return _render(pharmacy().look(LookName.COSTS, actor(), lambda look: work.of_inquiry(look, inquiry, together=_together())), {}), 200
    except Invalid as error:
        return _render(None, errors_of(error)), 422
    except (Unsafe, Conflict) as error:
        return _render(None, {"": (error.sentence,)}), 422


@blueprint.get("/<uuid:prescription_id>")
def of_order(prescription_id: UUID) -> tuple[str, int]:
    """The ways of an order, beside its plan."""
    try:
        return _render(pharmacy().look(LookName.COSTS, actor(), lambda look: work.of_order(look, prescription_id, together=_together())), {}), 200
    except Invalid as error:
        return _render(None, errors_of(error)), 422
    except (Unsafe, Conflict) as error:
        return _render(None, {"": (error.sentence,)}), 422


def parts_of(found: Quote) -> tuple[tuple[str, ...], str]:
    """The sums of a quote by kind, in their order, in cents that add up to the total beside them."""
    sums = [total([part.amount for part in found.parts if part.kind is kind]) for kind in CostKind]
    return display_parts(sums), found.total.display()


def _together() -> int:
    typed = request.args.get("together", "").strip()
    return cast("dict[str, int]", read(TOGETHER, {"together": typed} if typed else {}))["together"]


def _render(found: WhatIf | None, errors: Errors) -> str:
    kept = [(name, text) for name, text in request.args.items(multi=True) if name != "together" and text.strip()]
    return render(
        "what_if.html",
        errors=errors,
        values=request.args,
        it=found,
        lines=_lines(found.ways, found.cheapest) if found else (),
        kinds=tuple(CostKind),
        kept=kept,
        back=f"/planner?{urlencode(kept)}" if kept else "/planner",
        money=Money.display,
    )


def _lines(ways: Sequence[Way], least: Way | None) -> list[Line]:
    found = []
    for way in ways:
        parts, whole = parts_of(way.sum.quote) if way.sum else ((), "")
        found.append(Line(way, parts, whole, way is least))
    return found
