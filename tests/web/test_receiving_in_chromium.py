"""The form of a delivery in a real browser: a scanner's Enter reads its scan and never takes anything in, with script and without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web.conftest import Visit
from tests.web.demonstration import Shop, furnished
from tests.web.test_receiving import PACK

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("scanning") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def form(visit: Visit, shop: Shop) -> Open:
    return lambda **options: visit("linh", shop.passwords["linh"], "/stock/receive", **options)


@pytest.mark.campaign
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_enter_of_a_scanner_reads_the_scan_and_takes_nothing_in(form: Open, script: bool) -> None:
    page = form(java_script_enabled=script)
    assert page.evaluate("document.activeElement.id") == "scan"
    page.keyboard.type(PACK.replace("\x1d", "|"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".told")
    assert (page.input_value("#product"), page.input_value("#lot_number")) == ("tablet-sun-100", "A1234")

    page.focus("#lot_number")
    page.keyboard.type("X")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.url.endswith("/stock/receive/scan")
    assert page.input_value("#lot_number").strip("X") == "A1234"
    assert Axe().run(page).generate_report().startswith("Found 0 accessibility violations") if script else True


def test_the_keys_of_the_separator_leave_its_sign(form: Open) -> None:
    page = form()
    first, second = PACK.split("\x1d")
    page.keyboard.type(first)
    page.keyboard.press("Control+]")
    page.keyboard.type(second)
    page.keyboard.press("Enter")
    page.wait_for_selector(".told")
    assert page.input_value("#serials").strip() == "SN99"
