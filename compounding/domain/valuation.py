"""The same stock valued in the three ways that accountants know, so that the one which the ledger uses can be held against the others.

Lots are picked by the soonest expiry and valued by what was paid for that very lot: since every unit is known by its lot, nothing else is
as true. First in, first out would value what came first, and an average what all of it cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.money import MICROS, Money


@dataclass(frozen=True, slots=True)
class Moved:
    """So many units of a product that came in (positive) or went out (negative), of a lot of which `quantity` units were bought for `paid`.

    `counted`: what went out is part of what is valued; else it only leaves the shelf, as what was used in an earlier month.
    """

    amount: int
    paid: Money
    quantity: int
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Valuation:
    """So many units that were used, by the lots really used, by first in first out, and by the moving average of what lay there."""

    units: int
    by_lot: Money
    first_in: Money
    average: Money


def valuation(moved: Sequence[Moved]) -> Valuation:
    """What was used of one product, from all its movements in the order of time; raises `ValueError` where more went out than had come."""
    layers: list[tuple[int, Fraction]] = []  # units that are left of each delivery and what one cost, the oldest first
    held, worth = 0, Fraction(0)  # for the average
    units, by_lot, first_in, average = 0, Fraction(0), Fraction(0), Fraction(0)
    for item in moved:
        each = Fraction(item.paid.micros, item.quantity)
        if item.amount > 0:
            layers.append((item.amount, each))
            held, worth = held + item.amount, worth + each * item.amount
            continue
        out = -item.amount
        if out > held:
            raise ValueError("more went out than had come in")
        dealt, layers = _from_the_oldest(layers, out)
        mean = worth / held * out
        held, worth = held - out, worth - mean
        if item.counted:
            units, by_lot, first_in, average = units + out, by_lot + each * out, first_in + dealt, average + mean
    return Valuation(units, *(Money.of(value / MICROS) for value in (by_lot, first_in, average)))


def _from_the_oldest(layers: Sequence[tuple[int, Fraction]], out: int) -> tuple[Fraction, list[tuple[int, Fraction]]]:
    """What `out` units cost that are taken from the oldest deliveries, and what is left of those."""
    worth, rest = Fraction(0), list(layers)
    while out:
        units, each = rest.pop(0)
        taken = min(units, out)
        worth, out = worth + each * taken, out - taken
        if units > taken:
            rest.insert(0, (units - taken, each))
    return worth, rest
