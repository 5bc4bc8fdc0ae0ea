"""What a calculation at the bench answers: sentences for the hands, and behind each number its reason.

A sentence holds no number of its own. It names them ("Take {taken} of the stock"), and each is a `Working` that says why; so what is read
is what was reckoned, and what the second pharmacist looked at. An amount of powder is counted in grams where one of a liquid is in mL:
a strength per g and one per mL follow the same arithmetic, and `Basis` says which of the two is meant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from compounding.domain.dilution import ceiling
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass, Volume, decimal_text
from compounding.domain.weighing import Balance, Syringe, half_up, measure, percent, weighable
from compounding.domain.working import Working

_SHOWN_PLACES = 6  # decimals of an exact number that people read; a longer one is rounded and said to be about that
_DIGITS = 4  # significant digits of a rounded one, so that a very small amount never reads 0
_GRAM = 1000  # mg


class Basis(StrEnum):
    """What is mixed: a liquid, measured in mL, or a powder, weighed in g."""

    LIQUID = "liquid"
    POWDER = "powder"

    @property
    def unit(self) -> str:
        """The unit of an amount."""
        return "mL" if self is Basis.LIQUID else "g"

    @property
    def strength_unit(self) -> str:
        """The unit of a strength."""
        return f"mg/{self.unit}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood (`given`), what to do (`steps`, `warnings`), and every number that they name (`workings`)."""

    given: tuple[Working, ...]
    workings: tuple[Working, ...]
    steps: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The steps with their numbers."""
        return self._told(self.steps)

    @property
    def cautions(self) -> tuple[str, ...]:
        """The warnings with their numbers."""
        return self._told(self.warnings)

    def _told(self, sentences: tuple[str, ...]) -> tuple[str, ...]:
        shown = {working.key: working.text for working in (*self.given, *self.workings)}
        return tuple(sentence.format(**shown) for sentence in sentences)


@dataclass(slots=True)
class Slip:
    """The slip of paper on which a calculation is done: numbers are noted as they are given and found, each with those that it follows from."""

    given: list[Working] = field(default_factory=list)
    found: list[Working] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def give(self, key: str, name: str, exact: Fraction, unit: str) -> None:
        """Note what was typed."""
        self.given.append(Working(key, name, (), exact, unit, "As typed", shown(exact, unit)))

    def find(self, key: str, rule: str, of: Iterable[str], exact: Fraction, unit: str, *, source: str) -> None:
        """Note what follows from the numbers `of`, by a rule that is written "name = formula"."""
        noted = {working.key: working for working in (*self.given, *self.found)}
        inputs = tuple((noted[name].rule.partition(" = ")[0], noted[name].text) for name in of)
        self.found.append(Working(key, rule, inputs, exact, unit, source, shown(exact, unit)))

    def name_of(self, key: str) -> str:
        """What the number of this key is called."""
        return next(working.rule for working in self.found if working.key == key).partition(" = ")[0]

    def warn(self, sentence: str) -> None:
        """Note a warning, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def answer(self, *steps: str) -> Answer:
        """The finished answer."""
        return Answer(tuple(self.given), tuple(self.found), steps, tuple(self.warnings))


def shown(exact: Fraction, unit: str) -> str:
    """A number as it is read: micrograms below 0.1 mg, a sign before a percentage of error, "about" before what was rounded for the eye."""
    if unit == "%":
        return percent(exact / 100)
    if unit.startswith("mg") and 0 < exact < Fraction(1, 10):
        exact, unit = exact * 1000, f"mcg{unit[2:]}"
    if (exact * 10**_SHOWN_PLACES).denominator == 1:
        return f"{decimal_text(exact)} {unit}".rstrip()
    places = _DIGITS
    while half_up(abs(exact) * 10**places) < 10 ** (_DIGITS - 1):
        places += 1
    return f"about {decimal_text(Fraction(half_up(exact * 10**places), 10**places), places=places)} {unit}".rstrip()


def in_mg(grams: Volume) -> Mass:
    """An amount of powder, which is counted in grams, as a mass."""
    return Mass(grams.ml * _GRAM)


def on_the_device(slip: Slip, key: str, amount: Volume, *, whole: Volume, basis: Basis, device: Syringe | Balance | None, policy: Policy) -> Volume:
    """`amount`, noted as `key`, as it is really taken for a `whole`: on the nearest mark of the device, with the error that this makes.

    Every error is told, with more emphasis above the policy's first bound. Above its second, and below what the device measures at all,
    raises `Unsafe` with the least multiple of the whole that works. Without a device the exact amount is kept, and that is told.
    """
    if device is None:
        slip.warn("No device was chosen: the amounts are exact and stand on no mark yet.")
        return amount
    if isinstance(device, Balance) is not (basis is Basis.POWDER):
        message = f"This does not measure a {basis}: take a syringe for a liquid, a balance for a powder."
        raise Invalid("device", message, fields={"device": (message,)})
    taken = _nearest(amount, device)
    error = taken / amount - 1
    if abs(error) > policy.rounding_refuse or taken < _least(device):
        raise Unsafe("not-measurable", _refusal(amount, taken, whole=whole, basis=basis, device=device, policy=policy))
    name = slip.name_of(key)
    slip.find(f"{key}_measured", f"{name}, measured = {name}, to the nearest mark or digit, half up", [key], taken.ml, basis.unit, source=device.name)
    rule = f"rounding error of {name} = measured / exact - 1"
    slip.find(f"{key}_error", rule, [f"{key}_measured", key], error * 100, "%", source=f"The device's marks: {device.name}")
    if error:
        emphasis = " That is above the bound from which the site warns: make more, or choose a finer device." if abs(error) > policy.rounding_warn else ""
        slip.warn(f"The nearest mark is {{{key}_error}} off: take {{{key}_measured}} where {{{key}}} is exact.{emphasis}")
    _note_draws(slip, key, amount, device)
    return taken


def _note_draws(slip: Slip, key: str, amount: Volume, device: Syringe | Balance) -> None:
    draws = measure(amount, device).draws if isinstance(device, Syringe) else 1
    if draws > 1:
        rule = f"draws of {slip.name_of(key)} = measured / capacity of the syringe, upwards"
        slip.find(f"{key}_draws", rule, [f"{key}_measured"], Fraction(draws), "draws", source=f"The device's capacity: {device.name}")
        slip.warn(f"{{{key}_measured}} is more than the syringe holds: take it in {{{key}_draws}}.")


def _nearest(amount: Volume, device: Syringe | Balance) -> Volume:
    if isinstance(device, Balance):
        return Volume(weighable(in_mg(amount), device).mg / _GRAM)
    return measure(amount, device).measured


def _least(device: Syringe | Balance) -> Volume:
    """The least that the device measures: its least weight, or its first mark."""
    return Volume(device.least.mg / _GRAM) if isinstance(device, Balance) else device.graduation


def _refusal(amount: Volume, taken: Volume, *, whole: Volume, basis: Basis, device: Syringe | Balance, policy: Policy) -> str:
    times = _times_enough(amount, device, policy)
    off = f"the nearest mark is {percent(taken / amount - 1)} off" if taken >= _least(device) else f"its least is {shown(_least(device).ml, basis.unit)}"
    return (
        f"{shown(amount.ml, basis.unit)} cannot be measured with the {device.name}: {off}. Make {shown((whole * times).ml, basis.unit)}, "
        f"which takes {shown(_nearest(amount * times, device).ml, basis.unit)}, or choose a finer device."
    )


def _times_enough(amount: Volume, device: Syringe | Balance, policy: Policy) -> int:
    """How many times as much the device measures without a warning; it is within a few marks of the least, so few are tried."""
    least = _least(device)
    times = ceiling(least / amount if isinstance(device, Balance) else least / amount / (1 + policy.rounding_warn))
    while abs(_nearest(amount * times, device) / (amount * times) - 1) > policy.rounding_warn:
        times += 1
    return times
