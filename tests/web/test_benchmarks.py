"""NADAC's list through the form: imported by the pharmacist in charge, refused whole with what is wrong, shown beside each lot, in no sum of the month."""

from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from compounding.domain.money import Money
from compounding.web import benchmarks
from compounding.web.beside import fine, signed
from tests.schemas.price_lists import row, text
from tests.web.conftest import Visit, Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.reading import Page, words
from tests.web.test_costs import table

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MONTH = "/costs/2026-03"
SUMS = ("Cost by part", "Waste by cause", "Twelve months", "The tablets that were used, valued", "Doses", "Cost by patient", "Cost by fill and batch, in $")
CHEAP = text(row(price="0.61234"), row(ndc="00093721410"))


def bring(shop: Demonstration) -> None:
    shop.bring(order("Ann Sample"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("nadac") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


def send(visitor: Visitor, content: bytes) -> Page:
    token = visitor.read("/sign-in").value("csrf_token")
    return Page.of(visitor.client.post("/costs/nadac", data={"csrf_token": token, "file": (BytesIO(content), "nadac.csv")}))


def line(page: Page) -> list[str]:
    """The row of the lot of Sun's tablets beside NADAC."""
    rows = ([words(cell) for cell in found] for found in page.root.iter("tr"))
    return next(cells for cells in rows if len(cells) == 8 and "SUN2201" in cells[0])


@on_sqlite
def test_an_imported_list_stands_beside_the_lot_on_every_page_and_the_month_is_as_it_was(app: Flask, shop: Shop) -> None:
    maria, linh = shop.visit(app, "maria"), shop.visit(app, "linh")
    before = [table(linh.read(MONTH), name) for name in SUMS]
    assert "beside NADAC" not in linh.read(MONTH).text.replace("Lots beside NADAC", "")  # nothing is compared before there is a list
    assert send(maria, CHEAP).headers["Location"] == "/costs/nadac"
    assert "2 rows were read: 1 kept, 1 passed over, since nobody buys their packages here." in maria.read("/costs/nadac").text

    page = linh.read(MONTH)
    shown = line(page)
    assert shown[2:7] == ["0.70000", "0.61234", "+0.08766", "+14.3", "+8.77"]  # 100 tablets for 70.00
    assert "▲ more than 10 % above in force since 18 December 2025 , by the list of 7 January 2026 , which ends before the lot was bought" in shown[7]
    assert "1 lot of this month was bought too far above NADAC." in page.text
    assert [table(page, name) for name in SUMS] == before
    place = next(link.get("href", "") for link in page.root.iter("a") if words(link) == "SUN2201")
    lot = linh.read(place)
    assert "Paid above it, $ +0.08766 for one tablet, +8.77 for the lot" in lot.text
    product = next(link.get("href", "") for link in lot.root.iter("a") if link.get("href", "").startswith("/stock/products/"))
    assert line(linh.read(product))[2:7] == line(linh.read("/costs/nadac"))[2:7] == shown[2:7]

    rows = linh.client.get(f"{MONTH}/bought.csv").get_data().decode("utf-8-sig").splitlines()
    assert (
        next(item for item in rows if "SUN2201" in item).partition("tablet,70")[2].partition(",")[2] == "0.7,0.61234,2025-12-18,2026-01-07,8.766,14.316,above"
    )
    for file in ("pdf", "xlsx"):
        assert linh.client.get(f"{MONTH}.{file}").status_code == 200


@on_sqlite
def test_a_list_with_one_wrong_row_is_refused_whole_and_says_where(app: Flask, shop: Shop) -> None:
    maria = shop.visit(app, "maria")
    answer = send(maria, text(row(), row(ndc="4733532608", price="free")))
    assert answer.status == 422
    assert "Row 3, column NDC: “4733532608” is no NDC of eleven digits." in answer.text
    assert "Row 3, column NADAC Per Unit: “free” is no price" in answer.text
    assert "None yet." in maria.read("/costs/nadac").text
    assert "Choose the file of the list" in maria.send("/costs/nadac", {}).text

    assert send(maria, CHEAP).status == 303
    again = send(maria, CHEAP)
    assert (again.status, "says nothing that is not known here" in again.text) == (409, True)


@on_sqlite
def test_a_list_may_be_larger_than_any_other_form_but_not_without_end(app: Flask, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    maria, linh = shop.visit(app, "maria"), shop.visit(app, "linh")
    large = text(*[row(ndc="00093721410")] * 5_000)
    assert len(large) > app.config["MAX_CONTENT_LENGTH"]
    assert send(maria, large).status == 303
    assert send(linh, b"no list at all").status == 403  # before anything of it is read
    assert (send(linh, large).status, "Import a list" in linh.read("/costs/nadac").text) == (403, False)
    monkeypatch.setattr(benchmarks, "LIST_LIMIT", 300_000)
    assert send(maria, large).status == 413


@pytest.mark.parametrize(
    ("micros", "shown"), [(612_340, "+0.61234"), (-612_345, "−0.61235"), (0, "0.00000"), (-4, "0.00000"), (5, "+0.00001"), (12_000_000, "+12.00000")]
)
def test_a_difference_has_five_decimals_and_its_sign(micros: int, shown: str) -> None:
    assert signed(fine(Money(micros))) == shown


@on_sqlite
@pytest.mark.browser
@pytest.mark.campaign
def test_axe_finds_no_barrier_on_the_pages_of_the_benchmark(app: Flask, visit: Visit, shop: Shop) -> None:
    assert send(shop.visit(app, "maria"), CHEAP).status == 303
    page = visit("maria", shop.passwords["maria"])
    home = page.url.rstrip("/")
    for place in ("/costs/nadac", MONTH):
        page.goto(f"{home}{place}")
        assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
        page.set_viewport_size({"width": 390, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1366, "height": 768})
