"""The ways to take one course in capsules: one strength once, twice or three times a dose, against a bottle for each of several strengths.

One dose is always of one strength. Two bottles for one dose invite taking both from one, and the label of neither says the whole dose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import gcd, lcm

from compounding.domain.beyond_use import last_day, shelf_days
from compounding.domain.capsule import Rounds, machine_rounds
from compounding.domain.errors import Unsafe
from compounding.domain.fill import split
from compounding.domain.formula import Formula
from compounding.domain.money import Money, total
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts, Container, capsule_amounts
from compounding.domain.prescription import Regimen, Step
from compounding.domain.quantity import Mass
from compounding.domain.quote import Prices, Quote, quote

_MOST_WANTED = 3  # strengths that the pharmacy does not make: nobody writes a formula for each of the eighteen steps of a climb by drops


class Kind(StrEnum):
    """What a way is."""

    ONE = "one strength"
    SEVERAL = "several strengths"


@dataclass(frozen=True, slots=True)
class House:
    """What capsules could be made of here: approved formulas, containers, prices and policy; the first dose is on `starts_on`."""

    formulas: tuple[Formula, ...]
    containers: tuple[Container, ...]
    prices: Prices
    policy: Policy
    starts_on: date


@dataclass(frozen=True, slots=True)
class Dose:
    """One step as it is taken: so many capsules of one strength a dose."""

    step: Step
    strength: Mass
    count: int

    @property
    def daily(self) -> int:
        """Capsules a day."""
        return self.count * self.step.times_per_day


@dataclass(frozen=True, slots=True)
class Supply:
    """All capsules of one strength: how many are taken, what is made for it, and on which machine. Without an approved formula nothing more is known."""

    strength: Mass
    taken: int
    formula: Formula | None = None
    fills: tuple[Amounts, ...] = ()
    rounds: tuple[Rounds, ...] = ()
    cost: Quote | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to take the course; `refused` says why it cannot be, and it then has no supplies."""

    kind: Kind
    strengths: tuple[Mass, ...]
    doses: tuple[Dose, ...] = ()
    supplies: tuple[Supply, ...] = ()
    refused: str = ""

    @property
    def capsules(self) -> int:
        """The capsules that the patient swallows."""
        return sum(supply.taken for supply in self.supplies)

    @property
    def wanted(self) -> tuple[Mass, ...]:
        """The strengths that would need a formula."""
        return tuple(supply.strength for supply in self.supplies if supply.formula is None)

    @property
    def fills(self) -> tuple[Amounts, ...]:
        """Every bottle, each made as a batch of its own."""
        return tuple(amounts for supply in self.supplies for amounts in supply.fills)

    @property
    def made(self) -> int:
        """The capsules that are made, overage with them."""
        return sum(amounts.made.numerator for amounts in self.fills)

    @property
    def overage(self) -> int:
        """The capsules made beyond those that are taken."""
        return self.made - sum(amounts.used.numerator for amounts in self.fills)

    @property
    def overage_share(self) -> Fraction:
        """The same as a share of what is taken; it covers losses and never makes a capsule stronger."""
        return Fraction(self.overage, self.made - self.overage) if self.made else Fraction(0)

    @property
    def tablets(self) -> int:
        """Tablets crushed."""
        return sum(amounts.tablets for amounts in self.fills)

    @property
    def left(self) -> Mass:
        """Naltrexone hydrochloride that is crushed and never taken."""
        return sum((amounts.left for amounts in self.fills), Mass.of_mg(0))

    @property
    def minutes(self) -> int:
        """Standard minutes at the bench."""
        return sum(supply.formula.minutes * len(supply.fills) for supply in self.supplies if supply.formula)

    @property
    def cost(self) -> Money | None:
        """The estimated cost of all; None where a strength has no formula."""
        quotes = [supply.cost for supply in self.supplies if supply.cost]
        return total([found.total for found in quotes]) if len(quotes) == len(self.supplies) and quotes else None

    @property
    def missing(self) -> tuple[str, ...]:
        """What has no price and is therefore not in the cost."""
        return tuple(dict.fromkeys(name for supply in self.supplies if supply.cost for name in supply.cost.missing))


def capsule_ways(regimen: Regimen, house: House) -> tuple[Way, ...]:
    """Every way with one approved strength; the fewest capsules from several; and what a strength that is not made here would give."""
    made = {formula.capsules.strength: formula for formula in house.formulas if formula.capsules is not None}
    steps = regimen.steps
    ways = [_one(steps, strength, made, house) for strength in sorted(made)]
    several = _fewest(steps, sorted(made), house.policy)
    if several and len({dose.strength for dose in several}) > 1:
        ways.append(_supplied(Kind.SEVERAL, several, made, house))
    return (*ways, *_wanted(steps, made, house))


def _wanted(steps: Sequence[Step], made: Mapping[Mass, Formula], house: House) -> list[Way]:
    """The largest strength that makes every dose, and one capsule for each dose, where the pharmacy has no formula for them."""
    found = []
    common = _common([step.dose for step in steps])
    if common not in made and all(step.dose / common <= house.policy.capsules_a_dose for step in steps):
        found.append(_one(steps, common, made, house))
    each = sorted({step.dose for step in steps})
    if len(each) > 1 and len([dose for dose in each if dose not in made]) in range(1, _MOST_WANTED + 1):
        found.append(_supplied(Kind.SEVERAL, [Dose(step, step.dose, 1) for step in steps], made, house))
    return found


def _common(doses: Sequence[Mass]) -> Mass:
    """The greatest mass of which every dose is a whole multiple."""
    under = lcm(*(dose.mg.denominator for dose in doses))
    return Mass(Fraction(gcd(*((dose.mg * under).numerator for dose in doses)), under))


def _one(steps: Sequence[Step], strength: Mass, made: Mapping[Mass, Formula], house: House) -> Way:
    doses = []
    for step in steps:
        count = step.dose / strength
        if count.denominator != 1:
            return Way(Kind.ONE, (strength,), refused=f"{step.dose} is no whole number of {strength} capsules.")
        if count > house.policy.capsules_a_dose:
            return Way(Kind.ONE, (strength,), refused=f"{step.dose} would be {count} capsules a dose, more than {house.policy.capsules_a_dose}.")
        doses.append(Dose(step, strength, count.numerator))
    return _supplied(Kind.ONE, doses, made, house)


def _fewest(steps: Sequence[Step], strengths: Sequence[Mass], policy: Policy) -> list[Dose] | None:
    """Each dose by the fewest capsules of one strength; None where a dose has none."""
    doses = []
    for step in steps:
        counts = [(step.dose / strength, strength) for strength in strengths]
        whole = [(count.numerator, strength) for count, strength in counts if count.denominator == 1 and count <= policy.capsules_a_dose]
        if not whole:
            return None
        count, strength = min(whole)
        doses.append(Dose(step, strength, count))
    return doses


def _supplied(kind: Kind, doses: Sequence[Dose], made: Mapping[Mass, Formula], house: House) -> Way:
    strengths = tuple(sorted({dose.strength for dose in doses}))
    try:
        supplies = tuple(_supply(strength, doses, made.get(strength), house) for strength in strengths)
    except Unsafe as refusal:
        return Way(kind, strengths, refused=refusal.sentence)
    return Way(kind, strengths, tuple(doses), supplies)


def _supply(strength: Mass, doses: Sequence[Dose], formula: Formula | None, house: House) -> Supply:
    daily = [dose.daily if dose.strength == strength else 0 for dose in doses for _ in range(dose.step.days)]
    if formula is None:
        return Supply(strength, sum(daily))
    container = next((item for item in house.containers if item.product == formula.usual_container), None)
    if container is None:
        raise Unsafe("container", f"The container of {formula.name} is not set up: add {formula.usual_container}.")
    fills = _fills(daily, formula, container, house)
    policy = house.policy
    rounds = tuple(machine_rounds(amounts.made.numerator, policy.capsule_machines, policy.largest_overage) for amounts in fills)
    return Supply(strength, sum(daily), formula, fills, rounds, quote(formula, fills, container, house.prices, policy))


def _fills(daily: Sequence[int], formula: Formula, container: Container, house: House) -> tuple[Amounts, ...]:
    """The bottles of one strength, from the first day on which it is taken to the last, none used past its beyond-use date."""
    days = [number for number, count in enumerate(daily) if count]
    taken = daily[days[0] : days[-1] + 1]
    shelf, _ = shelf_days(formula, formula.storages[0])

    def until(opens: int) -> int:
        made_on = house.starts_on + timedelta(days=opens - 1 - house.policy.lead_days)
        return (last_day(made_on, shelf, made_is_day_one=house.policy.made_is_day_one) - house.starts_on).days + 1

    capacity = None if container.capsules is None else Fraction(container.capsules)
    spans = split([Fraction(count) for count in taken], capacity, until)
    overage = formula.capsules.overage if formula.capsules else 0
    return tuple(capsule_amounts(formula, sum(taken[span.opens - 1 : span.closes]), overage=overage, container=container) for span in spans)
