"""An order of ours as a MedicationRequest: what was sent, where it came as one, and else the same elements that would say it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compounding.api.fhir import dosage, drugs
from compounding.api.fhir import order as asked
from compounding.api.fhir.elements import UCUM
from compounding.api.fhir.persons import NPI_SYSTEM
from compounding.api.fhir.record import ICD_10, LOINC, WEIGHT
from compounding.domain.period import Period
from compounding.domain.prescription import Form, Moment, Order, Patient, Prescriber, QuantityUnit, Route, Step, Unit
from compounding.domain.quantity import decimal_text
from compounding.domain.safety.coding import INGREDIENT, RXNORM, SNOMED
from compounding.schemas.prescriptions import ORDER

Resource = dict[str, Any]
NALTREXONE: Resource = {"coding": [{"system": RXNORM, "code": INGREDIENT, "display": "naltrexone"}], "text": "naltrexone"}
_ACTIVE: Resource = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}]}
_MOMENTS = {word: code for code, word in dosage.MOMENTS.items()}
_ROUTES = {
    Route.ORAL: ("26643006", "Oral route"),
    Route.SUBLINGUAL: ("37839007", "Sublingual route"),
    Route.OPHTHALMIC: ("54485002", "Ophthalmic route"),
    Route.INJECTION: ("34206005", "Subcutaneous route"),
    Route.INHALATION: ("447694001", "Respiratory tract route"),
}
_UNITS = {QuantityUnit.ML: ("mL", "mL"), QuantityUnit.CAPSULE: ("capsule", "{capsule}"), QuantityUnit.DROP: ("drop", "[drp]")}


def quantity(value: str, unit: str, code: str | None = None) -> Resource:
    """A Quantity of UCUM, whose number keeps its digits."""
    return {"value": Decimal(value), "unit": unit, "system": UCUM, "code": code or unit}


def patient(person: Patient) -> Resource:
    """The patient as told with an order."""
    return {
        "resourceType": "Patient",
        "name": [{"text": person.name}],
        "telecom": [{"system": "phone", "value": person.phone}],
        "birthDate": person.birth_date.isoformat(),
        "address": [{"text": person.address}],
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": person.language}]}}],
    }


def practitioner(prescriber: Prescriber) -> Resource:
    """The prescriber as told with an order."""
    return {
        "resourceType": "Practitioner",
        "identifier": [{"system": NPI_SYSTEM, "value": prescriber.npi}],
        "name": [{"text": prescriber.name}],
        "telecom": [{"system": "phone", "value": prescriber.phone}],
    }


def medication(order: Order, name: str = "medication") -> Resource:
    """The medicine, its form and the strength that was asked for."""
    found: Resource = {
        "resourceType": "Medication",
        "id": name,
        "code": NALTREXONE,
        "form": {"coding": [{"system": drugs.OWN_FORMS, "code": order.form.value}]},
    }
    if order.strength or order.capsule_strength:
        mass = order.capsule_strength.mg if order.capsule_strength else order.strength.mg_per_ml if order.strength else Fraction(0)
        one = quantity("1", "capsule", "{capsule}") if order.form is Form.CAPSULE else quantity("1", "mL")
        strength = {"numerator": quantity(decimal_text(mass), "mg"), "denominator": one}
        found["ingredient"] = [{"itemCodeableConcept": NALTREXONE, "strength": strength}]
    return found


def request(order: Order, *, subject: str, requester: str) -> Resource:
    """The whole order, with references to its people; what is known of the patient is contained."""
    contained = [medication(order), *_record(order.patient, subject)]
    fields: Mapping[str, Any] = ORDER.dump(order)
    found: Resource = {
        "resourceType": "MedicationRequest",
        "contained": contained,
        "extension": [
            _opioid(fields["opioid"]),
            _therapy(fields["therapy"]),
            {"url": asked.PREGNANCY, "valueCode": order.patient.pregnancy.value},
            *_words(order),
            *([_period(order.dates[0])] if len(order.dates) == 1 else []),
        ],
        "status": "active",
        "intent": "order",
        "medicationReference": {"reference": "#medication"},
        "subject": {"reference": subject},
        "authoredOn": order.written_on.isoformat(),
        "requester": {"reference": requester},
        "reasonCode": [_reason(order)],
        "dosageInstruction": [_step(order, number, step) for number, step in enumerate(order.steps, 1)],
        "dispenseRequest": _supply(order),
    }
    if information := [{"reference": f"#{item['id']}"} for item in contained[1:]]:
        found["supportingInformation"] = information
    return found


def _reason(order: Order) -> Resource:
    reason: Resource = {"coding": [{"system": ICD_10, "code": order.indication.code}], "text": order.indication.words}
    return {"extension": [{"url": asked.ON_LABEL, "valueBoolean": True}], **reason} if order.indication.on_label else reason


def _step(order: Order, number: int, step: Step) -> Resource:
    code, display = _ROUTES[order.route]
    dose = quantity(decimal_text(step.dose.mg), "mg") if step.unit is Unit.MG else quantity(decimal_text(step.dose.mg * 1000), "mcg", "ug")
    lines = _lines(order)
    dated = {"extension": [_period(order.dates[number - 1])]} if len(order.dates) == len(order.steps) > 1 else {}
    return {
        **dated,
        "sequence": number,
        **({"text": lines[number - 1]} if lines else {}),
        "timing": {
            "repeat": {
                "boundsDuration": quantity(str(step.days), "day", "d"),
                "frequency": step.times_per_day,
                "period": 1,
                "periodUnit": "d",
                "when": [_MOMENTS[moment.name.lower()] for moment in Moment if moment in step.moments],
            }
        },
        "route": {"coding": [{"system": SNOMED, "code": code, "display": display}]},
        "doseAndRate": [{"doseQuantity": dose}],
    }


def _lines(order: Order) -> list[str]:
    """The words of each step, where there are as many lines of them as steps."""
    lines = order.directions.split("\n") if order.directions else []
    return lines if len(lines) == len(order.steps) else []


def _words(order: Order) -> list[Resource]:
    return [{"url": dosage.RENDERED, "valueMarkdown": order.directions}] if order.directions and not _lines(order) else []


def _period(period: Period) -> Resource:
    return {"url": dosage.PERIOD, "valuePeriod": {"start": period.first.isoformat(), "end": period.last.isoformat()}}


def _supply(order: Order) -> Resource:
    supply, found = order.supply, Resource(numberOfRepeatsAllowed=order.refills)
    if supply.quantity is not None and supply.quantity_unit is not None:
        found["quantity"] = quantity(decimal_text(supply.quantity), *_UNITS[supply.quantity_unit])
    if supply.total is not None:
        total = quantity(decimal_text(supply.total.mg), "mg")
        found.update({"extension": [{"url": asked.TOTAL, "valueQuantity": total}]} if "quantity" in found else {"quantity": total})
    if supply.days is not None:
        found["expectedSupplyDuration"] = quantity(str(supply.days), "day", "d")
    return found


def _opioid(fields: Mapping[str, str]) -> Resource:
    told = [{"url": url, kind: fields[field]} for url, (kind, field) in asked.ANSWERS.items() if field in fields]
    return {"url": asked.OPIOID, "extension": told}


def _therapy(fields: Mapping[str, str]) -> Resource:
    told: list[Resource] = [{"url": "status", "valueCode": fields["status"]}]
    if "present_dose" in fields:
        unit = fields["unit"]
        told.append({"url": "presentDose", "valueQuantity": quantity(fields["present_dose"], unit, "ug" if unit == "mcg" else unit)})
    if "last_taken" in fields:
        told.append({"url": "lastTaken", "valueDate": fields["last_taken"]})
    return {"url": asked.THERAPY, "extension": told}


def _record(person: Patient, subject: str) -> Iterator[Resource]:
    whose = {"reference": subject}
    severe = {entry.casefold() for entry in person.severe_allergies}
    for number, entry in enumerate(person.medicines, 1):
        yield {
            "resourceType": "MedicationStatement", "id": f"medicine-{number}", "status": "active", "medicationCodeableConcept": {"text": entry},
            "subject": whose,
        }  # fmt: skip
    for number, entry in enumerate(person.allergies, 1):
        high = {"criticality": "high"} if entry.casefold() in severe else {}
        yield {
            "resourceType": "AllergyIntolerance", "id": f"allergy-{number}", "clinicalStatus": _ACTIVE, **high, "code": {"text": entry}, "patient": whose,
        }  # fmt: skip
    for number, entry in enumerate(person.conditions, 1):
        yield {"resourceType": "Condition", "id": f"condition-{number}", "code": {"text": entry}, "subject": whose}
    if person.weight_kg is not None:
        yield {
            "resourceType": "Observation", "id": "weight", "status": "final", "code": {"coding": [{"system": LOINC, "code": WEIGHT}]},
            "subject": whose, "valueQuantity": quantity(decimal_text(person.weight_kg), "kg"),
        }  # fmt: skip
