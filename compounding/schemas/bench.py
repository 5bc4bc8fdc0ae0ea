"""The shape of what the bench records: a count, a weighing, a finished preparation."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from marshmallow import fields, post_load
from marshmallow.validate import Length

from compounding.domain.batch import Finished
from compounding.domain.capsule_check import CapsuleWeights, EmptyShells, Remedy
from compounding.domain.formula import Storage
from compounding.domain.gs1 import Scan
from compounding.domain.inventory import StockUnit
from compounding.domain.quality import Found
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass
from compounding.domain.stocking import MOST_CONTAINERS, StockRequest
from compounding.schemas.fields import Choice, Reading, Whole, YesNo
from compounding.schemas.scan import ScannedLot
from compounding.schemas.shapes import Part, Rows, Shape
from compounding.schemas.texts import Text

_AGAIN = "This is no proposal of today. Load the page again, and press its button."
_IN_UNIT = {StockUnit.NANOGRAM: NANOGRAMS, StockUnit.NANOLITRE: NANOLITRES}  # an instrument shows mg or mL


@dataclass(frozen=True, slots=True)
class Weighing:
    """One line as it was recorded; `reading` is what the instrument showed, in mg, mL or pieces."""

    line: int
    lot: Scan
    reading: Fraction
    reason: str
    balance: str

    def actual(self, unit: StockUnit) -> int:
        """The reading in the line's stock unit; a part of a piece counts as none of the line's numbers."""
        exact = self.reading * _IN_UNIT.get(unit, 1)
        return exact.numerator if exact.denominator == 1 else -1


class CountSchema(Shape):
    """How many tablets were counted, and that the line was found clear."""

    counted = Whole(least=1, most=2000, required=True, ask="Write how many tablets were counted.")
    line_clear = YesNo(load_default=False, ask="Tick that the line is clear.")


class LineSchema(Shape):
    """That the line was found clear."""

    line_clear = YesNo(load_default=False, ask="Tick that the line is clear.")


class WeighingSchema(Shape):
    """`Weighing`."""

    line = Whole(least=1, most=99, required=True)
    lot = ScannedLot(required=True)
    reading = Reading(required=True)
    reason = Text(most=500, load_default="", ask="Say why this amount was kept.")
    balance = Text(most=60, load_default="", ask="Choose the balance.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Weighing:
        """The value."""
        return Weighing(**data)


class EndedSchema(Shape):
    """Why a timed step ends before its time, where it does."""

    ended = Text(most=500, load_default="", ask="Say why this step ends before its time.")


class AloneSchema(Shape):
    """Why one person compounded and verifies, where that is so."""

    alone = Text(most=500, load_default="", ask="Say why nobody else can verify it.")


class FoundSchema(Shape):
    """`Found`."""

    trait = Text(most=200, required=True)
    expected = Text(most=400, required=True)
    present = YesNo(required=True, ask="Answer whether the finished preparation has this: yes or no.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Found:
        """The value."""
        return Found(**data)


class CapsulesSchema(Shape):
    """`CapsuleWeights`: the tare of empty shells, the gross weights in mg, what was kept or broken, an assay in percent, what was done."""

    shell_lot = Text(most=40, required=True, ask="Scan the lot of the empty shells, or type its number.")
    shells = Whole(least=1, most=400, required=True, ask="Write how many empty shells were weighed together.")
    together = Reading(required=True, ask='Write what the empty shells weigh together in mg, such as "482.5".')
    gross = Rows(Reading(), least=1, most=400, ask="Write one gross weight in mg on each line.", required=True)
    kept = Whole(least=0, most=400, load_default=0, ask="Write how many capsules were kept for tests.")
    broken = Whole(least=0, most=400, load_default=0, ask="Write how many capsules broke.")
    assay = Reading(load_default=None, ask='Write the mean content in percent, such as "98.5".')
    remedy = Choice.of(Remedy, load_default=None, ask="Say what was done.")
    balance = Text(most=60, load_default="", ask="Choose the balance.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> CapsuleWeights:
        """The value."""
        tare = EmptyShells(data.pop("shell_lot"), data.pop("shells"), Mass.of_mg(data.pop("together")))
        gross = tuple(Mass.of_mg(weight) for weight in data.pop("gross"))
        return CapsuleWeights(tare, gross, **data)


class FinishedSchema(Shape):
    """`Finished`: yield in mL or good capsules, pH where there is one, the capsules that were weighed, the traits, deviations."""

    made = Reading(required=True, ask="Write how much was made, as measured or counted.")
    ph = Reading(load_default=None, ask='Write the measured pH, such as "4.0".')
    capsules = Part(CapsulesSchema, load_default=None)
    found = fields.List(Part(FoundSchema), load_default=list)
    deviations = Text(most=1000, load_default="", ask="Say what went otherwise than planned.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Finished:
        """The value."""
        return Finished(data["made"], data["ph"], (), tuple(data["found"]), data["deviations"], data["capsules"])


class PoolSchema(Shape):
    """The fills that are to share a batch, by their keys."""

    fills = fields.List(
        fields.UUID(error_messages={"invalid_uuid": _AGAIN}), required=True, validate=Length(min=2, max=200, error=_AGAIN), error_messages={"required": _AGAIN}
    )


class ForStockSchema(Shape):
    """`StockRequest`: formula, container, where it is kept; so many containers with so much in each, or a volume in mL."""

    formula = Text(most=40, required=True, ask="Choose the formula.")
    container = Text(most=60, required=True, ask="Choose the container.")
    storage = Choice.of(Storage, load_default=None)
    containers = Whole(least=1, most=MOST_CONTAINERS, load_default=None, ask=f"Write how many containers, 1 to {MOST_CONTAINERS}.")
    each = Reading(load_default=None, ask="Write how many mL or capsules go into each.")
    volume = Reading(load_default=None, ask="Write the volume in mL.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> StockRequest:
        """The value."""
        return StockRequest(**data)


FOR_STOCK = ForStockSchema()
POOL = PoolSchema()
COUNT = CountSchema()
LINE = LineSchema()
WEIGHING = WeighingSchema()
CAPSULES = CapsulesSchema()
FINISHED = FinishedSchema()
ENDED = EndedSchema()
ALONE = AloneSchema()
