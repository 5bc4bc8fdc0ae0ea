"""A small version of the run of `tests.generated`, and that its document says what its readers need."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.adversary import House
from tests.api.conftest import ORDERS
from tests.generated import run

ALWAYS = {"400", "401", "403", "404", "405", "422", "429", "500", "503"}


@pytest.mark.campaign
def test_generated_requests_meet_no_failure_and_no_answer_outside_of_the_document(house: House) -> None:
    found = run(house, 44, 3)
    assert found.wrong == ()
    assert sum(found.operations.values()) >= 40
    assert {200, 404, 422} <= set(found.statuses)
    assert not {status for status in found.statuses if status >= 500}


def operations(house: House) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in house.app.test_client().get("/api/openapi.json").get_json()["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield path, method, operation


def test_every_operation_tells_its_refusals_and_every_change_its_headers(house: House) -> None:
    for path, method, operation in operations(house):
        assert set(operation["responses"]) >= ALWAYS, path
        headers = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter.get("in") == "header"}
        changes, sends = method == "post" and "{" in path, method == "post" and path == ORDERS
        assert headers == ({"Idempotency-Key", "If-Match"} if changes else {"Idempotency-Key"} if sends else set())
        assert "default" not in operation["responses"]
        if changes:
            assert {"409", "412", "428"} <= set(operation["responses"])
            assert "ETag" in operation["responses"]["200"]["headers"]


def test_every_body_and_every_good_answer_to_one_has_an_example(house: House) -> None:
    for path, method, operation in operations(house):
        if method == "post":
            body = operation["requestBody"]["content"]["application/json"]
            assert body.get("example") or body.get("examples"), path
            good = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))["content"]["application/json"]
            assert good.get("example") or good.get("examples"), path


def test_a_refusal_is_shown_with_its_headers_and_an_example(house: House) -> None:
    answers = house.app.test_client().get("/api/openapi.json").get_json()["components"]["responses"]
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(answers["TOO_MANY_REQUESTS"]["headers"])
    assert "WWW-Authenticate" in answers["UNAUTHORIZED"]["headers"]
    assert "Allow" in answers["METHOD_NOT_ALLOWED"]["headers"]
    example = answers["UNPROCESSABLE_ENTITY"]["content"]["application/problem+json"]["example"]
    assert example["errors"][0]["pointer"] == "/steps/1/dose"
