"""Instruments and the one place where a volume or a weight is rounded to what an instrument can show.

Rounding is half up (Python's own is half to even), and always says the error that it made.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from compounding.domain.quantity import Mass, Volume


@dataclass(frozen=True, slots=True)
class Syringe:
    """An oral syringe: its capacity and the distance between two of its marks."""

    code: str
    name: str
    capacity: Volume
    graduation: Volume


@dataclass(frozen=True, slots=True)
class DropCount:
    """One count of drops to a measured volume."""

    drops: int
    volume: Volume


@dataclass(frozen=True, slots=True)
class Dropper:
    """A dropper with its calibration for one formula: at least three counts of drops to a measured volume (USP <1101>)."""

    code: str
    name: str
    formula: str
    counts: tuple[DropCount, ...]
    counted_on: date
    counted_by: str
    valid_through: date

    @property
    def drops_in_ml(self) -> Fraction:
        """Drops in one mL over all counts together."""
        volume = sum((count.volume for count in self.counts), Volume.of_ml(0))
        return sum(count.drops for count in self.counts) / volume.ml

    def volume_of(self, drops: int | Fraction) -> Volume:
        """What so many drops of this dropper are (golden number G43: 18 drops are 1.125 mL at 16 in a mL)."""
        return Volume(drops / self.drops_in_ml)


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance: its readability, and the least weight that it weighs within 5 % (minimum weighable quantity).

    `test_weight` is put on it every day and may read as much as `test_tolerance` more or less; None where nobody has entered it yet.
    """

    code: str
    name: str
    readability: Mass
    least: Mass
    test_weight: Mass | None = None
    test_tolerance: Mass | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A volume as an instrument measures it: the exact one, the one on the mark, how often it is drawn, and the drops if they are counted."""

    exact: Volume
    measured: Volume
    draws: int
    drops: int | None = None

    @property
    def error(self) -> Fraction:
        """The relative error of rounding to the mark; positive when too much is taken."""
        return self.measured / self.exact - 1


def measure(volume: Volume, device: Syringe | Dropper) -> Reading:
    """`volume` on the nearest mark of `device`, half up; a volume above the capacity takes several draws."""
    if isinstance(device, Dropper):
        drops = half_up(volume.ml * device.drops_in_ml)
        return Reading(volume, Volume(drops / device.drops_in_ml), 1, drops)
    measured = device.graduation * half_up(volume / device.graduation)
    draws = max(1, -(-measured.ml // device.capacity.ml))
    return Reading(volume, measured, draws)


def weighable(mass: Mass, balance: Balance) -> Mass:
    """`mass` on the nearest digit of `balance`, half up."""
    return balance.readability * half_up(mass / balance.readability)


def half_up(value: Fraction) -> int:
    """The nearest whole number, a half going up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def percent(ratio: Fraction, *, places: int = 2) -> str:
    """A relative error for a person: signed, at most `places` decimals, half up ("+2.22 %", "0 %"); one that is not zero never reads as none."""
    scaled = max(half_up(abs(ratio) * 100 * 10**places), int(ratio != 0))
    if scaled == 0:
        return "0 %"
    whole, part = divmod(scaled, 10**places)
    decimals = f".{part:0{places}d}".rstrip("0").rstrip(".")
    return f"{'-' if ratio < 0 else '+'}{whole}{decimals} %"
