"""A prescriber's system sends an order, once, and sees what became of it."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from flask import Flask, json
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from compounding.db.people import ClientRow, ClientTokenRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.domain.authority import ActName
from compounding.domain.errors import Invalid
from compounding.domain.people import system_actor
from compounding.workflow.act import Act
from tests.api.conftest import ORDERS, System, system
from tests.api.orders import NPI, OTHER_NPI, changed, titration


def test_an_order_is_answered_with_its_number_its_address_and_the_course_as_understood(clinic: System) -> None:
    answer = clinic.send(titration())
    assert answer.status_code == 201
    told = answer.get_json()
    assert answer.headers["Location"] == told["links"]["self"] == f"{ORDERS}/{told['id']}"
    assert (told["number"], told["course"], told["refills_left"]) == ("100001", {"days": 42, "total_mg": "126"}, 2)
    assert told["status"] == "received"
    again = clinic.get(answer.headers["Location"])
    assert (again.status_code, again.get_json()) == (200, told)


@pytest.mark.parametrize(
    ("path", "value", "status", "rule"),
    [
        ("steps.2.dose", "45", "declined", "R11"),
        ("steps.2.unit", "mcg", "declined", "R7"),
        ("opioid.depot", "yes", "declined", "R1"),
        ("route", "ophthalmic", "declined", "R20"),
    ],
)
def test_an_order_that_meets_a_stop_is_kept_with_the_rule_and_a_sentence(clinic: System, path: str, value: str, status: str, rule: str) -> None:
    order = changed(path, value)
    order["supply"] = {"days": 42}
    answer = clinic.send(order)
    assert answer.status_code == 201
    told = answer.get_json()
    stops = {finding["rule"]: finding for finding in told["findings"] if finding["action"] in {"stop", "hold"}}
    assert told["status"] == status
    assert stops[rule]["sentence"]
    assert stops[rule]["source"]
    assert [stored["id"] for stored in clinic.stored()] == [told["id"]]


def test_a_timed_stop_says_from_which_day_naltrexone_is_possible(clinic: System) -> None:
    opioid = {
        "recent": "yes",
        "recent_drug": "Suboxone film",
        "recent_last_dose": "2026-02-25",
        "depot": "no",
        "surgery": "no",
        "answered_by": "the patient",
        "asked_by": "Dr Bea Sample",
    }
    told = clinic.send(changed("opioid", opioid)).get_json()
    assert told["status"] in {"held", "declined"}
    assert [finding["not_before"] for finding in told["findings"] if finding["rule"] == "R1"] == ["2026-03-11"]


def test_the_same_request_under_the_same_key_gets_the_very_same_answer_and_is_kept_once(clinic: System) -> None:
    first = clinic.send(titration(), key="order-7")
    second = clinic.send(titration(), key="order-7")
    assert (second.status_code, second.data, second.headers["Location"]) == (201, first.data, first.headers["Location"])
    assert len(clinic.stored()) == 1


def test_a_key_that_comes_with_another_order_is_refused_and_the_first_stays(clinic: System) -> None:
    first = clinic.send(titration(), key="order-7").get_json()
    answer = clinic.send(changed("refills", 1), key="order-7")
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "idempotency-key-used"
    assert [stored["id"] for stored in clinic.stored()] == [first["id"]]


def test_two_systems_may_use_the_same_key(clinic: System, neighbour: System) -> None:
    assert clinic.send(titration(), key="1").status_code == 201
    assert neighbour.send(changed("prescriber.npi", OTHER_NPI), key="1").status_code == 201
    assert (len(clinic.stored()), len(neighbour.stored())) == (1, 1)


@pytest.mark.parametrize("key", ["", "with a blank", "k" * 101])
def test_an_order_without_a_good_key_is_not_taken(clinic: System, key: str) -> None:
    answer = clinic.send(titration(), **{"Idempotency-Key": key})
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (400, "Idempotency-Key")
    assert clinic.stored() == []


def test_a_system_may_not_write_for_a_prescriber_it_was_not_made_for(clinic: System) -> None:
    answer = clinic.send(changed("prescriber.npi", OTHER_NPI))
    assert (answer.status_code, answer.get_json()["code"]) == (403, "npi")
    assert clinic.stored() == []


def test_another_systems_order_is_as_unknown_as_one_that_never_was(clinic: System, neighbour: System) -> None:
    own = clinic.send(titration()).headers["Location"]
    theirs, never = neighbour.get(own), neighbour.get(f"{ORDERS}/00000000-0000-4000-8000-000000000000")
    assert theirs.status_code == never.status_code == 404
    assert {**theirs.get_json(), "instance": ""} == {**never.get_json(), "instance": ""}
    assert neighbour.stored() == []


def test_orders_are_listed_page_by_page_and_by_status(clinic: System) -> None:
    sent = [clinic.send(titration()).get_json()["number"]]
    sent += [clinic.send(changed("patient.name", f"Ada Example {turn}")).get_json()["number"] for turn in ("the second", "the third")]
    first = clinic.get(f"{ORDERS}?limit=2").get_json()
    second = clinic.get(first["links"]["next"]).get_json()
    assert [[found["number"] for found in page["prescriptions"]] for page in (first, second)] == [sent[:2], sent[2:]]
    assert second["links"] == {}
    assert clinic.get(f"{ORDERS}?status=cancelled").get_json()["prescriptions"] == []


@pytest.mark.parametrize(("query", "field"), [("limit=0", "limit"), ("limit=1e1", "limit"), ("status=lost", "status"), ("sort=name", "sort")])
def test_a_query_that_is_not_known_is_refused_by_name(clinic: System, query: str, field: str) -> None:
    answer = clinic.get(f"{ORDERS}?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic Y2xpbmljOng=", f"Bearer {'x' * 500}", f"Bearer {NPI}"])
def test_without_a_known_token_nothing_is_read(clinic: System, header: str | None) -> None:
    headers = {"Idempotency-Key": "1", **({"Authorization": header} if header else {})}
    answer = clinic.client.post(ORDERS, data="not even JSON", headers=headers, content_type="application/json")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert clinic.stored() == []


def test_a_cookie_does_not_open_the_api(clinic: System) -> None:
    browser: FlaskClient = clinic.client
    browser.set_cookie("Authorization", f"Bearer {clinic.token}")
    browser.set_cookie("token", clinic.token)
    assert browser.get(ORDERS).status_code == 401


def test_a_retired_token_opens_nothing(app: Flask, clinic: System) -> None:
    assert clinic.get(ORDERS).status_code == 200

    def retire(act: Act) -> None:
        act.session.scalars(select(ClientRow)).one().active = False

    app.extensions["pharmacy"].perform(ActName.CLIENT_ADD, system_actor("command line"), retire)
    assert clinic.get(ORDERS).status_code == 401


def test_the_same_request_sent_twice_at_once_is_kept_once(app: Flask, clinic: System) -> None:
    body = json.dumps(titration())

    def send(_turn: int) -> TestResponse:
        return System(app.test_client(), clinic.token).send_text(body, key="twice")

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(send, range(2)))
    taken = [answer.data for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    assert len(set(taken)) == 1
    assert len(clinic.stored()) == 1


def test_what_was_sent_is_kept_as_it_came(app: Flask, clinic: System) -> None:
    body = json.dumps(titration(), indent=3)
    clinic.send_text(body)
    kept = app.extensions["pharmacy"].perform(
        ActName.PHARMACY_SEED, system_actor("seed"), lambda act: act.session.scalars(select(PrescriptionRow.literal)).all()
    )
    assert kept == [body]


def test_a_system_without_a_prescriber_or_with_a_mistyped_one_is_not_made(app: Flask) -> None:
    with pytest.raises(Invalid, match="1234567890"):
        system(app, "Harbour Clinic", "1234567890")
    with pytest.raises(Invalid, match="at least one NPI"):
        system(app, "Harbour Clinic")


def test_a_token_is_kept_as_its_hash_only(app: Flask, clinic: System) -> None:
    row = app.extensions["pharmacy"].perform(ActName.PHARMACY_SEED, system_actor("seed"), lambda act: act.session.scalars(select(ClientTokenRow)).one())
    assert row.token_sha256 == sha256(clinic.token.encode()).hexdigest()
