"""The counter: what is asked and proved before a container leaves the house.

A labelled container is checked by its barcode, and handed over against two identifiers, with the opioid question asked again.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.prescription import OpioidAnswer, Patient
from compounding.domain.wording import said


class Counselling(StrEnum):
    """Counselling is offered every time; declining it is recorded."""

    GIVEN = "given"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was said at the counter. `birth_date` and `phone_or_address` are the two identifiers as the person told them.

    `first_dose_on` is the day on which the patient begins this container.
    """

    birth_date: date
    phone_or_address: str
    opioid: OpioidAnswer
    counselling: Counselling
    first_dose_on: date


def barcode_of(rx_number: str, batch_number: str) -> str:
    """What a label's barcode holds: prescription and batch, nothing of the patient."""
    return f"{rx_number}-{batch_number}"


def check_scan(scanned: str, expected: str) -> None:
    """Refuse a container whose barcode is another's."""
    if scanned.strip() != expected:
        message = f"The container that was scanned is {scanned[:40] or 'none'}, and this one should be {expected}. Do not hand it over; fetch the right one."
        raise Invalid("wrong-container", message, fields={"scanned": (message,)})


def check_identity(patient: Patient, told: HandOver) -> None:
    """Refuse a hand-over where the birth date, or both of phone and address, are not the patient's."""
    wrong = {}
    if told.birth_date != patient.birth_date:
        wrong["birth_date"] = ("This is not the birth date of this patient. Ask again; do not tell it.",)
    words = _folded(told.phone_or_address)
    if not words or (words != _folded(patient.phone) and words not in _folded(patient.address)):
        wrong["phone_or_address"] = ("This is neither the phone number nor part of the address of this patient. Ask again; do not tell it.",)
    if wrong:
        raise Invalid("identity", "The two identifiers do not match this patient.", fields=wrong)


def check_course(first_dose_on: date, *, days: int, beyond_use: date, today: date) -> date:
    """The last day of use of a container begun on `first_dose_on`; refused when that is past its beyond-use date, or begins in the past."""
    if first_dose_on < today:
        raise Invalid("first-dose", "The first dose cannot lie in the past.", fields={"first_dose_on": ("Give today or a later day.",)})
    last = first_dose_on + timedelta(days=days - 1)
    if last > beyond_use:
        message = (
            f"Begun on {said(first_dose_on)}, the last dose would be on {said(last)}, after the beyond-use date {said(beyond_use)}. "
            "Begin earlier, or plan again."
        )
        raise Unsafe("R23", message, rule="R23")
    return last


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
