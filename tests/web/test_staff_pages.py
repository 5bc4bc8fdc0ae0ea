"""The administrator's pages: people, prescribers' systems and settings, and nothing of patients."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from compounding.db.people import ClientTokenRow, PersonRow
from compounding.db.session import reading
from compounding.domain.people import Role
from compounding.domain.scope import ALL, text_of
from compounding.workflow.act import Pharmacy
from tests.api.orders import NPI, OTHER_NPI
from tests.api.signatures import Signer
from tests.conftest import Clock
from tests.web.conftest import PASSWORD, PIN, Page, Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
JO = {"name": "Jo Okonkwo-Featherstonehaugh", "initials": "JO", "username": "jo.okonkwo", "role": "technician"}


def key_of(pharmacy: Pharmacy, username: str) -> UUID:
    with reading(pharmacy.engine) as session:
        return session.query(PersonRow).filter_by(username=username).one().id


def once(text: str) -> str:
    found = re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", text)
    assert found is not None
    return found[0]


def token_in(text: str) -> str:
    found = re.search(r"(?<=\s)[A-Za-z0-9_-]{43}(?=\s)", text)
    assert found is not None
    return found[0]


def test_somebody_joins_chooses_a_password_and_works(at_work: Callable[[str], Visitor], app: Flask) -> None:
    ada = at_work("ada")
    told = ada.send("/staff", JO)
    assert told.status == 200
    password = once(told.text)
    assert password not in ada.read("/staff").text
    assert "password for once" in ada.read("/staff").text
    jo = Visitor(app.test_client())
    assert jo.sign_in("jo.okonkwo", password).headers["Location"] == "/"
    new = "four words of mine"
    assert jo.send("/account/password", {"old": password, "new": new, "again": new, "pin": PIN}).status == 303
    assert jo.read("/stock").status == 200
    assert "signed in" in ada.read("/staff").text


REFUSED = [("name", ""), ("username", "Jo"), ("username", "tess"), ("role", "prescriber"), ("initials", "ABCDE")]


@pytest.mark.parametrize(("field", "typed"), REFUSED)
def test_who_cannot_join_is_refused_by_field_with_all_that_was_typed(at_work: Callable[[str], Visitor], field: str, typed: str) -> None:
    page = at_work("ada").send("/staff", {**JO, field: typed})
    assert page.status == 422
    assert page.message(field).startswith("! Error: ") or field == "role"
    assert page.value("initials") == {**JO, field: typed}["initials"]


def test_roles_change_accounts_are_disabled_and_used_again(at_work: Callable[[str], Visitor], pharmacy: Pharmacy, app: Flask) -> None:
    ada, tess, key = at_work("ada"), at_work("tess"), key_of(pharmacy, "tess")
    assert ada.send(f"/staff/{key}/role", {"role": "pharmacist"}).status == 303
    assert tess.client.get("/stock").status_code == 302
    assert ada.send(f"/staff/{key}/disable", {}).status == 303
    assert Visitor(app.test_client()).sign_in("tess").status == 422
    assert "Works here again" in ada.read(f"/staff/{key}").text
    assert ada.send(f"/staff/{key}/readmit", {}).status == 409
    password = once(ada.send(f"/staff/{key}/enable", {}).text)
    assert Visitor(app.test_client()).sign_in("tess", PASSWORD).status == 422
    assert Visitor(app.test_client()).sign_in("tess", password).status == 302


def test_nobody_changes_themselves_and_the_last_administrator_stays(at_work: Callable[[str], Visitor], pharmacy: Pharmacy) -> None:
    ada, key = at_work("ada"), key_of(pharmacy, "ada")
    for act, fields in (("role", {"role": Role.TECHNICIAN.value}), ("disable", {})):
        page = ada.send(f"/staff/{key}/{act}", fields)
        assert page.status == 409
        assert "Ask another administrator" in page.text
    assert ada.read("/staff").status == 200


def test_the_administrators_rooms_are_people_and_systems_and_the_auditors_are_the_books(at_work: Callable[[str], Visitor]) -> None:
    links = re.compile(r'<li><a href="[^"]*"[^>]*>([^<]*)</a></li>')
    rooms = {who: links.findall(at_work(who).read("/account").html.replace("&#39;", "'")) for who in ("ada", "otto", "tess")}
    assert rooms["ada"] == ["Staff", "Prescribers' systems", "Upkeep", "Break the glass"]
    assert rooms["otto"] == ["Batches", "Stock", "Formulas", "Upkeep", "Trail", "Broken glass", "Break the glass"]
    assert "Trail" not in rooms["tess"]


def test_a_system_is_added_and_its_token_is_shown_once(at_work: Callable[[str], Visitor], app: Flask) -> None:
    ada = at_work("ada")
    told = ada.send("/systems", {"name": "Harbour Clinic", "npis[]": f"{NPI}\n{OTHER_NPI}", "scopes": text_of(ALL), "days": "365"})
    assert told.status == 200
    token = token_in(told.text)
    answer = app.test_client().get("/api/v1/prescriptions", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    shown = ada.read("/systems").html
    assert token not in shown
    assert "Harbour Clinic" in shown


def test_a_token_takes_over_is_revoked_and_the_system_is_shut_out(at_work: Callable[[str], Visitor], app: Flask, pharmacy: Pharmacy, clock: Clock) -> None:
    def opens(token: str) -> bool:
        return app.test_client().get("/api/v1/prescriptions", headers={"Authorization": f"Bearer {token}"}).status_code == 200

    ada = at_work("ada")
    first = token_in(ada.send("/systems", {"name": "Harbour Clinic", "npis[]": NPI, "scopes": text_of(ALL), "days": "365"}).text)
    with reading(pharmacy.engine) as session:
        row = session.query(ClientTokenRow).one()
    home = f"/systems/{row.client_id}"
    second = token_in(ada.send(f"{home}/tokens/{row.id}/rotate", {"new_name": "second", "overlap": "7", "new_days": "365"}).text)
    assert (opens(first), opens(second)) == (True, True)
    clock.moment += timedelta(days=7)
    assert (opens(first), opens(second)) == (False, True)
    third = token_in(ada.send(f"{home}/tokens", {"name": "third", "scopes": text_of(ALL), "days": "1"}).text)
    assert ada.send(f"{home}/close", {}).status == 303
    assert (opens(second), opens(third)) == (False, False)
    shut = ada.send(f"{home}/tokens", {"name": "fourth", "scopes": text_of(ALL), "days": "1"})
    assert (shut.status, "This system is shut out. Let it in first." in shut.text) == (422, True)
    assert ada.send(f"{home}/open", {}).status == 303
    assert (opens(second), opens(third)) == (True, True)
    with reading(pharmacy.engine) as session:
        key = session.query(ClientTokenRow).filter_by(name="third").one().id
    assert ada.send(f"{home}/tokens/{key}/revoke", {}).status == 303
    assert (opens(second), opens(third)) == (True, False)
    assert ada.send(f"{home}/npis", {"npi": "1234567890"}).message("npi") != ""
    assert ada.send(f"{home}/npis", {"npi": OTHER_NPI}).status == 303
    assert OTHER_NPI in ada.read(home).text
    wrong = ada.send(f"{home}/tokens/{key}/rotate", {"new_name": "x", "overlap": "7", "new_days": "365"})
    assert (wrong.status, "revoked" in wrong.text) == (422, True)


def test_a_system_gets_keys_and_an_address_on_its_page(at_work: Callable[[str], Visitor], app: Flask, pharmacy: Pharmacy, clock: Clock) -> None:
    ada = at_work("ada")
    ada.send("/systems", {"name": "Harbour Clinic", "npis[]": NPI, "scopes": text_of(ALL), "days": "365"})
    with reading(pharmacy.engine) as session:
        client_id = session.query(ClientTokenRow).one().client_id
    home, signer = f"/systems/{client_id}", Signer(str(client_id), clock.moment)

    def taken(keys: object) -> Page:
        return ada.send(f"{home}/keys", {"keys": keys if isinstance(keys, str) else json.dumps(keys), "key_scopes": "system/MedicationRequest.crs"})

    def token() -> int:
        return app.test_client().post("/oauth/token", data=signer.form()).status_code

    odd = [{"keys": [signer.public | {"kid": kid}]} for kid in ("\ud800", "a\0b", "a\u202eb", " ")] + [{"keys": [signer.public] * 2}]
    for wrong in ("", "{", '{"keys": [], "keys": []}', "[]", {"keys": []}, {"keys": [signer.key.as_dict(private=True)]}, *odd):
        assert taken(wrong).message("keys") != ""
    assert (token(), taken({"keys": [signer.public]}).status, token()) == (401, 303, 200)
    (key_id,) = re.findall(rf'action="{home}/keys/([0-9a-f-]+)/retire"', ada.read(home).html)
    assert signer.key.kid in ada.read(home).text
    assert (ada.send(f"{home}/keys/{key_id}/retire", {}).status, token(), "retired" in ada.read(home).text) == (303, 401, True)

    def told(url: str, **more: str) -> Page:
        return ada.send(f"{home}/webhook", {"url": url, **more})

    for wrong_address in ("", "http://1.1.1.1/events", "https://10.0.0.1/events", "https://1.1.1.1/a b"):
        assert told(wrong_address).message("url") != ""
    first, same, other = (re.findall("whsec_[^<]+", told("https://1.1.1.1/events", **more).html) for more in ({}, {}, {"new_secret": "true"}))
    assert (len(first), len(same), len(other), first == other) == (1, 0, 1, False)
    assert ("https://1.1.1.1/events" in ada.read(home).text, "whsec_" in ada.read(home).html) == (True, False)


def test_settings_are_shown_without_a_secret(at_work: Callable[[str], Visitor], app: Flask) -> None:
    page = at_work("ada").read("/staff/settings")
    assert "America/Los_Angeles" in page.text
    assert app.config["PUBLIC_URL"] in page.text
    assert app.config["SECRET_KEY"] not in page.html
