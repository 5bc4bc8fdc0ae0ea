"""Which strength and device measure every step of a course best, and why each other one lost.

Ranked by what a patient can get wrong: what no mark can measure last, then several draws, rounding error, and the syringe's own tolerance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.capsule import capsules_for
from compounding.domain.errors import PharmacyError
from compounding.domain.explain import tolerance
from compounding.domain.formula import Formula
from compounding.domain.policy import Policy
from compounding.domain.prescription import Form, Order, Step
from compounding.domain.weighing import Dropper, Reading, Syringe, measure, percent


@dataclass(frozen=True, slots=True)
class Option:
    """A formula with the device that measures its doses; `refused` says why it cannot be used, empty if it can.

    `worst_error` is the largest relative rounding error of a step, `spread` the device's own tolerance at the smallest dose.
    """

    formula: Formula
    device: Syringe | Dropper | None
    worst_error: Fraction
    draws: int
    spread: Fraction
    refused: str
    remark: str

    @property
    def rank(self) -> tuple[bool, bool, Fraction, int, Fraction]:
        """The smaller the better."""
        return bool(self.refused), self.draws > 1, self.worst_error, self.draws, self.spread


def options(order: Order, formulas: Sequence[Formula], devices: Sequence[Syringe | Dropper], policy: Policy) -> tuple[Option, ...]:
    """Every way to make the order's form, the best first; a prescribed strength leaves no other."""
    found = []
    for formula in formulas:
        if not _fits(order, formula):
            continue
        if formula.capsules is not None:
            found.append(_capsules(order.steps, formula))
        else:
            found += [_liquid(order, formula, device, policy) for device in devices if _goes_with(formula, device)]
    return tuple(sorted(found, key=lambda option: option.rank))


def _fits(order: Order, formula: Formula) -> bool:
    if order.form is Form.CAPSULE:
        return formula.capsules is not None and order.capsule_strength in {None, formula.capsules.strength}
    return formula.liquid is not None and order.strength in {None, formula.liquid.strength}


def _goes_with(formula: Formula, device: Syringe | Dropper) -> bool:
    return isinstance(device, Syringe) or device.formula == formula.code


def _capsules(steps: Sequence[Step], formula: Formula) -> Option:
    if formula.capsules is None:
        raise TypeError(formula.code)
    try:
        most = max(capsules_for(step.dose, formula.capsules.strength) for step in steps)
    except PharmacyError as refusal:
        return Option(formula, None, Fraction(0), 1, Fraction(0), refusal.sentence, "")
    return Option(formula, None, Fraction(0), most, Fraction(0), "", f"up to {most} capsules a dose")


def _liquid(order: Order, formula: Formula, device: Syringe | Dropper, policy: Policy) -> Option:
    if formula.liquid is None:
        raise TypeError(formula.code)
    readings = [measure(step.dose / formula.liquid.strength, device) for step in order.steps]
    worst = max(abs(reading.error) for reading in readings)
    draws = max(reading.draws for reading in readings)
    refused = f"a dose reads up to {percent(worst)[1:]} off" if worst > policy.rounding_refuse else _uncountable(readings, policy)
    remark = "every dose stands on a mark" if worst == 0 else f"rounding up to {percent(worst)[1:]}"
    if draws > 1:
        remark += f", {draws} draws"
    return Option(formula, device, worst, draws, _spread(readings, device), refused, remark)


def _uncountable(readings: Sequence[Reading], policy: Policy) -> str:
    most = max(reading.drops or 0 for reading in readings)
    return f"{most} drops cannot be counted reliably" if most > policy.drops_a_dose else ""


def _spread(readings: Sequence[Reading], device: Syringe | Dropper) -> Fraction:
    least = min(reading.measured.ml for reading in readings)
    if isinstance(device, Dropper) or least == 0:
        return Fraction(15, 100)  # USP <1101>: a dropper's volume errs by up to 15 % in normal use
    return tolerance(least, device)
