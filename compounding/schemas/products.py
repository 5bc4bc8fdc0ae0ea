"""The shapes of a product: a new one, what else is in it, how much there should be at least."""

import re
from fractions import Fraction
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load

from compounding.domain.errors import Invalid
from compounding.domain.gs1 import checked_ndc, gtin_14
from compounding.domain.inventory import Product, StockUnit
from compounding.domain.quantity import Volume
from compounding.schemas.fields import Choice, Guard, Reading, Whole
from compounding.schemas.shapes import Part, Rows, Shape
from compounding.schemas.stock import Positive
from compounding.schemas.texts import Matching, Text

_UNITS = {"tablet": StockUnit.TABLET, "g": StockUnit.NANOGRAM, "ml": StockUnit.NANOLITRE, "piece": StockUnit.PIECE}


class Code(Matching):
    """A short name of ours: small letters, digits and hyphens."""

    ask = "Write small letters, digits and hyphens, such as tablet-sun-100."
    form: ClassVar = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,9}", re.ASCII)


class Ndc(Guard[str]):
    """An NDC with its hyphens as they stand on the package."""

    def _take(self, value: object) -> str:
        try:
            return checked_ndc(self.text(value))
        except Invalid as error:
            raise ValidationError(error.sentence) from error


class Gtin(Guard[str]):
    """A bar code's number with its check digit, as 14 digits."""

    def _take(self, value: object) -> str:
        try:
            return gtin_14(self.text(value))
        except Invalid as error:
            raise ValidationError(error.sentence) from error


class ProductSchema(Shape):
    """`Product`."""

    code = Code(required=True)
    stands_for = Code(required=True, ask="Choose what formulas call it, or write a new name in small letters, digits and hyphens.")
    name = Text(most=80, required=True, ask="Write the name that persons read.")
    labeler = Text(most=60, required=True, ask="Write whose name stands on the label.")
    ndc = Ndc(load_default="")
    gtin = Gtin(load_default="")
    unit = Choice(_UNITS, required=True, ask="Choose the unit.")
    excipients = Rows(Text(most=80), least=0, most=60, load_default=[], ask="Write one substance on each line.")
    container_volume = Positive(load_default=None)
    container_capsules = Whole(least=1, most=2000, load_default=None)
    unusable_volume = Reading(load_default=Fraction(0))

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Product:
        """The value."""
        volume = data["container_volume"]
        return Product(
            code=data["code"], stands_for=data["stands_for"], name=data["name"], labeler=data["labeler"], unit=data["unit"], ndc=data["ndc"],
            gtin=data["gtin"], excipients=tuple(data["excipients"]), container_volume=Volume(volume) if volume else None,
            container_capsules=data["container_capsules"], unusable_volume=Volume(data["unusable_volume"]),
        )  # fmt: skip


class DescriptionSchema(Shape):
    """What else is in a product, and where that is said."""

    excipients = Rows(Text(most=80), least=0, most=60, load_default=[], ask="Write one substance on each line.")
    source = Text(most=200, required=True, ask="Write where it is said: the package insert with its date, or the certificate.")


class LevelSchema(Shape):
    """How much there should be at least; 0 asks for none."""

    least = Reading(required=True, ask='Write how much there should be at least, such as "100" or "0.5"; 0 asks for none.')


PRODUCT = ProductSchema()
DESCRIPTION = Shape.from_dict({"description": Part(DescriptionSchema, required=True)})()
LEVEL = Shape.from_dict({"level": Part(LevelSchema, required=True)})()
