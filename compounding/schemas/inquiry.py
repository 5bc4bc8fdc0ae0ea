"""The shape of a course that somebody wants to see planned without a prescription: steps and form, and as many choices as they care to make."""

from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from compounding.domain.formula import Method, Storage
from compounding.domain.plan import Inquiry
from compounding.domain.prescription import Form, Regimen, Step
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.schemas.fields import Choice, Day, Reading, Whole
from compounding.schemas.prescriptions import StepSchema, StrengthSchema, StrengthUnit, wrong_strength
from compounding.schemas.shapes import Part, Rows, Shape, refuse
from compounding.schemas.texts import Text

_YEAR = 366  # days; an order is good for twelve months (rule R27)


class InquirySchema(Shape):
    """`Inquiry`. Only `form` and `steps` are compulsory; overfill is in mL, overage in capsules."""

    form = Choice.of(Form, required=True)
    steps = Rows(Part(StepSchema), least=1, most=60, required=True, ask="Send a list of 1 to 60 titration steps.")
    strength = Part(StrengthSchema)
    formula = Text(most=40, load_default="", ask="Send the code of an approved formula, or leave it out: the pharmacy then chooses.")
    device = Text(most=60, load_default="", ask="Send the code of a syringe or dropper, or leave it out: the pharmacy then chooses.")
    storage = Choice.of(Storage, load_default=None)
    container = Text(most=60, load_default="", ask="Send the code of a container, or leave it out for the formula's usual one.")
    method = Choice.of(Method, load_default=None)
    starts_on = Day(load_default=None, ask="Write the date as year-month-day, such as 2026-03-09, or leave it out for today.")
    lead_days = Whole(least=0, most=14, load_default=0, ask="Send how many days lie between making and opening a container, from 0 to 14.")
    overfill = Reading(load_default=None, ask='Write the overfill of each bottle in mL, such as "2".')
    overage = Whole(least=0, most=50, load_default=None, ask="Send how many capsules are made beyond those dispensed, from 0 to 50.")

    @validates_schema
    def within_a_year(self, data: dict[str, Any], **_: object) -> None:
        """No course longer than an order can be good for."""
        steps: list[Step] = data["steps"]
        days = sum(step.days for step in steps)
        if days > _YEAR:
            raise ValidationError(f"The course takes {days} days. Send at most {_YEAR}.", "steps")

    @validates_schema(skip_on_field_errors=False)
    def parts_agree(self, data: dict[str, Any], **_: object) -> None:
        """A strength in the unit of its form."""
        refuse(wrong_strength(data))

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Inquiry:
        """The value."""
        form, steps, strength, overfill = (data.pop(name, None) for name in ("form", "steps", "strength", "overfill"))
        regimen = Regimen(form, tuple(steps))
        if strength is not None and strength["unit"] is StrengthUnit.MG:
            regimen = Regimen(form, tuple(steps), capsule_strength=Mass.of_mg(strength["value"]))
        elif strength is not None:
            regimen = Regimen(form, tuple(steps), strength=Concentration.of(strength["value"]))
        return Inquiry(regimen, overfill=Volume.of_ml(overfill or 0), **data)


INQUIRY = InquirySchema()
