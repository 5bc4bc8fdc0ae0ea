"""What is owed, a voided hand-over, blank worksheets and a late entry in a real browser: no barrier that axe can find, and nothing wider than the page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.conftest import Visit
from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.looks import is_clean, look_for
from tests.web.test_pooling import LONG

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


def bring(shop: Demonstration) -> None:
    shop.bring(order(LONG), to="checked")
    shop.bring(order("Bea Sample"))
    shop.bring(order("Cyd Sample"), to="batch planned")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("owed") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def maria(visit: Visit, shop: Shop) -> Page:
    return visit("maria", shop.passwords["maria"])


def test_less_is_given_and_the_rest_is_owed(maria: Page, shop: Shop) -> None:
    home = maria.url.rstrip("/")
    look_for(maria, "100001")
    maria.get_by_role("link", name="Hand over").click()
    maria.get_by_role("link", name="Give less of it now").click()
    is_clean(maria)
    maria.fill("#given", "10")
    maria.get_by_label("the patient wants less now").check()
    maria.get_by_label("it is counted into a container of its own, and kept here").check()
    maria.fill("#reason", "cannot pay for all of it today")
    maria.fill("[name='signature.secret']", shop.passwords["maria"])
    maria.get_by_role("button", name="Give less now").click()
    maria.wait_for_url("**/fills/*")
    assert "20 capsules for 20 days" in maria.inner_text("main")
    is_clean(maria)
    maria.goto(f"{home}/owed")
    assert "What is owed 1" in maria.inner_text("h1")
    is_clean(maria)
    look_for(maria, "100001")
    is_clean(maria)
    maria.get_by_role("link", name="20 capsules").first.click()
    maria.get_by_role("link", name="More about what is owed").click()
    maria.get_by_role("link", name="Cancel what is owed").click()
    is_clean(maria)


def test_a_hand_over_is_voided(maria: Page) -> None:
    look_for(maria, "100002")
    maria.get_by_role("link", name="on 2").first.click()
    is_clean(maria)
    maria.get_by_role("link", name="This hand-over did not happen as recorded").click()
    is_clean(maria)


def test_a_blank_worksheet_is_numbered_and_a_late_entry_asks_for_each_time(maria: Page) -> None:
    home = maria.url.rstrip("/")
    maria.goto(f"{home}/batches/blanks")
    maria.select_option("#formula", "C4.5")
    maria.fill("#count", "2")
    maria.get_by_role("button", name="Number them").click()
    maria.wait_for_url("**#blank-*")
    assert "W2" in maria.inner_text("main")
    is_clean(maria)
    maria.get_by_role("link", name="Spoiled W2").click()
    is_clean(maria)
    look_for(maria, "100003")
    maria.get_by_role("link", name="To the bench").click()
    maria.get_by_role("link", name="It was made on paper during a power cut").click()
    is_clean(maria)
    maria.fill("#blank", "W1")
    maria.fill("#reason", "no power from 9 to 11")
    maria.get_by_role("button", name="Begin the late entry").click()
    maria.wait_for_url("**/batches/*")
    assert "Done on, as the paper says" in maria.inner_text("main")
    is_clean(maria)
    maria.get_by_role("link", name="Compounding record").click()
    assert "Late entry" in maria.inner_text("main")
    is_clean(maria)
