"""A question to the prescriber: why the order is set aside, by a code from a list, and what is asked in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from compounding.domain.prescription import Order


class Reason(StrEnum):
    """What is unclear about an order; for programs, so that no code ever changes its meaning."""

    DOSE = "dose"
    STEPS = "steps"
    DIRECTIONS = "directions"
    QUANTITY = "quantity"
    FORM = "form"
    OPIOID = "opioid"
    INTERACTION = "interaction"
    ALLERGY = "allergy"
    CONDITION = "condition"
    PATIENT = "patient"
    DATES = "dates"
    OTHER = "other"


WORDS: Mapping[Reason, str] = {
    Reason.DOSE: "a dose is unusual, or may be a slip",
    Reason.STEPS: "the steps of the titration are unclear",
    Reason.DIRECTIONS: "text and steps disagree",
    Reason.QUANTITY: "quantity, days and steps disagree",
    Reason.FORM: "form or strength cannot be made as ordered",
    Reason.OPIOID: "the opioid question is open",
    Reason.INTERACTION: "another medicine stands against it",
    Reason.ALLERGY: "an allergy stands against it",
    Reason.CONDITION: "a condition or pregnancy stands against it",
    Reason.PATIENT: "it is unclear who the patient is",
    Reason.DATES: "dates do not fit",
    Reason.OTHER: "something else",
}


class ClarificationStatus(StrEnum):
    """Where a question stands. One that was never answered is settled once the order is held no more: the pharmacist found out otherwise."""

    OPEN = "open"
    ANSWERED = "answered"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the prescriber answers: words, another order in the place of the first, or both."""

    text: str
    order: Order | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    reason: Reason
    text: str
