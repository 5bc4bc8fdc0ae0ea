"""The shape of a prescription, for JSON and for forms: plain nested fields in, `domain.prescription.Order` out, and back.

`ORDER.load(ORDER.dump(order)) == order` for every order that the schema can load.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any, cast

from marshmallow import ValidationError, post_load, pre_dump, validates_schema

from compounding.domain.prescription import (
    Form,
    Indication,
    Moment,
    Order,
    Origin,
    Patient,
    QuantityUnit,
    Route,
    Step,
    Supply,
    Therapy,
    Unit,
)
from compounding.domain.quantity import Concentration, Mass
from compounding.schemas.directions import DATES_ASK, DIRECTIONS_ASK, Directions, PeriodSchema, wrong_dates
from compounding.schemas.fields import Amount, Choice, Day, Dose, Whole, YesNo
from compounding.schemas.people import OpioidSchema, PatientSchema, PrescriberSchema
from compounding.schemas.refusals import read
from compounding.schemas.shapes import Filled, Part, Rows, Shape, refuse
from compounding.schemas.texts import Icd10, LabelText

_MOMENTS = {moment.name.lower(): moment for moment in Moment}
_ORDER_OF_DAY = list(Moment)
_LONGEST = 366  # days of a whole course: an order is good for a year (rule R27)
_ADULT = 18  # years; below, a reference dose needs the weight (rule R25)


class StrengthUnit(StrEnum):
    """The unit of a prescribed strength: of a liquid, or of one capsule."""

    MG_PER_ML = "mg/mL"
    MG = "mg"


class MilligramOnly(StrEnum):
    """The unit of a prescribed total."""

    MG = "mg"


class StepSchema(Filled):
    """`Step`. `times_per_day` may be sent beside `when` and must then agree with it."""

    dose = Dose(required=True)
    unit = Choice.of(Unit, required=True)
    when = Rows(
        Choice(_MOMENTS),
        least=1,
        most=len(_MOMENTS),
        required=True,
        ask=f"Send a list of when in the day a dose is taken, each once: {', '.join(_MOMENTS)}.",
    )
    times_per_day = Whole(least=1, most=len(_MOMENTS), load_only=True)
    days = Whole(least=1, most=_LONGEST, required=True)

    @validates_schema
    def times_agree(self, data: dict[str, Any], **_: object) -> None:
        """No moment twice, and as many moments as times a day."""
        when = data.get("when")
        if when is None:
            return
        if len(set(when)) != len(when):
            raise ValidationError("The same time of day stands here twice. Send each once.", "when")
        times = data.get("times_per_day", len(when))
        if times != len(when):
            raise ValidationError(f"This says {times} a day and `when` names {len(when)}. Make them agree.", "times_per_day")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Step:
        """The value, its moments in the order of the day."""
        moments = tuple(sorted(data["when"], key=_ORDER_OF_DAY.index))
        return Step(_mass(data["dose"], data["unit"]), data["unit"], moments, data["days"])

    @pre_dump
    def spread(self, step: Step, **_: object) -> dict[str, Any]:
        """The fields, the dose in the unit that it was written in."""
        return {"dose": _number(step.dose, step.unit), "unit": step.unit, "when": step.moments, "days": step.days}


class Status(Enum):
    """What a therapy is at the time of the order."""

    NAIVE = "naive"
    CONTINUING = "continuing"


class TherapySchema(Filled):
    """`Therapy`: `present_dose` is a day's, compulsory for a patient who continues and out of place for a new one."""

    status = Choice.of(Status, required=True, ask="Say whether the patient is new to naltrexone: naive or continuing.")
    present_dose = Dose()
    unit = Choice.of(Unit)
    last_taken = Day()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def dose_is_told(self, data: dict[str, Any], original: object, **_: object) -> None:
        """What a patient who continues must tell, and a new one cannot; what is no object at all is refused as that."""
        if not isinstance(original, Mapping):
            return
        status = data.get("status")
        errors: dict[str, str] = {}
        if status is Status.CONTINUING and "present_dose" not in original:
            errors["present_dose"] = "This is missing. Send the dose that the patient takes in a day now."
        if "present_dose" in original and "unit" not in original:
            errors["unit"] = "This is missing. Choose one of: mg, mcg."
        for name in ("present_dose", "last_taken"):
            if status is Status.NAIVE and name in original:
                errors[name] = "A new patient has none. Leave it out, or choose continuing."
        refuse(errors)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Therapy:
        """The value."""
        dose = _mass(data["present_dose"], data["unit"]) if "present_dose" in data else None
        return Therapy(data["status"] is Status.NAIVE, dose, data.get("last_taken"))

    @pre_dump
    def spread(self, therapy: Therapy, **_: object) -> dict[str, Any]:
        """The fields, the dose in milligrams unless it is finer than the three decimals that a numeral has."""
        status = Status.NAIVE if therapy.naive else Status.CONTINUING
        if therapy.present_dose is None:
            return {"status": status, "last_taken": therapy.last_taken}
        unit = Unit.MG if (therapy.present_dose.mg * 1000).denominator == 1 else Unit.MCG
        dose = _number(therapy.present_dose, unit)
        return {"status": status, "present_dose": dose, "unit": unit, "last_taken": therapy.last_taken}


class QuantitySchema(Shape):
    """A quantity and what it counts."""

    value = Amount(required=True)
    unit = Choice.of(QuantityUnit, required=True)


class TotalSchema(Shape):
    """The milligrams of a whole supply."""

    value = Amount(required=True)
    unit = Choice.of(MilligramOnly, required=True)


class SupplySchema(Filled):
    """`Supply`: at least one of its three; whether they agree with the steps is rule R31's."""

    quantity = Part(QuantitySchema)
    days = Whole(least=1, most=_LONGEST)
    total = Part(TotalSchema)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def one_is_told(self, _data: dict[str, Any], original: Mapping[str, object], **_: object) -> None:
        """At least one way of saying how much."""
        if not original:
            raise ValidationError("Say how much to supply: quantity, days or total; one of them is enough.")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Supply:
        """The value."""
        quantity, total = data.get("quantity", {}), data.get("total")
        mass = None if total is None else Mass.of_mg(total["value"])
        return Supply(quantity.get("value"), quantity.get("unit"), data.get("days"), mass)

    @pre_dump
    def spread(self, supply: Supply, **_: object) -> dict[str, Any]:
        """The fields."""
        quantity = supply.quantity and {"value": supply.quantity, "unit": supply.quantity_unit}
        total = supply.total and {"value": supply.total.mg, "unit": MilligramOnly.MG}
        return {"quantity": quantity, "days": supply.days, "total": total}


class StrengthSchema(Shape):
    """A strength that the prescriber asked for."""

    value = Dose(required=True)
    unit = Choice.of(StrengthUnit, required=True)


class IndicationSchema(Shape):
    """`Indication`."""

    code = Icd10(required=True)
    words = LabelText(
        letters="Write the words in Latin, Greek or Cyrillic letters.", most=120, required=True, ask="Write what the medicine is for, in plain words."
    )
    on_label = YesNo(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Indication:
        """The value."""
        return Indication(**data)


class OrderSchema(Filled):
    """`Order`: everything that a prescription says, the whole titration in one."""

    patient = Part(PatientSchema, required=True)
    prescriber = Part(PrescriberSchema, required=True)
    form = Choice.of(Form, required=True)
    route = Choice.of(Route, load_default=Route.ORAL)
    steps = Rows(Part(StepSchema), least=1, most=60, required=True, ask="Send a list of 1 to 60 titration steps.")
    directions = Directions(most=1000, load_default="", ask=DIRECTIONS_ASK)
    dates = Rows(Part(PeriodSchema), least=1, most=60, load_default=(), ask=DATES_ASK)
    therapy = Part(TherapySchema, required=True)
    strength = Part(StrengthSchema)
    supply = Part(SupplySchema, required=True)
    refills = Whole(least=0, most=24, load_default=0)
    indication = Part(IndicationSchema, required=True)
    opioid = Part(OpioidSchema, required=True)
    written_on = Day(required=True)
    origin = Choice.of(Origin, required=True)
    read_back = YesNo(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def parts_agree(self, data: dict[str, Any], **_: object) -> None:
        """What one part demands of another."""
        refuse({**_weight_missing(data), **wrong_strength(data), **_not_read_back(data), **_too_long(data), **wrong_dates(data)})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Order:
        """The value."""
        strength = data.pop("strength", None)
        data.update(steps=tuple(data["steps"]), dates=tuple(data["dates"]))
        if strength is None:
            return Order(**data)
        if strength["unit"] is StrengthUnit.MG:
            return Order(capsule_strength=Mass.of_mg(strength["value"]), **data)
        return Order(strength=Concentration.of(strength["value"]), **data)

    @pre_dump
    def spread(self, order: Order, **_: object) -> dict[str, Any]:
        """The fields."""
        names = (name for name in self.fields if name != "strength")
        return {**{name: getattr(order, name) for name in names}, "strength": _strength(order)}


def read_order(data: object) -> Order:
    """The order that `data` says, from JSON or from `forms.from_form`; raises `Invalid` with every refused field."""
    return cast("Order", read(ORDER, data))


def _mass(value: Fraction, unit: Unit) -> Mass:
    return Mass.of_mg(value) if unit is Unit.MG else Mass.of_mcg(value)


def _number(mass: Mass, unit: Unit) -> Fraction:
    return mass.mg if unit is Unit.MG else mass.mg * 1000


def _weight_missing(data: Mapping[str, Any]) -> dict[str, object]:
    patient, written = data.get("patient"), data.get("written_on")
    if not isinstance(patient, Patient) or written is None:
        return {}
    if patient.birth_date > written:
        return {"patient": {"birth_date": [f"This is after the day of writing, {written}. Correct one of them."]}}
    if patient.age_on(written) < _ADULT and patient.weight_kg is None:
        return {"patient": {"weight_kg": [f"This is missing. Below {_ADULT} years, send the weight in kilograms."]}}
    return {}


def wrong_strength(data: Mapping[str, Any]) -> dict[str, object]:
    """What is wrong where `strength` stands in another unit than its `form` is written in; nothing where it agrees."""
    form, unit = data.get("form"), (data.get("strength") or {}).get("unit")
    wanted = StrengthUnit.MG if form is Form.CAPSULE else StrengthUnit.MG_PER_ML
    if form is None or unit is None or unit is wanted:
        return {}
    return {"strength": {"unit": [f"The strength of {form.value} is written in {wanted.value}. Correct the unit or the form."]}}


def _not_read_back(data: Mapping[str, Any]) -> dict[str, object]:
    if data.get("origin") is Origin.PHONE and data.get("read_back") is False:
        return {"read_back": ["Read the telephoned order back to the prescriber, then send true."]}
    return {}


def _too_long(data: Mapping[str, Any]) -> dict[str, object]:
    days = sum(step.days for step in data.get("steps") or () if isinstance(step, Step))
    return {} if days <= _LONGEST else {"steps": [f"The steps take {days} days, and an order is for at most {_LONGEST}. Correct the days, or order less."]}


def _strength(order: Order) -> dict[str, object] | None:
    if order.strength:
        return {"value": order.strength.mg_per_ml, "unit": StrengthUnit.MG_PER_ML}
    if order.capsule_strength:
        return {"value": order.capsule_strength.mg, "unit": StrengthUnit.MG}
    return None


ORDER = OrderSchema()
