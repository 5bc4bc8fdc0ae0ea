"""Statistics of what was measured one by one: capsules of a batch, tablets of a lot, shells that a powder packs, counts of drops.

They prove the fill and not the potency: weight variation may stand for content only where a capsule holds at least 25 mg of drug that are
at least 25 % of its contents (USP <905>), and naltrexone at low doses is neither. All is exact but the square root, which is
rounded to `DIGITS` significant digits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from compounding.domain.errors import Invalid
from compounding.domain.quantity import Mass

DIGITS = 28  # of a square root: 28 digits are 10**22 times finer than a balance of six
ACCEPTABLE = Fraction(15)  # L1: the greatest acceptance value of USP <905>
_ROOTS = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
_CONSTANT: Mapping[int, Fraction] = {10: Fraction(24, 10), 30: Fraction(2)}  # k of USP <905>, by the number of units
_LOW, _HIGH = Fraction(985, 10), Fraction(1015, 10)  # between these a mean is its own reference (USP <905>, target content at most 101.5 %)


@dataclass(frozen=True, slots=True)
class Spread:
    """Single measured values of one kind and unit, and how far they lie apart; at least two, their mean not zero."""

    values: tuple[Fraction, ...]

    @property
    def mean(self) -> Fraction:
        """The mean."""
        return sum(self.values, Fraction(0)) / len(self.values)

    @property
    def deviation(self) -> Fraction:
        """The sample standard deviation (n - 1), rounded as the module says."""
        return _deviation(self.values)

    @property
    def relative(self) -> Fraction:
        """The relative standard deviation (RSD): the deviation as a ratio of the mean."""
        return self.deviation / self.mean

    @property
    def errors(self) -> tuple[Fraction, ...]:
        """How far each value lies from the mean, as a ratio of it, in the order of measuring."""
        return tuple(value / self.mean - 1 for value in self.values)


@dataclass(frozen=True, slots=True)
class Uniformity:
    """Net weights of single capsules beside the theoretical `net` weight; at least one weight."""

    net: Mass
    weights: tuple[Mass, ...]

    @property
    def mean(self) -> Mass:
        """The mean net weight."""
        return sum(self.weights, Mass.of_mg(0)) / len(self.weights)

    @property
    def mean_error(self) -> Fraction:
        """How far the mean lies from theory, as a ratio; positive when the capsules are too heavy."""
        return self.mean / self.net - 1

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Each weight as a ratio of theory, in the order of weighing."""
        return tuple(weight / self.net for weight in self.weights)

    @property
    def deviation(self) -> Mass | None:
        """The sample standard deviation (n - 1), rounded as the module says; None for a single capsule, which has none."""
        if len(self.weights) == 1:
            return None
        return Mass(_deviation([weight.mg for weight in self.weights]))

    @property
    def relative_deviation(self) -> Fraction | None:
        """The relative standard deviation (RSD): the deviation as a ratio of the mean."""
        deviation = self.deviation
        return None if deviation is None else deviation / self.mean


def estimated_contents(weights: Sequence[Mass], assayed: Fraction) -> tuple[Fraction, ...]:
    """The content of each unit in percent of the claim, from its weight and the mean content `assayed` (percent), as USP <905> estimates it."""
    mean = sum(weights, Mass.of_mg(0)) / len(weights)
    return tuple(assayed * (weight / mean) for weight in weights)


def acceptance_value(contents: Sequence[Fraction]) -> Fraction:
    """The acceptance value of USP <905>: |M - mean| + k s, of 10 or 30 contents in percent of the claim.

    M is the mean where that lies from 98.5 to 101.5, else the nearer of the two. Raises `Invalid` for any other number of units. It
    asks contents that were assayed: weights alone do not show that the powder was mixed.
    """
    if len(contents) not in _CONSTANT:
        raise Invalid("units", f"An acceptance value takes 10 or 30 units; {len(contents)} were given.")
    mean = sum(contents, Fraction(0)) / len(contents)
    reference = min(max(mean, _LOW), _HIGH)
    return abs(reference - mean) + _CONSTANT[len(contents)] * _deviation(contents)


def _deviation(values: Sequence[Fraction]) -> Fraction:
    mean = sum(values, Fraction(0)) / len(values)
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)
    quotient = _ROOTS.divide(Decimal(variance.numerator), Decimal(variance.denominator))
    return Fraction(_ROOTS.sqrt(quotient))
