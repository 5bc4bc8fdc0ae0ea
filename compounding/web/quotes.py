"""The price of a container that is told before it is made, and what it cost afterwards."""

from uuid import UUID

from flask import Blueprint, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.cost import CostKind
from compounding.domain.money import Money
from compounding.domain.people import PHARMACISTS
from compounding.domain.quote import Quote
from compounding.web.page import actor, pharmacy, render
from compounding.web.trying import Answer, Errors, attempt
from compounding.web.what_if import parts_of
from compounding.workflow import quotes as work

blueprint = Blueprint("quotes", __name__, url_prefix="/costs/quotes")


@blueprint.get("/<uuid:fill_id>")
def page(fill_id: UUID) -> str:
    """The quotes of a container beside today's estimate, or beside what it cost."""
    return _page(fill_id, {})


@blueprint.post("/<uuid:fill_id>")
def keep(fill_id: UUID) -> Answer:
    """Keep today's price as it was told."""
    return attempt(lambda: _kept(fill_id), lambda errors: _page(fill_id, errors))


def _kept(fill_id: UUID) -> str:
    pharmacy().perform(ActName.QUOTE_KEEP, actor(), lambda act: work.keep(act, fill_id))
    return f"/costs/quotes/{fill_id}"


def _page(fill_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.COSTS, actor(), lambda look: work.page(look, fill_id))
    return render(
        "quote.html",
        values=request.form,
        errors=errors,
        it=found,
        kinds=tuple(CostKind),
        estimate=parts_of(found.estimate) if found.estimate else None,
        told=[(item, parts_of(Quote(item.quoted.parts, ()))[0]) for item in found.told],
        may_keep=found.estimate is not None and actor().role in PHARMACISTS,
        money=Money.display,
    )
