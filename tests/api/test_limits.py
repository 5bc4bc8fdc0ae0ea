"""How much and how often may be asked, and that every refusal of the API is a problem document with its code."""

from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import pytest

from compounding.api.rate import WINDOW, Counter
from tests.adversary import House
from tests.api.conftest import ORDERS
from tests.api.orders import titration

MOMENT = datetime(2026, 3, 2, 17, 0, 18, tzinfo=UTC)
SYSTEM, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House.opened(sqlite_template, tmp_path_factory.mktemp("limits"), api_rate=40)
    yield house
    house.close()


@pytest.fixture(autouse=True)
def _next_minute(house: House) -> None:
    house.bench.clock.moment = house.bench.clock.moment.replace(minute=(house.bench.clock.moment.minute + 1) % 60)


def _ask(place: Path) -> list[int]:
    counter = Counter(place, 100)
    return [counter.take(SYSTEM, MOMENT).left for _ in range(25)]


def test_every_process_of_a_machine_counts_on_from_the_others(tmp_path: Path) -> None:
    with get_context("fork").Pool(4) as processes:
        told = processes.map(_ask, [tmp_path] * 4)
    assert sorted(left for each in told for left in each) == list(range(100))
    assert Counter(tmp_path, 100).take(SYSTEM, MOMENT).left == -1
    assert Counter(tmp_path, 100).take(OTHER, MOMENT).left == 99


def test_the_next_minute_begins_anew_and_a_torn_count_stops_nobody(tmp_path: Path) -> None:
    counter = Counter(tmp_path, 2)
    assert [counter.take(SYSTEM, MOMENT).left for _ in range(3)] == [1, 0, -1]
    assert counter.take(SYSTEM, MOMENT).seconds == 42
    assert counter.take(SYSTEM, MOMENT.replace(minute=1, second=0)).seconds == WINDOW
    (tmp_path / str(SYSTEM)).write_text("17", encoding="ascii")
    assert counter.take(SYSTEM, MOMENT).left == 1


def test_who_asks_too_often_is_told_when_to_go_on_and_what_is_left_all_along(house: House) -> None:
    told = [house.clinic.get(f"{ORDERS}?limit=1") for _ in range(41)]
    assert [answer.status_code for answer in told] == [200] * 40 + [429]
    assert [answer.headers["RateLimit"] for answer in told[:2]] == ['"systems";r=39;t=60', '"systems";r=38;t=60']
    assert told[-1].headers["RateLimit"] == '"systems";r=0;t=60'
    assert told[-1].headers["RateLimit-Policy"] == '"systems";q=40;w=60'
    assert (told[-1].headers["Retry-After"], told[-1].get_json()["code"]) == ("60", "too-many-requests")
    assert house.neighbour.get(f"{ORDERS}?limit=1").status_code == 200
    assert "RateLimit" not in house.app.test_client().get("/health").headers


@pytest.mark.parametrize(
    ("method", "where", "body", "said"),
    [
        ("GET", "/api/v1/nothing", b"", (404, "not-found")),
        ("GET", f"{ORDERS}/not-a-key", b"", (404, "not-found")),
        ("PUT", ORDERS, b"", (405, "method-not-allowed")),
        ("POST", ORDERS, b"x" * 300_000, (413, "request-entity-too-large")),
        ("POST", ORDERS, b"{", (400, "not-json")),
        ("POST", ORDERS, b"[" * 10 + b"]" * 10, (400, "too-deep")),
        ("POST", ORDERS, b"[" * 200_000, (400, "not-json")),
        ("POST", ORDERS, b'{"steps": [' + b"1," * 100 + b"1]}", (400, "list-too-long")),
        ("POST", ORDERS, b'{"a": 1, "a": 2}', (400, "key-twice")),
    ],
)
def test_every_refusal_is_a_problem_with_a_code_and_a_sentence(house: House, method: str, where: str, body: bytes, said: tuple[int, str]) -> None:
    status, code = said
    headers = {**house.clinic.bearer, "Idempotency-Key": "limits", "Content-Type": "application/json"}
    answer = house.clinic.client.open(where, method=method, data=body, headers=headers)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    told = answer.get_json()
    assert (told["code"], told["status"], told["type"]) == (code, status, f"urn:problem:{code}")
    assert told["detail"].endswith(".")
    assert status != 405 or answer.headers["Allow"]


def test_a_body_that_is_no_json_by_its_own_word_is_not_read(house: House) -> None:
    headers = {**house.clinic.bearer, "Idempotency-Key": "limits"}
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/fhir+json"):
        answer = house.clinic.client.post(ORDERS, data=b"{}", headers={**headers, "Content-Type": kind})
        assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported-media-type")


def test_orders_are_found_by_when_something_became_of_them(house: House) -> None:
    first, second = (UUID(house.clinic.send(titration() | {"written_on": "2026-03-02"}).get_json()["id"]) for _ in range(2))
    house.bench.clock.pass_days(1)
    house.bench.accept(first)
    since = house.bench.clock.moment.isoformat().replace("+00:00", "Z")
    found = [item["id"] for item in house.clinic.get(f"{ORDERS}?updated_since={since}").get_json()["prescriptions"]]
    assert found == [str(first)]
    assert str(second) in house.clinic.get(f"{ORDERS}?updated_since=2026-03-02T00:00:00-08:00&limit=100").text
    for wrong in ("2026-03-02", "2026-03-02T00:00:00", "2026-02-30T00:00:00Z", "1899-01-01T00:00:00Z"):
        assert house.clinic.get(f"{ORDERS}?updated_since={wrong}").status_code == 422
