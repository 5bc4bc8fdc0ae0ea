"""The sig: directions for the patient as finished sentences (USP <17>: numerals, explicit times, no Latin; NCPDP: mL only).

One sentence for each titration step that the container serves, with its dates. Dates are written "Mar 1, 2026": never 03/04/26.
Several times a day are told as 16 CCR 1707.5(a)(4) tells them: "Take 1 capsule in the morning, and 1 capsule at bedtime".
"""

from dataclasses import dataclass
from datetime import date, timedelta

from compounding.domain.formula import Formula
from compounding.domain.language import ENGLISH_DATES, Language
from compounding.domain.plan import FillPlan, MeasuredStep, Plan
from compounding.domain.prescription import Moment, Route
from compounding.domain.quantity import decimal_text

_WAYS = {Route.ORAL: "by mouth", Route.SUBLINGUAL: "under the tongue"}
_SLOT = "{}"


@dataclass(frozen=True, slots=True)
class Direction:
    """One sentence of the sig: a standard one whose every slot takes the same `number`, for the days from `first` to `last` of step `step`.

    `dated` says whether the label names the days; it does unless the container is the whole course at one dose.
    """

    step: int
    standard: str  # "Take {} mL by mouth at bedtime."
    number: str
    first: date
    last: date
    dated: bool

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self._dated(ENGLISH_DATES.days(self.first, self.last), self.standard)

    def told(self, language: Language) -> str | None:
        """The sentence in `language`, with the very same number; None where that has no sentence for it."""
        found = language.direction(self.standard)
        return None if found is None else self._dated(language.dates.days(self.first, self.last), found)

    def act(self, language: Language) -> str | None:
        """The sentence in `language` without its days."""
        found = language.direction(self.standard)
        return None if found is None else found.replace(_SLOT, self.number)

    def _dated(self, days: str, sentence: str) -> str:
        filled = sentence.replace(_SLOT, self.number)
        return f"{days}: {filled}" if self.dated else filled


def day_text(day: date) -> str:
    """A date that nobody can misread ("Mar 1, 2026")."""
    return ENGLISH_DATES.day(day)


def directions(plan: Plan, fill: FillPlan, formula: Formula, *, route: Route, opens_on: date) -> tuple[str, ...]:
    """The sentences of one container, whose first dose is on `opens_on`."""
    return tuple(direction.text for direction in sig(plan, fill, formula, route=route, opens_on=opens_on))


def sig(plan: Plan, fill: FillPlan, formula: Formula, *, route: Route, opens_on: date) -> tuple[Direction, ...]:
    """The directions of one container, whose first dose is on `opens_on`, step by step."""
    dated = len(plan.steps) > 1 or len(plan.fills) > 1
    return tuple(
        _direction(
            plan.steps[part.step - 1],
            formula,
            route,
            first=opens_on + timedelta(days=part.first_day - fill.opens),
            last=opens_on + timedelta(days=part.last_day - fill.opens),
            dated=dated,
        )
        for part in fill.steps
    )


def _direction(step: MeasuredStep, formula: Formula, route: Route, *, first: date, last: date, dated: bool) -> Direction:
    number, unit = _amount(step, formula)
    return Direction(step.number, _standard(unit, _WAYS.get(route, "by mouth"), step.moments), number, first, last, dated)


def _standard(unit: str, way: str, moments: tuple[Moment, ...]) -> str:
    first, *others = moments
    parts = [f"Take {_SLOT} {unit} {way} {first}", *(f"{_SLOT} {unit} {moment}" for moment in others)]
    if others:
        parts[-1] = f"and {parts[-1]}"
    return f"{', '.join(parts)}."


def _amount(step: MeasuredStep, formula: Formula) -> tuple[str, str]:
    if step.reading is None:
        return _counted(step.capsules or 0, "capsule")
    if step.reading.drops is not None and formula.liquid is not None and formula.liquid.drops_on_label:
        return _counted(step.reading.drops, "drop")
    return decimal_text(step.reading.measured.ml), "mL"


def _counted(number: int, thing: str) -> tuple[str, str]:
    return str(number), thing if number == 1 else f"{thing}s"
