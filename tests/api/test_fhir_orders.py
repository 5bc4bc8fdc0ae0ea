"""An order comes in as a MedicationRequest and is read back: every digit as it came, its state, and what the rules say of it."""

import re
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from compounding.db.prescriptions import PrescriptionRow
from compounding.domain.authority import ActName
from compounding.domain.people import system_actor
from tests.api.conftest import System
from tests.api.fhir import Door
from tests.api.orders import titration
from tests.api.resources import PATIENT, SYSTEM, bundle, edited, entry, request, taking, text_of, with_record


def test_an_order_is_kept_and_answered_with_its_address_version_and_state(door: Door) -> None:
    answer = door.create(request())
    assert answer.status_code == 201, answer.json
    told = answer.json
    assert answer.headers["Location"] == f"http://localhost/fhir/R4/MedicationRequest/{told['id']}/_history/{told['meta']['versionId']}"
    assert answer.headers["ETag"] == f'W/"{told["meta"]["versionId"]}"'
    assert (told["status"], told["intent"], answer.headers["Last-Modified"]) == ("active", "order", "Mon, 02 Mar 2026 17:00:00 GMT")
    assert door.get(answer.headers["Location"].removeprefix("http://localhost/fhir/R4")).data == door.get(f"/MedicationRequest/{told['id']}").data


def test_the_same_order_is_the_same_by_both_doors(door: Door, by_json: System) -> None:
    whole = request()
    by_fhir = door.create(whole).json
    name = " ".join(("Ada Example", *whole["contained"][0]["name"][0]["suffix"]))
    told = by_json.send({**titration(), "patient": {**titration()["patient"], "name": name, "medicines": [], "allergies": []}}).get_json()
    *_, one, other = door.orders()
    assert one == other
    assert told["course"] == {"days": 42, "total_mg": "126"}
    assert {issue["detail"] for issue in by_fhir["contained"] if issue["resourceType"] == "DetectedIssue"} >= {item["sentence"] for item in told["findings"]}


def test_every_digit_comes_back_as_it_was_sent_and_is_kept_as_it_came(door: Door, shared_app: Flask) -> None:
    body = text_of(request())
    assert '"value": 1.50' in body
    answer = door.send("/MedicationRequest", body)
    read = door.get(f"/MedicationRequest/{answer.json['id']}")
    for text in (answer.get_data(as_text=True), read.get_data(as_text=True)):
        assert re.findall(r'"doseQuantity": \{"value": ([^,]+),', text) == ["1.50", "3", "4.5"]
    kept = shared_app.extensions["pharmacy"].perform(
        ActName.PHARMACY_SEED, system_actor("seed"), lambda act: act.session.scalars(select(PrescriptionRow.literal)).all()
    )
    assert kept[-1] == body


def test_an_order_of_the_other_door_is_read_as_a_resource_that_says_the_same(door: Door, by_json: System) -> None:
    sent = by_json.send(titration()).get_json()
    read = door.get(f"/MedicationRequest/{sent['id']}").json
    doses = [step["doseAndRate"][0]["doseQuantity"]["value"] for step in read["dosageInstruction"]]
    assert doses == [Decimal("1.5"), 3, Decimal("4.5")]
    assert {item["resourceType"] for item in read["contained"]} >= {"Medication", "MedicationStatement", "AllergyIntolerance"}


def test_a_stop_is_kept_and_told_as_a_detected_issue(door: Door) -> None:
    whole = edited("dosageInstruction.2.doseAndRate.0.doseQuantity.value", 45)
    whole["dispenseRequest"].pop("quantity")
    whole["contained"][2]["id"] = "finding-1"  # an id that is ours elsewhere
    whole["medicationReference"] = {"reference": "#finding-1"}
    told = door.create(whole).json
    contained = {f"#{item['id']}": item["resourceType"] for item in told["contained"]}
    assert (len(contained), contained[told["medicationReference"]["reference"]]) == (len(told["contained"]), "Medication")
    issues = [item for item in told["contained"] if item["resourceType"] == "DetectedIssue" and item["severity"] == "high"]
    assert (told["status"], told["statusReason"]["text"][:8]) == ("cancelled", "Declined")
    assert "R11" in {issue["code"]["coding"][0]["code"] for issue in issues}
    assert {reference["reference"] for reference in told["detectedIssue"]} >= {f"#{issue['id']}" for issue in issues}


@pytest.mark.parametrize(
    ("prefer", "kind", "length"), [("return=minimal", None, 0), ("return=OperationOutcome", "OperationOutcome", None), ("", "MedicationRequest", None)]
)
def test_as_much_is_answered_as_is_preferred(door: Door, prefer: str, kind: str | None, length: int | None) -> None:
    answer = door.create(request(), Prefer=prefer)
    assert answer.status_code == 201
    assert answer.headers["Location"]
    assert answer.data == b"" if length == 0 else answer.json["resourceType"] == kind


def test_an_order_that_is_created_only_if_it_is_new_is_kept_once(door: Door) -> None:
    whole = request()
    condition = {"If-None-Exist": f"identifier={SYSTEM}|{whole['identifier'][0]['value']}"}
    before = len(door.orders())
    first, second = (door.create(whole, **condition) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(door.orders()) == before + 1


def test_a_number_that_is_used_names_no_other_order(door: Door) -> None:
    whole = request()
    condition = {"If-None-Exist": f"identifier={SYSTEM}|{whole['identifier'][0]['value']}"}
    kept = door.create(whole).json
    assert door.create(whole).status_code == 409
    other = door.create(edited("dispenseRequest.numberOfRepeatsAllowed", 1, whole), **condition)
    assert (other.status_code, other.json["issue"][0]["code"]) == (409, "conflict")
    found = door.search("MedicationRequest", f"identifier={SYSTEM}|{whole['identifier'][0]['value']}")
    assert [item["resource"]["id"] for item in found["entry"]] == [kept["id"]]


@pytest.mark.parametrize("condition", ["identifier=urn:other|1", "patient=1", "", "identifier=1&status=active"])
def test_no_other_condition_is_taken(door: Door, condition: str) -> None:
    answer = door.create(request(), **{"If-None-Exist": condition})
    assert (answer.status_code, answer.json["issue"][0]["diagnostics"]) == (422, "header If-None-Exist")


def test_what_is_known_of_the_patient_comes_with_the_order(door: Door) -> None:
    allergy = {
        "resourceType": "AllergyIntolerance", "code": {"text": "lactose"}, "patient": {"reference": "#patient"}, "reaction": [{"severity": "severe"}],
    }  # fmt: skip
    condition = {
        "resourceType": "Condition", "subject": {"reference": "#patient"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E06.3"}], "text": "Hashimoto"},
    }  # fmt: skip
    weight = {
        "resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "valueQuantity": {"value": Decimal("61.50"), "unit": "kg"}, "subject": {"reference": "#patient"},
    }  # fmt: skip
    answer = door.create(with_record(taking("levothyroxine"), allergy, condition, weight))
    assert answer.status_code == 201, answer.json
    patient = door.orders()[-1].patient
    assert (patient.medicines, patient.allergies, patient.severe_allergies) == (("levothyroxine",), ("lactose",), ("lactose",))
    assert (patient.conditions, patient.weight_kg) == (("E06.3 Hashimoto",), Decimal("61.5"))
    assert '"value": 61.50' in door.get(f"/MedicationRequest/{answer.json['id']}").get_data(as_text=True)


def test_a_medicine_that_only_a_statement_of_a_transaction_names_is_read_back_by_its_name(door: Door) -> None:
    whole, warfarin = bundle(), "urn:uuid:00000000-0000-4000-8000-0000000000b1"
    statement = taking("", subject={"reference": PATIENT}, medicationReference={"reference": warfarin})
    del statement["medicationCodeableConcept"]
    order = whole["entry"][3]["resource"]
    order["contained"] = [{**whole["entry"].pop(2)["resource"], "id": "entry-3"}]  # where the statement's medicine stands in the transaction
    order["medicationReference"] = {"reference": "#entry-3"}
    whole["entry"] += [
        entry(warfarin, {"resourceType": "Medication", "code": {"text": "warfarin"}}),
        entry("urn:uuid:00000000-0000-4000-8000-0000000000b2", statement),
    ]
    answer = door.transact(whole)
    assert answer.status_code == 200, answer.json
    assert door.orders()[-1].patient.medicines == ("warfarin",)
    read = door.get(f"/{answer.json['entry'][2]['response']['location']}").json
    contained = {f"#{item['id']}": item for item in read["contained"]}
    assert contained[read["medicationReference"]["reference"]]["form"]
    (told,) = [item for item in read["contained"] if item["resourceType"] == "MedicationStatement"]
    assert contained[told["medicationReference"]["reference"]]["code"] == {"text": "warfarin"}


def test_a_key_that_stands_twice_is_refused_by_its_place(door: Door) -> None:
    before = len(door.orders())
    body = text_of(request()).replace('"value": 4.5,', '"value": 4.5, "value": 45,')
    answer = door.send("/MedicationRequest", body)
    assert (answer.status_code, answer.json["issue"][0]["expression"]) == (
        400, ["MedicationRequest.dosageInstruction[2].doseAndRate[0].doseQuantity.value"],
    )  # fmt: skip
    assert len(door.orders()) == before


def test_a_system_writes_for_its_own_prescribers_alone_and_reads_its_own_orders(door: Door, other_door: Door) -> None:
    assert other_door.create(request()).status_code == 403
    own = door.create(request()).json
    never = "00000000-0000-4000-8000-000000000000"
    theirs = [door.get(f"/MedicationRequest/{own['id']}"), *(other_door.get(f"/MedicationRequest/{key}") for key in (own["id"], never))]
    assert [answer.status_code for answer in theirs] == [200, 404, 404]
    assert theirs[1].data == theirs[2].data
    assert other_door.get(f"/{own['subject']['reference']}").status_code == 404
    for query in ("", f"_id={own['id']}", f"patient={own['subject']['reference']}"):
        assert other_door.search("MedicationRequest", query)["total"] == 0
