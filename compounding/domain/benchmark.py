"""NADAC as a benchmark: what pharmacies across the country pay for one unit, beside what was paid here. It is never a cost.

NADAC (National Average Drug Acquisition Cost) is a survey of the invoices of retail pharmacies for the Centers for Medicare & Medicaid
Services, a new list each week (data.medicaid.gov). It leaves out rebates and discounts that stand on no invoice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from compounding.domain.inventory import StockUnit
from compounding.domain.money import MICROS, Money
from compounding.domain.quantity import NANOGRAMS, NANOLITRES
from compounding.domain.wording import said


class PricingUnit(StrEnum):
    """What a price of the list is for."""

    EACH = "EA"
    MILLILITRE = "ML"
    GRAM = "GM"


_PRICED: Mapping[StockUnit, tuple[PricingUnit, int]] = {  # how a stock unit is priced, and how many of it are one of those
    StockUnit.TABLET: (PricingUnit.EACH, 1),
    StockUnit.PIECE: (PricingUnit.EACH, 1),
    StockUnit.NANOGRAM: (PricingUnit.GRAM, 1000 * NANOGRAMS),
    StockUnit.NANOLITRE: (PricingUnit.MILLILITRE, NANOLITRES),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One price of a list: `price` of one `unit` of the package with these eleven digits (5-4-2), since `effective_on`, as known at `as_of`.

    A price has five decimals at most, so that millionths hold it exactly.
    """

    ndc: str
    description: str
    price: Money
    unit: PricingUnit
    effective_on: date
    as_of: date


@dataclass(frozen=True, slots=True)
class PriceList:
    """A list as it was read: the hash of its bytes, how many rows it has, and those of packages that are known here.

    `ours` has each price once; `repeated` of its rows said the same again. The other rows are of what nobody buys here.
    """

    sha256: str
    rows: int
    ours: tuple[Listed, ...]
    repeated: int
    first_as_of: date
    last_as_of: date


@dataclass(frozen=True, slots=True)
class Beside:
    """What was paid for a lot, beside the price in force on the day it was bought: `quantity` is counted as the list prices it.

    Over the list by more than `limit` (a ratio) is marked.
    """

    paid: Money
    quantity: Fraction
    listed: Listed
    bought_on: date
    limit: Fraction

    @property
    def each(self) -> Money:
        """What one unit cost, to the millionth, half up."""
        return Money.of(Fraction(self.paid.micros, MICROS) / self.quantity)

    @property
    def difference_each(self) -> Money:
        """What one unit cost beyond the list, to the millionth; below zero where it cost less."""
        return self.each - self.listed.price

    @property
    def difference(self) -> Money:
        """What the whole lot cost beyond the list; below zero where it cost less."""
        return self.paid - self.listed.price * self.quantity

    @property
    def share(self) -> Fraction:
        """How far above the list that is, as an exact ratio of the list's price."""
        return Fraction(self.paid.micros) / (self.listed.price.micros * self.quantity) - 1

    @property
    def is_over(self) -> bool:
        """Whether it is more above the list than the policy lets pass."""
        return self.share > self.limit

    @property
    def is_behind(self) -> bool:
        """Whether the newest list that is known ends before the day: another price may have come into force meanwhile."""
        return self.listed.as_of < self.bought_on


def in_force(prices: Sequence[Listed], day: date) -> Listed | None:
    """The price of one package that was in force on `day`, of `prices` in the order in which they became known; None before the first.

    The latest effective day counts; where two lists give another price from the same day, the list of the later day, and then what became known last.
    """
    known = [(item.effective_on, item.as_of, place) for place, item in enumerate(prices) if item.effective_on <= day]
    return prices[max(known)[2]] if known else None


def beside(paid: Money, quantity: int, unit: StockUnit, bought_on: date, prices: Sequence[Listed], *, limit: Fraction) -> tuple[Beside | None, str]:
    """What was paid for `quantity` in the stock's own unit beside the list; or None, and why not in words."""
    listed = in_force(prices, bought_on)
    if listed is None:
        return None, f"no price in force on {said(bought_on)} is known" if prices else "no list that was imported has this NDC"
    priced, scale = _PRICED[unit]
    if listed.unit is not priced:
        return None, f"the list has it by {listed.unit}, which is not how it is counted here"
    return Beside(paid, Fraction(quantity, scale), listed, bought_on, limit), ""
