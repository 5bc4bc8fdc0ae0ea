"""Asking about the next step in a real browser: no barrier that axe can find, nothing wider than the page, and the keyboard is enough."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.conftest import Clock
from tests.web.conftest import Visit
from tests.web.demonstration import Shop, furnished
from tests.web.test_going_on import LONG, bring

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("going-on") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def signed_in(visit: Visit, shop: Shop, clock: Clock) -> Page:
    clock.pass_days(30)
    return visit("linh", shop.passwords["linh"])


def barriers(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def test_from_the_day_to_the_answer_without_a_barrier(signed_in: Page) -> None:
    assert barriers(signed_in) == []
    signed_in.locator("section", has=signed_in.locator("#to-ask")).get_by_role("link", name=LONG).click()
    signed_in.wait_for_url("**#going-on")
    signed_in.get_by_label("stays on the dose before it").check()
    signed_in.get_by_label("by phone").check()
    signed_in.get_by_role("button", name="Record the answer").click()
    signed_in.wait_for_url("**#going-on")
    assert "Ask the prescriber for an order" in signed_in.inner_text("#going-on")
    for width in (1366, 390):
        signed_in.set_viewport_size({"width": width, "height": 768})
        assert signed_in.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(signed_in) == []
