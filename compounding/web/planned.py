"""What the planner tells of a course: its sums, its containers with every claim on their dates, its pictures, and why each number is what it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from compounding.domain.beyond_use import last_day
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.shelf_life import Claim, claims
from compounding.domain.weighing import Syringe, percent
from compounding.domain.working import Working
from compounding.web.drawings import Barrel, barrel
from compounding.web.plan_picture import Picture, picture_of
from compounding.workflow.sketches import Sketched


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim on the date of one container."""

    claim: Claim
    until: date


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the page shows of a course. `barrel` is the syringe, None for drops and capsules."""

    found: Sketched
    plan: Plan
    picture: Picture
    barrel: Barrel | None
    tablets: int
    left: Mass
    line: str
    workings: Mapping[str, Working]

    def claimed(self, fill: FillPlan) -> tuple[Claimed, ...]:
        """Each claim on the date of `fill`, the one that decided first."""
        found = claims(self.found.chosen.formula, self.plan.storage)
        return tuple(Claimed(claim, last_day(fill.make_by, claim.days, made_is_day_one=self.plan.made_is_day_one)) for claim in found)

    def reading(self, key: str) -> str:
        """The exact value behind the number named `key` as a fraction, and how it was rounded to what is shown."""
        working = self.workings[key]
        exact = f"{working.ratio} {working.unit}"
        decimal = f" = {working.exactly}" if "/" in exact and "/" not in working.exactly.split()[0] else ""
        return f"{exact}{decimal}, {'shown as ' + working.shown if working.shown else 'not rounded'}"


def told(found: Sketched) -> Told:
    """The course of `found` for its page."""
    plan, device = found.course, found.chosen.device
    tablets = sum(fill.amounts.tablets for fill in plan.fills)
    return Told(
        found=found,
        plan=plan,
        picture=picture_of(plan),
        barrel=barrel(device) if isinstance(device, Syringe) else None,
        tablets=tablets,
        left=sum((fill.amounts.left for fill in plan.fills), Mass.of_mg(0)),
        line=_line(plan, tablets),
        workings={working.key: working for working in plan.workings},
    )


def counted(number: int | Fraction, thing: str) -> str:
    """`number` and what is counted: 1 tablet, 3 tablets."""
    return f"{decimal_text(Fraction(number))} {thing}{'' if number == 1 else 's'}"


def _line(plan: Plan, tablets: int) -> str:
    worst = max((step.reading.error for step in plan.steps if step.reading), key=abs, default=Fraction(0))
    rounding = f"rounding up to {percent(worst)}" if worst else "every dose exact"
    by = f"{plan.strength} by {plan.device}" if plan.device else plan.strength
    source = f"{plan.drawn} of stock solution" if plan.drawn else counted(tablets, "tablet")
    return "; ".join((by, counted(plan.days, "day"), str(plan.prescribed), counted(len(plan.fills), "container"), source, rounding))
