"""The room of upkeep: what is due today comes first, and each balance takes one reading."""

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished, order
from tests.web.reading import Page, batches, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
READINGS = {"checks.0.balance": "balance-0.1-mg", "checks.1.balance": "balance-1-mg", "checks.0.reading": "20000.1", "checks.1.reading": "99999"}
CERTIFICATE = {
    "calibration.balance": "balance-1-mg", "calibration.done_on.day": "1", "calibration.done_on.month": "3", "calibration.done_on.year": "2026",
    "calibration.due_on.day": "1", "calibration.due_on.month": "3", "calibration.due_on.year": "2027", "calibration.by": "Weights Inc",
    "calibration.certificate": "C-19", "calibration.passed": "false",
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("upkeep") / "template.db", lambda shop: shop.bring(order(), to="in process"))


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    """A technician."""
    return shop.visit(app, "linh")


@pytest.fixture
def maria(app: Flask, shop: Shop) -> Visitor:
    """The pharmacist in charge."""
    return shop.visit(app, "maria")


def links(page: Page) -> list[str]:
    return [element.get("href", "") for element in page.root.iter("a")]


def text(visitor: Visitor, address: str) -> str:
    return words(visitor.read(address).root)


def test_the_first_task_of_a_day_is_to_check_the_balances(linh: Visitor, clock: Clock) -> None:
    assert "check the balances" not in text(linh, "/")
    clock.pass_days(1)
    assert "First: check the balances" in text(linh, "/")
    assert "was not checked today" in text(linh, "/upkeep")
    done = linh.send("/upkeep/balances", READINGS)
    assert (done.status, done.headers["Location"]) == (303, "/upkeep")
    assert "was not checked today" not in text(linh, "/upkeep")
    assert "check the balances" not in text(linh, "/")


def test_one_balance_may_be_checked_now_and_the_other_later(linh: Visitor, clock: Clock) -> None:
    clock.pass_days(1)
    linh.send("/upkeep/balances", READINGS | {"checks.1.reading": ""})
    assert "The balance by 1 mg was not checked today" in text(linh, "/upkeep")
    assert "balance by 0.1 mg was not checked" not in text(linh, "/upkeep")
    none = linh.send("/upkeep/balances", READINGS | {"checks.0.reading": "", "checks.1.reading": ""})
    assert (none.status, "at least one balance" in none.message("checks")) == (422, True)


def test_a_reading_that_cannot_be_is_shown_beside_its_balance(linh: Visitor) -> None:
    answer = linh.send("/upkeep/balances", READINGS | {"checks.0.reading": "20000.05"})
    assert answer.status == 422
    assert "shows steps of 0.1 mg" in answer.message("checks.0.reading")
    assert answer.value("checks.1.reading") == "99999"


def test_a_failed_check_is_told_and_the_bench_says_where_to_go(linh: Visitor) -> None:
    failed = linh.send("/upkeep/balances", READINGS | {"checks.1.reading": "99899"})
    assert failed.headers["Location"] == "/upkeep/balances"
    assert "showed 99899 mg for 100000 mg today" in text(linh, "/upkeep/balances")
    batch = batches(linh.read("/batches"))[0]
    page = linh.read(batch)
    assert "To the balances" in words(page.root)
    refused = linh.send(f"{batch}/weigh", {"line": "2", "lot": "SUN2201", "reading": "675", "balance": "balance by 1 mg"})
    assert refused.status == 409
    assert "/upkeep/balances" in links(refused)
    assert refused.value("reading") == "675"


def test_a_certificate_that_failed_stops_the_balance(maria: Visitor, linh: Visitor) -> None:
    assert maria.send("/upkeep/balances/calibration", CERTIFICATE).status == 303
    assert "failed its calibration on 1 March 2026" in text(linh, "/upkeep")
    wrong = maria.send("/upkeep/balances/calibration", CERTIFICATE | {"calibration.due_on.year": "2026"})
    assert "not after the day of the calibration" in wrong.message("calibration.due_on")
    assert linh.send("/upkeep/balances/calibration", CERTIFICATE).status == 403


def test_a_test_weight_has_a_tolerance_that_policy_allows(maria: Visitor) -> None:
    told = {"weight.balance": "balance-0.1-mg", "weight.nominal": "10000", "weight.tolerance": "10.1"}
    assert "at most 10 mg" in maria.send("/upkeep/balances/weight", told).message("weight.tolerance")
    assert maria.send("/upkeep/balances/weight", told | {"weight.tolerance": "4"}).status == 303
    assert "9996 to 10004" in text(maria, "/upkeep/balances")


def test_cleaning_is_due_until_it_is_recorded(linh: Visitor) -> None:
    assert "Clean the floors" in text(linh, "/upkeep")
    empty = linh.send("/upkeep/cleaning", {"agent": "alcohol"})
    assert (empty.status, empty.message("areas"), empty.value("agent")) == (422, "! Error: Tick what was cleaned.", "alcohol")
    told = {"areas[]": ["work surfaces", "floors", "walls, ceilings and shelves"], "agent": "alcohol"}
    assert linh.send("/upkeep/cleaning", told).status == 303
    assert "Clean the" not in text(linh, "/upkeep")


def test_training_past_its_day_is_due_and_recorded_by_who_is_in_charge(maria: Visitor, linh: Visitor, clock: Clock) -> None:
    clock.pass_days(340)
    assert "Linh Tran: garbing holds through 2 March 2027" in text(linh, "/upkeep")
    clock.pass_days(30)
    assert "Training is missing or past its day: hand hygiene, garbing" in text(linh, "/upkeep")
    page = maria.read("/upkeep/training")
    key = next(option.get("value", "") for option in page.named("person")[0].iter("option") if words(option) == "Linh Tran")
    told = {
        "person": key,
        "topics[]": ["garbing"],
        "done_on.day": "1",
        "done_on.month": "3",
        "done_on.year": "2027",
        "assessor": "Maria Garcia",
        "how": "watched",
    }
    told |= {"assessor": "Maria Garcia", "how": "watched at the bench"}
    assert maria.send("/upkeep/training", told).status == 303
    assert linh.send("/upkeep/training", told).status == 403
    assert "past its day: hand hygiene, cleaning and sanitizing" in text(linh, "/upkeep")


def test_an_excursion_is_decided_lot_by_lot_with_a_reason_and_a_signature(linh: Visitor, maria: Visitor, shop: Shop) -> None:
    where = "/upkeep/climate"
    assert linh.send(f"{where}/place", {"put.lot": "GL-552", "put.place": "refrigerator"}).status == 303
    warm = {"read.place": "refrigerator", "read.now": "9.0", "read.lowest": "4.5", "read.highest": "9.4"}
    unread = linh.send(where, warm | {"read.now": "3.0"})
    assert (unread.status, "not between the lowest and the highest" in unread.message("read.now")) == (422, True)
    assert linh.send(where, warm).status == 303
    assert "Held: lot GL-552" in text(linh, "/upkeep")
    assert "4.5 °C" in text(linh, where)
    page = maria.read(where)
    key = next(option.get("value", "") for option in page.named("hold")[0].iter("option") if "GL-552" in words(option))
    told = {"hold": key, "decision": "released", "reason": "", "signature.secret": shop.passwords["maria"]}
    assert "Give the reason" in maria.send(f"{where}/decision", told).message("reason")
    assert maria.send(f"{where}/decision", told | {"reason": "the door stood open for ten minutes"}).status == 303
    assert "Held: lot GL-552" not in text(linh, "/upkeep")
    assert "the door stood open for ten minutes" in text(linh, where)
