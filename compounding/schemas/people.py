"""The people of an order: patient, prescriber, and what was answered to the opioid question."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from compounding.domain.prescription import Answer, OpioidAnswer, Patient, Pregnancy, Prescriber
from compounding.schemas.fields import Choice, Day, Dose
from compounding.schemas.shapes import Filled, Rows, Shape, refuse
from compounding.schemas.texts import LabelText, Language, Npi, Phone, Text

_ENTRIES = "Send a list of at most 40 texts, one entry each."


def _entries() -> Rows:
    entry = Text(most=120, ask="Write one entry in at most 120 characters.")
    return Rows(entry, least=0, most=40, ask=_ENTRIES, load_default=list)


class PatientSchema(Filled):
    """`Patient`."""

    name = LabelText(
        letters="Write the name in Latin, Greek or Cyrillic letters, as on the patient's papers.", most=100, required=True, ask="Write the patient's full name."
    )
    birth_date = Day(required=True)
    address = Text(most=200, required=True, ask="Write street, town and postcode in one line.")
    phone = Phone(required=True)
    language = Language(load_default="en")
    pregnancy = Choice.of(Pregnancy, required=True)
    allergies = _entries()
    severe_allergies = _entries()
    conditions = _entries()
    medicines = _entries()
    weight_kg = Dose(ask='Write the weight in kilograms, such as "31.5".')

    @validates_schema
    def severe_ones_are_allergies(self, data: dict[str, Any], **_: object) -> None:
        """Each severe allergy is one of the allergies, so that no reader of one list misses it."""
        known = {entry.casefold() for entry in data.get("allergies", ())}
        message = "This is not among the allergies. Write it there too."
        missed = {index: [message] for index, entry in enumerate(data.get("severe_allergies", ())) if entry.casefold() not in known}
        if missed:
            raise ValidationError({"severe_allergies": missed})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Patient:
        """The value."""
        lists = ("allergies", "severe_allergies", "conditions", "medicines")
        return Patient(**{**data, **{name: tuple(data[name]) for name in lists}})


class PrescriberSchema(Shape):
    """`Prescriber`."""

    name = LabelText(
        letters="Write the name in Latin, Greek or Cyrillic letters, as on the licence.", most=100, required=True, ask="Write the prescriber's full name."
    )
    npi = Npi(required=True)
    phone = Phone(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Prescriber:
        """The value."""
        return Prescriber(**data)


class OpioidSchema(Filled):
    """`OpioidAnswer`: each of the three parts has an answer, and a yes to the first its drug and the day of the last dose."""

    recent = Choice.of(
        Answer,
        required=True,
        ask="Answer whether the patient took any opioid in the last 14 days, even once: yes, no or unknown.",
    )
    recent_drug = Text(most=100, load_default="", ask="Write the name of the opioid.")
    recent_last_dose = Day()
    depot = Choice.of(
        Answer,
        required=True,
        ask="Answer whether there was a buprenorphine injection or implant in the last 12 months: yes, no or unknown.",
    )
    surgery = Choice.of(Answer, required=True, ask="Answer whether surgery or dental work is planned: yes, no or unknown.")
    surgery_date = Day()
    answered_by = Text(most=100, required=True, ask="Write who answered the opioid question.")
    asked_by = Text(most=100, required=True, ask="Write who asked the opioid question.")

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def a_yes_has_its_drug(self, data: dict[str, Any], original: Mapping[str, object], **_: object) -> None:
        """Which drug and when: without them no date can be given from which naltrexone is safe."""
        wanted = {"recent_drug": "Write the name of the opioid.", "recent_last_dose": "Write the day of its last dose."}
        if data.get("recent") is Answer.YES:
            refuse({name: f"This is missing. {ask}" for name, ask in wanted.items() if name not in original})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> OpioidAnswer:
        """The value."""
        return OpioidAnswer(**data)
