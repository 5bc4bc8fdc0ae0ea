"""What the door says of itself, how it searches, and how it says no whatever the reason."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compounding.db.prescriptions import PrescriptionRow
from compounding.domain.authority import ActName
from compounding.domain.people import system_actor
from compounding.workflow.act import Act
from tests.api.conftest import system
from tests.api.fhir import MEDIA, R4, Answer, Door, refused
from tests.api.orders import NPI
from tests.api.resources import SYSTEM, bundle, edited, request, text_of

NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def finder(shared_app: Flask) -> Door:
    """A system that has sent what is `kept`, and nothing else."""
    return Door(FlaskClient(shared_app, Answer), system(shared_app, "Finding Practice", NPI).token, shared_app.extensions["pharmacy"])


@pytest.fixture(scope="module")
def kept(finder: Door) -> list[dict[str, Any]]:
    """Three orders: two for one patient, the second of them declined; one for another."""
    first = request()
    second = edited("dosageInstruction.2.doseAndRate.0.doseQuantity.value", 45)
    second["dispenseRequest"].pop("quantity")
    second["contained"][0] = first["contained"][0]
    return [finder.create(whole).json for whole in (first, second, request(authoredOn="2026-02-20"))]


def ids(bundle: dict[str, Any]) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("patient={patient}", [0, 1]),
        ("patient=Patient/{patient}&intent=order", [0, 1]),
        ("patient={patient}&intent=order,plan&status=active", [0]),
        ("patient={patient}&intent=order&status=cancelled,completed", [1]),
        ("patient={patient}&intent=plan", []),
        ("patient={patient}&authoredon=ge2026-03-01&authoredon=le2026-03-01", [0, 1]),
        ("authoredon=lt2026-03", [2]),
        ("authoredon=2026-02-20", [2]),
        ("authoredon=gt2026-03-01", []),
        ("authoredon=2026-02", [2]),
        ("authoredon=ne2026-02", [0, 1]),
        ("authoredon=le2026-02&authoredon=ge2026", [2]),
        ("authoredon=gt2026-02", [0, 1]),
        ("authoredon=2026-03-01T10:00-08:00", []),
        ("authoredon=ne2026-03-01T10:00-08:00", [0, 1, 2]),
        ("authoredon=gt2026-03-01T10:00-08:00", [0, 1]),
        ("authoredon=ge2026-03-01T10:00-08:00&authoredon=lt2026-03-01T10:00-08:00", [0, 1]),
        ("authoredon=le2026-03-01T00:00:00-08:00", [2]),
        ("authoredon=lt2026-03-01T00:00:00-08:00", [2]),
        ("_lastUpdated=2026-03-02", [0, 1, 2]),
        ("_lastUpdated=2026&_lastUpdated=ge2026-03-02T17:00Z&_lastUpdated=lt9999", [0, 1, 2]),
        ("_lastUpdated=gt2026-03-02T17:00Z", []),
        ("_lastUpdated=ne2026-03", []),
        ("_lastUpdated=2026-03-02T17:00:00.000Z&_lastUpdated=gt0001&_lastUpdated=le9999-12-31", [0, 1, 2]),
        ("_lastUpdated=lt2026-03-02", []),
        ("_lastUpdated=ge2026-03-02T09:00:00-08:00&_lastUpdated=le2026-03-02T17:00:00Z", [0, 1, 2]),
        ("_id={first},{third}", [0, 2]),
        (f"_id={NEVER}", []),
        (f"identifier={SYSTEM}|{{number}}", [0]),
        ("identifier={number}", [0]),
        ("identifier=urn:other|{number}", []),
        ("identifier=urn:compounding:rx-number|{rx}", [1]),
        (f"identifier={{rx}},{SYSTEM}|{{number}},nobody", [0, 1]),
        (f"identifier={SYSTEM}|&_count=3", [0, 1, 2]),
        ("identifier=urn:compounding:rx-number|", [0, 1, 2]),
        ("identifier=|{number}", []),
        (f"identifier={SYSTEM}|{{rx}},urn:compounding:rx-number|{{number}},urn:compounding:rx-number|0{{rx}},{'9' * 30}", []),
        (f"patient={NEVER}", []),
    ],
)
def test_orders_are_found_by_the_parameters_of_us_core(finder: Door, kept: list[dict[str, Any]], query: str, places: list[int]) -> None:
    first, second, third = kept
    patient, rx = first["subject"]["reference"].removeprefix("Patient/"), second["identifier"][1]["value"]
    asked = query.format(patient=patient, first=first["id"], third=third["id"], number=first["identifier"][0]["value"], rx=rx)
    found = finder.search("MedicationRequest", asked.replace("+", "%2B"))
    assert (ids(found), found["total"]) == ([kept[place]["id"] for place in places], len(places))
    posted = finder.send("/MedicationRequest/_search", asked, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert ids(posted.json) == ids(found)


def test_a_search_is_read_page_by_page(finder: Door, kept: list[dict[str, Any]]) -> None:
    found, page = [], finder.search("MedicationRequest", "_count=2&intent=order")
    assert page["total"] == len(kept)
    while page:
        found += ids(page)
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        page = finder.get(following[0].removeprefix(f"http://localhost{R4}")).json if following else {}
    assert found == [item["id"] for item in kept]


def test_what_a_search_names_is_there_to_be_read(finder: Door, kept: list[dict[str, Any]]) -> None:
    for entry in finder.search("MedicationRequest")["entry"]:
        assert finder.get(entry["fullUrl"].removeprefix(f"http://localhost{R4}")).json == entry["resource"]
    patient, prescriber = (finder.get(f"/{kept[0][name]['reference']}").json for name in ("subject", "requester"))
    assert (patient["birthDate"], prescriber["identifier"][0]["value"]) == ("1980-02-29", "1234567893")
    assert patient["name"][0]["text"].startswith("Ada Example")


@pytest.mark.parametrize(
    "query",
    [
        "name=Ada", "status=lost", "_count=0", "_count=101", "authoredon=march", "authoredon=2026-13", "patient=1", "status=active&status=held", "_sort=date",
        "identifier=" + ",".join(map(str, range(101))), "_id=" + ",".join([NEVER] * 101),
        "identifier=", "identifier=|", "identifier=a,,b", "identifier=a|b|c", "identifier=a%5Cb", "identifier=a%00b", "identifier:not=a", "authoredon=ap2026",
        "_lastUpdated=2026-03-02T17:00", "_lastUpdated=9999-12-31T23:59:59-08:00", "_lastUpdated=2026-3", "_id=%D9%A0" + NEVER[1:], "_after=1_0",
    ],
)  # fmt: skip
def test_a_parameter_that_is_not_known_is_refused_by_name(door: Door, query: str) -> None:
    answer = door.get(f"/MedicationRequest?{query}")
    assert refused(answer, 400)
    assert answer.json["issue"][0]["diagnostics"] == f"parameter {query.partition('=')[0]}", answer.json


@pytest.mark.parametrize(
    ("asked", "told", "status", "expression"),
    [
        (f"GET /MedicationRequest/{NEVER}", {}, 404, "MedicationRequest.id"),
        ("GET /MedicationRequest/x", {}, 404, "MedicationRequest.id"),
        (f"GET /MedicationDispense/{NEVER}", {}, 404, "MedicationDispense.id"),
        (f"GET /Patient/{NEVER}", {}, 404, "Patient.id"),
        ("GET /Practitioner/1234567893x", {}, 404, "Practitioner.id"),
        ("GET /Task/1", {}, 404, "Task.id"),
        (f"DELETE /MedicationRequest/{NEVER}", {}, 405, "MedicationRequest"),
        ("PUT /metadata", {}, 405, "CapabilityStatement"),
        ("POST /MedicationRequest", {"data": "{}", "content_type": "text/plain"}, 415, "MedicationRequest"),
        ("POST /MedicationRequest", {"data": "{}", "content_type": f"{MEDIA}; fhirVersion=5.0"}, 415, "MedicationRequest"),
        ("POST /MedicationRequest", {"data": "{", "content_type": MEDIA}, 400, "MedicationRequest"),
        ("POST /MedicationRequest", {"data": '{"resourceType": "Task"}', "content_type": MEDIA}, 400, "MedicationRequest.resourceType"),
        ("POST /MedicationRequest", {"data": "[]", "content_type": MEDIA}, 400, "MedicationRequest.resourceType"),
        ("POST /", {"data": "[" * 60 + "]" * 60, "content_type": MEDIA}, 400, None),
        ("POST /", {"data": b'{"a": "' + b"x" * 2_000_000 + b'"}', "content_type": MEDIA}, 413, "Bundle"),
        ("GET /MedicationRequest", {"headers": {"Accept": "application/fhir+xml"}}, 406, "MedicationRequest"),
        ("GET /MedicationRequest?_format=xml", {}, 406, "MedicationRequest"),
        ("POST /MedicationRequest?_summary=true", {"data": "{}", "content_type": MEDIA}, 400, "MedicationRequest"),
        (f"GET /MedicationRequest/{NEVER}?_elements=id&_format=json", {}, 400, "MedicationRequest"),
    ],
)
def test_every_no_is_an_outcome_with_an_expression(door: Door, asked: str, told: dict[str, Any], status: int, expression: str | None) -> None:
    method, _, address = asked.partition(" ")
    headers = {**door.bearer, **told.get("headers", {})}
    answer = door.client.open(f"{R4}{address}", method=method, **{**told, "headers": headers})
    said = refused(answer, status)
    assert all(said)
    assert expression is None or expression in said
    if status == 405:
        assert answer.headers["Allow"]


@pytest.mark.parametrize("bearer", [{}, {"Authorization": "Bearer x"}])
def test_without_a_token_only_the_statement_is_told(door: Door, bearer: dict[str, str]) -> None:
    answer = door.client.get(f"{R4}/MedicationRequest", headers=bearer)
    assert (refused(answer, 401), answer.headers["WWW-Authenticate"][:6]) == ({"MedicationRequest": answer.json["issue"][0]["details"]["text"]}, "Bearer")
    statement = door.client.get(f"{R4}/metadata", headers=bearer)
    assert (statement.status_code, statement.json["fhirVersion"]) == (200, "4.0.1")


def test_the_statement_names_what_there_is_and_nothing_else(shared_app: Flask, door: Door) -> None:
    rest = door.client.get(f"{R4}/metadata").json["rest"][0]
    ways = {(item["type"], way["code"]) for item in rest["resource"] for way in item["interaction"]}
    served = {
        "create": [("/{}", "POST")], "update": [("/{}/{id}", "PUT")], "search-type": [("/{}", "GET"), ("/{}/_search", "POST")], "read": [("/{}/{id}", "GET")],
        "vread": [("/{}/{id}/_history/{vid}", "GET")],
    }  # fmt: skip
    told = {(address.replace("{}", kind), method) for kind, way in ways for address, method in served[way]}
    rules = {
        (re.sub(r"<(\w+:)?(\w+)>", lambda name: "{vid}" if name[2] == "etag" else "{id}", rule.rule.removeprefix(R4)), method)
        for rule in shared_app.url_map.iter_rules()
        if rule.rule.startswith(f"{R4}/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert rules == told | {("/", "POST"), ("/metadata", "GET"), ("/.well-known/smart-configuration", "GET")}
    for item in rest["resource"]:
        for parameter in item.get("searchParam", []):
            value = {"date": "2026", "reference": NEVER}.get(
                parameter["type"], {"_id": NEVER, "intent": "order", "status": "completed"}.get(parameter["name"], "x")
            )
            assert door.get(f"/{item['type']}?{parameter['name']}={value}").status_code == 200, parameter


def test_a_transaction_is_taken_whole_with_its_links(door: Door) -> None:
    before = len(door.orders())
    answer = door.transact(
        bundle(
            request(), request(dispenseRequest={"numberOfRepeatsAllowed": 0, "expectedSupplyDuration": request()["dispenseRequest"]["expectedSupplyDuration"]})
        )
    )
    assert answer.status_code == 200, answer.json
    told = answer.json
    assert (told["type"], [entry["response"]["status"] for entry in told["entry"]]) == ("transaction-response", ["200 OK"] * 3 + ["201 Created"] * 2)
    patient = told["entry"][0]["response"]["location"]
    for entry in told["entry"][3:]:
        read = door.get(f"/{entry['response']['location']}").json
        assert read == entry["resource"]
        assert read["subject"]["reference"] == patient
        (medicine,) = [item for item in read["contained"] if item["resourceType"] == "Medication"]
        assert read["medicationReference"]["reference"] == f"#{medicine['id']}"
    assert '"value": 1.50' in door.get(f"/{told['entry'][3]['response']['location']}").get_data(as_text=True)
    assert len(door.orders()) == before + 2


def test_a_transaction_is_taken_whole_or_not_at_all(door: Door) -> None:
    good, used = request(), request()
    assert door.transact(bundle(used)).status_code == 200
    before = len(door.orders())
    assert door.transact(bundle(good, used)).status_code == 409
    assert door.transact(bundle(good, request(intent="plan"))).status_code == 422
    assert len(door.orders()) == before
    again = bundle(good, used)
    again["entry"][4]["request"]["ifNoneExist"] = f"identifier={SYSTEM}|{used['identifier'][0]['value']}"
    again["entry"][4]["resource"]["dispenseRequest"]["numberOfRepeatsAllowed"] = 1
    assert door.transact(again).status_code == 409
    assert len(door.orders()) == before
    again["entry"][4]["resource"]["dispenseRequest"]["numberOfRepeatsAllowed"] = 2
    assert [entry["response"]["status"] for entry in door.transact(again).json["entry"][3:]] == ["201 Created", "200 OK"]


def test_a_version_is_read_as_long_as_it_is_the_present_one(shared_app: Flask, door: Door) -> None:
    told = door.create(request()).json
    key, first = told["id"], told["meta"]["versionId"]

    def hold(act: Act) -> None:
        act.session.get_one(PrescriptionRow, UUID(key)).status = "held"

    shared_app.extensions["pharmacy"].perform(ActName.PHARMACY_SEED, system_actor("seed"), hold)
    read = door.get(f"/MedicationRequest/{key}")
    second = read.json["meta"]["versionId"]
    assert (read.headers["ETag"], read.json["status"]) == (f'W/"{second}"', "on-hold")
    assert door.get(f"/MedicationRequest/{key}/_history/{second}").json == read.json
    assert door.get(f"/MedicationRequest/{key}/_history/{first}").status_code == 404


def test_preferences_hold_for_a_transaction_too(door: Door) -> None:
    order = door.transact(bundle(), Prefer="return=minimal").json["entry"][-1]
    assert "resource" not in order
    assert order["response"]["outcome"]["resourceType"] == "OperationOutcome"
    assert door.transact(bundle(), Prefer="return=all").status_code == 400


def test_a_json_that_says_so_is_taken_as_well(door: Door) -> None:
    assert door.send("/MedicationRequest", text_of(request()), **{"Content-Type": "application/json"}).status_code == 201


def cancelled(door: Door, told: dict[str, Any], etag: str | None = None, **changes: object) -> Answer:
    whole = {**told, "status": "cancelled", "statusReason": {"text": "written for the wrong patient"}, **changes}
    headers = {**door.bearer, **({"If-Match": etag} if etag else {})}
    return door.client.put(f"{R4}/MedicationRequest/{told['id']}", data=text_of(whole), content_type=MEDIA, headers=headers)


def test_an_order_is_cancelled_by_what_was_read_with_a_reason_and_nothing_else_changed(door: Door, other_door: Door) -> None:
    read = door.create(request())
    told, etag = read.json, read.headers["ETag"]
    assert refused(cancelled(door, told), 428)
    assert refused(cancelled(door, told, 'W/"0"'), 412)
    assert cancelled(other_door, told, etag).status_code == 404
    halved = {**told["dispenseRequest"], "numberOfRepeatsAllowed": 9}
    assert list(refused(cancelled(door, told, etag, dispenseRequest=halved, statusReason={}))) == [
        "MedicationRequest.dispenseRequest",
        "MedicationRequest.statusReason",
    ]
    assert list(refused(cancelled(door, told, etag, status="completed"))) == ["MedicationRequest.status"]
    more = {"coding": [{"system": "urn:other", "code": "y"}], "modifierExtension": [{"url": "urn:not"}], "extension": [{"url": "urn:x", "valueCode": "x"}]}
    assert set(refused(cancelled(door, told, etag, statusReason={"text": "no", **more}))) == {
        "MedicationRequest.statusReason.coding",
        "MedicationRequest.statusReason.modifierExtension",
        "MedicationRequest.statusReason.extension[0].url",
    }
    done = cancelled(door, told, etag)
    assert (done.status_code, done.json["status"], done.headers["ETag"] == etag) == (200, "cancelled", False)
    assert door.get(f"/MedicationRequest/{told['id']}").json["status"] == "cancelled"
    assert refused(cancelled(door, done.json, done.headers["ETag"]), 409)
