"""Scans as scanners send them and as people type them: the examples of domain.md 6.3, every spelling of the separator, and what a lost one would do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from compounding.domain.errors import Invalid
from compounding.domain.gs1 import Scan
from compounding.schemas.receiving import SCAN
from compounding.schemas.scan import ScannedLot, Sought, read_scan

GTIN = "00347335326833"
WHOLE = Scan(GTIN, "", "A1234", "271231", "SN99")
SERIAL_FIRST = f"01{GTIN}21SN99<GS>1727123110A1234"
PERMITTED = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"  # GS1 General Specifications 7.11


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        (f"01{GTIN}1727123110A1234", Scan(GTIN, "", "A1234", "271231")),
        (f"(01){GTIN}(17)271231(10)A1234", Scan(GTIN, "", "A1234", "271231")),
        (f" (01) {GTIN} (17) 271231 (10) A1234 ", Scan(GTIN, "", "A1234", "271231")),
        (f"]d201{GTIN}1727120010A1234", Scan(GTIN, "", "A1234", "271200")),
        (f"]C101{GTIN}", Scan(GTIN)),
        (f"\x1d01{GTIN}10A1234\x1d17271231\r\n", Scan(GTIN, "", "A1234", "271231")),
        (f"01{GTIN}112501011727123110A1234", Scan(GTIN, "", "A1234", "271231")),  # the day of production is not needed
        ("347335326833", Scan(GTIN)),
        ("0347335326833", Scan(GTIN)),
        (f"]E0{GTIN[1:]}", Scan(GTIN)),
        ("47335-326-83", Scan(ndc="47335-326-83")),
        ("47335032683", Scan(ndc="47335032683")),
    ],
)
def test_a_code_is_read_as_the_pack_says_it(text: str, scan: Scan) -> None:
    assert read_scan(text) == scan


@pytest.mark.parametrize("sent", ["\x1d", "\x1e", "\u241d", "|", "~", "^", "#", "@", "{", "{GS}", "<GS>", "<gs>", "[GS]", "\u00e8", "^]", "\x1d\x1d"])
def test_whatever_a_scanner_sends_for_the_separator_is_one(sent: str) -> None:
    assert read_scan(SERIAL_FIRST.replace("<GS>", sent)) == WHOLE
    assert read_scan(f"]d2{SERIAL_FIRST.replace('<GS>', sent)}") == WHOLE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SERIAL_FIRST.replace("<GS>", ""), "has a serial number and no lot or no expiry: the scanner has left out the separator"),
        (f"01{GTIN}10A123417271231", "The lot number of this code has swallowed the expiry"),
        (f"01{GTIN}10A12341727123121SN99", "The lot number of this code has swallowed the expiry"),
        (f"01{GTIN}1727123121SN9910A1234", "has a serial number and no lot or no expiry"),
        (f"01{GTIN}17271231102345678901234567890123", "goes on without a separator"),
        (f"01{GTIN[:-1]}41727123110A1234", "The check digit of 00347335326834 is wrong"),
        (f"01{GTIN}17271331", "cannot be read as a GS1 code from"),
        (f"01{GTIN}1727123110A1234\x1d10B", "says (10) twice and not the same"),
        ("003473353268330000010", "cannot be read as a GS1 code"),
        ("003473353268330000012", "cannot be read"),
        ("(00)347335326833000005(37)12", "the code of a carton or a pallet"),
        ("10A1234", "names no product"),
        ("50347335326838", "a carton with several packs"),
        ("0150347335326838" + "17271231", "a carton with several packs"),
        ("00347335326834", "The check digit of 00347335326834 is wrong"),
        ("4733532683", "Ten digits without hyphens"),
        ("123456789", "8, 12, 13 or 14 digits"),
        ("]C0A1234", "not one of GS1"),
        ("]d1" + GTIN, "not one of GS1"),
        (f"(01){GTIN}(17)271231(10)A1234(x", "has more in it than a GS1 code"),
        (f"(01){GTIN}(99", "has more in it than a GS1 code"),
        ("(98765)1", "cannot be read as a GS1 code"),
        (f"01{GTIN}10\u0663", "U+0663 stands in this code"),
        (f"01{GTIN}10A\u202e1234", "U+202E stands in this code"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_scan(text)
    assert message in refusal.value.sentence


@given(lot=st.text(PERMITTED, min_size=1, max_size=20), serial=st.text(PERMITTED, min_size=1, max_size=20), first=st.booleans())
def test_every_lot_and_serial_number_that_gs1_permits_comes_through_whole(lot: str, serial: str, first: bool) -> None:
    parts = (f"21{serial}\x1d", "17271231", f"10{lot}") if first else ("17271231", f"10{lot}\x1d", f"21{serial}")
    if any(spelled in (lot + serial).upper() for spelled in ("<GS>", "<FNC1>")):
        return
    assert read_scan("]d201" + GTIN + "".join(parts)) == Scan(GTIN, "", lot, "271231", serial)


@given(st.text(max_size=60))
def test_no_text_at_all_does_more_than_be_refused(text: str) -> None:
    try:
        scan = SCAN.load({"scan": text})["scan"]
    except ValidationError as refusal:
        assert refusal.messages["scan"]
    else:
        assert scan.gtin or scan.ndc


@pytest.mark.parametrize("code", [f"01{GTIN}1727123110A1234", f"(01){GTIN}(17)271231(10)A1234", f"]d201{GTIN}10A1234", f"\x1d01{GTIN}10A1234\x1d17271231\r\n"])
def test_where_a_lot_or_a_search_is_asked_for_a_code_stands_for_its_lot(code: str) -> None:
    found = ScannedLot().deserialize(code)
    assert (found.gtin, found.lot_number) == (GTIN, "A1234")
    assert Sought().deserialize(code) == "A1234"


def test_what_is_no_code_of_a_pack_is_the_lot_number_itself() -> None:
    for typed in ("A1234", "0100", "01-2026", "LOT (01)"):
        assert ScannedLot().deserialize(f" {typed} ") == Scan(lot_number=typed)
        assert Sought().deserialize(typed) == typed


def test_a_code_without_a_lot_is_searched_by_its_ndc_and_is_no_lot() -> None:
    assert Sought().deserialize(f"]C101{GTIN}") == "4733532683"
    with pytest.raises(ValidationError, match="names no lot"):
        ScannedLot().deserialize(f"]C101{GTIN}")


@pytest.mark.parametrize("field", [ScannedLot(), Sought()])
@pytest.mark.parametrize("code", ["]X0123", f"01{GTIN[:-1]}410A1234", f"01{GTIN}10" + "A" * 200, "", "A" * 121])
def test_a_code_that_cannot_be_read_is_refused_and_never_cut(field: ScannedLot | Sought, code: str) -> None:
    with pytest.raises(ValidationError):
        field.deserialize(code)
