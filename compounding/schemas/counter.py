"""The shape of what is said and scanned at the counter."""

from typing import Any

from marshmallow import fields, post_load

from compounding.domain.dispense import Counselling, HandOver
from compounding.domain.owed import AskedBy, Cut, Rest
from compounding.domain.setback import Cause, Setback, SetbackKind
from compounding.domain.transfer import Direction, Transfer
from compounding.domain.translation import Asked, Print
from compounding.domain.void import Void, Whereabouts
from compounding.schemas.fields import Choice, Day, Whole, YesNo
from compounding.schemas.people import OpioidSchema
from compounding.schemas.shapes import Part, Shape
from compounding.schemas.texts import Language, Phone, Text

_SHELF = "Load the page again, and choose a container from the shelf."


class ScanSchema(Shape):
    """What the scanner read from a label."""

    scanned = Text(most=60, required=True, ask="Scan the barcode of the labelled container.")


class HandOverSchema(Shape):
    """`HandOver`."""

    birth_date = Day(required=True)
    phone_or_address = Text(most=200, required=True, ask="Write the phone number or the street as the person told it.")
    opioid = Part(OpioidSchema, required=True)
    counselling = Choice.of(Counselling, required=True)
    first_dose_on = Day(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> HandOver:
        """The value."""
        return HandOver(**data)


class OpioidAgainSchema(Shape):
    """The opioid question, asked again for a held order."""

    opioid = Part(OpioidSchema, required=True)


class RedateSchema(Shape):
    """Another first day."""

    new_first_dose_on = Day(required=True)


class ReviewSchema(Shape):
    """A three-month review."""

    reviewed_on = Day(required=True)
    outcome = Text(most=1000, required=True, ask="Say what the review found.")


class ReasonSchema(Shape):
    """Why."""

    reason = Text(most=500, required=True, ask="Give the reason.")


class SetbackSchema(Shape):
    """`Setback`."""

    kind = Choice.of(SetbackKind, required=True, ask="Choose what happened.")
    cause = Choice.of(Cause, load_default=None, ask="Choose why it is made again.")
    reason = Text(most=1000, required=True, ask="Say what happened.")
    found_by = Text(most=120, load_default="", ask="Write who found it.")
    reached_patient = YesNo(load_default=None, ask="Say whether it reached the patient.")
    done = Text(most=1000, load_default="", ask="Say what was done.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Setback:
        """The value; what belongs to another kind of setback is left out."""
        misfill = data["kind"] is SetbackKind.MISFILL
        told = {name: data[name] for name in ("found_by", "reached_patient", "done")} if misfill else {}
        return Setback(data["kind"], data["cause"] if data["kind"] is SetbackKind.REMAKE else None, data["reason"], **told)


class VoidSchema(Shape):
    """`Void`."""

    whereabouts = Choice.of(Whereabouts, required=True, ask="Say where the container is.")
    reason = Text(most=1000, required=True, ask="Say how it was found out, and what really happened.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Void:
        """The value."""
        return Void(**data)


class CutSchema(Shape):
    """`Cut`."""

    given = Whole(least=1, most=1000, required=True, ask="Write how much is given now.")
    asked_by = Choice.of(AskedBy, required=True, ask="Say who asks for less.")
    rest = Choice.of(Rest, required=True, ask="Say where the rest is.")
    reason = Text(most=500, required=True, ask="Say why not all of it is given.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Cut:
        """The value."""
        return Cut(**data)


class TransferSchema(Shape):
    """`Transfer`."""

    direction = Choice.of(Direction, required=True, ask="Choose which way it moves.")
    pharmacy = Text(most=200, required=True, ask="Write the name and the place of the other pharmacy.")
    phone = Phone(required=True)
    licence = Text(most=60, required=True, ask="Write the licence of the other pharmacy.")
    pharmacist = Text(most=120, required=True, ask="Write which pharmacist agreed to it.")
    on = Day(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Transfer:
        """The value."""
        return Transfer(**data)


class MediumSchema(Shape):
    """The label stock."""

    medium = Text(most=40, required=True, ask="Choose the label stock.")


class LeafletSchema(Shape):
    """`Asked`."""

    language = Language(required=True)
    size = Choice.of(Print, required=True, ask="Choose the size of the print.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Asked:
        """The value."""
        return Asked(data["language"], large=data["size"] is Print.LARGE)


class LotSchema(Shape):
    """The lot on the shelf."""

    lot = fields.UUID(required=True, error_messages={"required": _SHELF, "invalid_uuid": _SHELF})


LEAFLET = LeafletSchema()
LOT = LotSchema()
MEDIUM = MediumSchema()
SCAN = ScanSchema()
HAND_OVER = HandOverSchema()
OPIOID_AGAIN = OpioidAgainSchema()
REDATE = RedateSchema()
REVIEW = ReviewSchema()
TRANSFER = TransferSchema()
SETBACK = SetbackSchema()
VOID = VoidSchema()
CUT = CutSchema()
REASON = ReasonSchema()
