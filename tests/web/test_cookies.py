"""What a browser holds of a session, and what somebody tries with it who should not have it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from compounding.app import create_app
from compounding.settings import Settings
from tests.conftest import Clock
from tests.web.conftest import PASSWORD, Visitor
from tests.web.reading import Page

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def is_in(visitor: Visitor) -> bool:
    return visitor.client.get("/account").status_code == 200


def test_no_cookie_goes_with_a_file_that_caches_may_keep_or_with_an_answer_of_the_api(at_work: Callable[[str], Visitor]) -> None:
    tess = at_work("tess")
    for address in ("/assets/house.css", "/api/openapi.json", "/api/v1/prescriptions", "/health"):
        answer = tess.client.get(address, buffered=True)
        assert (answer.headers.getlist("Set-Cookie"), "Cookie" in answer.headers.get("Vary", "")) == ([], False), address
    assert tess.client.get("/account").headers.getlist("Set-Cookie") != []


def test_where_there_is_tls_the_cookies_belong_to_this_host_alone(settings: Settings, clock: Clock) -> None:
    app = create_app(replace(settings, is_demonstration=False, second_factor=False), clock=clock)
    client = app.test_client()
    token = Page.of(client.get("/sign-in", base_url="https://localhost")).value("csrf_token")
    form = {"username": "tess", "password": PASSWORD, "csrf_token": token}
    answer = client.post("/sign-in", data=form, base_url="https://localhost")
    assert answer.status_code == 302
    cookies = {cookie.partition("=")[0]: cookie.split("; ") for cookie in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-session", "__Host-browser"}
    assert all({"Secure", "HttpOnly", "Path=/"} <= set(parts) and not [part for part in parts if part.startswith("Domain")] for parts in cookies.values())
    assert client.get("/account", base_url="https://localhost").status_code == 200
    app.extensions["pharmacy"].engine.dispose()


def test_whoever_signs_in_over_somebody_ends_that_session_on_the_server_too(app: Flask, at_work: Callable[[str], Visitor]) -> None:
    tess, thief = at_work("tess"), Visitor(app.test_client())
    copied = tess.client.get_cookie("session")
    assert copied is not None
    thief.client.set_cookie("session", copied.value)
    assert is_in(thief)
    tess.sign_in("pat")
    assert (is_in(tess), is_in(thief)) == (True, False)


def test_a_page_that_was_left_open_sets_up_no_factor_without_the_password(at_work: Callable[[str], Visitor], clock: Clock) -> None:
    tess = at_work("tess")
    assert not tess.read("/account/factor").named("signature.secret")
    clock.moment += timedelta(minutes=6)
    page = tess.read("/account/factor")
    assert page.named("signature.secret")
    code = pyotp.TOTP("".join(page.with_id("secret").itertext()).replace(" ", "")).at(clock.moment)
    assert tess.send("/account/factor", {"code": code}).message("signature.secret") != ""
    assert tess.send("/account/factor", {"code": code, "signature.secret": PASSWORD}).status == 200


def test_a_head_or_options_says_no_more_than_a_get_would(at_work: Callable[[str], Visitor], visitor: Visitor) -> None:
    ada = at_work("ada")
    for address in ("/stock", "/trail", "/glass/reports"):
        for method in ("HEAD", "OPTIONS"):
            assert (visitor.client.open(address, method=method).status_code, ada.client.open(address, method=method).status_code) == (302, 403), (
                method,
                address,
            )
