"""Pieces of directions put together to what they say: doses, frequencies, durations, dates. Every piece is used, or the text is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from compounding.domain.directions.tokens import Doubt, Kind, Token, exact, whole
from compounding.domain.directions.words import LONGEST, MEANINGS, MONTHS, NUMBERS, REFUSED, ROMAN, Frequency, Says, Word
from compounding.domain.period import Period
from compounding.domain.prescription import Moment, Route, Unit
from compounding.domain.quantity import Concentration, Mass, Volume

_HALF_YEAR = timedelta(183)


class Break(Enum):
    """What stands between two parts of a text, the weakest first."""

    COMMA = 1
    SENTENCE = 2
    THEN = 3


@dataclass(frozen=True, slots=True)
class Weight:
    """A mass; `unit` as it was written."""

    mass: Mass
    unit: Unit


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many capsules, each of `each` if that stands beside them."""

    number: int
    each: Mass | None = None


@dataclass(frozen=True, slots=True)
class Each:
    """What one capsule holds, told without a number of capsules."""

    mass: Mass


@dataclass(frozen=True, slots=True)
class Days:
    """A duration; `every` for an interval of an increase."""

    number: int
    every: bool = False


@dataclass(frozen=True, slots=True)
class Begins:
    """A first day."""

    day: date


Said = Weight | Pieces | Each | Volume | Concentration | Frequency | Moment | Route | Days | Begins | Period | Word | Break
_BREAKS = {",": Break.COMMA, ";": Break.SENTENCE, ".": Break.SENTENCE, "\n": Break.COMMA}
_ALONE = {Word.FILLER: None, Word.THEN: Break.THEN, Word.WEEKLY: Days(7, every=True)}
_SILENT = {":", "(", ")", "="}


@dataclass(slots=True)
class Reader:
    """Reads pieces from left to right; `near` is the day that a date without a year lies nearest to."""

    pieces: Sequence[Token]
    near: date
    at: int = 0

    def read(self) -> list[Said]:
        """Everything that the pieces say."""
        found: list[Said] = []
        while self.at < len(self.pieces):
            said = self._next()
            if said is not None:
                found.append(said)
        return found

    def _next(self) -> Said | None:
        piece = self.pieces[self.at]
        if piece.kind is Kind.MARK:
            return self._mark(piece)
        if self._is_date(self.at):
            return self._period_or_day(self._date())
        if piece.kind is Kind.NUMBER or self._counts(self.at):
            return self._amount()
        return self._worded(self._phrase())

    def _mark(self, piece: Token) -> Break | None:
        if piece.word not in _BREAKS and piece.word not in _SILENT:
            raise Doubt(piece.written, "Here this sign is read in more than one way: write the word.")
        self.at += 1
        return _BREAKS.get(piece.word)

    def _phrase(self) -> Says:
        for length in range(min(LONGEST, len(self.pieces) - self.at), 0, -1):
            run = self.pieces[self.at : self.at + length]
            words = tuple(piece.word for piece in run)
            written = " ".join(piece.written for piece in run)
            if words in REFUSED:
                raise Doubt(written, REFUSED[words])
            if words in MEANINGS:
                self.at += length
                return MEANINGS[words]
        raise Doubt(self.pieces[self.at].written, "This word is not known here.")

    def _worded(self, says: Says) -> Said | None:
        written = self.pieces[self.at - 1].written
        match says:
            case Frequency() | Moment() | Route() | Word.RAISE | Word.LOWER | Word.BY | Word.TO:
                return says
            case Word.FILLER | Word.THEN | Word.WEEKLY:
                return _ALONE[says]
            case Word.FOR | Word.EVERY:
                return self._duration(every=says is Word.EVERY)
            case Word.FROM if self._is_date(self.at):
                return self._period_or_day(self._date())
            case _:
                raise Doubt(written, "Here this says nothing that can be read.")

    def _duration(self, *, every: bool) -> Days:
        number = 1 if every and self._says(self.at) in {Word.DAY, Word.WEEK} else self._number()
        unit = self._says(self.at)
        if unit not in {Word.DAY, Word.WEEK}:
            self._refuse_listed(self.at)
            raise Doubt(self.pieces[self.at - 1].written, "Write days or weeks after this.")
        self.at += 1
        return Days(number * (7 if unit is Word.WEEK else 1), every=every)

    def _amount(self) -> Said:
        piece, says = self.pieces[self.at], self._says(self.at + 1)
        match says:
            case Unit():
                return self._mass_or_strength()
            case Word.ML:
                self.at += 2
                return Volume(exact(piece))
            case Word.DAY | Word.WEEK:
                return self._duration(every=False)
            case Word.CAPSULE:
                return self._capsules()
        if self._says(self.at + 1, 2) is Word.TIMES or self._says(self.at + 1, 3) is Word.TIMES:
            return self._times()
        after = self.at + (2 if self._says(self.at + 1) is Word.FOR else 1)
        if piece.kind is not Kind.MARK and self._is_mass(after) and self._says(after + 2) is Word.CAPSULE:
            number = self._number()
            self.at = after
            each = self._mass().mass
            self.at += 1
            return Pieces(number, each)
        if piece.kind is Kind.NUMBER:
            exact(piece)  # its own refusal names what is wrong with the number itself
        self._refuse_listed(self.at + 1)
        raise Doubt(piece.written, "This number has no unit: write mg, mcg, mL, capsules, days or weeks after it.")

    def _refuse_listed(self, at: int) -> None:
        for piece in self.pieces[at : at + 1]:
            if (piece.word,) in REFUSED:
                raise Doubt(piece.written, REFUSED[piece.word,])

    def _times(self) -> Frequency:
        number = self._number()
        self._phrase()
        if number > len(Moment):
            raise Doubt(f"{number} times a day", "This is too often.")
        return Frequency(number)

    def _capsules(self) -> Pieces:
        number = self._number()
        self.at += 1
        if self._says(self.at) is Word.OF and self._is_mass(self.at + 1):
            self.at += 1
            return Pieces(number, self._mass().mass)
        return Pieces(number)

    def _mass_or_strength(self) -> Weight | Each | Concentration:
        weight = self._mass()
        per = self.at < len(self.pieces) and (self.pieces[self.at].word == "/" or self._says(self.at) is Word.PER)
        if per and self._says(self.at + 1) is Word.ML:
            self.at += 2
            return Concentration(weight.mass.mg)
        if self._says(self.at) is Word.CAPSULE:
            self.at += 1
            return Each(weight.mass)
        return weight

    def _mass(self) -> Weight:
        number, unit = exact(self.pieces[self.at]), self._says(self.at + 1)
        self.at += 2
        return Weight(Mass.of_mcg(number), Unit.MCG) if unit is Unit.MCG else Weight(Mass.of_mg(number), Unit.MG)

    def _number(self) -> int:
        if self.at >= len(self.pieces):
            raise Doubt(self.pieces[-1].written, "Something is missing after this.")
        piece = self.pieces[self.at]
        self.at += 1
        if piece.kind is Kind.NUMBER:
            return whole(piece)
        counted = NUMBERS.get(piece.word) or (ROMAN.get(piece.word) if self._says(self.at) is Word.CAPSULE else None)
        if counted is None:
            raise Doubt(piece.written, "Write a number here.")
        return counted

    def _counts(self, at: int) -> bool:
        word = self.pieces[at].word
        is_phrase = any(self._says(at, length) is not None for length in range(2, LONGEST + 1))
        return not is_phrase and (word in NUMBERS or (word in ROMAN and self._says(at + 1) is Word.CAPSULE))

    def _is_mass(self, at: int) -> bool:
        return at < len(self.pieces) and self.pieces[at].kind is Kind.NUMBER and isinstance(self._says(at + 1), Unit)

    def _says(self, at: int, length: int = 1) -> Says | None:
        run = self.pieces[at : at + length]
        return MEANINGS.get(tuple(piece.word for piece in run)) if len(run) == length else None

    def _is_date(self, at: int) -> bool:
        kinds = [piece.kind for piece in self.pieces[at : at + 2]]
        words = [piece.word for piece in self.pieces[at : at + 2]]
        if kinds[:1] == [Kind.ISO_DATE]:
            return True
        return (kinds == [Kind.WORD, Kind.NUMBER] and words[0] in MONTHS) or (kinds == [Kind.NUMBER, Kind.WORD] and words[1] in MONTHS)

    def _period_or_day(self, first: tuple[date, bool]) -> Period | Begins:
        begins, has_year = first
        joined = self.at < len(self.pieces) and (self._says(self.at) is Word.TO or self.pieces[self.at].word in {"-", "\u2013"})
        if not joined or not self._is_date(self.at + 1):
            self.near = begins
            return Begins(begins)
        self.at += 1
        last, last_has_year = self._date()
        if last_has_year and not has_year:
            begins = _valid(last.year - (begins.month > last.month), begins.month, begins.day)
        elif not last_has_year:
            last = _valid(begins.year + ((last.month, last.day) < (begins.month, begins.day)), last.month, last.day)
        if last < begins:
            raise Doubt(str(Period(begins, last)), "This ends before it begins.", contradicts=True)
        self.near = last
        return Period(begins, last)

    def _date(self) -> tuple[date, bool]:
        piece = self.pieces[self.at]
        if piece.kind is Kind.ISO_DATE:
            self.at += 1
            year, month, day = map(int, piece.word.split("-"))
            return _valid(year, month, day), True
        number, name = (self.pieces[self.at + 1], piece) if piece.kind is Kind.WORD else (piece, self.pieces[self.at + 1])
        self.at += 2
        month, day = MONTHS[name.word], whole(number)
        told = self._year()
        return (_valid(told, month, day), True) if told else (_nearest(self.near, month, day), False)

    def _year(self) -> int | None:
        comma = self.at < len(self.pieces) and self.pieces[self.at].word == ","
        at = self.at + comma
        if at < len(self.pieces) and self.pieces[at].kind is Kind.NUMBER and len(self.pieces[at].word) == 4 and self.pieces[at].word.isdecimal():
            self.at = at + 1
            return int(self.pieces[at].word)
        return None


def _valid(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Doubt(f"{year}-{month:02d}-{day:02d}", "There is no such day.") from None


def _nearest(near: date, month: int, day: int) -> date:
    """The day of that name within half a year of `near`."""
    years = (year for year in (near.year, near.year - 1, near.year + 1) if abs(_valid(year, month, min(day, 28)) - near) <= _HALF_YEAR)
    return _valid(next(years, near.year), month, day)
