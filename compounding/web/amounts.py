"""Amounts of stock, ages and prices as persons say them; the database's nanograms and nanolitres stay inside."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from compounding.domain.inventory import Lot, LotStatus, StockUnit
from compounding.domain.levels import is_expiring
from compounding.domain.money import MICROS, Money
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass, decimal_text
from compounding.domain.weighing import half_up

_ONE: Mapping[StockUnit, tuple[str, str, int]] = {
    StockUnit.TABLET: ("tablet", "tablets", 1),
    StockUnit.NANOGRAM: ("g", "g", 1000 * NANOGRAMS),
    StockUnit.NANOLITRE: ("mL", "mL", NANOLITRES),
    StockUnit.PIECE: ("piece", "pieces", 1),
}
_CENT, _HUNDREDTH = MICROS // 100, MICROS // 10_000


def unit_word(unit: StockUnit) -> str:
    """What a person counts this stock in: tablets, g, mL or pieces."""
    return _ONE[unit][1]


def one(unit: StockUnit) -> str:
    """What a price is for: a tablet, g, mL or piece."""
    return _ONE[unit][0]


def average(mass: Mass) -> str:
    """The average of several weights, which has more decimals than any balance: hundredths of a mg, half up."""
    return f"{decimal_text(Fraction(half_up(mass.mg * 100), 100))} mg"


def number(amount: int, unit: StockUnit) -> str:
    """`amount` of a stock unit in the person's unit, exactly: 203906250 ng are "0.20390625" g."""
    return decimal_text(Fraction(amount, _ONE[unit][2]))


def in_stock_units(quantity: Fraction, unit: StockUnit) -> int | None:
    """`quantity` of the person's unit in the stock's own; None where it would be a part of a tablet, a piece or a nanogram."""
    exact = quantity * _ONE[unit][2]
    return exact.numerator if exact.denominator == 1 else None


def unit_price(lot: Lot) -> str:
    """What one tablet, g, mL or piece of the lot cost: cents, or hundredths of a cent where cents do not tell it."""
    cost = lot.cost_of(Fraction(_ONE[lot.unit][2]))
    return cost.display() if cost.micros % _CENT == 0 else _four_places(cost)


def age(since: date, today: date) -> str:
    """How long something has waited, or in how many days it is due."""
    days = (today - since).days
    match days:
        case 0:
            return "today"
        case 1:
            return "1 day"
        case -1:
            return "tomorrow"
        case _:
            return f"{days} days" if days > 0 else f"in {-days} days"


def standing(lot: Lot, today: date, expiring_days: int) -> str:
    """The one word for a lot today; expired, depleted and expiring (its last `expiring_days`) follow from the date and the balance."""
    if lot.status in {LotStatus.WITHDRAWN, LotStatus.RECALLED}:
        return lot.status
    if lot.expires_on < today:
        return "expired"
    if lot.balance == 0:
        return "depleted"
    if is_expiring(lot, today, expiring_days):
        return "expiring"
    return lot.status


def _four_places(cost: Money) -> str:
    whole, part = divmod(half_up(Fraction(cost.micros, _HUNDREDTH)), 10_000)
    return f"{whole}.{part:04d}"
