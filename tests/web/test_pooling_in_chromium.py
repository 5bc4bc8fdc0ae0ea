"""The page of shared batches in a real browser: no barrier that axe can find, and nothing wider than the page."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from compounding.domain.prescription import Form
from compounding.workflow import pooling as work
from tests.domain.test_pooling import bottled, counted
from tests.web.conftest import Visit
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.test_pooling import LONG, shown

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


def bring_two(shop: Demonstration) -> None:
    for name in ("Ann Sample", LONG):
        shop.bring(order(name, doses=(("4.5", 23),), form=Form.ORAL_LIQUID), LIQUID, to="planned")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("pooling") / "template.db", bring_two)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def signed_in(visit: Visit, shop: Shop) -> Page:
    return visit("linh", shop.passwords["linh"])


def barriers(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def test_from_the_day_to_shared_batches_without_a_barrier(signed_in: Page) -> None:
    signed_in.get_by_role("link", name="could share a batch").click()
    signed_in.wait_for_url("**/pooling")

    assert "5 instead of 6" in signed_in.inner_text("main")
    assert barriers(signed_in) == []


def test_forty_long_names_stay_within_a_narrow_page(signed_in: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [bottled(at, "103.5", starts=at % 8, days=28) for at in range(30)] + [counted(at, 30) for at in range(30, 40)]
    monkeypatch.setattr(work, "proposals", lambda _: shown(*many))
    signed_in.goto(signed_in.url.rstrip("/") + "/pooling")

    for width in (1366, 390):
        signed_in.set_viewport_size({"width": width, "height": 768})
        assert signed_in.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(signed_in) == []
