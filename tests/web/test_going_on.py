"""Going on to the next step, on the pages: the order's trail records the answer, and the day names whom to ask."""

from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.prescription import Form
from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CLIMB = (("1.5", 14), ("3", 14), ("4.5", 14))
LONG = "Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh"
TOLD = {"step": "3", "going": "stays", "way": "phone", "told_on.day": "1", "told_on.month": "4", "told_on.year": "2026"}


def bring(shop: Demonstration) -> None:
    shop.bring(order(LONG, doses=CLIMB, form=Form.ORAL_LIQUID), LIQUID)
    shop.bring(order("Bo Single"), to="planned")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("going-on") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop, clock: Clock) -> Visitor:
    clock.pass_days(30)
    return shop.visit(app, "linh")


def section(page: Page, name: str) -> str:
    return next(words(element) for element in page.root.iter("section") if element.get("aria-labelledby") == name)


def trail(linh: Visitor, number: str = "100001") -> str:
    return next(link.get("href", "").partition("#")[0] for link in linh.read("/").root.iter("a") if words(link) == number)


def test_the_day_names_whom_to_ask_with_birth_date_rx_and_step(linh: Visitor) -> None:
    told = section(linh.read("/"), "to-ask")
    assert told == f"Ask about the next step 1 {LONG} born 5 May 1970 Rx 100001 step 3, 4.5 mg a day from 6 April 2026 make by 6 April 2026"


def test_the_order_takes_the_answer_and_says_what_to_do_and_the_day_says_it_too(linh: Visitor) -> None:
    address = trail(linh)
    before = linh.read(address)
    assert "not asked yet" in section(before, "going-on-title")
    assert (before.value("step"), before.value("told_on.day"), before.value("told_on.month")) == ("3", "1", "4")
    answer = linh.send(f"{address}/going-on", TOLD)
    assert (answer.status, answer.headers["Location"]) == (303, f"{address}#going-on")
    after = section(linh.read(address), "going-on-title")
    assert "stays on the dose before it, told by phone on 1 April 2026 Ask the prescriber for an order of the dose that the patient stays on" in after
    day = section(linh.read("/"), "to-ask")
    assert "Not as planned" in day
    assert "step 3: the patient stays on the dose before it. Ask the prescriber" in day
    linh.send(f"{address}/going-on", {**TOLD, "going": "on", "way": "counter"})
    assert "goes on to this step, told at the counter" in section(linh.read(address), "going-on-title")
    assert section(linh.read("/"), "to-ask") == "Ask about the next step 0 Nobody need be asked about a container that is made within 7 days."


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(linh: Visitor) -> None:
    address = trail(linh)
    page = linh.send(f"{address}/going-on", {**TOLD, "going": "", "told_on.day": "2"})
    assert page.status == 422
    assert page.message("going") == "! Error: This is missing. Say whether the patient goes on, stays or steps back."
    assert (page.value("told_on.day"), page.value("way"), page.value("step")) == ("2", "phone", "3")
    tomorrow = linh.send(f"{address}/going-on", {**TOLD, "told_on.day": "2"})
    assert tomorrow.message("told_on") == "! Error: Give the day on which the patient said so: today or before, and not before the order was written."
    unknown = linh.send(f"{address}/going-on", {**TOLD, "step": "2"})
    assert unknown.message("step") == "! Error: Choose one of the steps that are still to come: 3."


def test_an_order_of_one_step_asks_nothing(linh: Visitor) -> None:
    assert "Going on to the next step" not in linh.read(trail(linh, "100002")).text


def test_a_bottle_against_the_answer_is_refused_with_what_to_do(linh: Visitor, clock: Clock) -> None:
    address = trail(linh)
    linh.send(f"{address}/going-on", TOLD)
    clock.pass_days(5)
    second = [link.get("href", "") for link in linh.read(address).root.iter("a") if link.get("href", "").startswith("/fills/")][-1]
    refused = linh.send(f"{second}/batch", {})
    assert refused.status == 409
    assert "Asked about step 3, the patient stays on the dose before it (told by phone on 1 April 2026)." in refused.text
