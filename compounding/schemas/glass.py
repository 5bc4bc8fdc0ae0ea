"""The shapes of breaking the glass, of seeing it, and of what the trail is asked."""

from enum import StrEnum

from marshmallow import fields

from compounding.schemas.fields import Choice, Day, Whole, YesNo
from compounding.schemas.shapes import Shape
from compounding.schemas.texts import Text


class Kind(StrEnum):
    """Which of the two halves of the trail."""

    CHANGES = "changes"
    READS = "reads"


class GlassSchema(Shape):
    """Whose records, and why."""

    rx = Whole(least=1, most=999_999_999, required=True, ask="Write the Rx number of one of the patient's orders.")
    reason = Text(most=1000, required=True, ask="Say why these records must be read now.")


class JudgementSchema(Shape):
    """What the pharmacist in charge makes of it."""

    judgement = Text(most=1000, required=True, ask="Say what it was, and what follows from it.")


class TrailSchema(Shape):
    """By what the trail is filtered, and which page of it."""

    kind = Choice.of(Kind, load_default=Kind.CHANGES, ask="Choose changes or reads.")
    since = Day(load_default=None)
    until = Day(load_default=None)
    person = fields.UUID(load_default=None, error_messages={"invalid_uuid": "Choose the person from the list."})
    act = Text(most=60, load_default="", ask="Choose an act from the list.")
    subject = Text(most=60, load_default="", ask="Choose a table from the list.")
    rx = Whole(least=1, most=999_999_999, load_default=None, ask="Write an Rx number of the patient.")
    opened = YesNo(load_default=False, ask="Tick it, or leave it.")
    page = Whole(least=1, most=99_999, load_default=1, ask="Go on by the link at the foot of the page.")


GLASS = GlassSchema()
JUDGEMENT = JudgementSchema()
TRAIL = TrailSchema()
