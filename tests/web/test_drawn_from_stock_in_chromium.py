"""What is drawn from a stock solution, in a real browser: no barrier that axe can find, and nothing wider than the page."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.web.conftest import Visit
from tests.web.demonstration import Shop, furnished
from tests.web.looks import is_clean
from tests.web.test_drawn_from_stock_pages import COURSE, LONG, fill

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("drawn-in-chromium") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


def test_a_batch_is_begun_and_drawn_at_the_bench(visit: Visit, shop: Shop) -> None:
    page = visit("linh", shop.passwords["linh"], "/batches")
    home = page.url.removesuffix("/batches")
    address = page.get_by_role("row", name=LONG).get_by_role("link").get_attribute("href")
    page.goto(f"{home}{address}")
    is_clean(page)
    page.goto(f"{home}{address}/bench")
    is_clean(page)
    page.get_by_label("The line is clear").check()
    page.get_by_role("button", name="Begin this batch").click()
    page.wait_for_url("**/bench")
    page.fill("#lot", "1001")
    page.fill("#reading", "4.5")
    assert "over" in page.inner_text("output.band")
    page.fill("#reading", "4.2")
    is_clean(page)
    page.get_by_role("button", name="Record line 1").click()
    assert "Line 2 of 3" in page.inner_text("main")


@pytest.mark.parametrize("path", ["/formulas/L0.5/1", f"/planner?{urlencode(COURSE, doseq=True)}", "/batches/for-stock?formula=L2"])
def test_the_pages_around_it_have_no_barrier(visit: Visit, shop: Shop, path: str) -> None:
    is_clean(visit("linh", shop.passwords["linh"], path))
