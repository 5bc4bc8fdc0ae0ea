"""Quantities that know their dimension: mass, volume, concentration and count.

Every value is exact (`Fraction`), never a float. Dividing a mass by a volume gives a concentration; adding a mass to a volume
is a type error. Rounding does not happen here: what an instrument can measure is `weighing.measure`.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Self, TypeVar, overload

from compounding.domain.errors import Invalid

# One grammar for a dose: a leading zero always, a trailing zero never, at most three decimals (ISMP; Joint Commission "Do Not Use" list).
_NUMERAL = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]{0,2}[1-9])?", re.ASCII)
NANOGRAMS = 1_000_000  # in a milligram
NANOLITRES = 1_000_000  # in a millilitre
_T = TypeVar("_T")


def parse_numeral(text: str) -> Fraction:
    """The exact value of a dose numeral such as `4.5`; raises `Invalid` for `.5`, `5.0`, `4,5`, `1_0`, `1e2` and foreign digits."""
    if not _NUMERAL.fullmatch(text):
        message = "Write digits with a point, a zero before it and none after it, such as 0.5 or 4.5."
        raise Invalid("numeral", message, given=text[:40])
    return Fraction(text)


def decimal_text(value: Fraction, *, places: int = 9) -> str:
    """The exact decimal of `value` without trailing zeros ("4.5", "203.90625"); a value that has none within `places` is written as its ratio ("100/3")."""
    scaled = abs(value) * 10**places
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    whole, part = divmod(scaled.numerator, 10**places)
    sign = "-" if value < 0 else ""
    decimals = f"{part:0{places}d}".rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


@dataclass(frozen=True, slots=True, order=True)
class Mass:
    """An amount of substance by weight, in milligrams; whose basis (naltrexone hydrochloride, powder, filler) is said by the field that holds it."""

    mg: Fraction

    @classmethod
    def of_mg(cls, value: int | str | Fraction) -> Self:
        """A mass from a number of milligrams."""
        return cls(Fraction(value))

    @classmethod
    def of_mcg(cls, value: int | str | Fraction) -> Self:
        """A mass from a number of micrograms."""
        return cls(Fraction(value) / 1000)

    @classmethod
    def of_nanograms(cls, value: int) -> Self:
        """A mass from the integer that the database keeps."""
        return cls(Fraction(value, NANOGRAMS))

    @property
    def nanograms(self) -> int:
        """The integer that the database keeps; a mass finer than a nanogram has none and raises `Invalid`."""
        return _whole(self.mg * NANOGRAMS, "nanogram")

    def __add__(self, other: "Mass") -> "Mass":
        return Mass(self.mg + _same(other, Mass).mg)

    def __sub__(self, other: "Mass") -> "Mass":
        return Mass(self.mg - _same(other, Mass).mg)

    def __mul__(self, factor: int | Fraction) -> "Mass":
        return Mass(self.mg * factor)

    @overload
    def __truediv__(self, other: "Mass") -> Fraction: ...
    @overload
    def __truediv__(self, other: "Volume") -> "Concentration": ...
    @overload
    def __truediv__(self, other: "Concentration") -> "Volume": ...
    @overload
    def __truediv__(self, other: int | Fraction) -> "Mass": ...
    def __truediv__(self, other: "Mass | Volume | Concentration | int | Fraction") -> "Fraction | Concentration | Volume | Mass":
        match other:
            case Mass():
                return self.mg / other.mg
            case Volume():
                return Concentration(self.mg / other.ml)
            case Concentration():
                return Volume(self.mg / other.mg_per_ml)
            case _:
                return Mass(self.mg / other)

    def __str__(self) -> str:
        """The mass as a label would print it: micrograms below 0.1 mg, so that a very small amount never prints as 0."""
        if 0 < self.mg < Fraction(1, 10):
            return f"{decimal_text(self.mg * 1000)} mcg"
        return f"{decimal_text(self.mg)} mg"


@dataclass(frozen=True, slots=True, order=True)
class Volume:
    """An amount of liquid, in millilitres."""

    ml: Fraction

    @classmethod
    def of_ml(cls, value: int | str | Fraction) -> Self:
        """A volume from a number of millilitres."""
        return cls(Fraction(value))

    @classmethod
    def of_nanolitres(cls, value: int) -> Self:
        """A volume from the integer that the database keeps."""
        return cls(Fraction(value, NANOLITRES))

    @property
    def nanolitres(self) -> int:
        """The integer that the database keeps; a volume finer than a nanolitre has none and raises `Invalid`."""
        return _whole(self.ml * NANOLITRES, "nanolitre")

    def __add__(self, other: "Volume") -> "Volume":
        return Volume(self.ml + _same(other, Volume).ml)

    def __sub__(self, other: "Volume") -> "Volume":
        return Volume(self.ml - _same(other, Volume).ml)

    @overload
    def __mul__(self, factor: "Concentration") -> Mass: ...
    @overload
    def __mul__(self, factor: int | Fraction) -> "Volume": ...
    def __mul__(self, factor: "Concentration | int | Fraction") -> "Mass | Volume":
        if isinstance(factor, Concentration):
            return Mass(self.ml * factor.mg_per_ml)
        return Volume(self.ml * factor)

    @overload
    def __truediv__(self, other: "Volume") -> Fraction: ...
    @overload
    def __truediv__(self, other: int | Fraction) -> "Volume": ...
    def __truediv__(self, other: "Volume | int | Fraction") -> "Fraction | Volume":
        if isinstance(other, Volume):
            return self.ml / other.ml
        return Volume(self.ml / other)

    def __str__(self) -> str:
        return f"{decimal_text(self.ml)} mL"


@dataclass(frozen=True, slots=True, order=True)
class Concentration:
    """Milligrams of naltrexone hydrochloride in each millilitre of a liquid."""

    mg_per_ml: Fraction

    @classmethod
    def of(cls, value: int | str | Fraction) -> Self:
        """A concentration from a number of mg/mL."""
        return cls(Fraction(value))

    def __str__(self) -> str:
        return f"{decimal_text(self.mg_per_ml)} mg/mL"


def _whole(value: Fraction, unit: str) -> int:
    if value.denominator != 1:
        message = f"{value} is finer than a {unit}: measure it before it is stored."
        raise Invalid("too-fine", message)
    return value.numerator


def _same(other: _T, kind: type[_T]) -> _T:
    if not isinstance(other, kind):
        message = f"{kind.__name__} does not go with {type(other).__name__}"
        raise TypeError(message)
    return other
