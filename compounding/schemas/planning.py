"""The shape of a plan's request, and of the replies to what screening found."""

from dataclasses import asdict
from fractions import Fraction
from typing import Any

from marshmallow import fields, post_load, pre_dump

from compounding.domain.formula import Method, Storage
from compounding.domain.plan import Request
from compounding.domain.quantity import Mass, Volume
from compounding.domain.safety import Reply
from compounding.schemas.fields import Choice, Day, Dose, Reading, Whole
from compounding.schemas.shapes import Part, Shape
from compounding.schemas.texts import Text


class RequestSchema(Shape):
    """`Request`: formula, storage, container, device, method, first dose, lead days, overfill (mL) and overage (capsules)."""

    formula = Text(most=40, required=True, ask="Choose the formula.")
    storage = Choice.of(Storage, required=True)
    container = Text(most=60, required=True, ask="Choose the container.")
    method = Choice.of(Method, required=True)
    starts_on = Day(required=True)
    device = Text(most=60, load_default="", ask="Choose the syringe or dropper.")
    lead_days = Whole(least=0, most=14, load_default=0)
    overfill = Reading(load_default=None, ask='Write the overfill in mL, such as "2".')
    overage = Whole(least=0, most=50, load_default=0)

    @pre_dump
    def plain(self, request: Request, **_: object) -> dict[str, object]:
        """The overfill as a number of mL."""
        return {**asdict(request), "overfill": request.overfill.ml}

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Request:
        """The value."""
        overfill = data.pop("overfill") or 0
        return Request(**data, overfill=Volume.of_ml(overfill))


class ReplySchema(Shape):
    """`Reply`; a reason from the list (or a tick) and own words are one reason."""

    chosen = Text(most=200, load_default="", ask="Choose a reason.")
    words = Text(most=1000, load_default="", ask="Write the reason.")
    contact = Text(most=300, load_default="", ask="Say when and how the prescriber was reached.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Reply:
        """The value."""
        return Reply(". ".join(part for part in (data["chosen"], data["words"]) if part), data["contact"])


class RepliesSchema(Shape):
    """The replies of one form, by rule in small letters."""

    answers = fields.Dict(keys=fields.String(), values=Part(ReplySchema), load_default=dict)


class PresentDoseSchema(Shape):
    """What the patient of a refill takes in a day, in mg."""

    present_dose = Dose(required=True, ask='Ask what the patient takes in a day, and write it in mg, such as "4.5".')

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Mass:
        """The value."""
        return Mass.of_mg(data["present_dose"])


class DoseAgainSchema(Shape):
    """A dose that is typed a second time, in the unit that it was ordered in."""

    dose = Dose(required=True, ask='Type the dose again, from the original, such as "4.5".')

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Fraction:
        """The number."""
        return Fraction(data["dose"])


DOSE_AGAIN = DoseAgainSchema()
PRESENT_DOSE = PresentDoseSchema()
REQUEST = RequestSchema()
REPLIES = RepliesSchema()
