"""The bench's calculations in a real browser: by the keyboard alone, without script, and without a barrier that axe can find."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from compounding.web.calculations import FORMS
from tests.web.conftest import Visit
from tests.web.demonstration import Shop, furnished
from tests.web.test_calculations import GOLDEN, LADDER

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
Open = Callable[..., Page]
ASKED = {kind: fields for kind, fields, *_ in GOLDEN.values()}
WRONG = {"final": ".5", "stock.value": "x", "device": "none"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("sums") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def at_the_bench(visit: Visit, shop: Shop) -> Open:
    """A page of the calculations, opened by the technician."""
    return lambda address, **options: visit("linh", shop.passwords["linh"], address, **options)


def test_a_dilution_is_worked_out_and_opened_by_the_keyboard_alone(at_the_bench: Open) -> None:
    page = at_the_bench("/calculations/dilution")
    page.locator("#basis input").first.focus()
    for typed in ("5", None, "0.5", None, "60"):  # past each unit, which begins as it should
        page.keyboard.press("Tab")
        if typed:
            page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer")
    assert "Take 6 mL of the stock of 5 mg/mL." in page.inner_text("main")
    assert "final=60" in page.url  # a bookmark of it asks the same again
    page.locator("details.why summary").first.focus()
    page.keyboard.press("Enter")
    assert "strength wanted / strength of the stock" in page.inner_text("details.why[open]")


def test_enter_never_prints_a_label_and_the_button_does(at_the_bench: Open) -> None:
    page = at_the_bench(f"/calculations/serial?{urlencode(LADDER)}")
    page.focus("#medium")
    page.keyboard.press("Enter")
    assert "/calculations/serial?" in page.url
    with page.expect_response("**/calculations/labels/*.pdf") as answered:
        page.get_by_role("button", name="Print label 1").click()
    assert answered.value.headers["content-type"] == "application/pdf"


def test_without_script_the_answer_is_the_same(at_the_bench: Open) -> None:
    page = at_the_bench("/calculations/dilution", java_script_enabled=False)
    for name, text in {"stock.value": "5", "to.value": "0.5", "final": "60"}.items():
        page.fill(f"[name='{name}']", text)
    page.get_by_role("button", name="Work it out").click()
    assert "Take 6 mL of the stock of 5 mg/mL." in page.inner_text("main")


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (390, "dark")])
def test_no_calculation_has_a_barrier_or_is_wider_than_the_screen(at_the_bench: Open, width: int, scheme: str) -> None:
    page = at_the_bench("/calculations", viewport={"width": width, "height": 768}, color_scheme=scheme)
    here = page.url
    addresses = ["", *(f"/{kind}?{urlencode(ASKED[kind])}" for kind in FORMS), f"/dilution?{urlencode(ASKED['dilution'] | WRONG)}"]
    for address in addresses:
        page.goto(f"{here}{address}")
        assert Axe().run(page).generate_report().startswith("Found 0 accessibility violations"), address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
