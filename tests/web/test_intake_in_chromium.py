"""The order form in a real browser: the keyboard, the script, no script, and no barrier that axe can find."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.conftest import PASSWORD, Visit

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
Open = Callable[..., Page]


@pytest.fixture
def form(visit: Visit) -> Open:
    """The order form, opened by somebody who has just signed in."""
    return lambda **options: visit("tess", PASSWORD, "/prescriptions/new", **options)


def of(path: str) -> str:
    return f'[id="{path}"]'


def sendings(page: Page) -> list[str]:
    """What leaves the page from now on, but for pictures and fonts that come late."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.is_navigation_request() or request.method != "GET" else None)
    return sent


def test_enter_moves_to_the_next_field_and_never_sends(form: Open) -> None:
    page = form()
    sent = sendings(page)
    page.focus(of("patient.name"))
    page.keyboard.type("Ann Example")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "patient.birth_date.day"
    page.focus(of("opioid.asked_by"))
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Receive"
    assert sent == []


def test_enter_never_sends_where_there_is_no_script_either(form: Open) -> None:
    page = form(java_script_enabled=False)
    sent = sendings(page)
    page.focus(of("patient.name"))
    page.keyboard.type("Ann Example")
    page.keyboard.press("Enter")

    assert page.input_value(of("patient.name")) == "Ann Example"
    assert sent == []


def test_the_slash_finds_but_not_while_typing(form: Open) -> None:
    page = form()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.focus(of("patient.address"))
    page.keyboard.type("1/2 Example Street")
    assert page.input_value(of("patient.address")) == "1/2 Example Street"


@pytest.mark.campaign
def test_the_course_follows_as_it_is_typed(form: Open) -> None:
    page = form()
    page.click('button[value="fill.three"]')
    page.wait_for_selector("svg.picture")
    assert page.evaluate("document.activeElement.id") == "steps.0.dose"
    page.fill(of("steps.2.dose"), "4.25")
    expect(page.locator(of("steps.2.dose-echo"))).to_have_text("four point two five milligrams, 4.25 mg")
    assert "122.5 mg" in page.inner_text("#course")


@pytest.mark.campaign
def test_rows_change_without_script_too(form: Open) -> None:
    page = form(java_script_enabled=False)
    page.fill(of("patient.name"), "Ann Example")
    page.click('button[value="fill.three"]')
    page.click('button[value="copy.2"]')

    assert [page.input_value(of(f"steps.{number}.dose")) for number in range(4)] == ["1.5", "3", "4.5", "4.5"]
    assert page.input_value(of("patient.name")) == "Ann Example"
    assert "Last day" in page.inner_text("#course")


@pytest.mark.campaign
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 360])
def test_the_form_with_its_errors_has_no_barrier_and_fits_the_screen(form: Open, scheme: str, width: int) -> None:
    page = form(color_scheme=scheme, viewport={"width": width, "height": 768})
    page.click('button[value="fill.quarters"]')
    page.wait_for_selector("svg.picture")
    page.fill(of("patient.name"), "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft")
    page.click("button.primary")
    page.wait_for_selector("#summary")

    expect(page.locator("#summary")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(page).generate_report().startswith("Found 0 accessibility violations")
