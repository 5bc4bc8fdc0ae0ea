"""What does not come in, how it is told, and that nothing of it is stored. It never reaches a database, so one kind of database is enough."""

from typing import Any

import pytest
from flask import Flask, json
from werkzeug.test import TestResponse

from tests.api.conftest import ORDERS, System
from tests.api.orders import changed, titration, without

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

DOSE = "steps.0.dose"
WRITE_DIGITS = "Write digits with a point, a zero before it and none after it"


def refused(answer: TestResponse, status: int) -> dict[str, list[str]]:
    """The refused fields with their sentences, once the answer is proved to be a problem document of this status."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    document: dict[str, Any] = answer.get_json()
    assert (document["status"], document["instance"][:9]) == (status, "urn:uuid:")
    fields: dict[str, list[str]] = {}
    for error in document["errors"]:
        fields.setdefault(error["field"], []).append(error["message"])
    return fields


@pytest.mark.parametrize(
    "dose", ["4,5", ".5", "5.0", "5.", "1_0", "٤.٥", "４.５", "1e2", " 4.5", "4.5\n", "+1", "-1", "1000", "0.0001", "", "4.5mg", "NaN", "00.5"]
)
def test_a_dose_has_one_spelling(clinic: System, dose: str) -> None:
    fields = refused(clinic.send(changed(DOSE, dose)), 422)
    assert list(fields) == [DOSE]
    assert WRITE_DIGITS in fields[DOSE][0]
    assert clinic.stored() == []


@pytest.mark.parametrize(("literal", "hint"), [("4.5", '"4.5"'), ("4.50", '"4.50"'), ("5", '"5"'), ("1e400", '"1E+400"')])
def test_a_json_number_for_a_dose_is_refused_with_the_text_to_send(clinic: System, literal: str, hint: str) -> None:
    body = json.dumps(changed(DOSE, "HERE")).replace('"HERE"', literal)
    fields = refused(clinic.send_text(body), 422)
    assert fields == {DOSE: [f"This is a JSON number. Send it as text, in quotes: {hint}."]}
    assert clinic.stored() == []


@pytest.mark.parametrize("dose", ["0", "0.000"])
def test_a_dose_of_zero_is_refused(clinic: System, dose: str) -> None:
    assert list(refused(clinic.send(changed(DOSE, dose)), 422)) == [DOSE]


def test_a_key_that_stands_twice_is_refused_by_name_and_place(clinic: System) -> None:
    body = json.dumps(changed("steps.1.dose", "HERE")).replace('"dose": "HERE"', '"dose": "4.5", "dose": "45"')
    fields = refused(clinic.send_text(body), 400)
    assert fields == {"steps.1.dose": ["The key dose stands here twice. Send it once."]}
    assert clinic.stored() == []


@pytest.mark.parametrize("missing", ["opioid", "opioid.recent"])
def test_without_an_answer_to_the_opioid_question_nothing_is_taken(clinic: System, missing: str) -> None:
    fields = refused(clinic.send(without(missing)), 422)
    assert "yes, no or unknown" in fields["opioid.recent"][0]
    assert clinic.stored() == []


@pytest.mark.parametrize(("path", "field"), [("colour", "colour"), ("steps.0.dosage", "steps.0.dosage"), ("patient.nickname", "patient.nickname")])
def test_a_field_that_is_not_known_is_refused_with_its_path(clinic: System, path: str, field: str) -> None:
    assert list(refused(clinic.send(changed(path, "x")), 422)) == [field]
    assert clinic.stored() == []


def test_every_wrong_field_is_told_at_once(clinic: System) -> None:
    order = changed(DOSE, "4,5")
    order["patient"]["birth_date"] = "1980-02-30"
    order["prescriber"]["npi"] = "1234567890"
    order["therapy"] = {"status": "continuing"}
    del order["supply"]
    assert set(refused(clinic.send(order), 422)) == {DOSE, "patient.birth_date", "prescriber.npi", "therapy.present_dose", "supply"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"{'dose': 1}", "not-json"),
        (b'{"dose": NaN}', "not-json"),
        (b'{"dose": -Infinity}', "not-json"),
        (b'\xef\xbb\xbf{"form": "capsule"}', "not-json"),
        (b'{"form": "caps\xffule"}', "not-utf-8"),
        (b'{"patient": {"name": "\\ud83d"}}', "surrogate"),
        (b'{"\\udc00": 1}', "surrogate"),
        (b"[" * 5_000 + b"]" * 5_000, "not-json"),
        (b"[" * 20 + b"]" * 20, "too-deep"),
        (b'{"days": 1e9999999999999999999}', "not-json"),
    ],
)
def test_what_is_not_plain_json_is_answered_with_400(clinic: System, body: bytes, code: str) -> None:
    answer = clinic.send_text(body)
    refused(answer, 400)
    assert answer.get_json()["code"] == code
    assert clinic.stored() == []


def test_an_endless_number_costs_no_time_and_is_refused_by_its_field(clinic: System) -> None:
    body = json.dumps(changed("refills", "HERE")).replace('"HERE"', "9" * 100_000)
    assert list(refused(clinic.send_text(body), 422)) == ["refills"]


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "7"])
def test_json_that_is_no_object_is_refused_with_what_to_send(clinic: System, body: str) -> None:
    assert refused(clinic.send_text(body), 422) == {"": ["Send an object with named fields."]}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_a_body_that_does_not_say_that_it_is_json_is_not_read(clinic: System, kind: str) -> None:
    answer = clinic.send(titration(), **{"Content-Type": kind})
    refused(answer, 415)
    assert clinic.stored() == []


def test_a_body_beyond_the_limit_is_refused(clinic: System) -> None:
    refused(clinic.send_text("x" * 300_000), 413)


@pytest.mark.parametrize("character", ["\x00", "\u202e", "\u200b", "\n", "\ue000", "\u2028", "\u0378"])
def test_a_name_with_a_character_that_prints_otherwise_is_refused_by_code_point(clinic: System, character: str) -> None:
    fields = refused(clinic.send(changed("patient.name", f"Ada{character}Example")), 422)
    assert f"U+{ord(character):04X}" in fields["patient.name"][0]
    assert clinic.stored() == []


def test_an_unknown_address_under_the_api_is_a_problem_document(app: Flask) -> None:
    refused(app.test_client().get("/api/v1/nothing"), 404)


def test_a_wrong_method_keeps_the_list_of_right_ones(clinic: System) -> None:
    answer = clinic.client.delete(ORDERS, headers=clinic.bearer)
    refused(answer, 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
