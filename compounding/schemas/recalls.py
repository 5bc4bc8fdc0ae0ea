"""The shape of what is said in a recall: why something is set aside, how grave it is, each try to reach somebody, and how it ends."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validates_schema

from compounding.domain.inventory import StockUnit
from compounding.domain.quantity import NANOLITRES
from compounding.domain.recall_case import RecallClass, Result, Try, Way
from compounding.schemas.fields import Amount, Choice, Day, YesNo
from compounding.schemas.shapes import Part, Shape, refuse
from compounding.schemas.texts import Matching, Text, refused_character

_UNITS = {"mL": StockUnit.NANOLITRE, "capsules": StockUnit.PIECE}


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A day and an hour on the pharmacy's own clock."""

    on: date
    at: time


@dataclass(frozen=True, slots=True)
class Opening:
    """What whoever opens a recall says."""

    recall_class: RecallClass
    reason: str
    learned: LocalTime | None


class Prose(Text):
    """Text of several lines; every line is held to what one line is held to."""

    def _take(self, value: object) -> str:
        if not isinstance(value, str):
            raise self.refuse("This is not text.")
        lines = value.replace("\r\n", "\n").split("\n")
        if len(value) > self.most:
            raise ValidationError(f"This is too long: {len(value)} characters, and at most {self.most} fit.")
        if found := next(filter(None, map(refused_character, lines)), None):
            raise ValidationError(f"The character {found} cannot be printed safely. Write the text again without it.")
        text = unicodedata.normalize("NFC", "\n".join(lines)).strip()
        if not text:
            raise self.refuse("This is empty.")
        return text


class Hour(Matching):
    """A time of day by the 24-hour clock."""

    ask = "Write the time as hours and minutes, from 00:00 to 23:59."
    openapi: ClassVar = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["16:30"]}
    form = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class LocalTimeSchema(Shape):
    """`LocalTime`."""

    on = Day(required=True)
    at = Hour(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> LocalTime:
        """The value."""
        return LocalTime(data["on"], time.fromisoformat(data["at"]))


class DaysSchema(Shape):
    """The days on which something was made."""

    since = Day(load_default=None)
    until = Day(load_default=None)


class QuarantineSchema(Shape):
    """Why something is set aside."""

    reason = Prose(most=1000, required=True, ask="Say what is wrong.")


class OpeningSchema(Shape):
    """`Opening`."""

    recall_class = Choice.of(RecallClass, required=True)
    reason = Prose(most=2000, required=True, ask="Say what is wrong and how you know.")
    harmed = YesNo(required=True)
    learned = Part(LocalTimeSchema, load_default=None)

    @validates_schema
    def _told(self, data: dict[str, Any], **_: object) -> None:
        learned = data.get("learned")
        if data.get("harmed") and learned is None:
            refuse({"learned.on": ["Give the day and the hour at which you were told; the law counts from there."]})
        if data.get("harmed") is False and learned is not None:
            refuse({"harmed": ["Choose yes if a patient was harmed, or leave day and hour empty."]})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Opening:
        """The value."""
        return Opening(data["recall_class"], data["reason"], data["learned"])


class ReturnedSchema(Shape):
    """How much came back."""

    amount = Amount(required=True, ask='Write how much came back, such as "12" or "45.5".')
    unit = Choice(_UNITS, required=True)


class TrySchema(Shape):
    """`Try`."""

    way = Choice.of(Way, required=True)
    result = Choice.of(Result, required=True)
    note = Prose(most=1000, load_default="", ask="Say what was said, or leave it empty.")
    returned = Part(ReturnedSchema, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Try:
        """The value, what came back in the smallest unit."""
        back = data["returned"]
        if back is None:
            return Try(data["way"], data["result"], data["note"])
        amount: Fraction = back["amount"] * (NANOLITRES if back["unit"] is StockUnit.NANOLITRE else 1)
        if amount.denominator != 1:
            raise ValidationError({"returned": {"amount": ["Count whole capsules."]}})
        return Try(data["way"], data["result"], data["note"], amount.numerator, back["unit"])


class ClosingSchema(Shape):
    """What was found, and what is done differently from now on."""

    closing = Prose(most=2000, required=True, ask="Say what was found, and what is done differently from now on.")


DAYS = DaysSchema()
QUARANTINE = QuarantineSchema()
OPENING = OpeningSchema()
TRY = TrySchema()
CLOSING = ClosingSchema()
