"""Printing in a real browser: the clicks from a released container to its label are counted, and no barrier that axe can find is in the way."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compounding.domain.print_job import JobStatus
from compounding.print_queue_command import run_next, send_next
from compounding.wire.connection import Patience
from tests.web.conftest import Visit
from tests.web.demonstration import PROFILE, Demonstration, Shop, furnished, order
from tests.web.looks import is_clean, look_for
from tests.web.test_printing import LONG
from tests.wire.listeners import Zebra

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
SHORT = Patience(connect=0.5, status=0.2, answer=1)


def bring(shop: Demonstration) -> None:
    for name in ("Ann Sample", LONG):
        shop.bring(order(name), to="released")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("printing") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def maria(visit: Visit, shop: Shop) -> Page:
    return visit("maria", shop.passwords["maria"])


def set_up(page: Page, name: str, medium: str, way: str = "browser", address: str = "") -> None:
    page.goto(f"{home(page)}/printers")
    page.fill("#name", name)
    page.select_option("#medium", medium)
    page.locator(f"input[name=way][value={way}]").check()
    page.fill("#address", address)
    page.get_by_role("button", name="Set the printer").click()
    page.wait_for_url("**/printers/*")
    is_clean(page)


def home(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def to_container(page: Page, rx: str) -> None:
    look_for(page, rx)
    page.locator("a[href^='/fills/']").first.click()
    page.wait_for_url("**/fills/*")


def chord(page: Page) -> None:
    """Alt and P as the browser gets them from a keyboard: Playwright's own keys press no access key."""
    key = {"key": "p", "code": "KeyP", "windowsVirtualKeyCode": 80, "text": "p", "unmodifiedText": "p"}
    page.context.new_cdp_session(page).send("Input.dispatchKeyEvent", {"type": "keyDown", "modifiers": 1, **key})


def test_one_click_or_one_chord_and_the_label_is_out(maria: Page, app: Flask) -> None:
    with Zebra.listening() as zebra:
        set_up(maria, "Counter 1", "thermal-4x3", "socket", f"socket://127.0.0.1:{zebra.port}")
        maria.get_by_role("button", name="Print on it at this screen").click()
        to_container(maria, "100001")
        is_clean(maria)
        maria.get_by_role("button", name="Print the label").click()  # the one click
        maria.get_by_text("The label is on its way to Counter 1.").wait_for()
        expect(maria.locator("#scanned")).to_be_focused()
        is_clean(maria)
        assert send_next(app.extensions["pharmacy"], SHORT) is JobStatus.SENT
        to_container(maria, "100002")
        chord(maria)  # the one chord
        maria.get_by_text("The label is on its way to Counter 1.").wait_for()
        assert send_next(app.extensions["pharmacy"], SHORT) is JobStatus.SENT
    assert len(zebra.pictures) >= 2
    maria.goto(f"{home(maria)}/jobs")
    is_clean(maria)


def test_in_the_browser_one_click_opens_the_pdf_beside_the_page(maria: Page) -> None:
    set_up(maria, "This computer", "thermal-4x3")
    to_container(maria, "100001")
    with maria.context.expect_page() as opened:
        maria.get_by_role("button", name="Print on This computer").click()  # the one click, which the screen keeps
    opened.value.wait_for_url("**/jobs/*.pdf")
    to_container(maria, "100002")
    assert maria.get_by_role("button", name="Print the label").is_visible()


def test_a_scan_or_enter_prints_nothing(maria: Page) -> None:
    set_up(maria, "This computer", "thermal-4x3")
    maria.get_by_role("button", name="Print on it at this screen").click()
    to_container(maria, "100001")
    maria.keyboard.type("100001-1001p")
    maria.keyboard.press("Enter")
    maria.focus("#scanned")
    maria.keyboard.type("p100001-1001")
    maria.keyboard.press("Enter")
    maria.reload()
    assert maria.get_by_role("button", name="Print the label").is_visible()


def test_a_days_labels_are_followed_and_what_does_not_fit_is_helped(maria: Page, app: Flask) -> None:
    set_up(maria, "Office, sheets", "5163")
    set_up(maria, "Large labels", "thermal-4x6", "ipp", "ipp://127.0.0.1:9631/ipp/print")
    maria.goto(home(maria))
    maria.get_by_role("link", name="The day's labels").click()  # the first click
    maria.get_by_role("link", name="Office, sheets").click()
    is_clean(maria)
    maria.get_by_label("4", exact=True).check()
    maria.get_by_role("button", name="Print these labels").click()  # the last
    maria.wait_for_url("**/runs/*")
    while run_next(app.extensions["pharmacy"], app.extensions["renderer"], PROFILE):
        pass
    maria.get_by_text("1 label was issued, 1 left out").wait_for()  # the page shows itself anew
    is_clean(maria)
    maria.get_by_role("link", name="Rx 100002, container 1").click()
    maria.wait_for_url("**/fills/*")
    maria.get_by_role("button", name="Print on Large labels").first.click()
    maria.get_by_text("The label is on its way to Large labels.").wait_for()
    is_clean(maria)
