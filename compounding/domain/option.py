"""What each way to make a course amounts to: a formula with a device, how its doses read, what the course takes, and what speaks against it.

What a way takes is counted in the container that its course needs (`container_choice`), by its formula's usual method and first storage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from compounding.domain.capsule import capsules_for
from compounding.domain.container_choice import Contained, contained
from compounding.domain.dilution import ceiling
from compounding.domain.errors import PharmacyError
from compounding.domain.explain import below_a_fifth, tolerance
from compounding.domain.formula import Formula
from compounding.domain.plan import Choices, FillPlan
from compounding.domain.planner import calibration_lapsed, laid_out
from compounding.domain.policy import Policy
from compounding.domain.preparation import Container
from compounding.domain.prescription import Form, Regimen, Step
from compounding.domain.quantity import Concentration, Mass
from compounding.domain.quote import Prices, Quote, quote
from compounding.domain.weighing import Dropper, Reading, Syringe, measure, percent

_DROPPER_ERROR = Fraction(15, 100)  # USP <1101>: a dropper's volume errs by up to 15 % in normal use


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the pharmacy has to choose from today. `prices` are None where costs are nobody's business.

    `at_home` is the strength of the container that the patient was handed last, of a liquid or of one capsule; None for a stranger.
    """

    formulas: Sequence[Formula]
    devices: Sequence[Syringe | Dropper]
    containers: Sequence[Container]
    policy: Policy
    today: date
    prices: Prices | None = None
    at_home: Concentration | Mass | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the whole course takes: `surplus` is crushed and never taken, `remakes` are containers made because the one before reached its date.

    `contained` is the container that it was counted in, and why that one.
    """

    tablets: int
    surplus: Mass
    containers: int
    remakes: int
    quote: Quote | None
    contained: Contained


@dataclass(frozen=True, slots=True)
class Option:
    """A formula with the device that measures its doses; `refused` says why it cannot be used, `impractical` why it should not, both empty if it may.

    `worst_error` is the largest relative rounding error of a step, `farthest` how far a dose can lie from what was prescribed with the
    device's own error, and `band` that in steps of the warn limit. `reads` says how the doses stand on the marks, `small` that one lies
    below a fifth of the syringe, `changes` that the patient has another strength at home.
    """

    formula: Formula
    device: Syringe | Dropper | None
    worst_error: Fraction
    farthest: Fraction
    band: int
    warned: bool
    draws: int
    drops_for_ml: bool
    refused: str
    reads: str
    impractical: str
    small: str
    changes: str
    outcome: Outcome | None

    @property
    def container(self) -> str:
        """The code of the container that its outcome was counted in; empty where it has none."""
        return self.outcome.contained.container.product if self.outcome else ""

    @property
    def remark(self) -> str:
        """What there is to know of it, in one line."""
        return "; ".join(text for text in (self.reads, self.impractical, self.small, self.changes) if text)


def option_of(regimen: Regimen, formula: Formula, device: Syringe | Dropper | None, house: AtHand) -> Option:
    """The way to make `regimen` by `formula` with `device`, None for capsules."""
    return _capsules(regimen, formula, house) if device is None else _liquid(regimen, formula, device, house)


def _capsules(regimen: Regimen, formula: Formula, house: AtHand) -> Option:
    most = 1
    try:
        most = max(_capsules_a_dose(step, formula) for step in regimen.steps)
        outcome, refused = _outcome(regimen, formula, None, house), ""
    except PharmacyError as refusal:
        outcome, refused = None, refusal.sentence
    nothing = Fraction(0)
    return Option(
        formula, None, nothing, nothing, band=0, warned=False, draws=most, drops_for_ml=False, refused=refused,
        reads=f"up to {capsules_said(most)} a dose", impractical="", small="", changes=_changes(formula, house), outcome=outcome,
    )  # fmt: skip


def _capsules_a_dose(step: Step, formula: Formula) -> int:
    if formula.capsules is None:
        raise TypeError(formula.code)
    return capsules_for(step.dose, formula.capsules.strength)


def _liquid(regimen: Regimen, formula: Formula, device: Syringe | Dropper, house: AtHand) -> Option:
    if formula.liquid is None:
        raise TypeError(formula.code)
    readings = [measure(step.dose / formula.liquid.strength, device) for step in regimen.steps]
    farthest = max(_farthest(reading, device) for reading in readings)
    worst = max(abs(reading.error) for reading in readings)
    outcome, refused = None, calibration_lapsed(device, house.today) or _unreadable(readings, device, house.policy)
    if not refused:
        try:
            outcome = _outcome(regimen, formula, device, house)
        except PharmacyError as refusal:
            refused = refusal.sentence
    return Option(
        formula,
        device,
        worst,
        farthest,
        band=ceiling(farthest / house.policy.rounding_warn),
        warned=worst > house.policy.rounding_warn,
        draws=max(reading.draws for reading in readings),
        drops_for_ml=isinstance(device, Dropper) and regimen.form is not Form.ORAL_DROPS,
        refused=refused,
        reads=_reads(readings),
        impractical=_impractical(readings, device, house.policy),
        small="" if refused else _small(readings, device),
        changes=_changes(formula, house),
        outcome=outcome,
    )


def _outcome(regimen: Regimen, formula: Formula, device: Syringe | Dropper | None, house: AtHand) -> Outcome:
    overage = formula.capsules.overage if formula.capsules else 0

    def making(container: Container) -> Choices:
        return Choices(formula, formula.storages[0], container, formula.method, house.today, device, house.policy.lead_days, overage=overage)

    found = contained(regimen.steps, making, formula, house.containers, policy=house.policy)
    _, fills = laid_out(regimen, making(found.container), today=house.today, policy=house.policy)
    amounts = [fill.amounts for fill in fills]
    return Outcome(
        tablets=sum(each.tablets for each in amounts),
        surplus=sum((each.left for each in amounts), Mass.of_mg(0)),
        containers=len(fills),
        remakes=sum(_for_its_date(before) for before, _ in pairwise(fills)),
        quote=quote(formula, amounts, found.container, house.prices, house.policy) if house.prices else None,
        contained=found,
    )


def _for_its_date(fill: FillPlan) -> bool:
    """Whether another container follows because this one reached its date, and not because it was empty."""
    return fill.closes_on == fill.until


def _farthest(reading: Reading, device: Syringe | Dropper) -> Fraction:
    """How far the dose can lie from what was prescribed: the rounding, and the device's own error at the volume that is read."""
    if reading.measured.ml == 0:
        return Fraction(1)
    own = _DROPPER_ERROR if isinstance(device, Dropper) else tolerance(reading.measured.ml, device)
    return abs(reading.error) + own * (1 + reading.error)


def _unreadable(readings: Sequence[Reading], device: Syringe | Dropper, policy: Policy) -> str:
    worst = max(readings, key=lambda reading: abs(reading.error))
    if worst.measured.ml == 0:
        return f"impractical: {worst.exact} lies below the first mark of the {device.name}"
    return f"a dose reads up to {size_said(worst.error)} off" if abs(worst.error) > policy.rounding_refuse else ""


def _reads(readings: Sequence[Reading]) -> str:
    worst = max(readings, key=lambda reading: abs(reading.error))
    return f"{worst.exact} reads as {worst.measured} ({percent(worst.error)})" if worst.error else "every dose stands on a mark"


def _impractical(readings: Sequence[Reading], device: Syringe | Dropper, policy: Policy) -> str:
    most = max(readings, key=lambda reading: reading.exact)
    if most.draws > 1:
        return f"impractical: {most.exact} is more than the {device.name} holds, {most.draws} draws a dose"
    if most.drops is not None and most.drops > policy.drops_a_dose:
        return f"impractical: {most.drops} drops a dose, and more than {policy.drops_a_dose} cannot be counted reliably"
    return ""


def _small(readings: Sequence[Reading], device: Syringe | Dropper) -> str:
    least = min(reading.measured.ml for reading in readings)
    if isinstance(device, Dropper) or not below_a_fifth(least, device):
        return ""
    volume = min(reading.measured for reading in readings)
    return f"{volume} is below a fifth of the {device.name}, whose own error is then up to {size_said(tolerance(least, device))}"


def _changes(formula: Formula, house: AtHand) -> str:
    made = formula.liquid.strength if formula.liquid else formula.capsules.strength if formula.capsules else None
    if house.at_home is None or type(made) is not type(house.at_home) or made == house.at_home:
        return ""
    return f"it would change the patient's strength from {house.at_home} to {made} (rule R22)"


def size_said(error: Fraction) -> str:
    """A relative error without its sign."""
    return percent(abs(error)).removeprefix("+")


def capsules_said(count: int) -> str:
    """So many capsules."""
    return f"{count} {'capsule' if count == 1 else 'capsules'}"
