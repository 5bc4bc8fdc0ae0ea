"""Two independent readers agree that what leaves has the structure of FHIR R4, and that the examples of the tests have it; decimals are proved by raw text."""

import json
from typing import Any

import pytest
import simplejson
from fhir.resources.R4B import get_fhir_model_class
from fhirclient.models import bundle as fhirclient_bundle
from fhirclient.models import capabilitystatement, medicationrequest, operationoutcome, patient, practitioner

from tests.api.conftest import System
from tests.api.fhir import R4, Door
from tests.api.orders import titration
from tests.api.resources import bundle, edited, request, taking, text_of, with_record

READERS: dict[str, Any] = {
    "Bundle": fhirclient_bundle.Bundle,
    "CapabilityStatement": capabilitystatement.CapabilityStatement,
    "MedicationRequest": medicationrequest.MedicationRequest,
    "OperationOutcome": operationoutcome.OperationOutcome,
    "Patient": patient.Patient,
    "Practitioner": practitioner.Practitioner,
}


def understood(text: str) -> str:
    """The type of a resource that both readers take, with nothing left over."""
    value = json.loads(text)
    kind: str = value["resourceType"]
    model = get_fhir_model_class(kind).model_validate_json(text)
    assert model.get_resource_type() == kind
    READERS[kind](value, strict=True)
    return kind


@pytest.mark.parametrize("sent", [request(), with_record(taking("vitamin D")), bundle()])
def test_what_the_tests_send_is_fhir(sent: dict[str, Any]) -> None:
    assert understood(text_of(sent)) == sent["resourceType"]


def test_what_leaves_is_fhir(door: Door) -> None:
    by_fhir = door.create(with_record(taking("vitamin D")))
    stopped = door.create(edited("extension.0.extension.1.valueCode", "yes"))
    transacted = door.transact(bundle())
    answers = [
        by_fhir, stopped, transacted, door.create(request(status="draft")), door.create(request(), Prefer="return=OperationOutcome"),
        door.get("/metadata"), door.get("/MedicationRequest"), door.get("/MedicationRequest?status=on-hold"), door.get("/MedicationDispense"),
        door.get(f"/{by_fhir.json['subject']['reference']}"), door.get("/Practitioner/1234567893"), door.get("/Task/1"),
    ]  # fmt: skip
    kinds = [understood(answer.get_data(as_text=True)) for answer in answers]
    assert set(kinds) == set(READERS)


def test_an_order_of_the_other_door_leaves_as_fhir_and_could_come_in_again(door: Door, by_json: System) -> None:
    order = titration()
    order["patient"] |= {"name": "Ada Another", "conditions": ["E06.3"], "weight_kg": "61.5", "severe_allergies": ["penicillin"]}
    order["directions"] = "1.5 mg by mouth at bedtime for 14 days, then 3 mg for 14 days, then 4.5 mg for 14 days"
    order["dates"] = [{"first_day": "2026-03-03", "last_day": "2026-04-13"}]
    order["supply"]["quantity"] = {"value": "126", "unit": "mL"}
    read = door.get(f"/MedicationRequest/{by_json.send(order).get_json()['id']}")
    assert understood(read.get_data(as_text=True)) == "MedicationRequest"
    again = read.json
    again["contained"] = [item for item in again["contained"] if item["resourceType"] != "DetectedIssue"]
    for name in ("subject", "requester"):
        whole = door.get(f"/{again[name]['reference']}").json
        again["contained"].append({**whole, "id": name})
    text = text_of(again).replace(again["subject"]["reference"], "#subject").replace(again["requester"]["reference"], "#requester")
    sent = simplejson.loads(text, use_decimal=True)
    sent["identifier"] = [{"system": "urn:again", "value": "1"}]
    sent["extension"] = [item for item in sent["extension"] if item["url"] != "urn:compounding:status"]
    del sent["detectedIssue"]
    answer = door.create(sent)
    assert answer.status_code == 201, answer.json
    *_, first, second = door.orders()
    assert first == second


def test_an_address_without_a_resource_says_what_there_is(door: Door) -> None:
    assert door.client.get(R4).status_code == 405
