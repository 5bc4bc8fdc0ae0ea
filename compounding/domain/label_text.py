"""What a label says, as plain fields of finished text; how it is laid out is no business of the domain."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from compounding.domain.formula import Formula, Storage
from compounding.domain.language import ENGLISH, Language
from compounding.domain.people import Actor
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.prescription import Order
from compounding.domain.quantity import decimal_text
from compounding.domain.sig import Direction, day_text, sig

OPIOID_WARNING = "Do not take with opioid medicines."
CONTINUED = "Continued on label {number} of {total}. Read all."
GO_UP_ONLY_IF_WELL = "Go up only if you feel well. If not, stay on this dose and call us."
_STORAGES = {Storage.REFRIGERATOR: "Keep in the refrigerator.", Storage.ROOM: "Keep at room temperature."}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a label states beyond plan and order: numbers, dates and people of one container."""

    rx_number: str
    batch_number: str
    filled_on: date
    opens_on: date
    beyond_use: date
    refills: int
    pharmacist: Actor
    strength_before: str
    pharmacy_name: str
    part: int = 0  # of a container that is given in parts


def drug_text(formula: Formula) -> str:
    """The second of the four items: drug and strength ("naltrexone 1 mg/mL oral liquid")."""
    return f"naltrexone {formula.strength_text} {formula.dosage_form}"


def salt_text(formula: Formula) -> str:
    """Salt and strength per unit, apart from the quantity: "126 mg/126 mL" would be an injection's form."""
    unit = "Each 1 mL" if formula.liquid else "Each capsule"
    strength = decimal_text(formula.liquid.strength.mg_per_ml) if formula.liquid else decimal_text(formula.capsules.strength.mg) if formula.capsules else ""
    return f"as naltrexone hydrochloride. {unit} contains {strength} mg."


def quantity_text(fill: FillPlan, formula: Formula) -> str:
    """What is in the container."""
    amount = decimal_text(fill.amounts.dispensed)
    if formula.liquid:
        return f"{amount} mL"
    return f"{amount} {'capsule' if amount == '1' else 'capsules'}"


def _days(fill: FillPlan) -> str:
    days = fill.closes - fill.opens + 1
    return f"{days} {'day' if days == 1 else 'days'}"


def container_text(plan: Plan, fill: FillPlan, formula: Formula) -> str:
    """Which container of the course it is."""
    return f"{'Bottle' if formula.liquid else 'Vial'} {fill.number} of {len(plan.fills)}"


def notice_text(formula: Formula, before: str) -> str:
    """The warning of a changed strength: the same volume would be another dose (golden number G46)."""
    if not before or before == formula.strength_text:
        return ""
    return "NEW STRENGTH: volume has changed" if formula.liquid else "NEW STRENGTH: number of capsules has changed"


def warnings_text(formula: Formula) -> tuple[str, ...]:
    """Auxiliary sentences that go with a formula, the one on opioids always first. A capsule goes nowhere but into the mouth, as its directions say."""
    liquid = () if formula.liquid is None else ("For oral use only.",)
    device = ("Use only the oral syringe provided.",) if formula.liquid and not formula.liquid.drops_on_label else ()
    return (OPIOID_WARNING, *formula.handling, *device, *liquid, "Keep out of reach of children.")


def _cautions(formula: Formula, plan: Plan, fill: FillPlan, language: Language) -> tuple[str, ...]:
    """The sentences of one container: on opioids, and when to go up where one does, in the patient's language too; then those of the formula.

    What is said of opioids in two languages is one sentence, since the first warning alone always stands on the first label.
    """
    opioids, *others = warnings_text(formula)
    going_up = (GO_UP_ONLY_IF_WELL, language.sentence(GO_UP_ONLY_IF_WELL)) if _goes_up(plan, fill) else ()
    return (" ".join(dict.fromkeys((opioids, language.sentence(opioids)))), *dict.fromkeys(going_up), *others)


def _goes_up(plan: Plan, fill: FillPlan) -> bool:
    """Whether a step begins in this container whose dose is above that of the step before it."""
    begins = [part.step for part in fill.steps if part.step > 1 and part.first_day == plan.steps[part.step - 1].first_day]
    return any(plan.steps[step - 1].taken > plan.steps[step - 2].taken for step in begins)


def directions_text(found: tuple[Direction, ...], language: Language) -> tuple[str, ...]:
    """Each direction in English, and below it, word for word as it was reviewed, in the patient's language (California B&P 4076.6 asks for both)."""
    if language.code == ENGLISH:
        return tuple(direction.text for direction in found)
    return tuple(text for direction in found for text in (direction.text, direction.told(language) or "") if text)


def purpose_text(order: Order) -> str:
    """What it is for, when the prescriber lets it stand on the label."""
    return f"For {order.indication.words}" if order.indication.on_label else ""


def storage_text(plan: Plan) -> str:
    """Where to keep it."""
    return _STORAGES[plan.storage]


class Said(TypedDict):
    """What a dispensing label says about the medicine, by field."""

    patient: str
    drug_and_strength: str
    directions: tuple[str, ...]
    purpose: str
    strength_notice: str
    salt_line: str
    quantity: str
    date_filled: str
    batch: str
    beyond_use: str
    storage: str
    refills: str
    prescriber: str
    rx_number: str
    container: str
    pharmacist: str
    compounded: str
    warnings: tuple[str, ...]
    continued: str


def label_fields(order: Order, plan: Plan, fill: FillPlan, formula: Formula, facts: Facts, *, language: Language) -> Said:
    """Everything that a dispensing label says about the medicine, by field; directions, opioids and going up in `language` too."""
    return {
        "patient": order.patient.name,
        "drug_and_strength": drug_text(formula),
        "directions": directions_text(sig(plan, fill, formula, route=order.route, opens_on=facts.opens_on), language),
        "purpose": purpose_text(order),
        "strength_notice": notice_text(formula, facts.strength_before),
        "salt_line": salt_text(formula),
        "quantity": quantity_text(fill, formula) + (f" for {_days(fill)}" if facts.part else ""),
        "date_filled": day_text(facts.filled_on),
        "batch": facts.batch_number,
        "beyond_use": f"Discard after {day_text(facts.beyond_use)}",
        "storage": storage_text(plan),
        "refills": str(facts.refills),
        "prescriber": order.prescriber.name,
        "rx_number": facts.rx_number,
        "container": container_text(plan, fill, formula) + (f", part {facts.part}" if facts.part else ""),
        "pharmacist": facts.pharmacist.initials,
        "compounded": f"This medicine was compounded for you by {facts.pharmacy_name}.",
        "warnings": _cautions(formula, plan, fill, language),
        "continued": language.sentences.get(CONTINUED, ""),
    }
