"""The shapes of what is done to a lot: taken in, released, withdrawn, weighed, packed."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from marshmallow import post_load

from compounding.domain.beyond_use import month_end
from compounding.domain.money import Money
from compounding.domain.quantity import Mass
from compounding.schemas.fields import Day, Price, Reading, Whole, YesNo
from compounding.schemas.shapes import Part, Shape
from compounding.schemas.texts import Matching, Text

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-00", re.ASCII)
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A lot as the form tells it: `quantity` in tablets, g, mL or pieces, whichever the product is counted in."""

    product: str
    lot_number: str
    expires_on: date
    quantity: Fraction
    invoice: Money


@dataclass(frozen=True, slots=True)
class Weighed:
    """So many tablets, and what they weighed together."""

    tablets: int
    together: Mass


@dataclass(frozen=True, slots=True)
class Packed:
    """So many shells of one size, and the powder that filled them, net of the shells."""

    size: str
    shells: int
    together: Mass


class Expiry(Day):
    """A date on a package; one that is printed as month and year means the last day of that month (USP <7>), its day is sent as 00."""

    def _take(self, value: object) -> date:
        month = _MONTH.fullmatch(value) if isinstance(value, str) else None
        if month and int(month[1]) in _YEARS:
            return month_end(int(month[1]), int(month[2]))
        return super()._take(value)


class Positive(Reading):
    """A reading above zero."""

    def _take(self, value: object) -> Fraction:
        exact = super()._take(value)
        if exact == 0:
            raise self.refuse("Nothing was measured.")
        return exact


class CapsuleSize(Matching):
    """The size of a hard capsule shell, from 000 (largest) to 5."""

    ask = "Choose the size of the shells."
    form: ClassVar = re.compile(r"000|00|[0-5]", re.ASCII)


class ReceiptSchema(Shape):
    """`Delivered`."""

    product = Text(most=60, required=True, ask="Choose the product that stands on the package.")
    lot_number = Text(most=40, required=True, ask="Write the lot number as it stands on the package.")
    expires_on = Expiry(required=True)
    quantity = Positive(required=True, ask='Write how much came, in the unit that stands beside the product, such as "100" or "0.5".')
    invoice = Price(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Delivered:
        """The value."""
        return Delivered(**data)


class WeighedSchema(Shape):
    """`Weighed`."""

    tablets = Whole(least=1, most=1000, required=True, ask="Write how many tablets were weighed together.")
    together = Positive(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Weighed:
        """The value."""
        return Weighed(data["tablets"], Mass.of_mg(data["together"]))


class PackedSchema(Shape):
    """`Packed`."""

    size = CapsuleSize(required=True)
    shells = Whole(least=1, most=1000, required=True, ask="Write how many shells were filled.")
    together = Positive(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Packed:
        """The value."""
        return Packed(data["size"], data["shells"], Mass.of_mg(data["together"]))


class Ticked(YesNo):
    """A box that has to be ticked."""

    def _take(self, value: object) -> bool:
        if not super()._take(value):
            raise self.refuse("This is not ticked.")
        return True


class ReleaseSchema(Shape):
    """That the package was looked at before the lot may be used."""

    compared = Ticked(required=True, ask="Compare package and record, then tick this.")


class WithdrawalSchema(Shape):
    """That the lot is meant to go, since nobody can bring it back."""

    sure = Ticked(required=True, ask="Make sure that this is the lot, then tick this.")


# A lot's page has a form for each act, so each has a name of its own before its fields.
RECEIPT = ReceiptSchema()
WEIGHING = Shape.from_dict({"weighing": Part(WeighedSchema, required=True)})()
PACK = Shape.from_dict({"pack": Part(PackedSchema, required=True)})()
RELEASE = Shape.from_dict({"release": Part(ReleaseSchema, required=True)})()
WITHDRAWAL = Shape.from_dict({"withdrawal": Part(WithdrawalSchema, required=True)})()
