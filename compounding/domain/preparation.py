"""What is made for one fill: amounts first, then the lines of the worksheet, each with its lot.

Amounts need no lots, so that a whole course can be planned ahead; lines are drawn up on the day of making.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from compounding.domain.beyond_use import BeyondUse
from compounding.domain.capsule import FillWeight
from compounding.domain.dilution import ceiling, tablets_for, whole_tablet_batch
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula, Method, Part
from compounding.domain.inventory import TABLET_STRENGTH, Lot, StockUnit
from compounding.domain.quantity import NANOLITRES, Mass, Volume
from compounding.domain.weighing import Balance


class Take(StrEnum):
    """What the compounder does with a line."""

    COUNT = "count"
    WEIGH = "weigh"
    MEASURE = "measure"
    TO_VOLUME = "make up to volume"


@dataclass(frozen=True, slots=True)
class Container:
    """A bottle or vial: what it holds (mL, or capsules), and the volume that a patient cannot get out of it."""

    product: str
    name: str
    volume: Volume | None
    capsules: int | None
    unusable: Volume


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a batch takes and gives. `used` is what the patient takes, `dispensed` what goes into the container, `made` what is made (mL, or capsules).

    `active` is the naltrexone hydrochloride in all that is made; `left` what was crushed and is never taken, waste by design.
    """

    used: Fraction
    dispensed: Fraction
    made: Fraction
    method: Method
    active: Mass
    tablets: int
    left: Mass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the worksheet: take `target` (in `unit`) of one lot. `exact` is the amount before the instrument's rounding.

    `stock` is what leaves the lot; the powder of tablets already counted leaves nothing more. `low` and `high` bound what may be recorded.
    """

    number: int
    take: Take
    part: Part
    product: str
    name: str
    unit: StockUnit
    exact: Fraction
    target: int
    low: int
    high: int
    stock: int
    lot_id: UUID
    lot_number: str
    expires_on: date
    instrument: str
    basis: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """A batch as it is to be made on `beyond_use.made_on`: its amounts, its lines and its date.

    `weight` and `weight_low` to `weight_high` are the net weight of one capsule and its limits; None for liquids.
    """

    formula: str
    formula_version: int
    amounts: Amounts
    lines: tuple[Line, ...]
    beyond_use: BeyondUse
    excipients: tuple[str, ...]
    weight: FillWeight | None = None
    weight_low: Mass | None = None
    weight_high: Mass | None = None


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A batch as it was drawn up, with what it was drawn from, so that it can be computed again as it was then.

    `lots` are those of its products and `balances` those of the bench, both as they stood; it is used through `through`.
    """

    preparation: Preparation
    lots: tuple[Lot, ...]
    balances: tuple[Balance, ...]
    policy_version: int
    through: date


def liquid_amounts(formula: Formula, used: Volume, dispensed: Volume, *, method: Method, container: Container) -> Amounts:
    """Amounts for `dispensed` mL of which `used` are taken, by whole tablets or weighed powder."""
    liquid = formula.liquid
    if liquid is None:
        raise _not_a(formula, "liquid")
    if liquid.stock_solution is not None:
        message = (
            f"{formula.name} is made from {liquid.stock_solution.name}, and no batch is drawn up from a stock solution yet. Choose a formula made from tablets."
        )
        raise Unsafe("stock-source", message)
    if method is Method.WHOLE_TABLETS:
        tablets, made = whole_tablet_batch(dispensed, liquid.strength, liquid.made_up_to_mark)
        active = TABLET_STRENGTH * tablets
    else:
        made = liquid.made_up_to_mark * ceiling(dispensed / liquid.made_up_to_mark)
        active = made * liquid.strength
        tablets = tablets_for(active)
    if liquid.made_in_container:
        dispensed = made
    if container.volume is not None and dispensed > container.volume:
        message = f"{dispensed} does not fit {container.name}: choose a larger container."
        raise Unsafe("container", message)
    left = TABLET_STRENGTH * tablets - used * liquid.strength
    return Amounts(used.ml, dispensed.ml, made.ml, method, active, tablets, left)


def capsule_amounts(formula: Formula, count: int, *, overage: int, container: Container) -> Amounts:
    """Amounts for `count` capsules and `overage` more; the powder is always weighed."""
    if formula.capsules is None:
        raise _not_a(formula, "capsule")
    if container.capsules is not None and count > container.capsules:
        message = f"{count} capsules do not fit {container.name}: choose a larger container."
        raise Unsafe("container", message)
    made = count + overage
    active = formula.capsules.strength * made
    tablets = tablets_for(active)
    left = TABLET_STRENGTH * tablets - formula.capsules.strength * count
    return Amounts(Fraction(count), Fraction(count), Fraction(made), Method.POWDER, active, tablets, left)


def units_of(formula: Formula, amount: Fraction) -> int:
    """An amount of a batch (mL, or capsules) in whole nanolitres or capsules; drops of an odd size leave no whole nanolitre and are rounded up."""
    return ceiling(amount * NANOLITRES) if formula.liquid is not None else ceiling(amount)


def _not_a(formula: Formula, kind: str) -> Unsafe:
    return Unsafe("formula-form", f"{formula.name} is not a {kind} formula: choose another.")
