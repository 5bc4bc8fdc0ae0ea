"""Shared batches: which fills of these days could share one, what that saves, and the batch that they do share."""

from typing import cast
from uuid import UUID

from flask import Blueprint, request

from compounding.domain.authority import ActName, LookName
from compounding.domain.money import display_parts, total
from compounding.domain.preparation import Pool
from compounding.schemas.bench import POOL
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.drawings import Bars, bars
from compounding.web.page import actor, pharmacy, render, unflatten
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import pooling as work

blueprint = Blueprint("pooling", __name__)


@blueprint.get("/pooling")
def proposals() -> str:
    """Each shared batch with whose fills it holds, and why every other fill is made for itself."""
    return _proposals({})


@blueprint.post("/pooling")
def take_up() -> Answer:
    """Draw up the one worksheet that some of these fills share."""
    return attempt(_taken_up, _proposals)


def _taken_up() -> str:
    fills = cast("dict[str, list[UUID]]", read(POOL, from_form(unflatten(request.form))))["fills"]
    return f"/batches/{pharmacy().perform(ActName.BATCH_PLAN, actor(), lambda act: work.take_up(act, fills))}"


def _proposals(errors: Errors) -> str:
    found = pharmacy().look(LookName.DAY, actor(), work.proposals)
    saved = [item.worth for item in found.proposals if item.worth is not None]
    return render("pooling.html", errors=errors, found=found, picture=picture, saved=total(saved).display(), worth=display_parts(saved))


def picture(pool: Pool) -> Bars:
    """The tablets of `pool` beside those that its fills take apart."""
    counts = (("Apart", pool.tablets_apart), ("Together", pool.amounts.tablets))
    return bars([(words, f"{tablets} tablet{'' if tablets == 1 else 's'}", tablets) for words, tablets in counts])
