"""The shapes of what is asked at the bench: one for each calculation. Every number has its unit in a field of its own, or a fixed one."""

from enum import StrEnum
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from compounding.domain.bench import Basis
from compounding.domain.bench_liquids import Diluting, Mixing, Portion, Strength
from compounding.domain.bench_serial import CLASSES, Serial
from compounding.domain.bench_solids import LEAST_READINGS, Little, Repeatability, Sensitivity, Trituration
from compounding.domain.formula import Storage
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.weighing import Balance
from compounding.schemas.fields import Amount, Choice, Day, Reading, Whole
from compounding.schemas.receiving import Expiry
from compounding.schemas.shapes import Part, Rows, Shape
from compounding.schemas.stock import Positive
from compounding.schemas.texts import LabelText, Text

_MOST_PARTS = 12
_PER = {"mg": Fraction(1), "mcg": Fraction(1, 1000), "percent": Fraction(10)}  # mg in each mL or g; 1 % is 1 g in 100
_PURE = 1000  # mg in each mL or g: a slip of the unit or of the decimal point lies above
_DEVICE = "Choose the instrument."


def _figures(example: str) -> str:
    """How a quantity is written."""
    return f'Write digits with a point, a zero before it and none after it, such as "{example}".'


class Per(StrEnum):
    """What a strength is written in, for each mL or g; 1 % is 1 g in 100 mL or 100 g."""

    MG = "mg"
    MCG = "mcg"
    PERCENT = "percent"


class StrengthSchema(Shape):
    """A strength with its unit."""

    value = Amount(required=True, ask=_figures("0.5"))
    unit = Choice.of(Per, required=True, ask="Choose the unit of the strength.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Concentration:
        """The value."""
        each = data["value"] * _PER[data["unit"]]
        if each > _PURE:
            raise ValidationError("Nothing holds more than 1000 mg in each mL or g. Check the number and its unit.", "value")
        return Concentration.of(each)


class MassSchema(Shape):
    """A small mass with its unit."""

    value = Amount(required=True, ask=_figures("1.5"))
    unit = Choice({"mg": Per.MG, "mcg": Per.MCG}, required=True, ask="Choose the unit of the amount.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Mass:
        """The value."""
        return Mass.of_mg(data["value"] * _PER[data["unit"]])


class DilutingSchema(Shape):
    """`Diluting`."""

    basis = Choice.of(Basis, required=True, ask="Say whether it is a liquid or a powder.")
    stock = Part(StrengthSchema, required=True)
    to = Part(StrengthSchema, required=True)
    final = Amount(required=True, ask=_figures("60"))
    device = Text(most=60, load_default="", ask=_DEVICE)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Diluting:
        """The value."""
        return Diluting(**{**data, "final": Volume.of_ml(data["final"])})


class MixingSchema(Shape):
    """`Mixing`."""

    basis = Choice.of(Basis, required=True, ask="Say whether these are liquids or powders.")
    high = Part(StrengthSchema, required=True)
    low = Part(StrengthSchema, required=True)
    to = Part(StrengthSchema, required=True)
    final = Amount(required=True, ask=_figures("90"))
    device = Text(most=60, load_default="", ask=_DEVICE)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Mixing:
        """The value."""
        return Mixing(**{**data, "final": Volume.of_ml(data["final"])})


class PortionSchema(Shape):
    """`Portion`."""

    strength = Part(StrengthSchema, required=True)
    amount = Amount(required=True, ask=_figures("500"))

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Portion:
        """The value."""
        return Portion(data["strength"], Volume.of_ml(data["amount"]))


class MedialSchema(Shape):
    """`Strength`."""

    basis = Choice.of(Basis, required=True, ask="Say whether these are liquids or powders.")
    parts = Rows(Part(PortionSchema), least=1, most=_MOST_PARTS, required=True, ask=f"Write 1 to {_MOST_PARTS} strengths with their amounts.")
    final = Amount(load_default=None, ask="Write what the whole is made up to, or leave it empty.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Strength:
        """The value."""
        final = data["final"]
        return Strength(basis=data["basis"], parts=tuple(data["parts"]), final=None if final is None else Volume.of_ml(final))


class SerialSchema(Shape):
    """`Serial`."""

    stock = Part(StrengthSchema, required=True)
    to = Part(StrengthSchema, required=True)
    flask = Amount(required=True, ask=_figures("100"))
    least = Amount(required=True, ask=_figures("1"))
    device = Text(most=60, load_default="", ask=_DEVICE)
    reference = LabelText(most=24, required=True, letters="Write it in Latin letters.", ask="Write the batch number or the name of the stock.")
    stock_until = Day(required=True)
    diluent_until = Expiry(load_default=None)
    kind = Choice({item.value: item for item in CLASSES}, required=True, ask="Choose what it is diluted with.")
    storage = Choice.of(Storage, required=True, ask="Choose where it is kept.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Serial:
        """The value."""
        return Serial(**{**data, "flask": Volume.of_ml(data["flask"]), "least": Volume.of_ml(data["least"])})


class SensitivitySchema(Shape):
    """`Sensitivity`."""

    sensitivity = Positive(required=True, ask='Write the sensitivity requirement in mg, such as "6".')
    percent = Positive(required=True, ask='Write the error that is allowed in percent, such as "5".')
    weight = Positive(load_default=None, ask="Write the weight in mg, or leave it empty.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Sensitivity:
        """The value."""
        weight = data["weight"]
        return Sensitivity(sensitivity=Mass.of_mg(data["sensitivity"]), percent=data["percent"], weight=None if weight is None else Mass.of_mg(weight))


class RepeatabilitySchema(Shape):
    """`Repeatability`."""

    readability = Positive(required=True, ask='Write the readability in mg, such as "0.1".')
    deviation = Reading(load_default=None, ask="Write the standard deviation in mg, or the readings instead.")
    readings = Rows(
        Positive(),
        least=LEAST_READINGS,
        most=100,
        load_default=(),
        ask=f"Weigh one and the same weight {LEAST_READINGS} to 100 times, one reading on each line.",
    )

    @validates_schema
    def one_way(self, data: dict[str, Any], **_: object) -> None:
        """The deviation or the readings, not both and not neither."""
        if (data["deviation"] is None) == (not data["readings"]):
            raise ValidationError("Write the standard deviation or the readings, one of the two.", "deviation")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Repeatability:
        """The value."""
        deviation = data["deviation"]
        readings = tuple(Mass.of_mg(reading) for reading in data["readings"])
        return Repeatability(readability=Mass.of_mg(data["readability"]), deviation=None if deviation is None else Mass.of_mg(deviation), readings=readings)


class _OnABalance(Shape):
    """A weighing on a balance of the pharmacy, or on another one whose least weight and digit are told."""

    device = Text(most=60, load_default="", ask=_DEVICE)
    least = Positive(load_default=None, ask="Write the least weight of the balance in mg.")
    readability = Positive(load_default=None, ask="Write the readability of the balance in mg.")
    average = Positive(load_default=None, ask="Write the measured average weight of a tablet in mg, or leave it empty.")

    @validates_schema
    def one_balance(self, data: dict[str, Any], **_: object) -> None:
        """A balance of the pharmacy, or both numbers of another."""
        told = [data["least"], data["readability"]]
        if bool(data["device"]) == any(item is not None for item in told):
            raise ValidationError("Choose a balance, or choose another one and write its least weight and readability below.", "device")
        for name in ("least", "readability"):
            if not data["device"] and data[name] is None:
                raise ValidationError("This is missing. Write it in mg.", name)

    @staticmethod
    def balance(data: dict[str, Any]) -> dict[str, Any]:
        """`data` with its masses, and the balance that was told."""
        least, readability, average = (data.pop(name) for name in ("least", "readability", "average"))
        own = None if data["device"] else Balance("own", "the balance", Mass.of_mg(readability), Mass.of_mg(least))
        return {**data, "average": None if average is None else Mass.of_mg(average), "own": own}


class LittleSchema(_OnABalance):
    """`Little`."""

    wanted = Part(MassSchema, required=True)
    part = Positive(load_default=None, ask="Write the part that is taken at last in mg, or leave it empty.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Little:
        """The value."""
        part = data["part"]
        return Little(**{**self.balance(data), "part": None if part is None else Mass.of_mg(part)})


class TriturationSchema(_OnABalance):
    """`Trituration`."""

    substance = Positive(required=True, ask='Write what is mixed up in mg, such as "250".')
    total = Positive(required=True, ask='Write what it is mixed up to in mg, such as "10000".')

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Trituration:
        """The value."""
        return Trituration(**{**self.balance(data), "substance": Mass.of_mg(data["substance"]), "total": Mass.of_mg(data["total"])})


class PrintSchema(Shape):
    """Which of the liquids is labelled, and on what."""

    number = Whole(least=1, most=99, required=True, ask="Choose which label is printed.")
    medium = Text(most=40, required=True, ask="Choose the label stock.")


DILUTING = DilutingSchema()
MIXING = MixingSchema()
MEDIAL = MedialSchema()
SERIAL = SerialSchema()
SENSITIVITY = SensitivitySchema()
REPEATABILITY = RepeatabilitySchema()
LITTLE = LittleSchema()
TRITURATION = TriturationSchema()
PRINT = PrintSchema()
