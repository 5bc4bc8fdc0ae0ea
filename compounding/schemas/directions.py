"""The shape of what a prescription says in words and dates, beside its steps: kept as it was written, and compared by rule R31."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, pre_dump, validates_schema

from compounding.domain.period import Period
from compounding.schemas.fields import Day
from compounding.schemas.shapes import Shape
from compounding.schemas.texts import Text

_EXAMPLE = "1.5 mg by mouth at bedtime for 14 days, then 3 mg for 14 days, then 4.5 mg for 14 days"


DIRECTIONS_ASK = "Write the directions as the prescriber wrote them, in at most 1000 characters, or leave them out."
DATES_ASK = "Send a list of the periods that were written: one for the whole course or one for each step, or leave it out."


class Directions(Text):
    """The directions, word for word, on one line or several; each line is guarded like any other text."""

    openapi: ClassVar = {"type": "string", "maxLength": 1000, "examples": [_EXAMPLE]}

    def _take(self, value: object) -> str:
        if not isinstance(value, str):
            raise self.refuse("This is not text.")
        lines = [line for line in value.replace("\r\n", "\n").split("\n") if line.strip()]
        if sum(map(len, lines)) > self.most:
            raise ValidationError(f"This is too long: at most {self.most} characters fit.")
        return "\n".join(super(Directions, self)._take(line) for line in lines or [""])


class PeriodSchema(Shape):
    """`Period`: both of its days are part of it."""

    first_day = Day(required=True)
    last_day = Day(required=True)

    @validates_schema
    def goes_forward(self, data: dict[str, Any], **_: object) -> None:
        """A last day that is no earlier than the first."""
        if data["last_day"] < data["first_day"]:
            raise ValidationError("The last day is before the first. Correct one of them.", "last_day")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Period:
        """The value."""
        return Period(data["first_day"], data["last_day"])

    @pre_dump
    def spread(self, period: Period, **_: object) -> dict[str, Any]:
        """The fields."""
        return {"first_day": period.first, "last_day": period.last}


def wrong_dates(data: Mapping[str, Any]) -> dict[str, object]:
    """What is wrong where there are more or fewer dates than one for the course or one for each step."""
    dates, steps = data.get("dates") or (), data.get("steps") or ()
    if len(dates) in {0, 1, len(steps)}:
        return {}
    return {"dates": [f"There are {len(dates)} periods and {len(steps)} steps. Send one for the whole course, or one for each step."]}
