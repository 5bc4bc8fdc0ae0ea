"""The doors of the house in a real browser, walked by four of its people with long names: sign-in and second factor, accounts, systems, glass and trail.

Each page stands what `looks` asks (axe, no wider than a telephone or a tablet). Pictures of all are kept in the folder PHARMACY_PICTURES, if it is set.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from compounding.domain.authority import ActName
from compounding.domain.clarification import Question, Reason
from compounding.domain.people import Role, system_actor
from compounding.workflow import clarifications, glass, months
from compounding.workflow.people import add_person
from tests.adversary import PASSWORD, PIN, House
from tests.api.orders import titration
from tests.web.looks import is_clean
from tests.workflow.orders import IN_CAPSULES, capsules

pytestmark = [pytest.mark.browser, pytest.mark.campaign]

LONG = "Nguyễn Thị Phương-Thảo Featherstonehaugh-Vandersteen Cruz y Montenegro-Quintanilla von Hohenlohe I"  # a hundred letters
ARABIC = "عبد الرحمن محمد بن عبد العزيز آل الشيخ المستشار القانوني الأول في مكتب المراجعة الخارجية"
FIRST_RX = 100_001
QUESTION = "Is 3 mg in the second step meant, or 2 mg as in the order of January? The patient says that the doctor told her two by telephone."


def joined(house: House, username: str, name: str, role: Role) -> None:
    house.bench.pharmacy.perform(
        ActName.PERSON_ADD,
        system_actor("command line"),
        lambda act: add_person(act, username=username, name=name, initials="XY", role=role, licence="L" * 60, password=PASSWORD, pin=PIN),
    )


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A pharmacy with a handed-over container of a patient with a long name, a closed month whose paper is missing, and a glass that was broken."""
    house = House.opened(sqlite_template, tmp_path_factory.mktemp("doors"))
    bench = house.bench
    bench.handed_over(bench.planned(capsules(LONG), IN_CAPSULES)[0])
    bench.clock.pass_days(31)
    bench.pharmacy.perform(ActName.MONTH_CLOSE, bench.maria, lambda act: months.close(act, "2026-03"))
    joined(house, "thao", LONG, Role.TECHNICIAN)
    joined(house, "abd", ARABIC, Role.AUDITOR)
    bench.pharmacy.perform(ActName.GLASS_BREAK, house.actors["omar"], lambda act: glass.break_glass(act, FIRST_RX, "The inspection of this morning."))
    yield house
    house.close()


@pytest.fixture(scope="module")
def page(house: House, browser: Browser) -> Iterator[Page]:
    """One window for all of the walks."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=f"http://127.0.0.1:{server.server_port}")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def look(page: Page, name: str) -> None:
    """Hold the page against what every page must stand, and keep its picture at three widths."""
    is_clean(page)
    for width in (768, 390, 1366):
        page.set_viewport_size({"width": width, "height": 1024 if width == 768 else 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if pictures := os.environ.get("PHARMACY_PICTURES"):
            page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)


def enter(page: Page, username: str, password: str = PASSWORD) -> None:
    """Sign in with the keyboard alone."""
    page.goto("/sign-in")
    page.focus("#username")
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Page, button: str) -> None:
    """Press a button with the keyboard, and wait for where it leads."""
    page.get_by_role("button", name=button).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def leave(page: Page) -> None:
    press(page, "Sign out")


def is_said_beside(page: Page, field: str, words: str) -> None:
    """An error stands beside its field, and the summary above, which leads to it, has the focus."""
    expect(page.locator("#summary")).to_be_focused()
    assert words in page.inner_text(f'[id="{field}-error"]')
    page.locator("#summary a").first.press("Enter")
    expect(page.locator(f'[id="{field}"]')).to_be_focused()


def test_a_second_factor_is_read_from_the_picture_and_used_at_the_next_sign_in(page: Page, house: House) -> None:
    clock = house.bench.clock
    house.browser("thao")
    enter(page, "thao", "not it at all")
    is_said_beside(page, "username", "do not go together")
    look(page, "sign-in-wrong")
    enter(page, "thao")
    page.goto("/account")
    assert "Where you are signed in 2" in page.inner_text("main").replace("\n", " ")
    look(page, "account")
    press(page, "End the other")
    page.get_by_role("link", name="Set one up").press("Enter")
    look(page, "factor")
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(page.locator("svg.qr").screenshot())))
    told = parse_qs(urlsplit(found.text).query)
    assert (told["secret"][0], told["issuer"]) == (page.inner_text("#secret").replace(" ", ""), ["Demonstration Pharmacy"])
    totp = pyotp.TOTP(told["secret"][0])
    page.fill("#code", "000000")
    press(page, "Take it")
    is_said_beside(page, "code", "not the code that the authenticator shows")
    page.keyboard.type(totp.at(clock.moment))
    press(page, "Take it")
    assert len(re.findall(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}", page.inner_text("main"))) == 10
    look(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").press("Enter")
    page.goto("/account/password")
    look(page, "password")
    leave(page)
    enter(page, "thao")
    expect(page.locator("#code")).to_be_focused()
    look(page, "code")
    page.keyboard.type("000000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    is_said_beside(page, "code", "not the present code")
    clock.moment += timedelta(seconds=30)
    page.keyboard.type(totp.at(clock.moment))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert LONG in page.inner_text("header")
    leave(page)


def test_an_administrator_sees_to_people_systems_and_tokens(page: Page) -> None:
    enter(page, "ada")
    look(page, "administrator")
    page.goto("/staff")
    page.fill("#name", "Jo Okafor")
    page.fill("#username", "Jo Okafor")
    press(page, "Add them")
    is_said_beside(page, "username", "is no user name")
    assert page.input_value("#name") == "Jo Okafor"
    look(page, "staff")
    page.fill("#username", "jo.okafor")
    page.fill("#initials", "JO")
    page.get_by_role("radio", name=re.compile("^technician")).check()
    press(page, "Add them")
    look(page, "password-for-once")
    page.goto("/staff")
    page.get_by_role("link", name=ARABIC).click()
    look(page, "member")
    page.goto("/staff/settings")
    look(page, "settings")
    page.goto("/systems")
    page.fill("#name", "Harbour Clinic of the Holy Trinity and its Programs for Chronic Pain, North Shore and Islands")
    page.fill("#npis", "1234567890")
    press(page, "Add the system")
    is_said_beside(page, "npis", "a digit was mistyped")
    look(page, "systems")
    page.fill("#npis", "1992999999")
    press(page, "Add the system")
    look(page, "token")
    page.get_by_role("link", name="I have it").click()
    page.fill("#new_name", "the next one")
    page.fill("#overlap", "14")
    page.fill("#new_days", "365")
    press(page, "Make the new token")
    page.get_by_role("link", name="I have it").click()
    assert page.inner_text("main").count("good") >= 2
    look(page, "system")
    leave(page)


def test_an_auditor_breaks_the_glass_and_reads_the_trail(page: Page) -> None:
    enter(page, "abd")
    look(page, "auditor")
    page.goto("/glass")
    page.fill("#rx", str(FIRST_RX))
    press(page, "Break the glass")
    expect(page.locator("#summary")).to_be_focused()
    look(page, "glass")
    page.fill("#reason", "A court's order of this morning, case 26-1187: who made the capsules of February, from which lot, and who checked them?")
    page.fill("[id='signature.secret']", PASSWORD)
    press(page, "Break the glass")
    assert LONG in page.inner_text("main")
    look(page, "glass-open")
    page.get_by_role("link", name="What was changed in these records").click()
    assert LONG in page.inner_text("main")
    look(page, "trail-opened")
    page.goto("/trail?kind=reads")
    look(page, "trail-reads")
    page.goto("/trail?opened=true")
    is_said_beside(page, "rx", "one patient at a time")
    press(page, "Verify the whole trail")
    assert "as they were written" in page.inner_text("main")
    look(page, "trail")
    leave(page)


def test_the_pharmacist_in_charge_sees_the_glass_the_missing_paper_and_what_was_asked(page: Page, house: House) -> None:
    pharmacy = house.bench.pharmacy
    order = titration()
    order["patient"] |= {"name": LONG}
    key = house.clinic.send(order).get_json()
    assert "id" in key, key
    pharmacy.perform(ActName.PRESCRIPTION_HOLD, house.bench.maria, lambda act: clarifications.ask(act, UUID(key["id"]), Question(Reason.STEPS, QUESTION)))
    enter(page, "maria")
    look(page, "day")
    page.get_by_role("link", name="See the broken glass").first.click()
    press(page, "Keep that I have seen it")
    expect(page.locator("#summary")).to_be_focused()
    look(page, "glass-reports")
    page.goto("/costs/2026-03")
    assert "Print and file it" in page.inner_text("main")
    look(page, "month-not-filed")
    page.goto(f"/prescriptions/{key['id']}")
    before, _, after = page.inner_text("main").partition(QUESTION)  # what the order waits for comes first
    assert ("Pharmacy and prescriber" in before, "Accept the order" in after) == (True, True)
    look(page, "order-asked")
    house.clinic.change(f"{key['links']['self']}/cancellation", {"reason": "The patient does not want it any more."})
    page.reload()
    assert page.locator(".trail [aria-current]").count() == 0
    look(page, "order-changed")
    leave(page)
