"""Codes on a pack: NDC to GTIN and back by the published numbers, check digits, two-digit years, and what came in what."""

from datetime import date

import pytest
from biip.gtin import Gtin
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.errors import Invalid
from compounding.domain.gs1 import Scan, check_digit, checked_ndc, day_of, gtin_14, gtin_of_ndc, ndc_11, ndc_digits
from compounding.domain.inventory import Product, StockUnit
from compounding.domain.policy import Policy
from compounding.domain.purchase import Origin, Purchase, Source, expiry_of, require_origin, require_source, years_after

TODAY = date(2026, 3, 2)
# domain.md 6.2: openFDA's NDCs of naltrexone 50 mg tablets with the eleven digits of a bill, and the bar code numbers that were confirmed.
ELEVEN = {
    "47335-326-83": "47335032683", "16729-081-10": "16729008110", "23155-886-03": "23155088603", "62135-242-30": "62135024230",
    "51224-206-30": "51224020630", "0406-1170-03": "00406117003", "51407-959-30": "51407095930", "68094-853-62": "68094085362",
    "50090-6820-0": "50090682000", "68071-3654-3": "68071365403", "71335-3012-1": "71335301201", "70518-4344-0": "70518434400",
    "0615-8579-39": "00615857939", "0904-7036-04": "00904703604", "53401-008-31": "53401000831",
}  # fmt: skip
GTINS = {
    "68071-3654-3": "00368071365436", "47335-326-83": "00347335326833", "51224-206-30": "00351224206304", "16729-081-10": "00316729081108",
    "0406-1170-03": "00304061170031",
}  # fmt: skip


@pytest.mark.parametrize(("ndc", "eleven"), ELEVEN.items())
def test_an_ndc_has_the_eleven_digits_of_a_bill_and_one_bar_code_number(ndc: str, eleven: str) -> None:
    assert ndc_11(ndc) == eleven
    gtin = gtin_of_ndc(ndc)
    assert ndc_digits(gtin) == ndc.replace("-", "")
    assert Gtin.parse(gtin).as_gtin_14() == gtin  # the library's own check digit


@pytest.mark.parametrize(("ndc", "gtin"), GTINS.items())
def test_the_confirmed_bar_code_numbers_come_out(ndc: str, gtin: str) -> None:
    assert gtin_of_ndc(ndc) == gtin
    assert gtin_14(gtin) == gtin_14(gtin[1:]) == gtin_14(gtin[2:]) == gtin  # as GTIN-13 and as UPC


@given(st.text("0123456789", min_size=7, max_size=13))
def test_every_slip_of_one_digit_is_seen(payload: str) -> None:
    digit = check_digit(payload)
    for place, found in enumerate(payload):
        other = payload[:place] + str((int(found) + 1) % 10) + payload[place + 1 :]
        assert check_digit(other) != digit


@pytest.mark.parametrize("digits", ["", "123", "00347335326834", "0034733532683", "x0347335326833", "٠٠٣٤٧٣٣٥٣٢٦٨٣٣"])
def test_a_number_without_its_right_check_digit_is_not_trusted(digits: str) -> None:
    with pytest.raises(Invalid):
        gtin_14(digits)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("4733532683", "Ten digits without hyphens can be read as three different NDCs"),
        ("16729-0081-10", "Write it as it stands on the package: 16729-081-10."),
        ("00406-1170-03", "Write it as it stands on the package: 0406-1170-03 or 00406-1170-3."),
        ("47335-3268-33", "padded to eleven digits"),
        ("47335-32-683", "has its hyphens as on the package"),
        ("47335 326 83", "has its hyphens as on the package"),
        ("", "has its hyphens as on the package"),
    ],
)
def test_an_ndc_that_is_not_as_on_the_package_is_refused_with_what_to_write(typed: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        checked_ndc(typed)


def test_an_ndc_of_twelve_digits_is_kept_and_has_no_bar_code_number() -> None:
    assert checked_ndc("123456-1234-12") == "123456-1234-12"
    assert gtin_of_ndc("123456-1234-12") == ""


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("271231", date(2027, 12, 31)),
        ("270200", date(2027, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("760301", date(1976, 3, 1) if TODAY.year == 2076 else date(2076, 3, 1)),
        ("770301", date(1977, 3, 1)),
        ("000100", date(2000, 1, 31)),
    ],
)
def test_a_date_of_six_digits_is_the_nearest_and_day_00_the_last_of_its_month(digits: str, day: date) -> None:
    assert day_of(digits, TODAY) == day


def test_a_day_that_there_is_not_is_refused() -> None:
    with pytest.raises(Invalid, match="no such day"):
        day_of("270230", TODAY)
    assert day_of("010100", date(2099, 6, 1)) == date(2101, 1, 31)


def test_a_product_is_named_by_its_bar_code_its_ndc_or_its_bill() -> None:
    sun = Product("sun", "tablets", "Tablet", "Sun", StockUnit.TABLET, ndc="47335-326-83")
    powder = Product("powder", "filler", "Filler", "Maker", StockUnit.NANOGRAM, gtin="00012345678905")
    for scan in (Scan(gtin="00347335326833"), Scan(ndc="47335-326-83"), Scan(ndc="47335032683")):
        assert (sun.is_named_by(scan), powder.is_named_by(scan)) == (True, False)
    assert powder.is_named_by(Scan(gtin="00012345678905"))
    assert not powder.is_named_by(Scan(ndc=""))
    assert not powder.is_named_by(Scan(gtin=""))


@pytest.mark.parametrize("source", [Source.LOOSE, Source.RETURNED])
def test_loose_and_returned_tablets_are_no_source(source: Source) -> None:
    with pytest.raises(Invalid, match="Set it apart to be destroyed"):
        require_source(source)


def test_an_origin_does_not_contradict_itself() -> None:
    require_origin(Origin(Source.REPACKAGER, manufacturer_lot="M1", serials=("1", "2")), today=TODAY)
    for wrong in (Origin(manufacturer_lot="M1"), Origin(serials=("1", "1")), Origin(purchase=Purchase("W", "1", date(2026, 3, 3)))):
        with pytest.raises(Invalid):
            require_origin(wrong, today=TODAY)


def test_three_years_after_a_leap_day_is_the_28th() -> None:
    assert years_after(date(2028, 2, 29), 3) == date(2031, 2, 28)
    assert expiry_of(None, no_expiry=True, needs_one=False, received_on=date(2028, 2, 29), policy=Policy()) == date(2031, 2, 28)
