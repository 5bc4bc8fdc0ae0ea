"""What is owed: a container of which less is given than was planned, the days that each part serves, and by when the rest must be given.

A part ends with a whole day's doses, so that no day is without a dose and none has two. Capsules are counted; a bottle is given whole, and
only one that is still to be made, or came out short, is cut by days.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from compounding.domain.dilution import ceiling
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Formula
from compounding.domain.plan import FillPlan, FillStep, Plan
from compounding.domain.preparation import Amounts, capsule_amounts, liquid_amounts
from compounding.domain.quantity import Volume
from compounding.domain.safety.wording import months_later

_MADE = frozenset({FillStatus.MADE, FillStatus.LABELLED, FillStatus.CHECKED})


class AskedBy(StrEnum):
    """Who asked for less."""

    STOCK = "stock"
    PATIENT = "patient"


class Rest(StrEnum):
    """What is with the rest."""

    HERE = "here"  # counted into a container of its own, and kept for the patient
    TO_BE_MADE = "to be made"


@dataclass(frozen=True, slots=True)
class Cut:
    """What of a container is given now: so many capsules, or a liquid for so many days; and why not all."""

    given: int
    asked_by: AskedBy
    rest: Rest
    reason: str


class Standing(StrEnum):
    """How something that was owed stands."""

    OPEN = "open"
    GIVEN = "given"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when the rest of a container must be given, `needed` the first day without it; `reason` says what decides."""

    needed: date
    by: date
    reason: str

    def days_without(self, today: date) -> int:
        """The days, today's included, on which the patient has had no dose of this order because of what is owed."""
        return max(0, (today - self.needed).days + 1)


def check(told: Cut, status: FillStatus, *, capsules: bool) -> None:
    """Refuse to cut a container that cannot be: one that is being made or is gone, and a bottle of which nothing is missing."""
    if status is not FillStatus.DUE and status not in _MADE:
        message = f"This container is {status.replace('_', ' ')}: less of it cannot be given now. Look at it again."
        raise Conflict("owed", message)
    wrong = {}
    if not told.reason:
        wrong["reason"] = ("Say why not all of it is given.",)
    if told.rest is Rest.HERE and status is FillStatus.DUE:
        wrong["rest"] = ("Nothing of this container is made yet. Choose that the rest is to be made.",)
    elif told.rest is Rest.HERE and not capsules:
        wrong["rest"] = ("A bottle is given whole. Choose that the rest is to be made only where the bottle came out short.",)
    if wrong:
        raise Invalid("owed", "Something is missing. Correct what is named.", fields=wrong)


def days_given(plan: Plan, container: FillPlan, given: int, *, capsules: bool) -> int:
    """The days that `given` serves; refused where it is all or nothing, or ends within a day."""
    most = container.closes - container.opens + 1
    served, total = [0], 0
    for taken in daily(plan, container):
        total += taken.numerator if capsules else 1
        served.append(total)
    if not 0 < given < total:
        what = f"{total} capsules" if capsules else f"{total} days"
        message = f"This container serves {what}. Give fewer than that, and at least what one day takes."
        raise Invalid("given", message, fields={"given": (message,)})
    if given not in served:
        days = max(day for day in range(most) if served[day] < given)
        under = f"{served[days]} ({days} days) or " if days else ""
        message = f"{given} capsules end within a day. Give {under}{served[days + 1]} ({days + 1} days), so that no day is cut in two."
        raise Invalid("given", message, fields={"given": (message,)})
    return served.index(given)


def daily(plan: Plan, container: FillPlan) -> Iterator[Fraction]:
    """What each day of a container takes, in order: mL, or capsules."""
    for served in container.steps:
        yield from [plan.steps[served.step - 1].daily_amount] * (served.last_day - served.first_day + 1)


def part(plan: Plan, whole: FillPlan, opens: int, closes: int, formula: Formula) -> FillPlan:
    """The part of a planned container that serves the course days `opens` to `closes`, as a container of its own."""
    if (opens, closes) == (whole.opens, whole.closes):
        return whole
    inside = [item for item in whole.steps if item.first_day <= closes and item.last_day >= opens]
    steps = tuple(FillStep(item.step, max(item.first_day, opens), min(item.last_day, closes)) for item in inside)
    later, sooner = timedelta(days=opens - whole.opens), timedelta(days=whole.closes - closes)
    container = replace(
        whole, opens=opens, closes=closes, opens_on=whole.opens_on + later, closes_on=whole.closes_on - sooner, make_by=whole.make_by + later, steps=steps
    )
    return replace(container, amounts=_amounts(plan, whole, container, formula), preparation=None)


def _amounts(plan: Plan, whole: FillPlan, container: FillPlan, formula: Formula) -> Amounts:
    """What the part takes when it is made by itself: as much overage or overfill beside it as beside the whole."""
    used = sum(daily(plan, container), Fraction(0))
    if formula.capsules is not None:
        overage = whole.amounts.made - whole.amounts.dispensed
        return capsule_amounts(formula, used.numerator, overage=ceiling(overage * used / whole.amounts.used), container=plan.container)
    beside = Fraction(0) if formula.liquid and formula.liquid.made_in_container else whole.amounts.dispensed - whole.amounts.used - plan.container.unusable.ml
    dispensed = Volume(used + beside) + plan.container.unusable
    return liquid_amounts(formula, Volume(used), dispensed, method=plan.method, container=plan.container)


def deadline(*, opens_on: date, closes_on: date, good_through: date | None, written_on: date, months: int) -> Deadline:
    """By when the rest must be given: its last dose lies within the beyond-use date, and the order is not older than `months`."""
    valid = months_later(written_on, months)
    last = good_through - (closes_on - opens_on) if good_through is not None else valid
    if last < valid:
        return Deadline(opens_on, last, "the beyond-use date of what is here, less the days that it serves")
    return Deadline(opens_on, valid, f"the order is valid for {months} months")


def gaps(served: Iterable[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """The days between the first and the last of these spans on which none of them gives a dose: the first and the last of each stretch."""
    found: list[tuple[date, date]] = []
    covered: date | None = None
    for opens_on, closes_on in sorted(served):
        if covered is not None and opens_on > covered + timedelta(days=1):
            found.append((covered + timedelta(days=1), opens_on - timedelta(days=1)))
        covered = closes_on if covered is None else max(covered, closes_on)
    return tuple(found)
