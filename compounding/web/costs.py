"""The month's cost, as pictures and as tables, as files, and what is done to the ledger: taken in, closed, corrected."""

from fractions import Fraction
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as Answered

from compounding.domain.authority import ActName, LookName
from compounding.domain.cost import CostKind
from compounding.domain.money import Money
from compounding.domain.month import month_of
from compounding.domain.people import Role
from compounding.schemas.costs import CORRECTION, Correction
from compounding.schemas.forms import from_form
from compounding.schemas.refusals import read
from compounding.web.beside import beside_lines
from compounding.web.month import is_month, month_name, shown
from compounding.web.month_report import report_shown, tenths
from compounding.web.month_tables import tables
from compounding.web.page import actor, inline_pdf, page_number, pharmacy, profile, render, unflatten
from compounding.web.signing import sign
from compounding.web.spreadsheet import send_csv, send_xlsx
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import costs as work
from compounding.workflow import month_papers, month_reports, months
from compounding.workflow.act import Look
from compounding.workflow.costs import MonthCost
from compounding.workflow.month_reports import Report

blueprint = Blueprint("costs", __name__, url_prefix="/costs")

FILES = ("parts", "waste", "patients", "fills", "batches", "doses", "tablets", "months", "expiring", "bought")


@blueprint.get("")
def newest() -> Answered:
    """The newest month that has costs; this month when none has."""
    found, today = pharmacy().look(LookName.COSTS, actor(), lambda look: (work.months(look), look.today))
    return redirect(f"/costs/{found[0] if found else f'{today:%Y-%m}'}")


@blueprint.get("/<year_month>")
def month(year_month: str) -> str:
    """One month: totals by part, waste, each patient beside the article's month, each fill with its parts."""
    return _month(year_month, {})


@blueprint.get("/<year_month>/batches")
def batches(year_month: str) -> str:
    """Each batch of the month."""
    found = pharmacy().look(LookName.COSTS, actor(), lambda look: month_reports.report(look, _named(year_month))).batches
    here, page, pages = month_reports.page_of(found, page_number())
    return render(
        "costs_batches.html", month=year_month, month_name=month_name, batches=here, count=len(found), page=page, pages=pages, money=Money.display, rate=_rate
    )


@blueprint.get("/<year_month>.pdf")
def paper(year_month: str) -> Response:
    """The month as a paper: as it was filed when the month was closed, or as it stands."""
    name, renderer = _named(year_month), current_app.extensions["renderer"]
    pdf = pharmacy().look(LookName.COSTS, actor(), lambda look: month_papers.pdf(look, name, name=month_name(name), profile=profile(), renderer=renderer))
    return inline_pdf(pdf, f"costs-{year_month}.pdf")


@blueprint.get("/<year_month>.xlsx")
def spreadsheet(year_month: str) -> Response:
    """The month as a spreadsheet, a sheet for each table."""
    (cost, report), at = pharmacy().look(LookName.COSTS, actor(), lambda look: (_whole(look, year_month, explained=True), look.at))
    return send_xlsx(tuple(tables(cost, report).values()), at, f"costs-{year_month}")


@blueprint.get("/<year_month>/<table>.csv")
def plain(year_month: str, table: str) -> Response:
    """One table of the month as CSV."""
    if table not in FILES:
        abort(404)
    cost, report = pharmacy().look(LookName.COSTS, actor(), lambda look: _whole(look, year_month, explained=table == "fills"))
    return send_csv(tables(cost, report)[table], f"costs-{year_month}-{table}")


@blueprint.post("/<year_month>/gather")
def gather(year_month: str) -> Answer:
    """Take in what passed its date and reached nobody."""
    return attempt(lambda: _gathered(year_month), lambda errors: _month(year_month, errors))


@blueprint.post("/<year_month>/close")
def close(year_month: str) -> Answer:
    """Close a month that is over."""
    return attempt(lambda: _closed(year_month), lambda errors: _month(year_month, errors))


@blueprint.post("/<year_month>/file")
def file(year_month: str) -> Answer:
    """File the paper of a closed month, where it could not be printed when the month was closed."""
    return attempt(lambda: _filed(_named(year_month)), lambda errors: _month(year_month, errors))


@blueprint.get("/entries/<uuid:cost_id>")
def entry(cost_id: UUID) -> str:
    """One entry of the ledger, with what was corrected of it."""
    return _entry(cost_id, {})


@blueprint.post("/entries/<uuid:cost_id>/correct")
def correct(cost_id: UUID) -> Answer:
    """Correct an entry by another one."""
    return attempt(lambda: _corrected(cost_id), lambda errors: _entry(cost_id, errors))


def _month(year_month: str, errors: Errors) -> str:
    name, page = _named(year_month), page_number()

    def question(look: Look) -> tuple[MonthCost, Report, tuple[str, ...], int, bool, bool]:
        is_over, is_filed = name < month_of(look.today), month_papers.is_filed(look, name)
        return work.month(look, name, page=page), month_reports.report(look, name), work.months(look), months.outstanding(look), is_over, is_filed

    cost, report, known, outstanding, is_over, is_filed = pharmacy().look(LookName.COSTS, actor(), question)
    return render(
        "costs.html",
        errors=errors,
        shown=shown(cost),
        report=report,
        told=report_shown(cost, report),
        bought=beside_lines(report.bought),
        months=known,
        month_name=month_name,
        kinds=tuple(CostKind),
        files=FILES,
        money=Money.display,
        outstanding=outstanding if actor().role in {Role.PHARMACIST, Role.IN_CHARGE} else 0,
        may_file=report.closing is not None and not is_filed and actor().role is Role.IN_CHARGE,
        may_close=is_over and report.closing is None and cost.total.micros and actor().role is Role.IN_CHARGE,
    )


def _whole(look: Look, year_month: str, *, explained: bool) -> tuple[MonthCost, Report]:
    return work.month(look, _named(year_month), every=True, explained=explained), month_reports.report(look, year_month)


def _entry(cost_id: UUID, errors: Errors) -> str:
    found = pharmacy().look(LookName.COSTS, actor(), lambda look: months.entry(look, cost_id))
    return render("costs_entry.html", values=request.form, errors=errors, it=found, month_name=month_name, money=Money.display)


def _gathered(year_month: str) -> str:
    name = _named(year_month)
    pharmacy().perform(ActName.MONTH_GATHER, actor(), months.gather)
    return f"/costs/{name}"


def _closed(year_month: str) -> str:
    name = _named(year_month)
    sign()
    pharmacy().perform(ActName.MONTH_CLOSE, actor(), lambda act: months.close(act, name))
    return _filed(name)


def _filed(name: str) -> str:
    """Print the paper of a closed month, of which nothing changes any more, and file it; an act is never held over a printing."""
    renderer = current_app.extensions["renderer"]
    paper = pharmacy().look(LookName.COSTS, actor(), lambda look: month_papers.printed(look, name, name=month_name(name), profile=profile(), renderer=renderer))
    pharmacy().perform(ActName.MONTH_FILE, actor(), lambda act: month_papers.file(act, name, paper))
    return f"/costs/{name}"


def _corrected(cost_id: UUID) -> str:
    told = cast("Correction", read(CORRECTION, from_form(unflatten(request.form))))
    sign()
    pharmacy().perform(ActName.COST_CORRECT, actor(), lambda act: months.correct(act, cost_id, told.amount, told.reason))
    return f"/costs/entries/{cost_id}"


def _named(year_month: str) -> str:
    if not is_month(year_month):
        abort(404)
    return year_month


def _rate(ratio: Fraction) -> str:
    return tenths(ratio * 100)
