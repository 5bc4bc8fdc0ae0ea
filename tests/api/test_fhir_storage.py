"""What the databases themselves keep, alike on both: a number names one order, an assertion is used once, and every search finds the same."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from compounding.db.sent_orders import SentOrderRow
from compounding.db.system_access import ClientKeyRow, UsedAssertionRow
from compounding.domain.authority import ActName
from compounding.domain.errors import Conflict
from compounding.domain.people import system_actor
from compounding.workflow.act import Act
from compounding.workflow.system_access import add_keys, retire_key
from tests.api.conftest import System
from tests.api.fhir import Answer, Door
from tests.api.resources import SYSTEM, bundle, request
from tests.api.signatures import TOKEN, Signer
from tests.api.test_backend_services import NOW, client_id

_ACTOR = system_actor("seed")


def test_both_databases_keep_a_number_and_an_assertion_once_and_find_alike(app: Flask, clinic: System) -> None:
    door = Door(FlaskClient(app, Answer), clinic.token, app.extensions["pharmacy"])
    order = door.transact(bundle(request())).json["entry"][-1]["resource"]
    number, client = order["identifier"][0]["value"], client_id(door.pharmacy)
    patient = order["subject"]["reference"]
    queries = ["authoredon=2026-03-01", "_lastUpdated=2026-03-02", f"identifier={SYSTEM}|{number}", f"_id={order['id']}"]
    queries += [
        f"identifier=urn:compounding:rx-number|{order['identifier'][1]['value']},none",
        "authoredon=ne2026-02&_lastUpdated=le9999",
        f"identifier={SYSTEM}|",
    ]
    for query in (f"patient={patient}&intent=order&status=active", *queries):
        assert [entry["resource"]["id"] for entry in door.search("MedicationRequest", query)["entry"]] == [order["id"]], query
    assert door.search("MedicationRequest", "_lastUpdated=lt2026-03-02")["total"] == 0
    fresh = request()
    condition = f"identifier={SYSTEM}|{fresh['identifier'][0]['value']}"
    with ThreadPoolExecutor(4) as hands:  # all at once: one is kept, and each of the others is told of it
        answers = list(hands.map(lambda _: replace(door, client=FlaskClient(app, Answer)).create(fresh, **{"If-None-Exist": condition}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["id"] for answer in answers}) == 1
    several = [request() for _ in range(4)]
    for one in several:
        one["contained"][0] = several[0]["contained"][0]
    with ThreadPoolExecutor(4) as hands:  # the orders of a patient who was not known
        answers = list(hands.map(lambda one: replace(door, client=FlaskClient(app, Answer)).create(one), several))
    assert ([answer.status_code for answer in answers], len({answer.json["subject"]["reference"] for answer in answers})) == ([201] * 4, 1)
    for query in ("", f"patient={patient}&status=completed,entered-in-error&whenhandedover=2026", f"prescription={order['id']}&_lastUpdated=ge2026"):
        assert door.search("MedicationDispense", query)["total"] == 0

    def again(act: Act) -> None:
        act.session.add(SentOrderRow(prescription_id=UUID(order["id"]), client_id=client, system=SYSTEM, value=number, place=0))

    def twice(act: Act) -> None:
        rows = [UsedAssertionRow(client_id=client, jti_sha256="a" * 64, expires_at=act.at + timedelta(minutes=5), used_at=act.at) for _ in range(2)]
        act.session.add_all(rows)

    for change in (again, twice):
        with pytest.raises(Conflict, match="Somebody else"):
            door.pharmacy.perform(ActName.PHARMACY_SEED, _ACTOR, change)
    signer = Signer(str(client), NOW)
    door.pharmacy.perform(ActName.CLIENT_ADD_KEY, system_actor("command line"), lambda act: add_keys(act, client, {"keys": [signer.public]}))
    form = signer.form(client_assertion=signer.sign(signer.claims(TOKEN)))
    first, second = (door.client.post("/oauth/token", data=form) for _ in range(2))
    assert (first.status_code, second.status_code, second.json["error"]) == (200, 401, "invalid_client")
    bearer = {"Authorization": f"Bearer {first.json['access_token']}"}
    assert door.client.get(f"/fhir/R4/MedicationRequest/{order['id']}", headers=bearer).json == order
    door.pharmacy.perform(ActName.CLIENT_RETIRE_KEY, system_actor("command line"), lambda act: retire_key(act, client, signer.key.kid))
    with pytest.raises(DBAPIError, match="client_key"), door.pharmacy.engine.execution_options(compounding_migrates=True).begin() as connection:
        connection.execute(update(ClientKeyRow).values(retired_at=None))
