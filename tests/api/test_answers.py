"""What every answer carries, how errors are told on either side, and the document that describes the API."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from compounding.domain.errors import Conflict, Forbidden, Invalid, PharmacyError, Unknown, Unsafe
from compounding.workflow.act import Busy
from tests.api.conftest import ORDERS, System

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SECRET = "the third drawer on the left"


def raising(app: Flask, error: Exception) -> None:
    """Two addresses that fail with `error`: one under the API, and one outside of it that asks for no sign-in."""

    def fail() -> str:
        raise error

    app.view_functions["api-page.page"] = fail  # /api/docs
    app.view_functions["session.form"] = fail  # /sign-in


def values(found: object) -> Iterator[tuple[str, object]]:
    """Every key with its value, however deep."""
    if isinstance(found, dict):
        for key, inner in found.items():
            yield key, inner
            yield from values(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from values(inner)


@pytest.mark.parametrize("address", ["/health", "/nothing", "/sign-in", "/", "/api/docs", "/api/openapi.json", "/api/v1/nothing", ORDERS])
def test_every_answer_is_hardened(app: Flask, address: str) -> None:
    headers = app.test_client().get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert headers["Cache-Control"] == "no-store"
    assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_an_answer_to_a_stored_order_is_kept_by_no_cache(clinic: System) -> None:
    assert clinic.get(ORDERS).headers["Cache-Control"] == "no-store"


def test_health_is_told_only_after_the_database_has_answered(app: Flask) -> None:
    assert app.test_client().get("/health").data == b"ok\n"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("a-code", "Say it otherwise."), 422),
        (Unknown("a-code", "There is no such thing."), 404),
        (Forbidden("a-code", "Ask somebody else."), 403),
        (Conflict("a-code", "It has moved on."), 409),
        (Unsafe("a-code", "It would harm.", rule="R1"), 422),
    ],
)
def test_each_kind_of_error_has_one_status_on_both_sides(app: Flask, error: PharmacyError, status: int) -> None:
    raising(app, error)
    api, page = (app.test_client().get(address) for address in ("/api/docs", "/sign-in"))
    assert (api.status_code, api.mimetype) == (status, "application/problem+json")
    document = api.get_json()
    assert (document["code"], document["detail"], document["facts"]) == ("a-code", error.sentence, dict(error.facts))
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert error.sentence in page.text


def test_a_busy_pharmacy_asks_to_try_again(app: Flask) -> None:
    raising(app, Busy(Busy.sentence))
    answer = app.test_client().get("/api/docs")
    assert (answer.status_code, answer.headers["Retry-After"], answer.get_json()["code"]) == (503, "2", "busy")


def test_a_defect_is_told_by_its_number_alone_and_logged_under_it(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    raising(app, RuntimeError(SECRET))
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/api/docs")
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert answer.get_json()["instance"] in caplog.text


def test_outside_of_the_api_a_problem_is_a_page(app: Flask) -> None:
    answer = app.test_client().get("/assets/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "There is nothing at this address" in answer.text


def test_when_the_house_itself_cannot_be_shown_a_plain_page_is(app: Flask) -> None:
    def broken(_context: object = None) -> dict[str, Any]:
        raise RuntimeError(SECRET)

    app.context_processor(broken)
    answer = app.test_client().get("/assets/nothing")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text
    assert SECRET not in answer.text


def test_the_document_describes_every_address_and_every_reference_in_it_leads_somewhere(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    served = {re.sub(r"<uuid:(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert set(document["paths"]) == served
    assert len(served) > 9
    references = {value for key, value in values(document) if key == "$ref"}
    for reference in references:
        place = document
        for part in str(reference).removeprefix("#/").split("/"):
            place = place[part]
    assert len(references) > 10
    tagged = [
        way["get"]["responses"] for way in document["paths"].values() if "ETag" in way.get("get", {}).get("responses", {}).get("200", {}).get("headers", {})
    ]
    assert ["ETag" in told["304"]["headers"] for told in tagged] == [True] * 4


def test_the_document_says_how_a_dose_is_written_and_that_a_key_is_compulsory(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").get_json()
    dose = document["components"]["schemas"]["Step"]["properties"]["dose"]
    assert (dose["type"], dose["pattern"]) == ("string", r"^(0|[1-9][0-9]{0,2})(\.[0-9]{0,2}[1-9])?$")
    (key,) = document["paths"][ORDERS]["post"]["parameters"]
    assert (key["name"], key["required"]) == ("Idempotency-Key", True)
    assert document["paths"][ORDERS]["post"]["responses"]["422"]
    refusal = document["components"]["responses"]["UNPROCESSABLE_ENTITY"]["content"]
    assert list(refusal) == ["application/problem+json"]
    assert document["security"] == [{"token": []}]


def test_the_documents_page_works_without_a_network_and_without_script_of_its_own_in_it(app: Flask) -> None:
    browser = app.test_client()
    page = browser.get("/api/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("<!doctype", "")
    assert "<script>" not in page.text
    for name in ("start.js", "swagger-ui.css", "swagger-ui-bundle.js"):
        assert f"/api/docs/{name}" in page.text
        with browser.get(f"/api/docs/{name}") as asset:
            assert asset.status_code == 200
    assert browser.get("/api/docs/index.html").status_code == 404
