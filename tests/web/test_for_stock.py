"""The page on which a batch for stock is looked at and drawn up, and the container that is taken from the shelf."""

from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.authority import ActName
from compounding.domain.stocking import StockRequest
from compounding.workflow import stocking
from tests.web.conftest import Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LINK = "/batches/for-stock?formula=C4.5&containers=3&container=vial-120-capsules"
FORM = {"formula": "C4.5", "container": "vial-120-capsules", "containers": "3", "each": "30", "volume": "", "storage": ""}


def put_on_the_shelf(shop: Demonstration) -> None:
    """Two vials of 30 capsules, and somebody who needs one."""
    wanted = StockRequest("C4.5", "vial-120-capsules", containers=2, each=30)
    batch = shop.pharmacy.perform(ActName.BATCH_PLAN, shop.linh, lambda act: stocking.draw_up(act, wanted))
    shop.make(batch)
    shop.bring(order("Ann Sample"), to="planned")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("stocking") / "template.db", put_on_the_shelf)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def test_a_link_shows_the_batch_with_its_reasons_and_one_press_draws_it_up(linh: Visitor) -> None:
    assert any(element.get("href") == "/batches/for-stock" for element in linh.read("/batches").root.iter("a"))
    page = linh.read(f"{LINK}&each=30")
    for wanted in ("3 x 30 capsules in amber vial for 120 capsules", "Tablets of 50 mg 9 why", "405 mg", "28 August 2026", "MCC-101"):
        assert wanted in page.text
    answer = linh.send("/batches/for-stock", FORM)

    assert answer.status == 303
    batch = linh.read(answer.headers["Location"])
    assert "Made for stock 3 x amber vial for 120 capsules, 30 capsules in each" in batch.text
    assert "for stock" in linh.read("/batches").text


@pytest.mark.parametrize(("query", "said"), [("formula=C4.5", "Choose the container."), ("formula=C4.5&container=vial-120-capsules", "how many containers")])
def test_what_is_missing_is_said_beside_its_field(linh: Visitor, query: str, said: str) -> None:
    page = linh.read(f"/batches/for-stock?{query}")
    assert (page.status, said in page.text) == (200, True)
    assert page.value("formula") == "C4.5"


def test_a_link_without_an_amount_asks_for_as_much_as_the_container_holds(linh: Visitor) -> None:
    assert "more than one batch may be, 300 capsules" in linh.read(LINK).text


def test_a_container_is_taken_from_the_shelf_by_one_press(linh: Visitor) -> None:
    order_page = linh.read("/")
    prescription = next(href for element in order_page.root.iter("a") if (href := element.get("href", "")).startswith("/prescriptions/") and "new" not in href)
    fill = next(href for element in linh.read(prescription).root.iter("a") if (href := element.get("href", "")).startswith("/fills/"))
    page = linh.read(fill)
    assert "From the shelf: batch 1001" in page.text
    answer = linh.send(f"{fill}/serve", {"lot": page.value("lot")})

    assert answer.status == 303
    served = linh.read(fill)
    assert ("Batch 1001" in served.text, "Print the label" in served.text) == (True, True)
    assert linh.send(f"{fill}/serve", {"lot": page.value("lot")}).status == 409
    assert linh.send(f"{fill}/serve", {"lot": "none"}).status == 422
