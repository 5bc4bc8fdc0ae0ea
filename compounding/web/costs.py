"""The month's cost, as a picture and as tables."""

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from compounding.domain.authority import LookName
from compounding.domain.cost import CostKind
from compounding.web.month import is_month, month_name, shown
from compounding.web.page import actor, pharmacy, render
from compounding.workflow import costs as work

blueprint = Blueprint("costs", __name__, url_prefix="/costs")


@blueprint.get("")
def newest() -> Response:
    """The newest month that has costs; this month when none has."""
    months, today = pharmacy().look(LookName.COSTS, actor(), lambda look: (work.months(look), look.today))
    return redirect(f"/costs/{months[0] if months else f'{today:%Y-%m}'}")


@blueprint.get("/<year_month>")
def month(year_month: str) -> str:
    """One month: totals by part, each patient beside the article's month, each fill with its parts."""
    if not is_month(year_month):
        abort(404)
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= 6 else 1
    cost, months = pharmacy().look(LookName.COSTS, actor(), lambda look: (work.month(look, year_month, page=number), work.months(look)))
    return render("costs.html", shown=shown(cost), months=months, month_name=month_name, kinds=tuple(CostKind))
