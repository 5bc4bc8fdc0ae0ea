"""The shape of what the bench records: a count, a weighing, a finished preparation."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from marshmallow import fields, post_load

from compounding.domain.batch import Finished
from compounding.domain.inventory import StockUnit
from compounding.domain.quality import Found
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass
from compounding.schemas.fields import Reading, Whole, YesNo
from compounding.schemas.shapes import Part, Rows, Shape
from compounding.schemas.texts import Text

_IN_UNIT = {StockUnit.NANOGRAM: NANOGRAMS, StockUnit.NANOLITRE: NANOLITRES}  # an instrument shows mg or mL


@dataclass(frozen=True, slots=True)
class Weighing:
    """One line as it was recorded; `reading` is what the instrument showed, in mg, mL or pieces."""

    line: int
    lot: str
    reading: Fraction
    reason: str

    def actual(self, unit: StockUnit) -> int:
        """The reading in the line's stock unit; a part of a piece counts as none of the line's numbers."""
        exact = self.reading * _IN_UNIT.get(unit, 1)
        return exact.numerator if exact.denominator == 1 else -1


class CountSchema(Shape):
    """How many tablets were counted."""

    counted = Whole(least=1, most=2000, required=True, ask="Write how many tablets were counted.")


class WeighingSchema(Shape):
    """`Weighing`."""

    line = Whole(least=1, most=99, required=True)
    lot = Text(most=40, required=True, ask="Scan the lot, or type its number.")
    reading = Reading(required=True)
    reason = Text(most=500, load_default="", ask="Say why this amount was kept.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Weighing:
        """The value."""
        return Weighing(**data)


class FoundSchema(Shape):
    """`Found`."""

    trait = Text(most=200, required=True)
    expected = Text(most=400, required=True)
    present = YesNo(required=True, ask="Answer whether the finished preparation has this: yes or no.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Found:
        """The value."""
        return Found(**data)


class FinishedSchema(Shape):
    """`Finished`: yield in mL or capsules, pH where there is one, capsule weights in mg, the traits, deviations."""

    made = Reading(required=True, ask="Write how much was made, as measured or counted.")
    ph = Reading(load_default=None, ask='Write the measured pH, such as "4.0".')
    weights = Rows(Reading(), least=0, most=400, ask="Write one net weight in mg on each line.", load_default=list)
    found = fields.List(Part(FoundSchema), load_default=list)
    deviations = Text(most=1000, load_default="", ask="Say what went otherwise than planned.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Finished:
        """The value."""
        weights = tuple(Mass.of_mg(weight) for weight in data["weights"])
        return Finished(data["made"], data["ph"], weights, tuple(data["found"]), data["deviations"])


COUNT = CountSchema()
WEIGHING = WeighingSchema()
FINISHED = FinishedSchema()
