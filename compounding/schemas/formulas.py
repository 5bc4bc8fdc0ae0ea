"""The shape of a master formula as a person writes it: every field of USP <795> 7.1, in the order of its form.

Code, version and the names of products are the pharmacy's to fill in; what is missing in a draft is asked for when it is approved.
"""

from enum import Enum
from typing import Any

from marshmallow import post_load

from compounding.domain.formula import (
    BeyondUseClass,
    Calculation,
    Characteristics,
    Check,
    Condition,
    ContainerClosure,
    Formula,
    Method,
    Stability,
    Storage,
)
from compounding.schemas.components import CapsulesSchema, CharacteristicsSchema, Code, LiquidSchema, capsules_of, liquid_of
from compounding.schemas.fields import Choice, Dose, Whole, YesNo
from compounding.schemas.shapes import Part as PartOf
from compounding.schemas.shapes import Rows, Shape, refuse
from compounding.schemas.texts import LabelText, Text


class Told(Enum):
    """What a publication says of its method."""

    YES = True
    NO = False
    UNREAD = None


class Form(Enum):
    """What the preparation is."""

    LIQUID = "oral liquid"
    DROPS = "oral drops"
    CAPSULE = "capsule"


def _line(most: int = 300, **options: Any) -> Text:
    return Text(most=most, **options)


def _lines(most: int = 40) -> Rows:
    return Rows(_line(600), least=0, most=most, ask=f"Write one on each line, {most} at most.", load_default=list)


class StudySchema(Shape):
    """`Stability`."""

    storage = Choice.of(Storage, required=True, ask="Choose where it was kept.")
    days = Whole(least=1, most=3650, required=True, ask="Write how many days it was found good.")
    source = _line(300, required=True, ask="Cite the study, so that somebody finds it.")
    container = _line(200, load_default="")
    vehicle = _line(200, load_default="")
    stability_indicating = Choice({"yes": Told.YES, "no": Told.NO, "unread": Told.UNREAD}, required=True, ask="Say whether its method is stability-indicating.")
    antimicrobial_test = YesNo(required=True, ask="Say whether it passed USP <51>.")
    remark = _line(400, load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Stability:
        """The value."""
        return Stability(**{**data, "stability_indicating": data["stability_indicating"].value})


class ContainerSchema(Shape):
    """`ContainerClosure`."""

    container = _line(60, required=True, ask="Choose the container.")
    material = _line(200, required=True, ask="Say what it is of, such as amber plastic.")
    closure = _line(200, required=True, ask="Say what closes it, such as a child-resistant cap.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> ContainerClosure:
        """The value."""
        return ContainerClosure(**data)


class CheckSchema(Shape):
    """`Check`."""

    trait = _line(200, required=True, ask="Name what is looked at.")
    expected = _line(400, required=True, ask="Write what is expected of it.")
    procedure = _line(400, load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Check:
        """The value."""
        return Check(**data)


class CalculationSchema(Shape):
    """`Calculation`."""

    what = _line(200, required=True, ask="Name what is calculated.")
    rule = _line(600, required=True, ask="Write the sum.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Calculation:
        """The value."""
        return Calculation(**data)


class ConditionSchema(Shape):
    """`Condition`."""

    what = _line(200, required=True, ask="Name what else must be so.")
    value = _line(400, required=True, ask="Write how.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Condition:
        """The value."""
        return Condition(**data)


class FormulaSchema(Shape):
    """`Formula`, of version 1 until it is kept."""

    code = Code(required=True)
    name = _line(120, required=True, ask="Write the name of the preparation.")
    dosage_form = Choice.of(Form, required=True, ask="Choose the dosage form.")
    strength = Dose(required=True, ask='Write the strength in mg/mL, or in mg a capsule, such as "1" or "4.5".')
    method = Choice.of(Method, required=True, ask="Choose whole tablets, weighed powder, or drawn from stock.")
    minutes = Whole(least=1, most=600, required=True, ask="Write the standard minutes of one batch.")
    source = _line(300, required=True, ask="Name the source of the formula.")
    active = PartOf(CharacteristicsSchema, load_default=Characteristics())
    liquid = PartOf(LiquidSchema, load_default=None)
    capsules = PartOf(CapsulesSchema, load_default=None)
    containers = Rows(PartOf(ContainerSchema), least=0, most=10, load_default=list, ask="Name ten containers at most.")
    usual_container = _line(60, required=True, ask="Choose the usual container.")
    equipment = _lines()
    supplies = _lines()
    instructions = _lines()
    description = Text(most=600, load_default="")
    beyond_use_class = Choice.of(BeyondUseClass, required=True, ask="Choose the class of USP <795> Table 4.")
    storages = Rows(Choice.of(Storage), least=1, most=2, required=True, ask="Tick where it is kept.")
    date_source = _line(300, load_default="")
    studies = Rows(PartOf(StudySchema), least=0, most=20, load_default=list, ask="Name twenty studies at most.")
    calculations = Rows(PartOf(CalculationSchema), least=0, most=20, load_default=list, ask="Name twenty calculations at most.")
    handling = Rows(
        LabelText(most=60, letters="Write it with letters that a label can print."), least=0, most=4, ask="Write four lines at most.", load_default=list
    )
    labelling = _lines(10)
    checks = Rows(PartOf(CheckSchema), least=0, most=20, load_default=list, ask="Name twenty checks at most.")
    conditions = Rows(PartOf(ConditionSchema), least=0, most=20, load_default=list, ask="Name twenty conditions at most.")
    change = Text(most=600, load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Formula:
        """The value; a part of the other dosage form is refused, since it would be lost."""
        capsule = data["dosage_form"] is Form.CAPSULE
        _refuse_other_form(data, capsule=capsule)
        plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
        code, strength = plain.pop("code"), plain.pop("strength")
        plain["dosage_form"], plain["stability"] = data["dosage_form"].value, plain.pop("studies")
        plain["storages"] = tuple(storage for storage in Storage if storage in data["storages"])
        plain["capsules"] = capsules_of(data["capsules"], strength) if capsule else None
        plain["liquid"] = None if capsule else liquid_of(data["liquid"], strength)
        return Formula(code=code, version=1, demonstration=False, **plain)


def _refuse_other_form(data: dict[str, Any], *, capsule: bool) -> None:
    if capsule and data["capsules"] is None:
        refuse({"capsules": {"filler": ["Fill in what belongs to capsules."]}})
    if not capsule and data["liquid"] is None:
        refuse({"liquid": {"made_up_to_mark": ["Fill in what belongs to liquids."]}})
    if capsule and data["liquid"] is not None:
        refuse({"dosage_form": ["Capsules have no ingredients of 100 mL: empty the part of liquids, or choose a liquid."]})
    if not capsule and data["capsules"] is not None:
        refuse({"dosage_form": ["A liquid has no shell: empty the part of capsules, or choose capsules."]})


class SeenSchema(Shape):
    """Which text was read before it was approved, by its hash."""

    seen = Text(most=64, required=True, ask="Open the page again and read what is approved.")


class RetireSchema(Shape):
    """Why nothing new is planned by a formula any more."""

    reason = Text(most=500, required=True, ask="Say why nothing new is made by this formula.")


class TextsSchema(SeenSchema):
    """Which texts of a language were read, by their hash, and by whom."""

    reviewed_by = Text(most=100, required=True, ask="Name the translator or pharmacist who reads this language and has read these texts.")


FORMULA = FormulaSchema()
SEEN = SeenSchema()
TEXTS = TextsSchema()
RETIRE = RetireSchema()
