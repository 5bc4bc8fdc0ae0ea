"""What is made for one fill, or for several: amounts first, then the lines of the worksheet, each with its lot.

Amounts need no lots, so that a whole course can be planned ahead; lines are drawn up on the day of making.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from compounding.domain.beyond_use import BeyondUse
from compounding.domain.capsule import FillWeight
from compounding.domain.dilution import ceiling, tablets_for, whole_tablet_batch
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import Formula, Method, Part, Storage
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


VESSEL = Container("", "the vessel of a shared batch", None, None, Volume(Fraction(0)))  # each container that is filled from it has its own bounds


@dataclass(frozen=True, slots=True)
class Packed:
    """So many containers of a kind that are filled from a batch."""

    container: Container
    count: int = 1


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a batch takes and gives. `used` is what the patient takes, `dispensed` what goes into the container, `made` what is made (mL, or capsules).

    `active` is the naltrexone hydrochloride in all that is made; `left` what was crushed (or drawn from stock) and is never taken, waste by
    design. What is drawn from stock takes no `tablets`.
    """

    used: Fraction
    dispensed: Fraction
    made: Fraction
    method: Method
    active: Mass
    tablets: int
    left: Mass

    @property
    def tablets_text(self) -> str:
        """How many tablets, and how the drug goes in, for people."""
        return f"{self.tablets} of 50 mg, {self.method}" if self.tablets else f"none, {self.method}"

    @property
    def left_text(self) -> str:
        """What is said of `left`: it was crushed, or drawn from stock."""
        return "Crushed and never taken" if self.tablets else "Drawn and never taken"


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
class Share:
    """What one fill gets of a shared batch, into its own container; `amounts` and `until_alone` are those that it was planned with, for itself.

    `until` is never later than either date, and never before the last dose on `closes_on`.
    """

    fill: UUID
    amounts: Amounts
    make_by: date
    opens_on: date
    closes_on: date
    until_alone: date
    until: date
    container: Container = VESSEL


@dataclass(frozen=True, slots=True)
class Pool:
    """A batch that several fills share: made on `made_on`, good through `until`; `minutes` is the bench time of one batch.

    Lots are chosen when it is drawn up: one that expires sooner brings the date forward, and the worksheet then refuses it (rule R23).
    """

    formula: str
    formula_version: int
    storage: Storage
    made_on: date
    until: date
    amounts: Amounts
    shares: tuple[Share, ...]
    minutes: int

    @property
    def tablets_apart(self) -> int:
        """The tablets that the fills take when each is made alone."""
        return sum(share.amounts.tablets for share in self.shares)

    @property
    def tablets_saved(self) -> int:
        """The tablets that sharing saves."""
        return self.tablets_apart - self.amounts.tablets

    @property
    def left_apart(self) -> Mass:
        """The naltrexone hydrochloride that is thrown away when each is made alone."""
        return sum((share.amounts.left for share in self.shares), Mass(Fraction(0)))

    @property
    def minutes_saved(self) -> int:
        """The bench time that sharing saves, by the formula's standard minutes a batch."""
        return self.minutes * (len(self.shares) - 1)


@dataclass(frozen=True, slots=True)
class ForStock:
    """What is made without a fill: `count` containers that hold `total` (mL, or capsules) together; `overage` capsules are made for loss.

    `bulk` is a stock solution, which stock counts by its volume; of everything else it counts the containers, which hold equally much.
    """

    formula: str
    formula_version: int
    container: Container
    count: int
    total: Fraction
    bulk: bool = False
    overage: int = 0

    @property
    def each(self) -> Fraction:
        """What one container holds."""
        return self.total / self.count


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A batch as it was drawn up, with what it was drawn from, so that it can be computed again as it was then.

    `lots` are those of its products and `balances` those of the bench, both as they stood; it is used through `through`. `pool` says who
    shares it, None where one fill has all of it, and `stock` what is made without a fill. Documents from before fills could share hold
    neither `storage` nor `packed`: both are then those of the fill's plan.
    """

    preparation: Preparation
    lots: tuple[Lot, ...]
    balances: tuple[Balance, ...]
    policy_version: int
    through: date
    storage: Storage | None = None
    packed: tuple[Packed, ...] = ()
    pool: Pool | None = None
    stock: ForStock | None = None


def packed_in(containers: Sequence[Container]) -> tuple[Packed, ...]:
    """Containers, those of a kind together, in the order in which the first of each comes."""
    counted = Counter(containers)
    return tuple(Packed(container, count) for container, count in counted.items())


def liquid_amounts(formula: Formula, used: Volume, dispensed: Volume, *, method: Method, container: Container) -> Amounts:
    """Amounts for `dispensed` mL of which `used` are taken, by whole tablets or weighed powder, or of a stock solution where that is the source."""
    liquid = formula.liquid
    if liquid is None:
        raise _not_a(formula, "liquid")
    method = source_method(formula, method)
    if method is Method.WHOLE_TABLETS:
        tablets, made = whole_tablet_batch(dispensed, liquid.strength, liquid.made_up_to_mark)
        taken = active = TABLET_STRENGTH * tablets
    else:
        made = liquid.made_up_to_mark * ceiling(dispensed / liquid.made_up_to_mark)
        active = made * liquid.strength
        tablets = tablets_for(active) if method is Method.POWDER else 0
        taken = TABLET_STRENGTH * tablets if tablets else active
    if liquid.made_in_container:
        dispensed = made
    if container.volume is not None and dispensed > container.volume:
        message = f"{dispensed} does not fit {container.name}: choose a larger container."
        raise Unsafe("container", message)
    return Amounts(used.ml, dispensed.ml, made.ml, method, active, tablets, taken - used * liquid.strength)


def source_method(formula: Formula, method: Method) -> Method:
    """How the drug goes into `formula`: the source decides, and of tablets `method` says whether all of them. Refuses stock where tablets are the source."""
    if formula.stock_solution is not None:
        return Method.STOCK
    if method is Method.STOCK:
        message = f"{formula.name} is made from tablets, and is not {method}. Choose whole tablets or weighed powder."
        raise Invalid("method", message, fields={"method": (message,)})
    return method


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
