"""Checks on what was made: limits as persons read them, pH, yield, and the traits that the finished preparation must show."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from compounding.domain.formula import Formula
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass, decimal_text


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one expected trait: whether the finished item has it, in the words of who looked."""

    trait: str
    expected: str
    present: bool


def said_limits(low: Mass, high: Mass) -> str:
    """Limits in mg to one decimal, rounded inwards so that nothing outside them is called right; exact where no decimal lies between them."""
    least, most = Fraction(ceil(low.mg * 10), 10), Fraction(floor(high.mg * 10), 10)
    return f"{decimal_text(least)} to {decimal_text(most)} mg" if least <= most else f"{low} to {high}"


def acid_enough(formula: Formula, measured: Fraction | None) -> bool:
    """Whether the preservative works at the measured pH; without a measured pH it is not taken to."""
    preservative = formula.liquid.preservative if formula.liquid else None
    if preservative is None:
        return False
    return measured is not None and preservative.ph_low <= measured <= preservative.ph_high


def yield_of(made: Fraction, theoretical: Fraction) -> Fraction:
    """Actual over theoretical."""
    return made / theoretical


def yield_acceptable(ratio: Fraction, policy: Policy) -> bool:
    """Whether a yield stays within the action limits."""
    return policy.yield_low <= ratio <= policy.yield_high
