"""Sketching a course without a prescription: what it would take if it were ordered. Nothing of a patient is read, and nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compounding.db.values import approved_formulas, containers, measures, policy_in_force
from compounding.domain.chooser import choose, options
from compounding.domain.container_choice import contained
from compounding.domain.errors import Invalid
from compounding.domain.formula import Formula
from compounding.domain.option import AtHand, Option
from compounding.domain.plan import Choices, Inquiry, Plan
from compounding.domain.planner import sketch_plan
from compounding.domain.policy import Policy
from compounding.domain.preparation import Container
from compounding.domain.weighing import Dropper, Syringe
from compounding.workflow.act import Look
from compounding.workflow.proof import prove_container, prove_sketch


@dataclass(frozen=True, slots=True)
class Sketched:
    """The course as it would be, the formula with its device that it was reckoned for, and every way there is, the best first."""

    course: Plan
    chosen: Option
    options: tuple[Option, ...]


def sketch(look: Look, inquiry: Inquiry) -> Sketched:
    """The course of `inquiry`, checked by the second pharmacist; of the stock and its prices nothing is asked and nothing is told."""
    policy = policy_in_force(look.session)
    formulas = [formula for _, formula in approved_formulas(look.session)]
    at_hand = measures(look.session)
    _refuse_unknown(inquiry, formulas, at_hand)
    boxes = containers(look.session)
    found = options(inquiry.regimen, AtHand(formulas, at_hand, boxes, policy, look.today))
    chosen = choose(found, formula=inquiry.formula, device=inquiry.device)
    choices = _choices(inquiry, chosen, boxes, policy, look.today)
    made = sketch_plan(inquiry.regimen, choices, today=look.today, policy=policy)
    prove_sketch(made, inquiry.regimen, choices, policy=policy, today=look.today)
    return Sketched(made.course, chosen, found)


def _refuse_unknown(inquiry: Inquiry, formulas: Sequence[Formula], at_hand: Sequence[Syringe | Dropper]) -> None:
    missing = {
        name: (f"There is none of this code here. Leave it out, or take one of: {', '.join(item.code for item in known)}.",)
        for name, code, known in (("formula", inquiry.formula, formulas), ("device", inquiry.device, at_hand))
        if code and code not in {item.code for item in known}
    }
    if missing:
        raise Invalid("choices", "The pharmacy has no formula or device of that code.", fields=missing)


def _choices(inquiry: Inquiry, chosen: Option, boxes: Sequence[Container], policy: Policy, today: date) -> Choices:
    """What is asked for; a container that is left open is the one that the course needs as it is asked for."""
    formula = chosen.formula
    usual_overage = formula.capsules.overage if formula.capsules else 0

    def making(container: Container) -> Choices:
        return Choices(
            formula,
            inquiry.storage or formula.storages[0],
            container,
            inquiry.method or formula.method,
            inquiry.starts_on or today,
            chosen.device,
            inquiry.lead_days,
            inquiry.overfill,
            usual_overage if inquiry.overage is None else inquiry.overage,
        )

    if inquiry.container:
        return making(_container(inquiry.container, formula, boxes))
    found = contained(inquiry.regimen.steps, making, formula, boxes, policy=policy)
    prove_container(found, inquiry.regimen, making(found.container), containers=boxes, policy=policy)
    return making(found.container)


def _container(code: str, formula: Formula, boxes: Sequence[Container]) -> Container:
    fitting = [item for item in boxes if (item.capsules is None) == (formula.capsules is None)]
    for item in fitting:
        if item.product == code:
            return item
    message = f"There is no such container for this form. Leave it out, or take one of: {', '.join(item.product for item in fitting)}."
    raise Invalid("choices", message, fields={"container": (message,)})
