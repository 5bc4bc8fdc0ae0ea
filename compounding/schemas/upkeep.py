"""The shapes of what is recorded around the bench: test weights and calibrations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from marshmallow import post_load

from compounding.domain.quantity import Mass
from compounding.domain.upkeep import Calibration
from compounding.schemas.fields import Day, Reading, YesNo
from compounding.schemas.shapes import Part, Rows, Shape
from compounding.schemas.stock import Positive
from compounding.schemas.texts import Text


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration and the code of its balance."""

    balance: str
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class TestWeight:
    """The test weight of the balance with this code."""

    balance: str
    nominal: Mass
    tolerance: Mass


class CheckSchema(Shape):
    """What one balance showed of its test weight, in mg; a row without a reading is left for later."""

    balance = Text(most=60, required=True, ask="Choose the balance.")
    reading = Reading(load_default=None, ask='Enter what the balance shows in mg, such as "20000.1".')


class ChecksSchema(Shape):
    """Readings by the code of the balance."""

    checks = Rows(Part(CheckSchema), least=1, most=40, required=True, ask="Enter what each balance shows.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Mapping[str, Mass]:
        """The value."""
        rows: list[tuple[str, Fraction | None]] = [(row["balance"], row["reading"]) for row in data["checks"]]
        return {balance: Mass.of_mg(reading) for balance, reading in rows if reading is not None}


class CalibratedSchema(Shape):
    """`Calibrated`."""

    balance = Text(most=60, required=True, ask="Choose the balance.")
    done_on = Day(required=True)
    due_on = Day(required=True)
    by = Text(most=120, required=True, ask="Write who calibrated it.")
    certificate = Text(most=120, required=True, ask="Write the number of the certificate.")
    passed = YesNo(required=True, ask="Say whether it passed.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Calibrated:
        """The value."""
        done: date = data["done_on"]
        return Calibrated(data["balance"], Calibration(done, data["due_on"], data["by"], data["certificate"], data["passed"]))


class TestWeightSchema(Shape):
    """`TestWeight`; both masses in mg."""

    balance = Text(most=60, required=True, ask="Choose the balance.")
    nominal = Positive(required=True, ask='Write the test weight in mg, such as "20000".')
    tolerance = Positive(required=True, ask='Write how much more or less it may show, in mg, such as "20".')

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> TestWeight:
        """The value."""
        return TestWeight(data["balance"], Mass.of_mg(data["nominal"]), Mass.of_mg(data["tolerance"]))


CHECKS = ChecksSchema()
CALIBRATION = Shape.from_dict({"calibration": Part(CalibratedSchema, required=True)})()
TEST_WEIGHT = Shape.from_dict({"weight": Part(TestWeightSchema, required=True)})()
