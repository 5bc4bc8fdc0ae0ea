"""The shapes of what is recorded around the bench: test weights, calibrations, cleaning, training."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar
from uuid import UUID

from marshmallow import post_load

from compounding.domain.cleaning import Area
from compounding.domain.climate import Decision
from compounding.domain.competency import Topic
from compounding.domain.quantity import Mass
from compounding.domain.upkeep import Calibration
from compounding.schemas.fields import Choice, Day, Guard, Reading, YesNo, shown
from compounding.schemas.shapes import Part, Rows, Shape
from compounding.schemas.stock import Positive
from compounding.schemas.texts import Matching, Text

_CELSIUS = re.compile(r"-?(0|[1-9][0-9]?)(\.[0-9]{1,3})?", re.ASCII)


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


@dataclass(frozen=True, slots=True)
class Trained:
    """Who was found competent in what, when, by whom and how."""

    person: UUID
    topics: tuple[Topic, ...]
    done_on: date
    assessor: str
    how: str


class Key(Matching):
    """The key of something that is chosen from a list."""

    ask = "Choose one of the list."
    form: ClassVar = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Celsius(Guard[Fraction]):
    """A temperature in degrees Celsius as the thermometer shows it, with its sign where it is below zero."""

    ask = 'Write the temperature as the thermometer shows it, in degrees Celsius, such as "4.5" or "-2.0".'

    def _take(self, value: object) -> Fraction:
        text = self.text(value)
        if not _CELSIUS.fullmatch(text):
            raise self.refuse(f'"{shown(text)}" cannot be read.')
        return Fraction(text)


class TemperatureSchema(Shape):
    """What the thermometer of the place with this code showed."""

    place = Text(most=60, required=True, ask="Choose the place.")
    lowest = Celsius(required=True)
    highest = Celsius(required=True)
    now = Celsius(required=True)


class PutSchema(Shape):
    """Where a lot stands."""

    lot = Text(most=40, required=True, ask="Scan the lot, or type its number.")
    place = Text(most=60, required=True, ask="Choose the place.")


class DecisionSchema(Shape):
    """What becomes of a lot that stood in an excursion."""

    hold = Key(required=True, ask="Choose the lot.")
    decision = Choice({"released": Decision.RELEASED, "rejected": Decision.REJECTED}, required=True, ask="Choose release or reject.")
    reason = Text(most=500, required=True, ask="Give the reason.")


class CleaningSchema(Shape):
    """The areas that were cleaned, and with what."""

    areas = Rows(Choice.of(Area), least=0, most=len(Area), load_default=list, ask="Tick what was cleaned.")
    agent = Text(most=120, required=True, ask="Write what it was cleaned with.")


class TrainedSchema(Shape):
    """`Trained`."""

    person = Key(required=True)
    topics = Rows(Choice.of(Topic), least=1, most=len(Topic), required=True, ask="Tick what was shown.")
    done_on = Day(required=True)
    assessor = Text(most=120, required=True, ask="Write who saw it.")
    how = Text(most=200, required=True, ask="Write how it was shown, such as garbing watched, or a written test.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Trained:
        """The value."""
        return Trained(UUID(data.pop("person")), tuple(data.pop("topics")), **data)


TEMPERATURE = Shape.from_dict({"read": Part(TemperatureSchema, required=True)})()
PUT = Shape.from_dict({"put": Part(PutSchema, required=True)})()
DECISION = DecisionSchema()
CLEANING = CleaningSchema()
TRAINED = TrainedSchema()
