"""A slip from the bench: the numbers of one calculation, as they are written and as they are read, looked at one by one.

Nothing is divided: each rule is an equation of products, which only the right number fulfils.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from compounding.second.reading import Paper

_WRITTEN = re.compile(r"(about )?([+-]?[0-9]+(?:\.[0-9]+)?) ?(.*)", re.ASCII)
_NAMED = re.compile(r"\{(\w+)\}", re.ASCII)
_DIGIT = re.compile(r"[0-9]", re.ASCII)
_FOUR_PLACES, _FOUR_DIGITS = 10_000, 1000  # a rounded number is written to four decimals, and to four digits where it is small


class Missing(Exception):
    """A number that a rule needs and the slip does not hold."""


@dataclass(slots=True)
class Slip:
    """The numbers of an answer by their keys; those that a rule has looked at are crossed off."""

    numbers: Mapping[str, Fraction]
    units: Mapping[str, str]
    crossed: set[str] = field(default_factory=set)

    def __getitem__(self, key: str) -> Fraction:
        if key not in self.numbers:
            raise Missing(key)
        self.crossed.add(key)
        return self.numbers[key]

    def has(self, key: str) -> bool:
        """Whether the slip holds this number."""
        return key in self.numbers

    def left(self) -> Iterator[str]:
        """A sentence for each number that no rule asked for."""
        for key in self.numbers:
            if key not in self.crossed:
                yield f"{key} belongs to nothing in this calculation."


def slip_of(answer: Paper) -> Slip:
    """The numbers of an answer, those that were given and those that were found."""
    noted = [*answer.papers("given"), *answer.papers("workings")]
    return Slip({item.text("key"): Fraction(item.text("exact")) for item in noted}, {item.text("key"): item.text("unit") for item in noted})


def same(what: str, one: object, other: object) -> Iterator[str]:
    """A sentence when the two sides are not equal."""
    if one != other:
        yield f"{what} does not come out: {one} against {other}."


def must(what: str, *, holds: bool) -> Iterator[str]:
    """A sentence when something does not hold."""
    if not holds:
        yield f"{what} does not hold."


def given(slip: Slip, expected: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Compare what was understood with what was asked: value and unit by key."""
    for key, (value, unit) in expected.items():
        yield from same(f"What was typed as {key}", (slip[key], slip.units[key]), (Fraction(value), unit))


def nearest(what: str, exact: Fraction, taken: Fraction, *, mark: Fraction) -> Iterator[str]:
    """`taken` stands on a mark, and no other is nearer; half way, the upper one is taken."""
    yield from must(f"{what} on a mark", holds=taken % mark == 0)
    yield from must(f"{what} on the nearest mark", holds=-mark <= 2 * (exact - taken) < mark)


def reading_differences(answer: Paper) -> Iterator[str]:
    """What people read is what was found: each number in its words, each reason, and no sentence with a number of its own."""
    noted = [*answer.papers("given"), *answer.papers("workings")]
    texts = {item.text("shown") for item in noted}
    for item in noted:
        yield from _shown_differences(item)
        for pair in _pairs(item):
            yield from must(f"The reason of {item.text('key')}, {pair[1]},", holds=pair[1] in texts)
    sentences, warnings = answer.texts("steps"), answer.texts("warnings")
    known = {item.text("key") for item in noted}
    for sentence in (*sentences, *warnings):
        yield from must(f"'{sentence}', without a number of its own,", holds=not _DIGIT.search(_NAMED.sub("", sentence)))
        yield from must(f"'{sentence}', naming what is known,", holds=set(_NAMED.findall(sentence)) <= known)
    for item in noted:
        off = item.text("key") if item.text("unit") == "%" and Fraction(item.text("exact")) else ""
        yield from must(f"{off}, told as a warning or in the proof,", holds=not off or any(f"{{{off}}}" in told for told in (*sentences, *warnings)))


def _shown_differences(item: Paper) -> Iterator[str]:
    key, exact, unit = item.text("key"), Fraction(item.text("exact")), item.text("unit")
    found = _WRITTEN.fullmatch(item.text("shown"))
    if found is None:
        yield f"{key} is written as {item.text('shown')}, which is no number."
        return
    value, written = Fraction(found[2]), found[3]
    if unit.startswith("mg"):
        small = 0 < exact < Fraction(1, 10)
        yield from same(f"The unit of {key}", written, f"mcg{unit[2:]}" if small else unit)
        exact *= 1000 if small else 1
    else:
        yield from same(f"The unit of {key}", written, unit)
    off = abs(exact - value)
    if unit == "%":
        least = 0 < abs(exact) * 200 < 1 and abs(value) * 100 == 1 and exact * value > 0  # what is not zero never reads as none
        yield from must(f"{key} as written", holds=least or (off * 200 <= 1 and (value == 0) == (exact == 0)))
    elif found[1]:
        yield from must(f"{key} as written", holds=off * 2 * _FOUR_PLACES <= 1 and off * 2 * _FOUR_DIGITS <= abs(exact))
    else:
        yield from same(f"{key} as written", value, exact)


def _pairs(item: Paper) -> Iterable[tuple[str, str]]:
    inputs = item.content["inputs"]
    if isinstance(inputs, list):
        for name, text in inputs:
            yield str(name), str(text)
