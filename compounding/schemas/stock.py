"""The shapes of what is done to a lot (released, withdrawn, weighed, packed) and to a dropper (counted)."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validates_schema

from compounding.domain.inventory import Assay
from compounding.domain.quantity import Mass, Volume
from compounding.domain.weighing import DropCount
from compounding.schemas.fields import Reading, Whole, YesNo
from compounding.schemas.shapes import Part, Rows, Shape
from compounding.schemas.texts import Matching, Text


@dataclass(frozen=True, slots=True)
class Weighed:
    """Single tablets as they were weighed on a balance, and the lot's assay where one is known."""

    weights: tuple[Mass, ...]
    balance: str
    assay: Assay | None


@dataclass(frozen=True, slots=True)
class Packed:
    """Filled shells of one size, one by one, and as many empty ones of their lot: one by one too (`empties`), or together (`tare`)."""

    size: str
    shell_lot: str
    gross: tuple[Mass, ...]
    tare: Mass | None
    empties: tuple[Mass, ...]
    balance: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The drops of one formula by one dropper, counted to measured volumes."""

    name: str
    formula: str
    counts: tuple[DropCount, ...]


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


class AssaySchema(Shape):
    """`Assay`."""

    percent = Positive(required=True, ask='Write the assay in percent of the claim, such as "98.7", or leave both boxes empty.')
    source = Text(most=200, required=True, ask="Write whose certificate or report says so, with its number.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Assay:
        """The value."""
        return Assay(**data)


class WeighedSchema(Shape):
    """`Weighed`."""

    weights = Rows(Positive(), least=1, most=100, required=True, ask="Write the weight of each tablet on a line of its own, in mg.")
    balance = Text(most=60, required=True, ask="Choose the balance.")
    assay = Part(AssaySchema, load_default=None)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Weighed:
        """The value."""
        return Weighed(tuple(map(Mass.of_mg, data["weights"])), data["balance"], data["assay"])


_TARE = "Weigh as many empty shells as filled ones, one by one or together, and write what the balance shows."


class PackedSchema(Shape):
    """`Packed`."""

    size = CapsuleSize(required=True)
    shell_lot = Text(most=40, required=True, ask="Scan the lot of the shells, or type its number.")
    gross = Rows(Positive(), least=1, most=100, required=True, ask="Write the weight of each filled shell on a line of its own, in mg.")
    empties = Rows(Positive(), least=0, most=100, load_default=(), ask="Write the weight of each empty shell on a line of its own, in mg.")
    tare = Positive(load_default=None, ask=_TARE)
    balance = Text(most=60, required=True, ask="Choose the balance.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Packed:
        """The value."""
        gross, empties = (tuple(map(Mass.of_mg, data[name])) for name in ("gross", "empties"))
        tare = None if data["tare"] is None else Mass.of_mg(data["tare"])
        return Packed(data["size"], data["shell_lot"], gross, tare, empties, data["balance"])

    @validates_schema(skip_on_field_errors=False)
    def one_tare(self, data: dict[str, Any], **_: object) -> None:
        """Empty shells are weighed in one of the two ways."""
        if "tare" in data and "empties" in data and (data["tare"] is None) == (not data["empties"]):
            raise ValidationError({"tare": ["Write the empty shells one by one or together, not both." if data["empties"] else _TARE]})


class DropCountSchema(Shape):
    """`DropCount`; below twenty drops, one that is miscounted is more than 5 % of them."""

    drops = Whole(least=20, most=400, required=True, ask="Count 20 drops or more, and write how many.")
    volume = Positive(required=True, ask='Write the volume in mL as the instrument shows it, such as "2.00".')

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> DropCount:
        """The value."""
        return DropCount(data["drops"], Volume(data["volume"]))


class CountedSchema(Shape):
    """`Counted`."""

    name = Text(most=60, required=True, ask="Write the name of the dropper with its lot number.")
    formula = Text(most=40, required=True, ask="Choose the liquid.")
    counts = Rows(Part(DropCountSchema), least=1, most=10, required=True, ask="Count the drops to a measured volume, three times or more.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Counted:
        """The value."""
        return Counted(data["name"], data["formula"], tuple(data["counts"]))


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
COUNTED = CountedSchema()
WEIGHING = Shape.from_dict({"weighing": Part(WeighedSchema, required=True)})()
PACK = Shape.from_dict({"pack": Part(PackedSchema, required=True)})()
RELEASE = Shape.from_dict({"release": Part(ReleaseSchema, required=True)})()
WITHDRAWAL = Shape.from_dict({"withdrawal": Part(WithdrawalSchema, required=True)})()
