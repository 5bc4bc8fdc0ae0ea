"""Money: whole millionths of the pharmacy's currency, so that a tablet at 0.0712 is exact and printed parts still add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

MICROS = 1_000_000  # in one unit of the currency
_MICROS_IN_CENT = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in millionths of the currency; may be negative in a correction."""

    micros: int

    @classmethod
    def of(cls, value: int | str | Fraction) -> Self:
        """Money from units of the currency; a share finer than a millionth is rounded half up, once, here."""
        return cls(_half_up(Fraction(value) * MICROS))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.micros + other.micros)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.micros - other.micros)

    def __mul__(self, factor: int | Fraction) -> "Money":
        return Money(_half_up(self.micros * Fraction(factor)))

    @property
    def cents(self) -> int:
        """Whole cents, half up."""
        return _half_up(Fraction(self.micros, _MICROS_IN_CENT))

    def display(self) -> str:
        """Units and cents ("29.55"), half up, once, at the end."""
        return _cents_text(self.cents)


def total(parts: Sequence[Money]) -> Money:
    """The exact sum of `parts`; zero for none."""
    return Money(sum(part.micros for part in parts))


def display_parts(parts: Sequence[Money]) -> tuple[str, ...]:
    """`parts` in cents whose printed sum is the printed total: what rounding leaves goes to the largest remainders, the earlier first."""
    floors = [part.micros // _MICROS_IN_CENT for part in parts]
    missing = total(parts).cents - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(parts[i].micros % _MICROS_IN_CENT), i))
    raised = set(by_remainder[:missing])
    return tuple(_cents_text(floor + (i in raised)) for i, floor in enumerate(floors))


def split(whole: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """`whole` in shares by `weights` (not all zero) that sum to it exactly; the millionths left over go to the largest remainders."""
    exact = [Fraction(whole.micros * weight, sum(weights)) for weight in weights]
    floors = [share.numerator // share.denominator for share in exact]
    missing = whole.micros - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    raised = set(by_remainder[:missing])
    return tuple(Money(floor + (i in raised)) for i, floor in enumerate(floors))


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _cents_text(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole}.{part:02d}"
