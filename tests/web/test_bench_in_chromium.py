"""The bench in a real browser: limits beside what is typed, no Enter that records, and no barrier that axe can find."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.conftest import Visit
from tests.web.demonstration import Shop, furnished
from tests.web.test_capsule_pages import BAD, TARE, fill

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("bench-in-chromium") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


def test_a_weight_stands_beside_its_limits_as_it_is_typed_and_enter_records_nothing(visit: Visit, shop: Shop) -> None:
    page = visit("linh", shop.passwords["linh"], "/batches", viewport={"width": 1024, "height": 768})
    address = page.get_by_role("row", name="Ben Liquid").get_by_role("link").get_attribute("href")
    page.goto(page.url.partition("/batches")[0] + f"{address}/bench")
    for typed, word in (("474.9", "under"), ("475", "in"), ("525", "in"), ("525.000001", "over"), ("5,0", "")):
        page.fill("#reading", typed)
        assert word in page.inner_text("output.band")
        assert bool(page.inner_text("output.band")) == bool(word)
    page.focus("#lot")
    page.keyboard.type("AA-118")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "reading"
    page.keyboard.press("Enter")
    assert page.url.endswith("/bench")
    assert "Line 2 of" in page.inner_text("main")
    assert Axe().run(page).response["violations"] == []


def test_each_capsule_stands_beside_its_limits_as_it_is_typed(visit: Visit, shop: Shop) -> None:
    page = visit("linh", shop.passwords["linh"], "/batches")
    page.get_by_role("row", name="Ann Capsule").get_by_role("link").click()
    page.fill("[id='capsules.shells']", TARE["capsules.shells"])
    page.fill("[id='capsules.together']", TARE["capsules.together"])
    page.fill("[id='capsules.gross']", "\n".join(BAD))
    found = [item.partition(": ")[2].split()[-1] for item in page.inner_text("ol.each").splitlines() if item.strip()]
    assert found == ["in", "in", "over", "in", "under", "in", "in", "in", "in", "in"]
