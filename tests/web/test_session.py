"""Who gets in, for how long, and what is kept when a session ends."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compounding.db.people import PersonRow
from compounding.domain.authority import ActName, Door
from compounding.domain.people import system_actor
from compounding.web.access import ROUTES
from compounding.workflow.act import Act, Pharmacy
from tests.web.conftest import PASSWORD, PIN, Visitor
from tests.web.reading import Page

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

OPEN = {endpoint for endpoint, needed in ROUTES.items() if needed is Door.OPEN}


def change_person(pharmacy: Pharmacy, username: str, **values: object) -> None:
    def change(act: Act) -> None:
        row = act.session.query(PersonRow).filter_by(username=username).one()
        for name, value in values.items():
            setattr(row, name, value)

    pharmacy.perform(ActName.PERSON_ADD, system_actor("command line"), change)


def test_every_page_but_the_sign_in_wants_somebody_signed_in(app: Flask) -> None:
    client = app.test_client()
    seen = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN or rule.endpoint not in ROUTES:
            continue
        address = rule.build(dict.fromkeys(rule.arguments, UUID(int=1)))
        assert address is not None
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(address[1], method=method)
            told = (302, "/sign-in") if method == "GET" else (401, "")  # a form is kept over the sign-in
            assert (answer.status_code, (answer.location or "").partition("?")[0]) == told, (method, rule.rule)
            seen.add(rule.endpoint)
    assert {"session.form", "session.sign_in", "second_step.code", "house.asset"} == OPEN
    assert {"prescriptions.new", "prescriptions.create", "session.sign_out"} <= seen


def test_after_the_sign_in_the_page_that_was_wanted_follows(visitor: Visitor) -> None:
    assert visitor.read("/prescriptions/new").headers["Location"] == "/sign-in?next=/prescriptions/new"
    assert visitor.sign_in("tess", following="/prescriptions/new").headers["Location"] == "/prescriptions/new"
    page = visitor.read("/prescriptions/new")
    assert page.status == 200
    assert "Tess Technician technician" in page.text


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "example.org", "/\nexample.org", ""])
def test_the_sign_in_never_leads_out_of_the_house(visitor: Visitor, elsewhere: str) -> None:
    assert visitor.sign_in("tess", following=elsewhere).headers["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("tess", "wrong"), ("nobody", PASSWORD), ("", ""), ("tess", PASSWORD + "x"), ("tess", "271828")])
def test_a_wrong_name_or_password_is_told_alike_and_the_name_is_kept(visitor: Visitor, username: str, password: str) -> None:
    page = visitor.sign_in(username, password)

    assert page.status == 422
    assert page.message("username") == "! Error: User name and password do not go together. Enter both again."
    assert (page.value("username"), page.value("password")) == (username, "")


def test_the_user_name_is_read_without_regard_to_capitals(visitor: Visitor) -> None:
    assert visitor.sign_in(" Tess ").status == 302


def test_who_no_longer_works_here_is_out_at_the_next_request(at_work: Callable[[str], Visitor], pharmacy: Pharmacy) -> None:
    tess = at_work("tess")
    change_person(pharmacy, "tess", active=False)

    assert tess.read("/prescriptions/new").status == 302
    assert tess.sign_in("tess").status == 422


def test_a_new_role_counts_from_the_next_request(at_work: Callable[[str], Visitor], pharmacy: Pharmacy) -> None:
    tess = at_work("tess")
    change_person(pharmacy, "tess", role="pharmacist")

    assert "Tess Technician pharmacist" in tess.read("/prescriptions/new").text


def test_an_administrator_may_not_take_in_prescriptions(at_work: Callable[[str], Visitor]) -> None:
    assert at_work("ada").read("/prescriptions/new").status == 403


def test_an_administrator_lands_on_a_page_that_says_what_the_role_does(at_work: Callable[[str], Visitor]) -> None:
    page = at_work("ada").read("/")

    assert "You are signed in as administrator" in page.text
    assert "systems and their tokens" in page.text
    assert "New prescription" not in page.text
    assert not page.named("q")


def test_signing_out_ends_the_session(at_work: Callable[[str], Visitor]) -> None:
    tess = at_work("tess")

    assert tess.send("/sign-out", {}).status == 302
    assert tess.read("/prescriptions/new").status == 302


def test_a_form_without_its_token_changes_nothing(at_work: Callable[[str], Visitor], app: Flask) -> None:
    tess = at_work("tess")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    assert tess.client.post("/sign-out", data={}).status_code == 400
    assert tess.read("/prescriptions/new").status == 200


def test_the_cookie_is_new_at_sign_in_and_out_of_reach_of_scripts(visitor: Visitor) -> None:
    visitor.read("/sign-in")
    before = visitor.client.get_cookie("session")
    token = visitor.read("/sign-in").value("csrf_token")
    cookies = visitor.client.post("/sign-in", data={"username": "tess", "password": PASSWORD, "csrf_token": token}).headers.getlist("Set-Cookie")

    assert before is not None
    assert {cookie.partition("=")[0] for cookie in cookies} == {"session", "browser"}
    assert not [cookie for cookie in cookies if before.value in cookie]
    assert all("HttpOnly" in cookie and "SameSite=" in cookie and "Expires" in cookie for cookie in cookies)


def test_what_was_typed_when_the_session_ended_is_sent_on_after_the_sign_in(visitor: Visitor) -> None:
    typed = {"patient.name": 'Ann "O" <b>', "steps.0.when[]": ["morning", "bedtime"], "signature.secret": "271828"}
    met = visitor.send("/prescriptions/new", typed, Origin="http://localhost")
    assert met.status == 401
    assert "What was typed is kept" in met.text

    resumed = visitor.send("/sign-in", {"username": "tess", "password": PASSWORD, "next": met.value("next"), "kept": met.value("kept")})
    form = resumed.root.find(".//main/form")
    assert form is not None
    assert form.get("action") == "/prescriptions/new"
    assert resumed.value("patient.name") == 'Ann "O" <b>'
    assert [field.get("value") for field in resumed.named("steps.0.when[]")] == ["morning", "bedtime"]
    assert resumed.named("signature.secret") == []


def test_a_form_from_elsewhere_is_not_carried_over_a_sign_in(visitor: Visitor) -> None:
    assert visitor.send("/prescriptions/new", {"patient.name": "Ann"}, Origin="https://example.org").status == 302


@pytest.mark.parametrize("kept", ["no json", "[1]", '{"a": 1}', '[["a"]]', "null"])
def test_a_mangled_remainder_is_forgotten(visitor: Visitor, kept: str) -> None:
    assert visitor.send("/sign-in", {"username": "tess", "password": PASSWORD, "kept": kept}).status == 200


def test_a_form_from_another_house_is_refused_even_with_its_token_and_so_is_one_from_none(app: Flask) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for origin in ("https://example.org", "null", "http://localhost.example.org", "", "http://localhost:81", "https://localhost"):
        answer = tess.send("/sign-out", {}, Origin=origin)
        assert (answer.status, "nothing was done" in answer.text) == (400, True), origin
    silent, token = FlaskClient(app, app.response_class), tess.read("/sign-in").value("csrf_token")
    session = tess.client.get_cookie("session")
    assert session is not None
    silent.set_cookie("session", session.value)
    answer = silent.post("/sign-out", data={"csrf_token": token})
    assert (answer.status_code, "add-on of the browser" in answer.text) == (400, True)
    assert tess.read("/account").status == 200
    app.config["PUBLIC_URL"] = "https://pharmacy.example"  # the name that a proxy stands for, and browsers know
    assert tess.send("/sign-out", {}, Origin="https://pharmacy.example").status == 302


def test_a_form_that_was_open_before_the_last_sign_in_is_sent_again_by_a_click_and_loses_nothing_but_secrets(app: Flask) -> None:
    tess = Visitor(app.test_client())
    tess.sign_in("tess")
    stale = tess.read("/account").value("csrf_token")
    tess.sign_in("tess")
    again = Page.of(tess.client.post("/prescriptions/new", data={"csrf_token": stale, "patient.name": "Ann", "signature.secret": PIN}))
    assert (again.status, again.value("patient.name"), again.named("signature.secret"), PIN in again.text) == (400, "Ann", [], False)
    form = again.root.find(".//main/form")
    assert form is not None
    assert form.get("action") == "/prescriptions/new"
    assert again.value("csrf_token") not in {stale, ""}
    secrets = {"old": PASSWORD, "new": "a new password of mine", "again": "a new password of mine", "pin": "314159", "code": "123456"}
    answer = tess.client.post("/account/password", data={"csrf_token": stale, **secrets})
    assert (answer.status_code, [name for name, text in secrets.items() if text in answer.text]) == (400, [])
    late = Page.of(app.test_client().post("/sign-in", data={"csrf_token": stale, "username": "tess", "password": PASSWORD, "kept": "[]", "next": "/stock"}))
    assert (late.status, late.value("username"), late.value("kept"), late.value("next")) == (400, "tess", "[]", "/stock")
    assert late.message("password").startswith("! Error: This page was open for long.")
