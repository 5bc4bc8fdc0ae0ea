"""CDS Hooks: the rules speak before the order is sent, as cards; nothing is kept."""

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from compounding.api.rate import Counter
from compounding.domain.authority import ActName
from compounding.domain.people import system_actor
from compounding.workflow.system_access import add_keys
from tests.api.fhir import Answer, Door
from tests.api.resources import edited, request, taking, text_of
from tests.api.signatures import SCREENING, TOKEN, Signer
from tests.api.test_backend_services import client_id

SERVICE = "/cds-services/naltrexone-screening"
NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def draft(**changes: object) -> dict[str, Any]:
    """The order as a draft in an EHR: its people are the server's, its number and day are still to come."""
    whole = request(status="draft", identifier=None, authoredOn=None, subject={"reference": "Patient/7"}, requester={"reference": "Practitioner/8"}, **changes)
    whole["contained"] = whole["contained"][2:]
    return whole


def call(*drafts: dict[str, Any], **prefetch: object) -> dict[str, Any]:
    patient, practitioner = (deepcopy(item) for item in request()["contained"][:2])
    patient |= {"id": "7", "name": [*patient["name"], {"use": "old", "text": "Ada Before"}], "meta": {"security": [{"code": "N"}]}}
    return {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/8",
            "patientId": "7",
            "draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": item} for item in drafts]},
        },
        "prefetch": {"patient": patient, "practitioner": {**practitioner, "id": "8"}, **prefetch},
    }


def cards(door: Door, told: dict[str, Any]) -> list[dict[str, Any]]:
    before = len(door.orders())
    answer = asked(door, told)
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.json
    assert len(door.orders()) == before
    found: list[dict[str, Any]] = answer.json["cards"]
    for card in found:
        assert 0 < len(card["summary"]) <= 140
        assert card["indicator"] in {"info", "warning", "critical"}
        assert card["source"]["label"]
    return found


def asked(door: Door, told: dict[str, Any], **headers: str) -> Answer:
    return door.client.post(SERVICE, data=text_of(told), content_type="application/json", headers={**door.bearer, **headers})


def rules(found: list[dict[str, Any]]) -> dict[str, str]:
    return {card["source"]["topic"]["code"]: card["indicator"] for card in found if "topic" in card["source"]}


def bundled(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": item} for item in resources]}


def test_the_service_is_told_to_everybody(door: Door) -> None:
    (service,) = door.client.get("/cds-services").json["services"]
    assert (service["hook"], service["id"]) == ("order-sign", "naltrexone-screening")
    assert "{{context.patientId}}" in service["prefetch"]["patient"]


def test_a_draft_meets_the_rules_that_it_would_meet_when_it_is_sent(door: Door) -> None:
    whole = draft()
    whole["dosageInstruction"][2]["doseAndRate"][0]["doseQuantity"]["value"] = 45
    whole["dispenseRequest"].pop("quantity")
    found = cards(door, call(whole))
    assert rules(found)["R11"] == "critical"
    sent = edited("dosageInstruction.2.doseAndRate.0.doseQuantity.value", 45)
    sent["dispenseRequest"].pop("quantity")
    kept = door.create(sent).json
    details = {card["detail"].partition("\n")[0] for card in found}
    assert details == {item["detail"] for item in kept["contained"] if item["resourceType"] == "DetectedIssue"}


def test_an_opioid_of_the_prefetch_or_among_the_drafts_is_critical(door: Door) -> None:
    opioid = taking("oxycodone 5 mg", subject={"reference": "Patient/7"}, note=[{"text": "as needed"}], meta={"tag": [{"code": "x"}]})
    beside = {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Norco"},
        "subject": {"reference": "Patient/7"},
    }
    over = taking("Suboxone film", status="stopped")
    assert rules(cards(door, call(draft(), statements=bundled(opioid))))["R2"] == "critical"
    assert rules(cards(door, call(draft(), beside)))["R2"] == "critical"
    assert "R2" not in rules(cards(door, call(draft(), statements=bundled(over))))


def test_conditions_and_allergies_of_the_prefetch_are_looked_at(door: Door) -> None:
    diabetes = {"resourceType": "Condition", "subject": {"reference": "Patient/7"}, "code": {"text": "type 2 diabetes"}, "stage": [{"summary": {"text": "II"}}]}
    allergy = {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/7"}, "code": {"text": "naltrexone"}, "criticality": "high"}
    resolved = {**allergy, "clinicalStatus": {"coding": [{"code": "resolved"}]}}
    assert rules(cards(door, call(draft(), conditions=bundled(diabetes))))["R14"] == "info"
    assert rules(cards(door, call(draft(), allergies=bundled(allergy))))["R4"] == "critical"
    assert "R4" not in rules(cards(door, call(draft(), allergies=bundled(resolved))))


def test_every_entry_of_the_prefetch_counts_not_only_the_first_of_its_kind(door: Door) -> None:
    whose = {"subject": {"reference": "Patient/7"}}
    statements = [taking(text, **whose) for text in ("levothyroxine", "oxycodone 5 mg")]
    conditions = [{"resourceType": "Condition", "code": {"text": text}, **whose} for text in ("hay fever", "type 2 diabetes")]
    allergies = [
        {"resourceType": "AllergyIntolerance", "patient": whose["subject"], "code": {"text": text}, "criticality": "high"}
        for text in ("penicillin", "naltrexone")
    ]
    found = rules(cards(door, call(draft(), statements=bundled(*statements), conditions=bundled(*conditions), allergies=bundled(*allergies))))
    assert (found["R2"], found["R4"], found["R14"]) == ("critical", "critical", "info")
    (card,) = cards(
        door, call(draft(), statements=bundled(statements[0], taking("codeine", medicationCodeableConcept={"coding": [{"code": "2670"}]}, **whose)))
    )
    assert "`%MedicationStatement[1].medication.coding[0].system`" in card["detail"]


def test_a_draft_that_cannot_be_read_is_told_by_its_elements(door: Door) -> None:
    whole = draft(extension=None)
    whole["dosageInstruction"][0]["asNeededBoolean"] = True
    (card,) = cards(door, call(whole))
    assert card["indicator"] == "warning"
    assert "`MedicationRequest.dosageInstruction[0].asNeeded`" in card["detail"]
    assert "`MedicationRequest.extension`" in card["detail"]


def test_words_and_codes_that_disagree_are_told_before_the_order_is_signed(door: Door) -> None:
    whole = draft()
    whole["contained"][0]["code"] = {"text": "naltrexone", "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "7242"}]}
    (card,) = cards(door, call(whole))
    assert "naloxone" in card["detail"]


def test_drafts_of_other_medicines_are_not_ours(door: Door) -> None:
    other = {"resourceType": "MedicationRequest", "status": "draft", "intent": "order", "medicationCodeableConcept": {"text": "ibuprofen"}}
    assert cards(door, call(other)) == []
    assert cards(door, call({"resourceType": "ServiceRequest", "id": "x"})) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hook": "order-select"}, "hook"),
        ({"hookInstance": None}, "hookInstance"),
        ({"context": {}}, "context.draftOrders"),
        ({"context": None}, "context.draftOrders"),
        ({"prefetch": {"conditions": {"resourceType": "Bundle", "entry": [{}] * 101}}}, "prefetch.conditions.entry"),
    ],
)
def test_another_call_is_refused_by_its_field(door: Door, changes: dict[str, object], field: str) -> None:
    answer = asked(door, {**call(draft()), **changes})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["errors"][0]["field"] == field


def test_nothing_is_told_of_a_draft_of_a_prescriber_for_whom_the_system_may_not_write(door: Door, other_door: Door) -> None:
    risky = draft(dosageInstruction=edited("dosageInstruction.2.doseAndRate.0.doseQuantity.value", 45)["dosageInstruction"])
    assert "R11" in rules(cards(door, call(risky)))
    (card,) = cards(other_door, call(risky))
    assert ("MedicationRequest.requester" in card["detail"], card["indicator"], rules([card])) == (True, "warning", {})


def test_another_service_is_not_there_and_nobody_is_answered_without_a_token(door: Door) -> None:
    assert door.client.post("/cds-services/other", json={}, headers=door.bearer).status_code == 404
    assert asked(door, call(draft()), Authorization="Bearer x").status_code == 401
    assert asked(door, call(draft()), Authorization="Bearer a.b.c").status_code in {401, 403}


@pytest.fixture
def signer(door: Door) -> Signer:
    """The system of that door with a key of its own."""
    signer = Signer(str(client_id(door.pharmacy)), NOW)
    door.pharmacy.perform(
        ActName.CLIENT_ADD_KEY, system_actor("command line"), lambda act: add_keys(act, UUID(signer.client_id), {"keys": [signer.public]})
    )  # fmt: skip
    return signer


def test_a_call_may_be_signed_instead_each_time_anew(door: Door, signer: Signer) -> None:
    def signed(audience: str = SCREENING, **changes: object) -> str:
        return f"Bearer {signer.sign(signer.claims(audience, sub=None, **changes))}"

    once = signed()
    assert asked(door, call(draft()), Authorization=once).status_code == 200
    assert asked(door, call(draft()), Authorization=once).status_code == 401
    assert asked(door, call(draft()), Authorization=signed(TOKEN)).status_code == 401
    assert asked(door, call(draft()), Authorization=signed(exp=int(NOW.timestamp()) - 1)).status_code == 401
    assert door.client.get("/fhir/R4/MedicationRequest", headers={"Authorization": signed("http://localhost/fhir/R4/MedicationRequest")}).status_code == 401


def test_signed_calls_are_counted_before_anything_is_kept_of_them(
    shared_app: Flask, door: Door, signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(shared_app.extensions, "api rate", Counter(tmp_path, 2))
    calls = [f"Bearer {signer.sign(signer.claims(SCREENING, sub=None))}" for _ in range(3)]
    assert [asked(door, call(draft()), Authorization=once).status_code for once in calls] == [200, 200, 429]
    monkeypatch.setitem(shared_app.extensions, "api rate", Counter(tmp_path / "later", 2))
    assert [asked(door, call(draft()), Authorization=once).status_code for once in reversed(calls)] == [200, 401, 401]  # the third was not used up
