"""A dose in words, so that a slip of the point is heard: "four point five milligrams"."""

from fractions import Fraction

from compounding.domain.prescription import Step, Unit
from compounding.domain.quantity import decimal_text

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = {Unit.MG: "milligram", Unit.MCG: "microgram"}


def in_words(number: Fraction) -> str:
    """A number of a dose's grammar (below 1000, at most three decimals) in words, each decimal digit by itself."""
    whole, _, decimals = decimal_text(number).partition(".")
    digits = " ".join(_SMALL[int(digit)] for digit in decimals)
    return f"{_whole(int(whole))} point {digits}" if digits else _whole(int(whole))


def dose_in_words(step: Step) -> str:
    """What was understood: "four point five milligrams, 4.5 mg"."""
    number = step.dose.mg if step.unit is Unit.MG else step.dose.mg * 1000
    plural = "" if number == 1 else "s"
    return f"{in_words(number)} {_UNITS[step.unit]}{plural}, {decimal_text(number)} {step.unit}"


def _whole(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens]
    hundreds, rest = divmod(number, 100)
    return f"{_SMALL[hundreds]} hundred and {_whole(rest)}" if rest else f"{_SMALL[hundreds]} hundred"
