"""The dose, typed a second time from the original by the pharmacist who accepts the order.

The bands of the rules let a slip of the decimal point through where both doses are low ones: 0.5 and 5 mg, 1 and 10 mg. A second
keying by somebody else, who does not see the first, finds it (double entry; the same reason why barcodes are scanned twice).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from compounding.domain.errors import Invalid
from compounding.domain.policy import Policy
from compounding.domain.prescription import Order, QuantityUnit, Unit
from compounding.domain.quantity import Mass


@dataclass(frozen=True, slots=True)
class Retype:
    """One dose that is typed again, in the unit that it was ordered in, and the steps, from 1, that take it."""

    steps: tuple[int, ...]
    dose: Mass
    unit: Unit


def to_retype(order: Order, policy: Policy, *, first_fill: bool) -> tuple[Retype, ...]:
    """What is typed again of `order`: each different dose, in the order of the steps; nothing where nothing asks for it.

    It is asked for when a day's dose lies outside the policy's bounds, at the first fill of a patient here, whose dose nobody knows yet,
    and where nothing else in the order tells the dose: 0.4 mg typed as 3.4 is no large step from 1.15 mg, and no rule can see it.
    """
    unusual = any(not policy.retype_below <= step.daily <= policy.retype_above for step in order.steps)
    if not policy.retype_doses or not (unusual or first_fill or _told_once(order)):
        return ()
    steps: dict[tuple[Mass, Unit], list[int]] = {}
    for number, step in enumerate(order.steps, start=1):
        steps.setdefault((step.dose, step.unit), []).append(number)
    return tuple(Retype(tuple(numbers), dose, unit) for (dose, unit), numbers in steps.items())


def _told_once(order: Order) -> bool:
    """Whether the doses cannot be compared with a total, nor with a quantity of a known strength (rule R31)."""
    strength = order.capsule_strength if order.supply.quantity_unit is QuantityUnit.CAPSULE else order.strength
    compared = order.supply.quantity_unit in {QuantityUnit.CAPSULE, QuantityUnit.ML} and strength is not None
    return order.supply.total is None and not compared


def check_retyped(asked: tuple[Retype, ...], retyped: Mapping[int, Mass]) -> None:
    """Compare what was typed again with the order, by the place in `asked`, from 0; raises `Invalid` naming each that is missing or differs."""
    wrong: dict[str, tuple[str, ...]] = {}
    for place, item in enumerate(asked):
        if place not in retyped:
            wrong[f"retyped.{place}"] = (f"Type the dose again, from the original, in {item.unit}.",)
        elif retyped[place] != item.dose:
            wrong[f"retyped.{place}"] = ("The order says otherwise. Look at the original again.",)
    if wrong:
        message = "The doses typed again are not those of the order. Look at the original; if the order is wrong, decline it and write it down anew."
        raise Invalid("retyped", message, fields=wrong)
