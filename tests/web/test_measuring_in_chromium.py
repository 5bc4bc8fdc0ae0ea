"""Weights typed by a balance that sends Enter after each: every one stands on its own line, and nothing is sent before it is meant."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web.conftest import Visit
from tests.web.demonstration import Shop, furnished

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("measuring") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(visit: Visit, shop: Shop) -> Page:
    return visit("linh", shop.passwords["linh"])


def barriers(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def within(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_balance_that_sends_enter_fills_line_after_line_and_sends_nothing(linh: Page, address: str) -> None:
    linh.goto(f"{address}/stock")
    linh.get_by_role("link", name="SUN2201").click()
    linh.wait_for_url("**/stock/*")
    lot = linh.url
    linh.locator("[id='weighing.weights']").focus()
    for number in range(10):
        linh.keyboard.type(f"25{number}.0")
        linh.keyboard.press("Enter")
    assert linh.url == lot
    assert linh.locator("[id='weighing.weights']").input_value().split() == [f"25{number}.0" for number in range(10)]
    linh.locator("[id='weighing.assay.percent']").focus()
    linh.keyboard.press("Enter")
    assert linh.evaluate("document.activeElement.id") == "weighing.assay.source"

    linh.get_by_label("balance by 0.1 mg").first.check()
    linh.get_by_role("button", name="Record the weights").click()
    assert "254.5 mg (10 of them: 2545 mg)" in linh.inner_text("main")
    linh.locator("details.more summary").first.click()
    assert barriers(linh) == []
    linh.set_viewport_size({"width": 400, "height": 800})
    assert within(linh)


def test_a_count_of_drops_is_typed_with_enter_from_field_to_field(linh: Page, address: str) -> None:
    linh.goto(f"{address}/stock")
    linh.get_by_role("link", name="Devices").click()
    linh.wait_for_url("**/devices")
    assert barriers(linh) == []
    linh.fill("#name", "dropper lot D7")
    linh.select_option("#formula", "L5")
    linh.locator("[id='counts.0.drops']").focus()
    for typed in ("40", "2.00", "41", "2.00", "39", "2.00"):
        linh.keyboard.type(typed)
        linh.keyboard.press("Enter")
    assert linh.url.endswith("/devices")
    linh.get_by_role("button", name="Record the counts").click()
    assert "The drops of dropper lot D7 are recorded." in linh.inner_text("main")
    linh.set_viewport_size({"width": 400, "height": 800})
    assert within(linh)
