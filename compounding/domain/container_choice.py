"""Which container a course goes into: the beyond-use date bounds it first, then the smallest that takes it in the fewest.

A bottle is for liquids, a vial for capsules. What is made up in its bottle stays in that one, since its directions name it, and drops come
out of the bottle whose dropper was counted, since another dropper gives other drops (USP <1101>): both are the formula's usual container.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula
from compounding.domain.plan import Choices, MeasuredStep
from compounding.domain.planner import containers_taken, measured_steps
from compounding.domain.policy import Policy
from compounding.domain.preparation import Container
from compounding.domain.prescription import Step
from compounding.domain.weighing import Dropper, Syringe

Making = Callable[[Container], Choices]  # the choices for a course, in this container


@dataclass(frozen=True, slots=True)
class Contained:
    """The container of a course, and why this one."""

    container: Container
    reason: str


def contained(steps: Sequence[Step], making: Making, formula: Formula, containers: Sequence[Container], *, policy: Policy) -> Contained:
    """The smallest of `containers` that takes the course in the fewest; of two of a size the usual one of the formula.

    Raises `Unsafe` where the pharmacy has none for it. Where none of them holds a day's doses the largest is named, and the planner refuses it.
    """
    fitting = [item for item in containers if _for_the_form(item, formula)]
    usual = next((item for item in fitting if item.product == formula.usual_container), None)
    bound = _bound_to_usual(making(fitting[0]).device, formula) if fitting else ""
    if not fitting or (bound and usual is None):
        raise Unsafe("container", f"its usual container ({formula.usual_container}) is not among those of the pharmacy")
    if bound and usual is not None:
        return Contained(usual, bound)
    measured = measured_steps(steps, making(fitting[0]))
    by_size = sorted(fitting, key=lambda item: (_size(item), item is not usual, item.product))
    fewest = _taken(measured, making(by_size[-1]), policy)
    if not fewest:
        return Contained(by_size[-1], "the largest, and not even one day's doses fit it")
    # A larger one never takes more, so that the smallest of those that take the fewest is found by halving.
    enough = bisect_left(by_size, 1, key=lambda item: _taken(measured, making(item), policy) == fewest)
    return Contained(by_size[enough], _reason(by_size[enough], fewest, usual, _taken(measured, making(usual), policy) if usual else 0))


def _for_the_form(container: Container, formula: Formula) -> bool:
    return (container.capsules if formula.capsules is None else container.volume) is None


def _bound_to_usual(device: Syringe | Dropper | None, formula: Formula) -> str:
    """Why it can only be the formula's usual container; empty where it may be any."""
    if formula.liquid is not None and formula.liquid.made_in_container:
        return "it is made up in this one"
    return "its dropper was counted with this one" if isinstance(device, Dropper) else ""


def _taken(steps: Sequence[MeasuredStep], choices: Choices, policy: Policy) -> int:
    """How many the course takes; 0 where it cannot be put into them."""
    try:
        return containers_taken(steps, choices, policy)
    except Unsafe:
        return 0


def _size(container: Container) -> tuple[bool, Fraction]:
    """What it gives out, larger for a larger one; one without a bound is the largest."""
    held = container.capsules if container.volume is None else (container.volume - container.unusable).ml
    return held is None, Fraction(held or 0)


def _reason(chosen: Container, fewest: int, usual: Container | None, by_usual: int) -> str:
    found = f"the smallest that takes the course in {fewest}"
    if usual is None:
        return found
    if chosen is usual:
        return f"{found}, and the usual one"
    instead = "would take as many" if by_usual == fewest else f"would take {by_usual}" if by_usual else "does not hold one day's doses"
    return f"{found}; the usual one ({usual.name}) {instead}"
