"""A prescriber's system finds its own orders by an allow-list of filters, page by page, and reads each with its ETag."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.adversary import House
from tests.api.conftest import ORDERS
from tests.api.orders import OTHER_NPI, changed, titration
from tests.workflow.orders import capsules

DAYS = ("2026-02-27", "2026-03-01", "2026-02-27", "2026-02-28")


@pytest.fixture(scope="module")
def listed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own with four orders of one system, of which the last is declined, and one each of a neighbour and of the pharmacy's own form."""
    house = House.opened(sqlite_template, tmp_path_factory.mktemp("listing"))
    for number, day in enumerate(DAYS):
        order = changed("patient.name", f"Ada Example {'abcd'[number]}")
        order["written_on"] = day
        if number == 3:
            order["steps"][2]["dose"], order["supply"] = "45", {"days": 42}
        assert house.clinic.send(order).status_code == 201
    assert house.neighbour.send(changed("prescriber.npi", OTHER_NPI)).status_code == 201
    house.bench.receive(capsules("Cara Capsule"))
    yield house
    house.close()


def numbers(house: House, query: str) -> list[str]:
    """The numbers of every page of a list."""
    found, address = [], f"{ORDERS}?{query}"
    while address:
        page = house.clinic.get(address)
        assert page.status_code == 200, page.get_json()
        found += [item["number"] for item in page.get_json()["prescriptions"]]
        address = page.get_json()["links"].get("next", "")
    return found


def problem(answer: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    told = answer.get_json()
    return answer.status_code, told["code"], [(error["field"], error["in"]) for error in told["errors"]]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", [0, 1, 2, 3]),
        ("limit=1", [0, 1, 2, 3]),
        ("sort=-number&limit=3", [3, 2, 1, 0]),
        ("sort=written_on&limit=1", [0, 2, 3, 1]),
        ("sort=-written_on&limit=2", [1, 3, 2, 0]),
        ("status=declined", [3]),
        ("written_from=2026-02-28", [1, 3]),
        ("written_from=2026-02-28&written_to=2026-02-28", [3]),
        ("received_to=2026-03-01", []),
        ("received_from=2026-03-02&form=oral_liquid&npi=1234567893&limit=3", [0, 1, 2, 3]),
        ("form=capsule", []),
        (f"npi={OTHER_NPI}", []),
    ],
)
def test_a_list_holds_what_its_filters_say_in_the_order_asked_for_whatever_the_size_of_a_page(listed: House, query: str, places: list[int]) -> None:
    first = int(numbers(listed, "")[0])
    own = [str(first + place) for place in range(4)]
    assert numbers(listed, query) == [own[place] for place in places]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("sort=patient", "sort"),
        ("patient=Ada", "patient"),
        ("after=x", "after"),
        ("after=2026-13-01.7&sort=written_on", "after"),
        ("after=2026-03-01.7", "after"),
        ("after=7&sort=written_on", "after"),
        ("written_from=2026-03-02&written_to=2026-03-01", "written_to"),
        ("written_from=yesterday", "written_from"),
        ("limit=101", "limit"),
        ("npi=1234567890", "npi"),
    ],
)
def test_a_filter_a_sort_or_a_place_that_is_not_known_is_refused_by_name(house: House, query: str, field: str) -> None:
    assert problem(house.clinic.get(f"{ORDERS}?{query}")) == (422, "not-readable-query", [(field, "query")])


def test_a_parameter_is_refused_where_nobody_reads_one(house: House) -> None:
    order = house.clinic.send(changed("patient.name", "Ada Example asked")).location
    before = len(house.rows()["prescription"])
    bearer, named = house.clinic.bearer, {"Idempotency-Key": "dry", "If-Match": house.clinic.get(order).headers["ETag"]}
    for address, body in ((ORDERS, titration()), (f"{order}/cancellation", {"reason": "x"}), ("/api/v1/plans", {})):
        answer = house.clinic.client.post(f"{address}?dry_run=true", json=body, headers=bearer | named)
        assert problem(answer) == (400, "parameter", [("dry_run", "query")])
    assert problem(house.clinic.get(f"{order}?fields=id")) == (400, "parameter", [("fields", "query")])
    assert len(house.rows()["prescription"]) == before


def test_a_parameter_that_stands_twice_is_refused(house: House) -> None:
    assert problem(house.clinic.get(f"{ORDERS}?limit=1&limit=2")) == (400, "parameter-twice", [("limit", "query")])


def test_an_order_has_an_etag_that_stays_until_it_changes_and_saves_reading_it_again(house: House) -> None:
    address = house.clinic.send(changed("patient.name", "Ada Example read")).location
    first = house.clinic.get(address)
    seen = first.headers["ETag"]
    again = house.clinic.client.get(address, headers={**house.clinic.bearer, "If-None-Match": seen})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", seen)
    house.bench.accept(UUID(first.get_json()["id"]))
    changed_now = house.clinic.client.get(address, headers={**house.clinic.bearer, "If-None-Match": seen})
    assert (changed_now.status_code, changed_now.get_json()["status"]) == (200, "accepted")
    assert changed_now.headers["ETag"] != seen


def test_the_answer_to_a_repeat_is_the_same_with_its_headers_and_a_key_serves_one_address(house: House) -> None:
    order = changed("patient.name", "Ada Example again")
    first, second = (house.clinic.send(order, key="whole") for _ in range(2))
    assert (second.status_code, second.data) == (201, first.data)
    assert [(name, first.headers[name]) for name in ("ETag", "Location")] == [(name, second.headers[name]) for name in ("ETag", "Location")]
    assert house.clinic.get(first.headers["Location"]).headers["ETag"] == first.headers["ETag"]
    assert problem(house.clinic.send(changed("refills", 1), key="whole")) == (422, "idempotency-key-used", [("Idempotency-Key", "header")])


def test_a_refusal_is_not_kept_under_its_key_so_that_a_repeat_is_worked_out_anew_and_a_correction_may_come(house: House) -> None:
    wrong, right = changed("steps.1.dose", "3.0"), changed("patient.name", "Ada Example corrected")
    refusals = [house.clinic.send(wrong, key="corrected") for _ in range(2)]
    assert [problem(answer) for answer in refusals] == [problem(refusals[0])] * 2
    assert refusals[0].get_json()["instance"] != refusals[1].get_json()["instance"]
    first, second = (house.clinic.send(right, key="corrected") for _ in range(2))
    assert ((first.status_code, first.data), first.headers["Location"]) == ((201, second.data), second.headers["Location"])
    address, body, seen = f"{first.headers['Location']}/cancellation", {"reason": "Written twice"}, first.headers["ETag"]
    assert [house.clinic.change(address, body, seen=state, key="state").status_code for state in ('"old"', '"old"', seen, '"old"')] == [412, 412, 200, 200]


def test_a_refused_field_has_its_json_pointer(house: House) -> None:
    order = changed("steps.1.dose", "3.0")
    order["a/b~c"] = 1
    errors = house.clinic.send(order).get_json()["errors"]
    assert {error["pointer"] for error in errors} == {"/steps/1/dose", "/a~1b~0c"}
    assert {error["in"] for error in errors} == {"body"}
    assert house.clinic.send_text("[]").get_json()["errors"][0]["pointer"] == ""


def test_a_list_of_more_than_a_hundred_entries_is_not_taken(house: House) -> None:
    answer = house.clinic.send(changed("patient.allergies", ["dust"] * 101))
    assert problem(answer) == (400, "list-too-long", [("patient.allergies", "body")])
