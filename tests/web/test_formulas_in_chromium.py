"""A formula's pages in a real browser: no barrier for anybody, no page wider than the screen, and the form goes by keyboard alone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from compounding.domain.authority import ActName
from compounding.workflow import formulas
from tests.domain.stock_solutions import from_stock
from tests.web.conftest import Visit
from tests.web.demonstration import Demonstration, Shop, furnished
from tests.web.long_formula import LONG

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
PAGES = (
    "/formulas",
    "/formulas/L1/1",
    "/formulas/C4.5/1",
    "/formulas/L1/2",
    "/formulas/L0.5/1",
    "/formulas/L1/1/against/2",
    "/formulas/new",
    "/formulas/L1/1/next",
)


def write(shop: Demonstration) -> None:
    """A second version with long words, and a liquid from a stock solution, both still drafts."""
    shop.pharmacy.perform(ActName.FORMULA_DRAFT, shop.james, lambda act: formulas.new_version(act, "L1", LONG))
    shop.pharmacy.perform(ActName.FORMULA_DRAFT, shop.james, lambda act: formulas.draft(act, from_stock("L0.5", "L2")))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("formulas") / "template.db", write)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_a_formula_has_a_barrier_or_is_wider_than_its_screen(visit: Visit, shop: Shop, path: str) -> None:
    page = visit("maria", shop.passwords["maria"], path)
    assert Axe().run(page).response["violations"] == []
    assert fits(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert fits(page)
    assert len(page.content()) < 100_000


def test_a_row_is_added_and_a_mistake_is_shown_with_what_was_typed(visit: Visit, shop: Shop) -> None:
    page = visit("james", shop.passwords["james"], "/formulas/new", java_script_enabled=False)
    page.fill("#name", "Naltrexone by keyboard")
    page.get_by_role("button", name="Add an ingredient").click()
    assert page.locator("select[name='liquid.ingredients.1.product']").count() == 1
    page.get_by_role("button", name="Keep as a draft").click()
    assert page.locator("#summary").is_visible()
    assert page.input_value("#name") == "Naltrexone by keyboard"
