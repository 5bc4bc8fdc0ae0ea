"""The same stock valued in the three ways that accountants know, so that the one which the ledger uses can be held against the others.

Lots are picked by the soonest expiry and valued by what was paid for that very lot: since every unit is known by its lot, nothing else is
as true. First in, first out would value what came first, and an average what all of it cost.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

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
    scale = lcm(*(item.quantity for item in moved))  # what one unit cost is a whole number of these parts of a micro: exact, without a fraction at each step
    layers: deque[tuple[int, int]] = deque()  # units that are left of each delivery and what one cost, the oldest first
    held, mean = 0, Fraction(0)  # the mean of what lies there; it changes when something comes, not when something goes
    units, by_lot, first_in, average = 0, 0, 0, Fraction(0)
    used = 0  # units that were counted at this mean
    for item in moved:
        each = item.paid.micros * (scale // item.quantity)
        if item.amount > 0:
            average, used = average + mean * used, 0
            layers.append((item.amount, each))
            mean = (mean * held + each * item.amount) / (held + item.amount)
            held += item.amount
            continue
        out = -item.amount
        if out > held:
            raise ValueError("more went out than had come in")
        dealt = _from_the_oldest(layers, out)
        held -= out
        if item.counted:
            units, used, by_lot, first_in = units + out, used + out, by_lot + each * out, first_in + dealt
    average += mean * used
    return Valuation(units, *(Money.of(Fraction(value) / (MICROS * scale)) for value in (by_lot, first_in, average)))


def _from_the_oldest(layers: deque[tuple[int, int]], out: int) -> int:
    """What `out` units cost that are taken from the oldest deliveries; leaves in `layers` what is left of those."""
    worth = 0
    while out:
        units, each = layers.popleft()
        taken = min(units, out)
        worth, out = worth + each * taken, out - taken
        if units > taken:
            layers.appendleft((units - taken, each))
    return worth
