"""The text of directions, cut into words, numbers and marks; nothing is dropped, and each piece knows how it was written."""

import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from compounding.domain.directions.words import MEANINGS, Word
from compounding.domain.errors import Invalid
from compounding.domain.prescription import Unit
from compounding.domain.quantity import parse_numeral

_PIECE = re.compile(
    r"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))"
    r"|(?P<number>(?:[.,/-](?=[0-9]))*[0-9]+(?:[.,/\u2013\u2014-]+[0-9]+)*)"
    r"|(?P<word>(?:[^\W\d_]\.){2,}|[^\W\d_]+)"
    r"|(?P<mark>[.,;:()\n/\u2013=-])"
    r"|(?P<strange>\S)"
)
_DASHES = frozenset("-\u2013\u2014")
_MOST_WHOLE = 999
_MEASURES = frozenset({Unit.MG, Unit.MCG, Word.ML, Word.DAY, Word.WEEK, Word.CAPSULE})


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    ISO_DATE = "iso"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: `written` as it stands there, `word` in small letters and without points."""

    kind: Kind
    written: str
    word: str


class Doubt(Exception):
    """What could not be read: the words as they stand there, and what to do. `contradicts`: the text says two things that exclude each other."""

    def __init__(self, words: str, ask: str, *, contradicts: bool = False) -> None:
        super().__init__(f'"{words}": {ask}')
        self.contradicts = contradicts


def tokens(text: str) -> tuple[Token, ...]:
    """The pieces of `text`; raises `Doubt` for a sign that is none, and for a number that sticks to what is no measure."""
    found = list(_PIECE.finditer(text))
    for before, after in pairwise(found):
        if before.end() == after.start():
            _refuse_stuck(before, after)
    return tuple(_token(match) for match in found)


def exact(token: Token) -> Fraction:
    """The number of a dose, in the one grammar of doses; raises `Doubt` for .5, 5.0, 4,5 and 1-2."""
    written = token.written
    try:
        return parse_numeral(written)
    except Invalid as error:
        raise Doubt(written, _why(written, error.sentence)) from None


def whole(token: Token) -> int:
    """A whole number above zero of days or capsules; raises `Doubt` for another."""
    number = exact(token)
    if number.denominator != 1 or not 1 <= number <= _MOST_WHOLE:
        raise Doubt(token.written, "Write a whole number here.")
    return number.numerator


def _token(match: re.Match[str]) -> Token:
    written, kind = match.group(), match.lastgroup
    if kind == "strange":
        raise Doubt(written, "This sign is read in more than one way: write the word.")
    return Token(Kind(kind), written, written.casefold().replace(".", "") if kind == "word" else written)


def _refuse_stuck(before: re.Match[str], after: re.Match[str]) -> None:
    kinds = before.lastgroup, after.lastgroup
    stuck = before.group() + after.group()
    if kinds == ("number", "word") and MEANINGS.get((after.group().casefold(),)) not in _MEASURES:
        raise Doubt(stuck, "Write a blank between number and word, and make sure that each sign of the number is a digit.")
    if kinds in {("word", "number"), ("word", "iso")} and before.group().casefold() != "x":
        raise Doubt(stuck, "Write a blank before the number.")
    if "iso" in kinds and kinds in {("iso", "word"), ("iso", "number"), ("number", "iso")}:
        raise Doubt(stuck, "Write a blank beside the date.")


def _why(written: str, grammar: str) -> str:
    if _DASHES.intersection(written):
        return "This is a range, and which of its ends is meant is unsure: ask for one dose."
    if "/" in written:
        return "This may be a fraction or a date: write a number with a point, or the month as a word."
    if "," in written:
        return "A comma in a number is read as a point or as nothing: write a point, or no sign."
    return grammar
