"""The shape of a complaint or adverse event, and of its review."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, post_load

from compounding.domain.complaint import Harm, Review
from compounding.schemas.fields import Choice, Day, Guard, YesNo
from compounding.schemas.recalls import LocalTime, LocalTimeSchema, Prose
from compounding.schemas.shapes import Part, Shape
from compounding.schemas.texts import Text


@dataclass(frozen=True, slots=True)
class Reported:
    """A complaint as the form tells it."""

    received: LocalTime
    complainant: str
    nature: str
    response: str
    harm: Harm


class Key(Guard[UUID]):
    """The key of something that a page gave out."""

    ask = "Open the form again from the bottle or the batch."

    def _take(self, value: object) -> UUID:
        try:
            return UUID(self.text(value))
        except ValueError as error:
            raise self.refuse("This is no key of ours.") from error


class AgainstSchema(Shape):
    """What a complaint is against: a bottle, a batch, or neither."""

    bottle = Key(load_default=None)
    batch = Key(load_default=None)


class ReportedSchema(Shape):
    """`Reported`."""

    received = Part(LocalTimeSchema, required=True)
    complainant = Text(most=200, required=True, ask="Write the name, or a mark that is this person's alone.")
    nature = Prose(most=4000, required=True, ask="Write what was reported, in the person's own words where you can.")
    response = Prose(most=4000, required=True, ask="Write what was answered and done at once.")
    harm = Choice.of(Harm, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Reported:
        """The value."""
        return Reported(**data)


class ReviewSchema(Shape):
    """`Review`."""

    findings = Prose(most=4000, required=True, ask="Write what the investigation found.")
    follow_up = Prose(most=4000, required=True, ask="Write what follows from it, or that nothing does.")
    is_quality = YesNo(required=True)
    reported = YesNo(required=True)
    medwatch_on = Day(load_default=None)
    why_not = Prose(most=1000, load_default=None, ask="Say why MedWatch needs no report.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Review:
        """The value."""
        if data.pop("reported") and data["medwatch_on"] is None:
            raise ValidationError({"medwatch_on": ["Give the day of the report."]})
        return Review(**data)


AGAINST = AgainstSchema()
REPORTED = ReportedSchema()
REVIEW = ReviewSchema()
