"""The page of shared batches in a real browser: no barrier that axe can find, and nothing wider than the page."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from compounding.domain.prescription import Form
from compounding.workflow import pooling as work
from tests.domain.test_pooling import bottled, counted
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.test_pooling import LONG, shown

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
CHROMIUM = Path("/usr/bin/chromium")


def bring_two(shop: Demonstration) -> None:
    for name in ("Ann Sample", LONG):
        shop.bring(order(name, doses=(("4.5", 23),), form=Form.ORAL_LIQUID), LIQUID, to="planned")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("pooling") / "template.db", bring_two)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not on this machine: install the package chromium")
        pytest.skip("Chromium is not on this machine: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def signed_in(browser: Browser, app: Flask, shop: Shop) -> Iterator[Page]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"http://127.0.0.1:{server.server_port}/sign-in")
    page.fill("#username", "linh")
    page.fill("#password", shop.passwords["linh"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    yield page
    page.close()
    server.shutdown()
    thread.join()


def barriers(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def test_from_the_day_to_shared_batches_without_a_barrier(signed_in: Page) -> None:
    signed_in.get_by_role("link", name="could share a batch").click()
    signed_in.wait_for_url("**/pooling")

    assert "5 instead of 6" in signed_in.inner_text("main")
    assert barriers(signed_in) == []


def test_forty_long_names_stay_within_a_narrow_page(signed_in: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [bottled(at, "103.5", starts=at % 8, days=28) for at in range(30)] + [counted(at, 30) for at in range(30, 40)]
    monkeypatch.setattr(work, "proposals", lambda _: shown(*many))
    signed_in.goto(signed_in.url.rstrip("/") + "/pooling")

    for width in (1366, 390):
        signed_in.set_viewport_size({"width": width, "height": 768})
        assert signed_in.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(signed_in) == []
