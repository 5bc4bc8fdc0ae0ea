"""The coming weeks in a real browser: no barrier that axe can find, and nothing wider than the page."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from compounding.workflow import demand as work
from tests.web.conftest import Visit
from tests.web.demonstration import Shop, furnished
from tests.web.test_demand import bring, many

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("demand") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


def test_many_containers_of_long_names_without_a_barrier(visit: Visit, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "coming", lambda _: many(90))
    page: Page = visit("linh", shop.passwords["linh"], "/demand")
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
