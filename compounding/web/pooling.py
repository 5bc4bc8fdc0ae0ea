"""Shared batches: which fills of these days could share one, and what that saves."""

from flask import Blueprint

from compounding.domain.authority import LookName
from compounding.domain.money import display_parts, total
from compounding.domain.pooling import Pool
from compounding.web.drawings import Bars, bars
from compounding.web.page import actor, pharmacy, render
from compounding.workflow import pooling as work

blueprint = Blueprint("pooling", __name__)


@blueprint.get("/pooling")
def proposals() -> str:
    """Each shared batch with whose fills it holds, and why every other fill is made for itself."""
    found = pharmacy().look(LookName.DAY, actor(), work.proposals)
    saved = [item.worth for item in found.proposals if item.worth is not None]
    return render("pooling.html", found=found, picture=picture, saved=total(saved).display(), worth=display_parts(saved))


def picture(pool: Pool) -> Bars:
    """The tablets of `pool` beside those that its fills take apart."""
    counts = (("Apart", pool.tablets_apart), ("Together", pool.amounts.tablets))
    return bars([(words, f"{tablets} tablet{'' if tablets == 1 else 's'}", tablets) for words, tablets in counts])
