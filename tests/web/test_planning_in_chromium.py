"""The planning page in a real browser: the plan follows what is chosen, and without script the button draws it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from compounding.domain.prescription import Form
from tests.web.conftest import Visit
from tests.web.demonstration import Demonstration, Shop, furnished, order

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
Open = Callable[..., Page]


def bring_a_titration(shop: Demonstration) -> None:
    shop.bring(order(doses=(("1.5", 14), ("3", 14), ("4.5", 14)), form=Form.ORAL_LIQUID), to="accepted")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("planning") / "template.db", bring_a_titration)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def planning(visit: Visit, shop: Shop) -> Open:
    """The planning page of the accepted titration, opened by the pharmacist in charge."""

    def start(**options: object) -> Page:
        page = visit("maria", shop.passwords["maria"], **options)
        page.get_by_role("link", name="100001").first.click()
        page.get_by_role("link", name="Plan the course").click()
        page.wait_for_selector("#drawn")
        return page

    return start


def choose(page: Page) -> None:
    page.select_option("#formula", "L1")
    page.select_option("#device", "syringe-5-by-0.1")


def test_the_plan_follows_what_is_chosen_without_a_reload(planning: Open) -> None:
    page = planning()
    page.evaluate("window.stayed = true")
    choose(page)
    expect(page.get_by_role("status").last).to_have_text("The plan is drawn again.")
    expect(page.locator("main")).to_contain_text("94.5 mL")
    assert page.evaluate("window.stayed") is True
    assert "formula=L1&" in page.url


def test_somebody_who_types_keeps_the_place_and_the_open_part(planning: Open) -> None:
    page = planning()
    choose(page)
    expect(page.locator("main")).to_contain_text("94.5 mL")
    page.locator("details.more summary").click()
    page.fill("#overfill", "5")
    expect(page.locator("input[type=hidden][name=overfill]")).to_have_value("5")
    page.keyboard.type(".5")

    expect(page.locator("input[type=hidden][name=overfill]")).to_have_value("5.5")
    expect(page.locator("#overfill")).to_be_focused()
    assert page.input_value("#overfill") == "5.5"
    expect(page.locator("#overfill")).to_be_visible()


def test_what_cannot_be_planned_says_so_and_the_old_plan_is_gone(planning: Open) -> None:
    page = planning()
    page.fill("#starts_on", "2026-02-30")
    expect(page.locator("#summary")).to_contain_text("There is no day 2026-02-30.")
    assert page.locator("#drawn").count() == 0
    expect(page.locator("#starts_on")).to_be_focused()
    page.fill("#starts_on", "2026-03-09")
    expect(page.locator("#drawn")).to_be_visible()


def test_an_old_plan_cannot_be_kept_below_new_choices(planning: Open) -> None:
    page = planning()
    page.route("**/plan?**", lambda route: route.abort())
    page.select_option("#storage" if page.locator("select#storage").count() else "#formula", index=1)
    expect(page.locator("section:has(#drawn)")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("status").last).to_have_text("The plan could not be drawn again. Press Show this plan.")
    assert page.evaluate("document.getElementById('drawn').closest('section').inert") is True


def test_without_script_the_button_draws_the_plan(planning: Open) -> None:
    page = planning(java_script_enabled=False)
    choose(page)
    page.get_by_role("button", name="Show this plan").click()
    assert "94.5 mL" in page.inner_text("main")


def test_the_redrawn_page_has_no_barrier(planning: Open) -> None:
    page = planning()
    choose(page)
    expect(page.locator("main")).to_contain_text("94.5 mL")
    assert Axe().run(page).generate_report().startswith("Found 0 accessibility violations")
