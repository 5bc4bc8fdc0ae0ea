"""Which strength and device measure every step of a course best, and why each other one lost.

Ranked by what a patient can get wrong: what no mark can measure last, then several draws, rounding error, and the syringe's own tolerance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.capsule import capsules_for
from compounding.domain.errors import PharmacyError, Unsafe
from compounding.domain.explain import tolerance
from compounding.domain.formula import Formula
from compounding.domain.policy import Policy
from compounding.domain.prescription import Form, Regimen, Step
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


def options(regimen: Regimen, formulas: Sequence[Formula], devices: Sequence[Syringe | Dropper], policy: Policy) -> tuple[Option, ...]:
    """Every way to make the form of `regimen`, the best first; a prescribed strength leaves no other."""
    found = []
    for formula in formulas:
        if not _fits(regimen, formula):
            continue
        if formula.capsules is not None:
            found.append(_capsules(regimen.steps, formula))
        else:
            found += [_liquid(regimen.steps, formula, device, policy) for device in devices if _goes_with(formula, device)]
    return tuple(sorted(found, key=lambda option: option.rank))


def choose(found: Sequence[Option], *, formula: str, device: str) -> Option:
    """The best of `found` with the formula and the device of these codes, empty where any will do; raises `Unsafe` where none will.

    Whoever names both gets just those: what then cannot be measured, the planner refuses.
    """
    fitting = [option for option in found if formula in {"", option.formula.code} and device in {"", option.device.code if option.device else ""}]
    for option in fitting:
        if not option.refused or (formula and device):
            return option
    if fitting:
        nearest = fitting[0]
        message = f"Nothing here can measure this course as asked. The nearest, {_named(nearest)}: {nearest.refused}. Ask for other doses or another form."
        raise Unsafe("no-way", message)
    raise Unsafe("no-way", "No approved formula of that form and strength goes with that device. Leave out what need not be so, and the pharmacy chooses.")


def why_lost(option: Option, chosen: Option) -> str:
    """Why `option` is not the one that was chosen."""
    if option.refused:
        return option.refused
    if option.rank < chosen.rank:
        return "it comes before the one that was asked for"
    if option.draws > chosen.draws == 1 or (option.draws > chosen.draws and option.worst_error == chosen.worst_error):
        return f"{option.draws} draws a dose instead of {chosen.draws}" if option.device else f"up to {option.draws} capsules a dose instead of {chosen.draws}"
    if option.worst_error != chosen.worst_error:
        return f"a dose is rounded by up to {_size(option.worst_error)} instead of {_size(chosen.worst_error)}"
    if option.spread != chosen.spread:
        return f"the device's own tolerance at the smallest dose is up to {_size(option.spread)} instead of {_size(chosen.spread)}"
    return "as good as the one that was chosen, and later in the list"


def _size(error: Fraction) -> str:
    return percent(abs(error)).removeprefix("+")


def _named(option: Option) -> str:
    return f"{option.formula.name} with {option.device.name}" if option.device else option.formula.name


def _fits(regimen: Regimen, formula: Formula) -> bool:
    if regimen.form is Form.CAPSULE:
        return formula.capsules is not None and regimen.capsule_strength in {None, formula.capsules.strength}
    return formula.liquid is not None and regimen.strength in {None, formula.liquid.strength}


def _goes_with(formula: Formula, device: Syringe | Dropper) -> bool:
    return isinstance(device, Syringe) or device.formula == formula.code


def _capsules(steps: Sequence[Step], formula: Formula) -> Option:
    if formula.capsules is None:
        raise TypeError(formula.code)
    try:
        most = max(capsules_for(step.dose, formula.capsules.strength) for step in steps)
    except PharmacyError as refusal:
        return Option(formula, None, Fraction(0), 1, Fraction(0), refusal.sentence, "")
    return Option(formula, None, Fraction(0), most, Fraction(0), "", f"up to {most} {'capsule' if most == 1 else 'capsules'} a dose")


def _liquid(steps: Sequence[Step], formula: Formula, device: Syringe | Dropper, policy: Policy) -> Option:
    if formula.liquid is None:
        raise TypeError(formula.code)
    readings = [measure(step.dose / formula.liquid.strength, device) for step in steps]
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
