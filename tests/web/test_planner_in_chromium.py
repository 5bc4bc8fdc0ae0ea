"""The planner in a real browser: it computes as one types, keeps the place, loses nothing, and works without script."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, Route, expect

from tests.web.conftest import Visit
from tests.web.demonstration import Shop, furnished

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("planner") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def planner(visit: Visit, shop: Shop) -> Open:
    """The planner, opened by the technician."""
    return lambda **options: visit("linh", shop.passwords["linh"], "/planner", **options)


def of(path: str) -> str:
    return f'[id="{path}"]'


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found


def fill(page: Page, key: str) -> None:
    page.click(f'button[value="fill.{key}"]')
    expect(page.locator("#plan svg.picture")).to_be_visible()


def test_the_course_is_computed_as_it_is_typed_and_the_place_is_kept(planner: Open) -> None:
    page = planner()
    page.evaluate("window.stayed = true")
    fill(page, "three")
    assert focused(page) == "steps.0.dose"
    expect(page.locator("#line")).to_contain_text("126 mg")
    page.focus(of("steps.2.dose"))
    page.keyboard.press("End")
    page.keyboard.type("5")
    expect(page.locator("#line")).to_contain_text("126.7 mg")
    assert (focused(page), page.input_value(of("steps.2.dose"))) == ("steps.2.dose", "4.55")
    expect(page.locator(of("steps.2.dose-echo"))).to_have_text("four point five five milligrams, 4.55 mg")
    assert page.evaluate("window.stayed") is True
    assert "steps.2.dose=4.55" in page.url
    page.reload()
    assert page.input_value(of("steps.2.dose")) == "4.55"
    expect(page.locator("#line")).to_contain_text("126.7 mg")


@pytest.mark.campaign
def test_a_course_is_typed_with_the_keyboard_alone(planner: Open) -> None:
    page = planner()
    page.focus(of("steps.0.dose"))
    for key in ("4", ".", "5", "Enter", "Space", "Enter", "Tab", "Tab", "Tab", "Space", "Enter", "3", "0"):
        page.keyboard.press(key)
    expect(page.locator("#line")).to_contain_text("30 days")
    page.focus('button[value="add"]')
    page.keyboard.press("Enter")
    expect(page.locator(of("steps.1.dose"))).to_be_focused()
    page.focus('button[value="remove.1"]')
    page.keyboard.press("Enter")
    expect(page.locator(of("steps.1.dose"))).to_have_count(0)
    expect(page.locator("#line")).to_contain_text("135 mg")


@pytest.mark.campaign
def test_who_is_typing_is_told_after_leaving_the_field(planner: Open) -> None:
    page = planner()
    fill(page, "three")
    page.fill(of("steps.1.dose"), ".5")
    expect(page.locator("#plan")).to_contain_text("cannot be read")
    expect(page.locator(of("steps.1.dose-error"))).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.locator(of("steps.1.dose-error"))).to_contain_text("cannot be read")
    assert page.get_attribute(of("steps.1.dose"), "aria-invalid") == "true"
    page.fill(of("steps.1.dose"), "0.5")
    expect(page.locator(of("steps.1.dose-error"))).to_have_count(0)
    expect(page.locator("#line")).to_contain_text("91 mg")


@pytest.mark.campaign
def test_an_old_plan_is_never_read_below_new_numbers(planner: Open) -> None:
    page = planner()
    fill(page, "three")
    page.route("**/planner", lambda route: route.abort())
    page.fill(of("steps.0.dose"), "2")
    expect(page.locator("#line")).to_have_text("This could not be computed again. Press Compute.")
    expect(page.locator("#plan svg.picture")).to_be_hidden()
    page.unroute("**/planner")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("#line")).to_contain_text("133 mg")


@pytest.mark.campaign
def test_an_answer_that_comes_late_does_not_take_the_place_of_a_newer_one(planner: Open) -> None:
    page = planner()
    fill(page, "three")
    held: list[Route] = []
    page.route("**/planner", lambda route: held.append(route) if not held else route.continue_())
    page.fill(of("steps.0.dose"), "2")
    page.wait_for_timeout(500)
    page.fill(of("steps.0.dose"), "2.5")
    expect(page.locator("#line")).to_contain_text("140 mg")
    with suppress(Error):  # the browser has given it up already
        held[0].continue_()
    page.wait_for_timeout(600)
    expect(page.locator("#line")).to_contain_text("140 mg")


@pytest.mark.campaign
def test_another_form_changes_what_may_be_chosen_and_keeps_the_focus(planner: Open) -> None:
    page = planner()
    fill(page, "three")
    page.check('input[name=form][value="capsule"]')
    expect(page.locator("#line")).to_contain_text("1.5 mg")
    expect(page.locator(of("device"))).to_have_count(0)
    assert page.evaluate("document.activeElement.value") == "capsule"
    assert page.input_value(of("steps.2.dose")) == "4.5"


@pytest.mark.campaign
def test_without_script_the_buttons_do_the_same(planner: Open) -> None:
    page = planner(java_script_enabled=False)
    page.click('button[value="fill.three"]')
    page.click('button[value="copy.2"]')
    page.fill(of("steps.3.days"), "7")
    page.get_by_role("button", name="Compute").click()
    assert "49 days" in page.inner_text("#line")
    page.get_by_role("link", name="The address of this course").click()
    assert "49 days" in page.inner_text("#line")
    assert page.input_value(of("steps.3.days")) == "7"


@pytest.mark.campaign
def test_eighteen_steps_are_answered_while_they_are_typed(planner: Open) -> None:
    page = planner()
    fill(page, "quarters")
    page.check('input[name=form][value="oral_drops"]')
    expect(page.locator("#line")).to_contain_text("by dropper of 20 drops/mL")
    page.fill(of("steps.17.days"), "14")
    expect(page.locator("#line")).to_contain_text("133 days")


@pytest.mark.campaign
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 360])
def test_the_planner_has_no_barrier_and_fits_the_screen(planner: Open, scheme: str, width: int) -> None:
    page = planner(color_scheme=scheme, viewport={"width": width, "height": 768})
    for spoil in (lambda: None, lambda: page.fill(of("steps.0.dose"), "50"), lambda: page.fill(of("steps.0.dose"), "4,5")):
        fill(page, "quarters")
        spoil()
        expect(page.locator("#plan:not([aria-busy]) > h2, #plan:not([aria-busy]) .columns").first).to_be_visible()
        page.locator("h1").click()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert Axe().run(page).generate_report().startswith("Found 0 accessibility violations")
