"""What is too little to weigh, looked at a second time: no root is drawn and nothing is divided; each number must fulfil its equation."""

from collections.abc import Generator, Iterator
from fractions import Fraction

from compounding.second.reading import Paper
from compounding.second.slip import Missing, Slip, given, must, nearest, same

_TABLET = 50  # mg of naltrexone hydrochloride
_NANOGRAM = Fraction(1, 1_000_000)  # mg
_LARGEST_FACTOR = 100
_READINGS = 10


def sensitivity(slip: Slip, question: Paper, _: Paper | None) -> Iterator[str]:
    """The least weight of a balance that moves at so much, and the error of a given weight."""
    yield from given(slip, {"sensitivity": (question.text("sensitivity"), "mg"), "percent": (question.text("percent"), "% of the weight")})
    yield from same("The least weight", slip["least"] * slip["percent"], slip["sensitivity"] * 100)
    if question.has("weight"):
        yield from given(slip, {"weight": (question.text("weight"), "mg")})
        yield from same("The error of that weight", slip["error"] * slip["weight"], slip["sensitivity"] * 100)


def repeatability(slip: Slip, question: Paper, _: Paper | None) -> Iterator[str]:
    """The minimum weight of USP <41>: 2000 deviations, and 820 digits at least."""
    yield from given(slip, {"readability": (question.text("readability"), "mg")})
    if question.has("deviation"):
        yield from given(slip, {"deviation": (question.text("deviation"), "mg")})
    else:
        yield from _deviation(slip, question)
    yield from same("The least deviation", slip["floor"] * 100, slip["readability"] * 41)
    yield from same("The least weight", slip["least"], max(2000 * slip["deviation"], 820 * slip["readability"]))


def little(slip: Slip, question: Paper, balance: Paper | None) -> Iterator[str]:
    """An aliquot, or the weight alone where it can be weighed."""
    mark, least = _digits(balance)
    yield from given(slip, {"wanted": (question.text("wanted"), "mg"), "least": (str(least), "mg")})
    if question.has("part"):
        yield from given(slip, {"part": (question.text("part"), "mg")})
    average = yield from _average(slip, question)
    needed, wanted = slip["wanted"], slip["wanted"]
    if question.has("average"):
        yield from same("The powder", slip["powder"] * _TABLET, wanted * average)
        needed = slip["powder"]
    if needed >= least:
        yield from nearest("What is weighed", needed, slip["weighed"], mark=mark)
        yield from same("What it holds", slip["held"] * average, slip["weighed"] * _TABLET)
        yield from same("Its error", (100 + slip["error"]) * wanted, 100 * slip["held"])
        return
    factor = slip["factor"]
    yield from must("The factor", holds=factor.denominator == 1 and (factor - 1) * needed < least <= factor * needed and factor <= _LARGEST_FACTOR)
    part = slip["part"] if question.has("part") else least if (least - needed) * factor >= least else 2 * least
    yield from nearest("What is weighed", factor * needed, slip["weighed"], mark=mark)
    yield from nearest("The part", part, slip["taken"], mark=mark)
    yield from nearest("The diluent", factor * part - factor * needed, slip["diluent"], mark=mark)
    yield from must("Diluent and part, weighable,", holds=factor * (part - needed) >= least and part >= least)
    yield from same("The mixture", slip["total"], slip["weighed"] + slip["diluent"])
    yield from _portions(slip, slip["weighed"], slip["total"])
    yield from same("What the part holds", slip["held"] * slip["total"] * average, slip["weighed"] * slip["taken"] * _TABLET)
    yield from same("Its error", (100 + slip["error"]) * wanted, 100 * slip["held"])


def trituration(slip: Slip, question: Paper, balance: Paper | None) -> Iterator[str]:
    """A powder mixed up by geometric dilution."""
    mark, least = _digits(balance)
    yield from given(slip, {"substance": (question.text("substance"), "mg"), "total": (question.text("total"), "mg"), "least": (str(least), "mg")})
    average = yield from _average(slip, question)
    substance, total, mixture = slip["substance"], slip["total"], slip["mixture"]
    yield from nearest("What is weighed", substance, slip["weighed"], mark=mark)
    yield from nearest("The diluent", total - substance, slip["diluent"], mark=mark)
    yield from must("Substance and diluent, weighable,", holds=substance >= least and slip["diluent"] >= least)
    yield from same("The mixture", mixture, slip["weighed"] + slip["diluent"])
    yield from _portions(slip, slip["weighed"], mixture)
    yield from same("What it holds", slip["held"] * average, slip["weighed"] * _TABLET)
    yield from same("Its strength", slip["strength"] * mixture, slip["held"] * 1000)
    yield from same("Its error", (100 + slip["error"]) * substance * _TABLET * 1000, 100 * slip["strength"] * total * average)


def _deviation(slip: Slip, question: Paper) -> Iterator[str]:
    """The deviation is the smallest number of nanograms whose square is not below the variance; both sides times n (n - 1)."""
    readings = question.texts("readings")
    yield from given(slip, {f"reading_{number}": (text, "mg") for number, text in enumerate(readings, start=1)})
    values, found, count = [Fraction(text) for text in readings], slip["deviation"], len(readings)
    squares = count * sum(value * value for value in values) - sum(values) ** 2
    pairs = count * (count - 1)
    just_enough = found * found * pairs >= squares and (found == 0 or (found - _NANOGRAM) ** 2 * pairs < squares)
    yield from must("The standard deviation", holds=just_enough and found % _NANOGRAM == 0 and count >= _READINGS)


def _average(slip: Slip, question: Paper) -> Generator[str, None, Fraction]:
    """The average weight of a tablet; a pure substance is taken as tablets that weigh 50 mg."""
    if not question.has("average"):
        return Fraction(_TABLET)
    yield from given(slip, {"average": (question.text("average"), "mg")})
    return slip["average"]


def _digits(balance: Paper | None) -> tuple[Fraction, Fraction]:
    """The readability and the least weight of the balance."""
    if balance is None:
        raise Missing("the balance")
    return Fraction(balance.text("readability")), Fraction(balance.text("least"))


def _portions(slip: Slip, substance: Fraction, whole: Fraction) -> Iterator[str]:
    """Each portion is what is there already, so that the heap doubles; the last is what is missing."""
    there, number = substance, 0
    while there < whole:
        number += 1
        portion = slip[f"portion_{number}"]
        yield from must(f"Portion {number}", holds=portion == there if 2 * there <= whole else portion == whole - there)
        if portion <= 0:
            return
        there += portion
