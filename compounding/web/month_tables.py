"""A month's report as tables for a spreadsheet: exact amounts, so that whoever sums them finds the same totals."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from compounding.domain.cost import CostKind
from compounding.domain.money import total
from compounding.web.beside import beside_table
from compounding.web.spreadsheet import Cell, Table
from compounding.workflow.costs import MonthCost
from compounding.workflow.month_reports import Report


def tables(cost: MonthCost, report: Report) -> dict[str, Table]:
    """Each table of the month by the name that its address has; `cost` holds every patient."""
    return {
        "parts": _parts(cost),
        "waste": _waste(report),
        "patients": _patients(cost),
        "fills": _fills(cost),
        "batches": _batches(report),
        "doses": _doses(report),
        "tablets": _tablets(report),
        "months": _months(report),
        "expiring": _expiring(report),
        "bought": beside_table(report.bought),
    }


def _parts(cost: MonthCost) -> Table:
    return Table("Cost by part", ("Part", "Cost, $"), tuple((str(kind), amount) for kind, amount in cost.parts), ("Total", cost.total))


def _waste(report: Report) -> Table:
    rows = tuple((str(item.cause), _decimal(item.active.mg), item.amount) for item in report.waste)
    active = _decimal(sum((item.active.mg for item in report.waste), Fraction(0)))
    return Table("Waste by cause", ("Cause", "Naltrexone hydrochloride, mg", "Cost, $"), rows, ("Total", active, report.wasted))


def _patients(cost: MonthCost) -> Table:
    heads = ("Patient", "Born", "Fills", "Days", "Cost, $", "Price, $", "Margin, $", "30 days, $", "The article's month, $")
    rows = tuple(
        (item.patient, item.birth_date, item.fills, item.days, item.total, item.charged, item.margin, item.month, cost.article_month) for item in cost.patients
    )
    return Table("Patients", heads, rows, _summed(heads, rows, ("Fills", "Days", "Cost, $", "Price, $", "Margin, $")))


def _fills(cost: MonthCost) -> Table:
    kinds = tuple(f"{str(kind).capitalize()}, $" for kind in CostKind)
    heads = ("Patient", "Born", "Rx", "Batch", "Handed over", "Days", *kinds, "Cost, $", "Price, $", "30 days, $")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            fill.patient,
            fill.birth_date,
            fill.prescription_number,
            fill.batch_number,
            fill.handed_on,
            fill.days,
            *(total([part.amount for part in fill.parts if part.kind is kind]) for kind in CostKind),
            fill.total,
            fill.charged,
            fill.month,
        )
        for fill in cost.fills
    )
    return Table("Fills", heads, rows, _summed(heads, rows, (*kinds, "Cost, $", "Price, $")))


def _batches(report: Report) -> Table:
    heads = ("Batch", "Formula", "Made", "State", "Tablets", "Planned", "Came out", "Unit", "Cost, $", "Of it waste, $")
    rows = tuple(
        (
            item.number,
            item.formula,
            item.made_on,
            item.status.replace("_", " "),
            item.tablets,
            _decimal(item.planned),
            None if item.made is None else _decimal(item.made),
            "mL" if item.is_liquid else "capsules",
            item.cost,
            item.waste,
        )
        for item in report.batches
    )
    return Table("Batches", heads, rows, _summed(heads, rows, ("Tablets", "Cost, $", "Of it waste, $")))


def _doses(report: Report) -> Table:
    heads = ("Formula", "Fills", "Days", "Doses", "Cost, $", "Cost of a dose, $", "Price, $", "Price of a dose, $")
    rows = tuple(
        (
            item.formula,
            item.fills,
            item.days,
            item.doses,
            item.cost,
            item.cost_each,
            item.charged,
            item.charged_each,
        )
        for item in report.doses
    )
    return Table("Doses", heads, rows, _summed(heads, rows, ("Fills", "Days", "Doses", "Cost, $", "Price, $")))


def _tablets(report: Report) -> Table:
    found = report.tablets
    rows = (("by the lots really used", found.by_lot), ("first in, first out", found.first_in), ("moving average", found.average))
    return Table("Tablets valued", ("Valued", "Cost, $", "Tablets"), tuple((how, amount, found.units) for how, amount in rows))


def _months(report: Report) -> Table:
    heads = ("Month", "Cost, $", "Of it waste, $", "Price, $", "Margin, $")
    rows = tuple((item.month, item.cost, item.waste, item.charged, item.charged - item.cost) for item in report.months)
    return Table("Months", heads, rows, _summed(heads, rows, heads[1:]))


def _expiring(report: Report) -> Table:
    rows = tuple((item.product, item.lot_number, item.expires_on, item.worth) for item in report.expiring)
    return Table(
        "Expiring in 90 days", ("Product", "Lot", "Expires", "Bought for, $"), rows, ("Total", None, None, total([item.worth for item in report.expiring]))
    )


def _summed(heads: Sequence[str], rows: Sequence[tuple[Cell, ...]], names: Sequence[str]) -> tuple[Cell, ...]:
    """A last row with the sums of the columns of these names."""
    found: list[Cell] = ["Total"]
    for place, head in enumerate(heads[1:], start=1):
        column = [row[place] for row in rows]
        money = [cell for cell in column if isinstance(cell, type(total([])))]
        whole = [cell for cell in column if isinstance(cell, int)]
        found.append(None if head not in names else total(money) if head.endswith("$") else sum(whole))
    return tuple(found)


def _decimal(value: Fraction) -> Decimal:
    """Milligrams, mL and pieces to the thousandth, half up: what a balance shows."""
    thousandths = (2 * 1000 * value.numerator + value.denominator) // (2 * value.denominator)
    return Decimal(thousandths) / 1000
