"""Checks on what was made: capsule weights one by one, yield, and the traits that the finished preparation must show."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass, decimal_text

CAPSULES_WEIGHED = 10  # weighed one by one: ten together would hide a failure behind the mean (golden number G33)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one expected trait: whether the finished item has it, in the words of who looked."""

    trait: str
    expected: str
    present: bool


@dataclass(frozen=True, slots=True)
class WeightCheck:
    """Net weights of single capsules against their limits. It proves the fill, not the potency: that would take an assay (USP <905>)."""

    weights: tuple[Mass, ...]
    low: Mass
    high: Mass

    @property
    def mean(self) -> Mass:
        """The mean net weight."""
        return sum(self.weights, Mass.of_mg(0)) / len(self.weights)

    @property
    def out(self) -> tuple[int, ...]:
        """The numbers, from 1, of the capsules outside the limits."""
        return tuple(number for number, weight in enumerate(self.weights, start=1) if not self.low <= weight <= self.high)


def weight_check(weights: Sequence[Mass], low: Mass, high: Mass, *, made: int) -> WeightCheck:
    """Check the net weights of ten capsules, or of all where fewer were made; too few weights are refused."""
    needed = min(CAPSULES_WEIGHED, made)
    if len(weights) < needed:
        message = f"Weigh {needed} capsules one by one; {len(weights)} weights were given."
        raise Unsafe("weights-missing", message)
    return WeightCheck(tuple(weights), low, high)


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
