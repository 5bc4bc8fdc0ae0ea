"""Products: a new one is held to what stands on its package, what else is in it is a new fact, and what runs low is told in one line."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished, order
from tests.web.reading import Page, batches, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

BRYANT = {
    "code": "tablet-bryant-100", "stands_for": "naltrexone-tablet-50-mg", "name": "Naltrexone HCl 50 mg tablet", "labeler": "Bryant Ranch",
    "ndc": "71335-3012-1", "gtin": "", "unit": "tablet", "excipients[]": "lactose monohydrate\nhypromellose",
    "container_volume": "", "container_capsules": "", "unusable_volume": "",
}  # fmt: skip
BOTTLE = {**BRYANT, "code": "bottle-90-ml", "stands_for": "bottle-90-ml", "name": "amber bottle of 90 mL", "ndc": "", "unit": "piece", "excipients[]": ""}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("products") / "template.db", lambda shop: shop.bring(order(), to="compounded"))


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    """A technician."""
    return shop.visit(app, "linh")


@pytest.fixture
def maria(app: Flask, shop: Shop) -> Visitor:
    """The pharmacist in charge."""
    return shop.visit(app, "maria")


def address(visitor: Visitor, name: str, labeler: str = "") -> str:
    rows = [row for row in visitor.read("/stock/products").root.iter("tr") if name in words(row) and labeler in words(row)]
    return next(link.get("href", "") for link in rows[0].iter("a"))


def section(page: Page, name: str) -> str:
    return next(words(found) for found in page.root.iter("section") if found.get("aria-labelledby") == name)


def test_a_new_product_can_be_received_by_the_code_on_its_pack(maria: Visitor, linh: Visitor) -> None:
    answer = maria.send("/stock/products/new", BRYANT)
    assert answer.status == 303
    page = maria.read(answer.headers["Location"])
    assert "Bar code number 00371335301217" in page.text
    assert "lactose monohydrate, hypromellose" in page.text
    assert "At hand, of all that stands for it 187 tablets" in page.text  # with those of Sun and Accord

    scanned = linh.send("/stock/receive/scan", {"scan": "00371335301217"})
    assert scanned.value("product") == "tablet-bryant-100"
    assert linh.send("/stock/products/new", {**BRYANT, "code": "x"}).status == 403


def test_a_new_container_is_one_that_plans_may_choose(maria: Visitor) -> None:
    page = maria.read(maria.send("/stock/products/new", {**BOTTLE, "container_volume": "90", "unusable_volume": "0.5"}).headers["Location"])
    assert "Holds 90 mL, of which 0.5 mL stay behind" in page.text


@pytest.mark.parametrize(
    ("told", "field", "message"),
    [
        ({"code": "tablet-sun-100"}, "code", "Naltrexone HCl 50 mg tablet of Sun Pharmaceutical has this code already"),
        ({"code": "Tablet 1"}, "code", "Write small letters, digits and hyphens"),
        ({"ndc": "47335-326-08"}, "ndc", "of Sun Pharmaceutical has this bar code number already"),
        ({"ndc": "7133530121"}, "ndc", "Ten digits without hyphens"),
        ({"ndc": "71335-3012-01"}, "ndc", "Write it as it stands on the package: 71335-3012-1."),
        ({"ndc": ""}, "ndc", "Tablets are a source only by their NDC"),
        ({"gtin": "00371335301218"}, "gtin", "The check digit of 00371335301218 is wrong"),
        ({"gtin": "00347335326083"}, "gtin", "check digit"),
        ({"gtin": "00347335326833"}, "gtin", "The bar code number of NDC 71335-3012-1 is 00371335301217"),
        ({"unit": "g"}, "unit", "stands for the same and is counted in another unit"),
        ({"unit": ""}, "unit", "Choose the unit"),
        ({"name": ""}, "name", "Write the name"),
        ({"container_volume": "90"}, "unit", "A container is counted in pieces"),
    ],
)
def test_a_product_that_contradicts_its_package_or_the_others_is_refused(maria: Visitor, told: dict[str, str], field: str, message: str) -> None:
    page = maria.send("/stock/products/new", {**BRYANT, **told})

    assert page.status == 422
    assert message in page.message(field)
    assert page.value("labeler") == "Bryant Ranch"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"container_volume": "90", "container_capsules": "30"}, "container_capsules"),
        ({"container_volume": "90", "unusable_volume": "90"}, "unusable_volume"),
        ({"unusable_volume": "1"}, "unusable_volume"),
        ({"container_volume": "0"}, "container_volume"),
    ],
)
def test_a_container_that_cannot_be_is_refused(maria: Visitor, told: dict[str, str], field: str) -> None:
    assert maria.send("/stock/products/new", {**BOTTLE, **told}).message(field)


def test_what_else_is_in_a_product_is_a_new_fact_and_no_batch_changes(maria: Visitor, linh: Visitor) -> None:
    own = address(maria, "Naltrexone", "Sun")
    batch = batches(maria.read("/batches"))[-1]
    before = maria.read(batch).text
    assert "lactose monohydrate" in before
    told = {"description.excipients[]": "mannitol\nhypromellose", "description.source": "package insert, March 2026"}
    assert maria.send(f"{own}/excipients", told).status == 303

    page = maria.read(own)
    assert "Other substances in it 2 mannitol, hypromellose" in page.text
    assert "2 March 2026 mannitol, hypromellose package insert, March 2026 Maria Garcia" in page.text
    lot = next(link.get("href", "") for link in page.root.iter("a") if words(link) == "SUN2201")
    assert "Other substances in it mannitol, hypromellose" in linh.read(lot).text
    assert "lactose monohydrate" in maria.read(batch).text
    assert linh.send(f"{own}/excipients", told).status == 403


@pytest.mark.parametrize(
    ("told", "field", "message"),
    [
        ({"description.excipients[]": "lactose\nLactose", "description.source": "insert"}, "description.excipients", "Lactose stands here twice"),
        ({"description.excipients[]": "lactose", "description.source": ""}, "description.source", "Write where it is said"),
    ],
)
def test_a_description_without_its_source_or_with_doubles_is_refused(maria: Visitor, told: dict[str, str], field: str, message: str) -> None:
    page = maria.send(f"{address(maria, 'Naltrexone', 'Sun')}/excipients", told)
    assert (page.status, message in page.message(field)) == (422, True)


def test_what_is_below_its_least_level_stands_in_one_line_on_the_shelf_and_on_the_day(maria: Visitor, clock: Clock) -> None:
    assert "Nothing is below its least level." in section(maria.read("/"), "low")
    own = address(maria, "Naltrexone", "Sun")
    assert maria.send(f"{own}/level", {"level.least": "187"}).status == 303
    assert "Nothing is below its least level." in section(maria.read("/"), "low")  # 97 of Sun and 90 of Accord
    clock.moment += timedelta(seconds=1)
    assert maria.send(f"{own}/level", {"level.least": "188"}).status == 303
    assert maria.send(f"{address(maria, 'Glycerol')}/level", {"level.least": "0.5"}).status == 303
    for page in (maria.read("/"), maria.read("/stock")):
        assert "Running low 1" in section(page, "low")
        assert "Naltrexone HCl 50 mg tablet 187 of at least 188 tablets" in section(page, "low")
    assert "▲ low" in maria.read("/stock/products").text

    clock.pass_days(401)  # Sun's lot has expired, and counts no more
    assert "90 of at least 188 tablets" in section(maria.read("/"), "low")


@pytest.mark.parametrize(("least", "message"), [("1.5", "Enter whole tablets."), ("", "Write how much"), ("-1", "cannot be read")])
def test_a_least_level_that_cannot_be_is_refused(maria: Visitor, least: str, message: str) -> None:
    page = maria.send(f"{address(maria, 'Naltrexone', 'Sun')}/level", {"level.least": least})
    assert (page.status, message in page.message("level.least")) == (422, True)


def test_a_product_that_is_not_there_is_not_found(maria: Visitor) -> None:
    gone = "/stock/products/00000000-0000-0000-0000-000000000001"
    assert maria.read(gone).status == 404
    assert maria.send(f"{gone}/level", {"level.least": "1"}).status == 404
