"""Orders as a prescriber's system that speaks FHIR writes them: made from the same order as the JSON of `orders`, by another hand."""

from copy import deepcopy
from decimal import Decimal
from itertools import count
from typing import Any

import simplejson

from tests.api.orders import NPI

SYSTEM = "urn:oid:2.16.840.1.113883.19.5"
PATIENT, PRESCRIBER, MEDICINE = (f"urn:uuid:00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
OPIOID, THERAPY, PREGNANCY = "urn:compounding:opioid-answer", "urn:compounding:therapy", "urn:compounding:pregnancy"
_numbers = count(1)


def mg(value: str) -> dict[str, Any]:
    return {"value": Decimal(value), "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}


def days(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d"}


def step(number: int, dose: str, length: int = 14) -> dict[str, Any]:
    return {
        "sequence": number,
        "timing": {"repeat": {"boundsDuration": days(length), "frequency": 1, "period": 1, "periodUnit": "d", "when": ["HS"]}},
        "route": {"coding": [{"system": "http://snomed.info/sct", "code": "26643006", "display": "Oral route"}]},
        "doseAndRate": [{"doseQuantity": mg(dose)}],
    }


_PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "patient",
    "name": [{"use": "official", "family": "Example", "given": ["Ada"]}],
    "gender": "female",
    "birthDate": "1980-02-29",
    "telecom": [{"system": "phone", "value": "555-010-0199"}, {"system": "email", "value": "ada@example.org"}],
    "address": [{"line": ["1 Long Street"], "city": "Springfield", "postalCode": "00001"}],
    "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "en"}]}}],
}
_PRESCRIBER: dict[str, Any] = {
    "resourceType": "Practitioner",
    "id": "prescriber",
    "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": NPI}],
    "name": [{"prefix": ["Dr"], "given": ["Bea"], "family": "Sample"}],
    "telecom": [{"system": "phone", "value": "(555) 010-0100"}],
}
_MEDICATION: dict[str, Any] = {
    "resourceType": "Medication",
    "id": "medication",
    "code": {
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "7243", "display": "naltrexone"}],
        "text": "naltrexone oral solution",
    },
    "form": {"coding": [{"system": "http://snomed.info/sct", "code": "385023001", "display": "Oral solution"}]},
    "ingredient": [
        {
            "itemCodeableConcept": {"text": "naltrexone"},
            "strength": {"numerator": mg("1"), "denominator": {"value": 1, "unit": "mL", "system": "http://unitsofmeasure.org", "code": "mL"}},
        }
    ],
}
_REQUEST: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "contained": [_PATIENT, _PRESCRIBER, _MEDICATION],
    "extension": [
        {
            "url": OPIOID,
            "extension": [
                {"url": "recent", "valueCode": "no"},
                {"url": "depot", "valueCode": "no"},
                {"url": "surgery", "valueCode": "no"},
                {"url": "answeredBy", "valueString": "the patient"},
                {"url": "askedBy", "valueString": "Dr Bea Sample"},
            ],
        },
        {"url": THERAPY, "extension": [{"url": "status", "valueCode": "naive"}]},
        {"url": PREGNANCY, "valueCode": "no"},
    ],
    "identifier": [{"system": SYSTEM, "value": "1"}],
    "status": "active",
    "intent": "order",
    "medicationReference": {"reference": "#medication"},
    "subject": {"reference": "#patient"},
    "authoredOn": "2026-03-01T10:15:00-08:00",
    "requester": {"reference": "#prescriber"},
    "reasonCode": [
        {
            "extension": [{"url": "urn:compounding:on-label", "valueBoolean": True}],
            "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M79.7"}],
            "text": "fibromyalgia",
        }
    ],
    "dosageInstruction": [step(1, "1.50"), step(2, "3"), step(3, "4.5")],
    "dispenseRequest": {"numberOfRepeatsAllowed": 2, "quantity": mg("126"), "expectedSupplyDuration": days(42)},
}


def request(**changes: object) -> dict[str, Any]:
    """1.50, 3 and 4.5 mg, 14 days each, at bedtime, a number and a patient's name that were never sent; elements set, or left out where they are None."""
    whole, number = deepcopy(_REQUEST), next(_numbers)
    whole["identifier"][0]["value"] = f"order-{number}"
    whole["contained"][0]["name"][0]["suffix"] = [f"the {number}th"]
    whole.update(changes)
    return {name: value for name, value in whole.items() if value is not None}


def edited(path: str, value: object, whole: dict[str, Any] | None = None) -> dict[str, Any]:
    """The order with the element at `path` (`dosageInstruction.0.sequence`) set; left out where `value` is None."""
    whole = whole or request()
    *parents, last = path.split(".")
    place: Any = whole
    for part in parents:
        place = place[int(part) if part.isdecimal() else part]
    key = int(last) if last.isdecimal() else last
    if value is None:
        del place[key]
    else:
        place[key] = value
    return whole


def with_record(*resources: dict[str, Any]) -> dict[str, Any]:
    """The order with resources of the patient's record, contained and referred to."""
    named = [{**resource, "id": f"record-{number}"} for number, resource in enumerate(resources)]
    whole = request(supportingInformation=[{"reference": f"#{item['id']}"} for item in named])
    whole["contained"] += named
    return whole


def taking(text: str, **more: object) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": text},
        "subject": {"reference": "#patient"},
        **more,
    }


def entry(url: str, resource: dict[str, Any], **request_more: object) -> dict[str, Any]:
    return {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"], **request_more}}


def bundle(*orders: dict[str, Any]) -> dict[str, Any]:
    """A transaction of a patient, a prescriber, the medicine and the orders (one titration unless told)."""
    linked = []
    for number, order in enumerate(orders or (request(),)):
        whole = deepcopy(order)
        whole.pop("contained", None)
        whole.update(medicationReference={"reference": MEDICINE}, subject={"reference": PATIENT}, requester={"reference": PRESCRIBER})
        linked.append(entry(f"urn:uuid:00000000-0000-4000-8000-0000000001{number:02}", whole))
    people = [entry(url, {name: value for name, value in resource.items() if name != "id"}) for url, resource in _LINKED]
    return {"resourceType": "Bundle", "type": "transaction", "entry": [*people, *linked]}


_LINKED = ((PATIENT, _PATIENT), (PRESCRIBER, _PRESCRIBER), (MEDICINE, _MEDICATION))


def text_of(resource: object) -> str:
    text: str = simplejson.dumps(resource, use_decimal=True)
    return text
