"""Shared batches that are made and batches for stock in a real browser: no barrier that axe can find, and nothing wider than the page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from compounding.domain.prescription import Form
from tests.web.conftest import Visit
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.looks import is_clean
from tests.web.test_for_stock import put_on_the_shelf
from tests.web.test_pooling import LONG

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


def bring(shop: Demonstration) -> None:
    put_on_the_shelf(shop)
    for name in ("Bea Sample", LONG):
        shop.bring(order(name, doses=(("4.5", 23),), form=Form.ORAL_LIQUID), LIQUID, to="planned")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("stocking") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def signed_in(visit: Visit, shop: Shop) -> Page:
    return visit("linh", shop.passwords["linh"])


def test_a_proposal_is_taken_up_and_the_batch_shows_who_shares_it(signed_in: Page) -> None:
    signed_in.goto(signed_in.url.rstrip("/") + "/pooling")
    is_clean(signed_in)
    signed_in.get_by_role("button", name="Draw up this shared batch").click()
    signed_in.wait_for_url("**/batches/**")

    assert "2 containers share this batch." in signed_in.inner_text("main")
    is_clean(signed_in)


def test_what_is_made_for_stock_is_seen_before_it_is_drawn_up_and_a_container_is_taken_from_the_shelf(signed_in: Page) -> None:
    home = signed_in.url.rstrip("/")
    signed_in.goto(f"{home}/batches/for-stock?formula=L1&containers=5&container=bottle-120-ml&each=100")
    is_clean(signed_in)
    signed_in.get_by_role("button", name="Draw up this batch").click()
    signed_in.wait_for_url("**/batches/**")
    assert "Made for stock" in signed_in.inner_text("main")
    is_clean(signed_in)
    signed_in.goto(home)
    signed_in.get_by_role("link", name="Ann Sample").first.click()
    signed_in.get_by_role("link", name="Draw up the batch").first.click()
    assert "From the shelf: batch 1001" in signed_in.inner_text("main")
    is_clean(signed_in)
