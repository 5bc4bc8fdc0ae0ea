"""The sig: directions for the patient as finished sentences (USP <17>: numerals, explicit times, no Latin; NCPDP: mL only).

One sentence for each titration step that the container serves, with its dates. Dates are written "Mar 1, 2026": never 03/04/26.
"""

from datetime import date, timedelta

from compounding.domain.formula import Formula
from compounding.domain.plan import FillPlan, FillStep, MeasuredStep, Plan
from compounding.domain.prescription import Moment, Route
from compounding.domain.quantity import decimal_text

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WAYS = {Route.ORAL: "by mouth", Route.SUBLINGUAL: "under the tongue"}


def day_text(day: date) -> str:
    """A date that nobody can misread ("Mar 1, 2026")."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def directions(plan: Plan, fill: FillPlan, formula: Formula, *, route: Route, opens_on: date) -> tuple[str, ...]:
    """The sentences of one container, whose first dose is on `opens_on`."""
    if len(plan.steps) == 1 and len(plan.fills) == 1:
        return (_take(plan.steps[0], formula, route),)
    return tuple(f"{_dates(part, fill, opens_on)}: {_take(plan.steps[part.step - 1], formula, route)}" for part in fill.steps)


def _dates(part: FillStep, fill: FillPlan, opens_on: date) -> str:
    first = opens_on + timedelta(days=part.first_day - fill.opens)
    last = opens_on + timedelta(days=part.last_day - fill.opens)
    if first == last:
        return day_text(first)
    head = day_text(first) if first.year != last.year else day_text(first).rsplit(",", 1)[0]
    return f"{head} to {day_text(last)}"


def _take(step: MeasuredStep, formula: Formula, route: Route) -> str:
    return f"Take {_amount(step, formula)} {_WAYS.get(route, 'by mouth')} {_moments(step.moments)}."


def _amount(step: MeasuredStep, formula: Formula) -> str:
    if step.reading is None:
        return _counted(step.capsules or 0, "capsule")
    if step.reading.drops is not None and formula.liquid is not None and formula.liquid.drops_on_label:
        return _counted(step.reading.drops, "drop")
    return f"{decimal_text(step.reading.measured.ml)} mL"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _moments(moments: tuple[Moment, ...]) -> str:
    *head, last = (str(moment) for moment in moments)
    return f"{', '.join(head)} and {last}" if head else last
