"""Deliveries: a scan fills the form and takes nothing in, only sealed containers are a source, a pack comes once, an invoice has its lots."""

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

DELIVERY = {
    "source": "manufacturer", "wholesaler": "Sample Wholesale", "invoice_number": "4711",
    "invoiced_on.day": "27", "invoiced_on.month": "2", "invoiced_on.year": "2026",
    "product": "tablet-sun-100", "lot_number": "NEW1", "expires_on.day": "", "expires_on.month": "2", "expires_on.year": "2028",
    "quantity": "100", "invoice": "71.20",
}  # fmt: skip
PACK = "010034733532608621SN99\x1d1728022910A1234"  # 100 tablets of Sun, as a DataMatrix says it


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("receiving") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    """A technician."""
    return shop.visit(app, "linh")


@pytest.fixture
def james(app: Flask, shop: Shop) -> Visitor:
    """A pharmacist."""
    return shop.visit(app, "james")


def test_a_lot_is_taken_in_by_the_bench_and_used_only_after_a_pharmacist_released_it(linh: Visitor, james: Visitor) -> None:
    answer = linh.send("/stock/receive", DELIVERY)
    assert answer.status == 303
    own = answer.headers["Location"]
    page = linh.read(own)
    assert "Expires 29 February 2028" in page.text  # only month and year were printed
    assert "Invoice $71.20 for 100 tablets Cost of one tablet $0.7120" in page.text
    assert "A pharmacist compares the package" in page.text
    assert "Release the lot" not in page.text

    assert linh.send(f"{own}/release", {"release.compared": "true"}).status == 403
    assert "quarantined" in linh.read(own).text
    assert james.send(f"{own}/release", {"release.compared": "true"}).status == 303
    assert "✓ available" in james.read(own).text
    assert james.send(f"{own}/release", {"release.compared": "true"}).status == 409


@pytest.mark.parametrize(
    ("product", "quantity", "left"),
    [("ascorbic-acid", "0.5", "0.5 g"), ("glycerol", "473.176", "473.176 mL"), ("shell-3", "5000", "5000 pieces"), ("tablet-accord-30", "30", "30 tablets")],
)
def test_a_quantity_is_taken_in_the_unit_of_its_product(linh: Visitor, product: str, quantity: str, left: str) -> None:
    answer = linh.send("/stock/receive", {**DELIVERY, "product": product, "quantity": quantity})

    assert f"Left {left} " in linh.read(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("product", "", "Choose the product"),
        ("product", "tablet-nobody-100", "Choose a product from the list."),
        ("lot_number", "", "Write the lot number"),
        ("lot_number", "A\u202eB", "cannot be printed safely"),
        ("lot_number", "A" * 41, "too long"),
        ("lot_number", "SUN2201", "received already, on 2 March 2026"),
        ("expires_on.month", "", "Enter day, month and year"),
        ("source", "", "Choose what it came in."),
        ("source", "loose", "Nothing loose and nothing from an opened container is taken in"),
        ("source", "returned", "What was brought back is never taken in again"),
        ("manufacturer_lot", "ORIGINAL", "Only a repackager's container shows two lot numbers"),
        ("no_expiry", "true", "Tablets without an expiry of the manufacturer are no source"),
        ("serials[]", "SN1\nSN1", "Serial number SN1 stands here twice"),
        ("scan", "47335-326-08", "A scan stands here that was not read"),
        ("wholesaler", "", "Write who sent the invoice"),
        ("invoice_number", "", "Write the number that stands on the invoice"),
        ("invoiced_on.day", "", "Enter day, month and year"),
        ("invoiced_on.month", "3", "This day is still to come"),
        ("expires_on.day", "30", "There is no day 2028-02-30"),
        ("expires_on.year", "2025", "This date is past"),
        ("quantity", "", "Write how much came"),
        ("quantity", "0", "Nothing was measured"),
        ("quantity", "1.5", "Enter whole tablets."),
        ("quantity", "1e3", "cannot be read"),
        ("quantity", "-5", "cannot be read"),
        ("quantity", "1,000", "cannot be read"),
        ("invoice", "$71", "cannot be read"),
        ("invoice", "", "Write the amount in figures only"),
    ],
)
def test_a_delivery_that_cannot_be_is_shown_again_with_what_to_do_beside_its_field(linh: Visitor, field: str, typed: str, message: str) -> None:
    page = linh.send("/stock/receive", {**DELIVERY, field: typed})

    assert page.status == 422
    assert message in page.message(field.partition(".")[0].removesuffix("[]"))
    assert page.value(field) == ("" if field == "product" else typed)  # what is not in the list cannot be chosen in it
    assert page.value("product" if field != "product" else "lot_number") == DELIVERY["product" if field != "product" else "lot_number"]


def filled(visitor: Visitor, scan: str, typed: dict[str, str] | None = None) -> dict[str, str]:
    """What the form holds after a scan."""
    page = visitor.send("/stock/receive/scan", {**(typed or {}), "scan": scan})
    assert page.status == 200, page.message("scan")
    names = ("product", "lot_number", "expires_on.day", "expires_on.month", "expires_on.year", "serials[]", "scan", "quantity", "wholesaler")
    return {name: page.value(name).strip() for name in names if page.value(name).strip()}


def test_a_scan_fills_the_form_beside_what_was_typed_and_takes_nothing_in(linh: Visitor) -> None:
    assert filled(linh, PACK, {"wholesaler": "Sample Wholesale", "quantity": "200"}) == {
        "product": "tablet-sun-100", "lot_number": "A1234", "expires_on.day": "29", "expires_on.month": "2", "expires_on.year": "2028",
        "serials[]": "SN99", "wholesaler": "Sample Wholesale", "quantity": "200",
    }  # fmt: skip
    assert "A1234" not in linh.read("/stock").text


def test_each_further_pack_of_the_lot_adds_its_serial_number(linh: Visitor) -> None:
    first = filled(linh, PACK)
    second = filled(linh, PACK.replace("SN99", "SN100"), first)
    assert second["serials[]"].split() == ["SN99", "SN100"]

    answer = linh.send("/stock/receive", {**DELIVERY, **second, "quantity": "200"})
    page = linh.read(answer.headers["Location"])
    assert "Serial numbers of its 2 packs SN100, SN99" in page.text
    assert "Came in the manufacturer's sealed container On invoice 4711 of Sample Wholesale, 27 February 2026" in page.text


@pytest.mark.parametrize(
    ("scan", "message"),
    [
        (PACK.replace("A1234", "B9"), "This pack is of lot B9, and the form below says otherwise."),
        (PACK.replace("280229", "280331"), "This pack expires on 2028-03-31, and the form below says otherwise."),
        (PACK, "The pack with serial number SN99 was scanned for this lot already."),
        ("16729-081-10", "This pack is Naltrexone HCl 50 mg tablet of Accord, and the form below says otherwise."),
    ],
)
def test_a_pack_that_is_not_of_the_lot_of_the_form_is_refused_and_what_was_typed_stays(linh: Visitor, scan: str, message: str) -> None:
    page = linh.send("/stock/receive/scan", {**filled(linh, PACK), "scan": scan, "invoice": "7O.00"})

    assert page.status == 422
    assert message in page.message("scan")
    assert (page.value("lot_number"), page.value("invoice")) == ("A1234", "7O.00")


@pytest.mark.parametrize(
    ("scan", "message"),
    [
        ("00347335326833", "No product here has the bar code number 00347335326833 (NDC 4733532683, hyphens unknown)"),
        ("68071-3654-3", "No product here has the NDC 68071-3654-3"),
        (PACK.replace("280229", "260200"), "This pack of Naltrexone HCl 50 mg tablet expired on 28 February 2026. It cannot be taken in"),
        (PACK.replace("A1234", "SUN2201"), "Lot SUN2201 of this product was received already, on 2 March 2026."),
        ("4733532608", "Ten digits without hyphens"),
        ("00347335326087", "The check digit of 00347335326087 is wrong"),
        ("hello", "cannot be read as a GS1 code"),
        ("1" * 201, "too long"),
    ],
)
def test_a_scan_that_cannot_be_is_told_in_a_sentence_beside_its_box(linh: Visitor, scan: str, message: str) -> None:
    page = linh.send("/stock/receive/scan", {"scan": scan})

    assert page.status == 422
    assert message in page.message("scan")


def test_a_pack_that_came_before_does_not_come_again(linh: Visitor) -> None:
    told = {**DELIVERY, **filled(linh, PACK)}
    assert linh.send("/stock/receive", told).status == 303

    page = linh.send("/stock/receive/scan", {"scan": PACK})
    assert "The pack with serial number SN99 was received with lot A1234 on 2 March 2026 already." in page.message("scan")
    again = linh.send("/stock/receive", {**told, "lot_number": "A1234-B"})  # under another lot number
    assert (again.status, "was received with lot A1234" in again.message("serials")) == (422, True)


def test_the_empty_scan_of_an_enter_elsewhere_shows_the_form_as_it_is(linh: Visitor) -> None:
    page = linh.send("/stock/receive/scan", DELIVERY)

    assert (page.status, page.message("scan")) == (200, "")
    assert page.value("lot_number") == "NEW1"


def test_a_lot_number_that_may_have_swallowed_a_serial_number_asks_to_be_compared(linh: Visitor) -> None:
    page = linh.send("/stock/receive/scan", {"scan": "01003473353260861728022910A123421SN99"})

    assert page.value("lot_number") == "A123421SN99"
    assert "compare it with the package letter by letter" in page.text


def test_a_repackager_shows_two_lot_numbers(linh: Visitor) -> None:
    told = {**DELIVERY, "source": "repackager", "manufacturer_lot": "SUN-ORIGINAL"}
    page = linh.read(linh.send("/stock/receive", told).headers["Location"])

    assert "Manufacturer's own lot SUN-ORIGINAL" in page.text


@pytest.mark.parametrize(("month", "expected"), [("", "2 March 2029"), ("12", "31 December 2028")])
def test_without_an_expiry_of_the_vendor_it_is_three_years_from_receipt_at_most(linh: Visitor, month: str, expected: str) -> None:
    own = {**DELIVERY, "product": "ascorbic-acid", "no_expiry": "true", "expires_on.month": month, "expires_on.year": "2028" if month else ""}
    page = linh.read(linh.send("/stock/receive", own).headers["Location"])
    assert f"Expires {expected}" in page.text
    assert "the container is labelled “received 2 March 2026 ”" in page.text

    later = linh.send("/stock/receive", {**own, "lot_number": "NEW2", "expires_on.month": "3", "expires_on.year": "2029"})
    assert "2 March 2029 is the latest that we may give" in later.message("expires_on")


def test_an_invoice_has_several_lots_and_their_sum(linh: Visitor) -> None:
    first = linh.read(linh.send("/stock/receive", DELIVERY).headers["Location"])
    own = next(link.get("href", "") for link in first.root.iter("a") if "/purchases/" in link.get("href", ""))
    begun = linh.read(f"/stock/receive?purchase={own.rpartition('/')[2]}")
    assert [begun.value(name) for name in ("wholesaler", "invoice_number", "invoiced_on.month", "lot_number")] == ["Sample Wholesale", "4711", "2", ""]

    second = {**DELIVERY, "product": "glycerol", "lot_number": "G2", "quantity": "500", "invoice": "12.345678", "wholesaler": "SAMPLE wholesale"}
    assert linh.send("/stock/receive", second).status == 303
    page = linh.read(own)
    assert "Its lots together $83.55" in page.text
    assert "G2 29 February 2028 500 mL 12.35" in page.text
    slip = linh.send("/stock/receive", {**second, "lot_number": "G3", "invoiced_on.day": "26"})
    assert "Invoice 4711 of Sample Wholesale is recorded with 27 February 2026" in slip.message("invoiced_on")


def test_a_quarantined_lot_that_has_expired_is_not_released(linh: Visitor, james: Visitor, clock: Clock) -> None:
    own = linh.send("/stock/receive", {**DELIVERY, "expires_on.month": "3", "expires_on.year": "2026"}).headers["Location"]
    clock.pass_days(30)

    assert james.send(f"{own}/release", {"release.compared": "true"}).status == 409
    assert "expired" in james.read(own).text


@pytest.mark.parametrize("gone", ["/stock/purchases/00000000-0000-0000-0000-000000000001", "/stock/receive?purchase=00000000-0000-0000-0000-000000000001"])
def test_an_invoice_that_is_not_there_is_not_found(linh: Visitor, gone: str) -> None:
    assert linh.read(gone).status == 404
    assert linh.read("/stock/receive?purchase=nothing").status == 200
