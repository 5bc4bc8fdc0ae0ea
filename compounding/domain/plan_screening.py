"""What the plan rules look at: a plan, the lots that it takes, and the container that the patient had last."""

from datetime import date

from compounding.domain.formula import Formula, Part
from compounding.domain.plan import Plan
from compounding.domain.policy import Policy
from compounding.domain.preparation import Preparation
from compounding.domain.prescription import Order
from compounding.domain.safety import FillUse, LastFill, PlanFacts


def plan_facts(plan: Plan, order: Order, formula: Formula, *, made: Preparation | None, before: LastFill | None, today: date, policy: Policy) -> PlanFacts:
    """The facts of `plan` on `today`; `made` is the batch whose lots are known, if one is."""
    return PlanFacts(
        order=order,
        today=today,
        policy=policy,
        strength=formula.liquid.strength if formula.liquid else None,
        capsule_strength=formula.capsules.strength if formula.capsules else None,
        last_fill=before,
        fillers=_fillers(formula, made),
        excipients=made.excipients if made else (),
        fills=tuple(FillUse(fill.number, fill.closes_on, fill.until) for fill in plan.fills),
    )


def _fillers(formula: Formula, made: Preparation | None) -> tuple[str, ...]:
    """What the formula calls its filler, and what is printed on the lot that is really taken."""
    if formula.capsules is None:
        return ()
    taken = [line.name for line in made.lines if line.part is Part.FILLER] if made else []
    return (formula.capsules.filler.name, *taken)
