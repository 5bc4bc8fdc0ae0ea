"""What a fill cost: every part from a fact, parts that always sum to the whole, and waste that is named.

The lots really used are valued at what was paid for them (specific lot cost), not at an average.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from compounding.domain.formula import Formula, Part
from compounding.domain.inventory import TABLET_STRENGTH, Lot
from compounding.domain.money import MICROS, Money, split, total
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts
from compounding.domain.quantity import Mass


class CostKind(StrEnum):
    """The parts of a fill's cost, in the order in which they are shown."""

    TABLETS = "tablets taken"
    INGREDIENTS = "vehicle and other ingredients"
    CONTAINER = "container and label"
    LABOUR = "labour"
    OVERHEAD = "overhead share"
    WASTE = "wasted tablet rest"


@dataclass(frozen=True, slots=True)
class CostPart:
    """One part of a fill's cost and why it is that much."""

    kind: CostKind
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Used:
    """So many units of a lot, really taken for a batch."""

    lot: Lot
    part: Part
    amount: int


def cost_of(formula: Formula, amounts: Amounts, used: Sequence[Used], policy: Policy, *, shares: Sequence[int] = (1,), place: int = 0) -> tuple[CostPart, ...]:
    """The cost of one fill in its parts: of what the batch cost the share at `place` of `shares`, and a label and the overhead of its own.

    The fills of a shared batch together cost what the batch did, to the last millionth.
    """

    def own(whole: Money) -> Money:
        return split(whole, shares)[place]

    of = "" if len(shares) == 1 else f"; of it {shares[place]} in {sum(shares)} parts"
    crushed = [item for item in used if item.part is Part.ACTIVE]
    drug, waste = tablets_and_waste(_value(crushed), amounts.tablets, amounts.left)
    lots = ", ".join(f"{item.amount} of lot {item.lot.lot_number} at {item.lot.cost_of(Fraction(1)).display()}" for item in crushed)
    box = own(_value([item for item in used if item.part is Part.CONTAINER])) + policy.label_each
    others = _value([item for item in used if item.part not in {Part.ACTIVE, Part.CONTAINER}])
    return (
        CostPart(CostKind.TABLETS, own(drug), f"{amounts.tablets} tablets: {lots}; the share that is taken{of}"),
        CostPart(CostKind.INGREDIENTS, own(others), f"what really left each lot, at what was paid for it{of}"),
        CostPart(CostKind.CONTAINER, box, f"one container and one label at {policy.label_each.display()}"),
        CostPart(CostKind.LABOUR, own(labour_of(formula, policy)), f"{formula.minutes} standard minutes at {policy.labour_an_hour.display()} an hour{of}"),
        CostPart(CostKind.OVERHEAD, policy.overhead_a_fill, "fixed share of each fill (policy)"),
        CostPart(CostKind.WASTE, own(waste), f"{amounts.left} of {amounts.tablets} x 50 mg is never taken{of}"),
    )


def made_cost(formula: Formula, amounts: Amounts, used: Sequence[Used], policy: Policy) -> Money:
    """What a batch cost that is made for stock: all of it but the label and the overhead, which each fill has of its own."""
    return total([part.amount for part in cost_of(formula, amounts, used, policy)]) - policy.label_each - policy.overhead_a_fill


def tablets_and_waste(paid: Money, tablets: int, left: Mass) -> tuple[Money, Money]:
    """What was paid for `tablets` tablets, as the share that is taken and the share of `left`, which never is; together they are `paid`."""
    wasted = left / (TABLET_STRENGTH * tablets)  # a ratio: drops of an odd size leave no whole nanogram
    taken, never = split(paid, (wasted.denominator - wasted.numerator, wasted.numerator))
    return taken, never


def labour_of(formula: Formula, policy: Policy) -> Money:
    """The work of one batch by the formula's standard minutes."""
    return policy.labour_an_hour * Fraction(formula.minutes, 60)


def monthly(cost: Money, days: int) -> Money:
    """A fill's cost as that of 30 days, to stand beside the article's month; `days` is how long the fill serves."""
    return Money.of(Fraction(cost.micros * 30, days) / MICROS)


def _value(used: Sequence[Used]) -> Money:
    return Money(sum(item.lot.cost_of(Fraction(item.amount)).micros for item in used))
