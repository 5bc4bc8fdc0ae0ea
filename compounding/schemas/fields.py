"""Fields that let in one spelling of each thing, for JSON and for forms alike.

Everything arrives as text, as a whole JSON number or as a JSON boolean; a form has only text. A dose is text in both, because a JSON
number loses what was written (1.50 becomes 1.5, and 4.5 may become 4.499999). No field rounds, trims digits or guesses.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, ClassVar, Generic, TypedDict, TypeVar, Unpack

from marshmallow import ValidationError, fields

from compounding.domain.errors import Invalid
from compounding.domain.money import MICROS, Money
from compounding.domain.quantity import decimal_text, parse_numeral

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Enum)
_SHOWN = 40  # characters of what was sent that a message repeats
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{0,2}[1-9])?", re.ASCII)
_READING = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?", re.ASCII)
_MONEY = re.compile(r"(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)
_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)
_TRUE, _FALSE = frozenset({"true", "on"}), frozenset({"false", "off"})


def shown(value: object) -> str:
    """What was sent, short and in ASCII, so that a message can repeat it without repeating a trick."""
    text = ascii(value)[1:-1] if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


class Options(TypedDict, total=False):
    """What every field may be told; all of it is marshmallow's but `ask`, the sentence that says what to send."""

    ask: str
    required: bool
    load_default: object
    load_only: bool
    metadata: Mapping[str, object]


class Guard(fields.Field[_T], Generic[_T]):
    """A field that knows one sentence, `ask`, which tells what to send; every refusal ends with it.

    A subclass says in `_take` what comes of what was sent, and in `_give` what is sent back. `openapi` is what the API's document says of it.
    """

    ask: ClassVar[str] = "Send a value."
    openapi: ClassVar[Mapping[str, object]] = {"type": "string"}

    def __init__(self, **options: Unpack[Options]) -> None:
        own: dict[str, Any] = {**options}
        self.sentence = own.pop("ask", self.ask)
        messages: dict[str, Any] = {
            "required": f"This is missing. {self.sentence}",
            "null": f"This is null. {self.sentence}",
        }
        super().__init__(error_messages=messages, **own)

    def _take(self, value: object) -> _T:
        """The value for what was sent; raises `ValidationError` for what is no such value."""
        raise NotImplementedError

    def _give(self, value: _T) -> object:
        """What is sent for `value`."""
        return value

    def _deserialize(self, value: object, *_: object, **__: object) -> _T:
        return self._take(value)

    def _serialize(self, value: _T | None, *_: object, **__: object) -> object:
        return None if value is None else self._give(value)

    def refuse(self, reason: str) -> ValidationError:
        """A refusal: what is wrong, then what to send."""
        return ValidationError(f"{reason} {self.sentence}")

    def text(self, value: object) -> str:
        """`value` if it is text; a refusal otherwise, with the right spelling of a number that was sent as one."""
        if isinstance(value, str):
            return value
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            raise ValidationError(f'This is a JSON number. Send it as text, in quotes: "{shown(value)}".')
        raise self.refuse("This is not text.")


class Dose(Guard[Fraction]):
    """A numeral of a dose, a strength or a body weight, above zero; its unit stands in a field of its own.

    The grammar is `domain.quantity.parse_numeral`: `4.5` and `0.5`, never `.5`, `5.0`, `4,5`, `1_0` or foreign digits.
    """

    ask = 'Write digits with a point, a zero before it and none after it, such as "0.5" or "4.5".'
    openapi: ClassVar = {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,2})(\.[0-9]{0,2}[1-9])?$", "examples": ["4.5"]}

    def _parse(self, text: str) -> Fraction:
        """The exact value of `text`; raises `Invalid` where the grammar is not met."""
        return parse_numeral(text)

    def _take(self, value: object) -> Fraction:
        text = self.text(value)
        try:
            exact = self._parse(text)
        except Invalid as error:
            raise self.refuse(f'"{shown(text)}" cannot be read.') from error
        if exact == 0:
            raise self.refuse("Zero is not an amount here.")
        return exact

    def _give(self, value: Fraction) -> str:
        return decimal_text(value)


class Amount(Dose):
    """A quantity of a whole supply (mL, drops, mg), above zero, by the grammar of a dose with up to six digits before the point."""

    ask = 'Write digits with a point, a zero before it and none after it, such as "31.5" or "1197".'
    openapi: ClassVar = {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,5})(\.[0-9]{0,2}[1-9])?$", "examples": ["126"]}

    def _parse(self, text: str) -> Fraction:
        if not _AMOUNT.fullmatch(text):
            raise Invalid("numeral", self.sentence)
        return Fraction(text)


class Reading(Guard[Fraction]):
    """What an instrument showed: "675.0" is how a balance says that it reads tenths, so the zero is kept and allowed."""

    ask = 'Write the reading as the instrument shows it, such as "675.0".'
    openapi: ClassVar = {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,6})?$", "examples": ["675.0"]}

    def _take(self, value: object) -> Fraction:
        text = self.text(value)
        if not _READING.fullmatch(text):
            raise self.refuse(f'"{shown(text)}" cannot be read.')
        return Fraction(text)

    def _give(self, value: Fraction) -> str:
        return decimal_text(value)


class Price(Guard[Money]):
    """An amount of money in the pharmacy's currency, at most a millionth fine ("0.0712" a tablet), never negative, without a sign of currency."""

    ask = 'Write the amount in figures only, such as "29.55" or "0.0712".'
    openapi: ClassVar = {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?$", "examples": ["29.55"]}

    def _take(self, value: object) -> Money:
        text = self.text(value)
        if not _MONEY.fullmatch(text):
            raise self.refuse(f'"{shown(text)}" cannot be read.')
        return Money.of(text)

    def _give(self, value: Money) -> str:
        return decimal_text(Fraction(value.micros, MICROS))


class Whole(Guard[int]):
    """A whole number within bounds, as a JSON integer or as its digits; 1.9, 2.0 and true are refused."""

    openapi: ClassVar = {"type": "integer"}

    def __init__(self, *, least: int, most: int, **options: Unpack[Options]) -> None:
        self.least, self.most = least, most
        options.setdefault("ask", f"Send a whole number from {least} to {most}.")
        super().__init__(**options)

    def _take(self, value: object) -> int:
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refuse(f'"{shown(value)}" is not a whole number.')
        if not self.least <= value <= self.most:
            raise self.refuse(f"{shown(value)} is out of range.")
        return value


class YesNo(Guard[bool]):
    """A JSON boolean, or what a form sends for one ("true", "on", "false", "off")."""

    ask = "Send true or false."
    openapi: ClassVar = {"type": "boolean"}

    def _take(self, value: object) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in _TRUE | _FALSE:
            return value in _TRUE
        raise self.refuse(f'"{shown(value)}" is neither.')


class Day(Guard[date]):
    """A calendar date in ISO form, from 1900 to 2100."""

    ask = "Write the date as year-month-day, such as 2026-03-09."
    openapi: ClassVar = {"type": "string", "format": "date", "examples": ["2026-03-09"]}

    def _take(self, value: object) -> date:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise self.refuse("This is not a date.")  # it may be somebody's birth date, which no error repeats
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise self.refuse(f"There is no day {value}.") from error
        if not _EARLIEST <= day <= _LATEST:
            raise self.refuse(f"{value} is not between 1900 and 2100.")
        return day

    def _give(self, value: date) -> str:
        return value.isoformat()


class Instant(Guard[datetime]):
    """A moment in ISO form with its zone, from 1900 to 2100; a fraction of a second has at most six digits."""

    ask = "Write the moment with its zone, such as 2026-03-09T17:30:00Z."
    openapi: ClassVar = {"type": "string", "format": "date-time", "examples": ["2026-03-09T17:30:00Z"]}

    def _take(self, value: object) -> datetime:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise self.refuse(f'"{shown(value)}" is not a moment.')
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise self.refuse(f"There is no moment {value}.") from error
        if not _EARLIEST <= moment.date() <= _LATEST:
            raise self.refuse(f"{value} is not between 1900 and 2100.")
        return moment.astimezone(UTC)

    def _give(self, value: datetime) -> str:
        return value.isoformat()


class Choice(Guard[_E], Generic[_E]):
    """One of a few words, each of which stands for a member of an enumeration."""

    def __init__(self, words: Mapping[str, _E], **options: Unpack[Options]) -> None:
        self.words = words
        self.names = {member: word for word, member in words.items()}
        options.setdefault("ask", f"Choose one of: {', '.join(words)}.")
        options.setdefault("metadata", {"enum": list(words)})
        super().__init__(**options)

    @classmethod
    def of(cls, kind: type[_E], **options: Unpack[Options]) -> "Choice[_E]":
        """A choice between the values of `kind`, which are text."""
        return cls({member.value: member for member in kind}, **options)

    def _take(self, value: object) -> _E:
        if not isinstance(value, str) or value not in self.words:
            raise self.refuse("This is not known here.")
        return self.words[value]

    def _give(self, value: _E) -> str:
        return self.names[value]
