"""NADAC's list is read as it is published, row by row, or refused with row and column."""

from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.benchmark import PricingUnit
from compounding.domain.errors import Invalid
from compounding.domain.money import MICROS, Money
from compounding.schemas.price_lists import read_price_list
from tests.schemas.price_lists import HEADS, SUN, file, row, text

OTHER = "00093721410"


def refusal(content: bytes) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refused:
        read_price_list(BytesIO(content), {SUN})
    assert "nothing of it is kept" in refused.value.sentence
    return refused.value.fields["file"]


def test_only_what_is_bought_here_is_kept_and_every_row_is_counted() -> None:
    found = read_price_list(file(row(), row(OTHER), row(), row(as_of="2026-01-14")), {SUN})
    first, second = found.ours
    assert (first.ndc, first.price, first.unit, first.effective_on) == (SUN, Money(612_340), PricingUnit.EACH, date(2025, 12, 18))
    assert (first.as_of, second.as_of) == (date(2026, 1, 7), date(2026, 1, 14)) == (found.first_as_of, found.last_as_of)
    assert (found.rows, found.repeated, len(found.ours)) == (4, 1, 2)


def test_the_heads_may_stand_in_any_order_with_underscores_and_a_mark_of_byte_order() -> None:
    heads = [name.replace(" ", "_") for name in reversed(HEADS)]
    content = b"\xef\xbb\xbf" + text(tuple(reversed(row())), heads=heads)
    assert read_price_list(BytesIO(content), {SUN}).ours == read_price_list(file(row()), {SUN}).ours


@given(st.integers(1, 999_999_999), st.integers(0, 5))
def test_a_price_of_five_decimals_is_kept_to_the_last_one(number: int, places: int) -> None:
    digits = f"{number:0{places + 1}d}"
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    if len(whole) <= 7:
        (item,) = read_price_list(file(row(price=f"{whole}.{part}" if part else whole)), {SUN}).ours
        assert Fraction(item.price.micros, MICROS) == Fraction(number, 10**places)


@pytest.mark.parametrize(
    ("wrong", "column", "words"),
    [
        (row(ndc="4733532683"), "NDC", "“4733532683” is no NDC of eleven digits"),
        (row(ndc="47335-326-83"), "NDC", "no NDC of eleven digits"),
        (row(ndc="4733503268\u0663"), "NDC", "no NDC of eleven digits"),
        (row(price="0.612345"), "NADAC Per Unit", "at most five decimals"),
        (row(price="0.00000"), "NADAC Per Unit", "no price above zero"),
        (row(price="-1"), "NADAC Per Unit", "no price above zero"),
        (row(price="1e3"), "NADAC Per Unit", "no price above zero"),
        (row(price=""), "NADAC Per Unit", "an empty cell is no price"),
        (row(effective="02/30/2026"), "Effective Date", "is no date such as 12/18/2024"),
        (row(effective="18.12.2025"), "Effective Date", "is no date such as 12/18/2024"),
        (row(as_of="1/7/26"), "As of Date", "“1/7/26” is no date such as 12/18/2024"),
        (row(unit="TAB"), "Pricing Unit", "“TAB” is none of EA, ML and GM"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column_also_in_a_row_of_somebody_elses_drug(wrong: tuple[str, ...], column: str, words: str) -> None:
    elsewhere = tuple(OTHER if cell == SUN else cell for cell in wrong)
    for cells in (wrong, elsewhere):
        (message,) = refusal(text(row(), cells))
        assert message.startswith(f"Row 3, column {column}: ")
        assert words in message


def test_of_many_wrong_cells_the_first_five_are_told_and_the_rest_counted() -> None:
    messages = refusal(text(*[row(price="?", unit="?")] * 4))
    assert [message.split(":")[0] for message in messages[:2]] == ["Row 2, column NADAC Per Unit", "Row 2, column Pricing Unit"]
    assert (len(messages), messages[-1]) == (6, "So are 3 more.")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (text(row()[:-1], heads=HEADS[:-1]), "Row 1: the column As of Date is missing."),
        (text(heads=("NDC", "Price")), "Row 1: these columns are missing: NDC Description, NADAC Per Unit, Effective Date, Pricing Unit, As of Date."),
        (text((*row(), SUN), heads=(*HEADS, "NDC")), "Row 1: the column NDC stands there twice."),
        (text(), "There is no row under the heads"),
        (b"", "Row 1: these columns are missing"),
        (text(row(), row()[:-1]), "Row 3: there are 11 cells under 12 heads."),
        (text(row(), ("x",)), "Row 3: there are 1 cells under 12 heads."),
        (text(row(), row(price='"0.5"x')), "Row 3: this is no row of a CSV file"),
        (text(row(), row(price='"0.5')), "Row 3: this is no row of a CSV file"),
        (text() + b"caf\xe9,\n", "Line 2 is not in UTF-8"),
        (text() + b"a" * 4_001, "Line 2 has more than 4000 bytes"),
        (b"%PDF-1.7\n%\xff\xff\n", "Row 1: these columns are missing"),
        (text(row(), row(price="0.7")), "Row 3, column NADAC Per Unit: NDC 47335032608 has another price in row 2, of the same days."),
        (text(("N\0ALTREXONE", *row()[1:])), "Row 2, column NDC Description:"),
    ],
)
def test_what_is_no_list_is_refused_with_what_is_wrong(content: bytes, words: str) -> None:
    assert words in refusal(content)[0]


def test_an_empty_line_is_no_row() -> None:
    assert read_price_list(file(row(), (), row(as_of="01/14/2026"), ()), {SUN}).rows == 2


def test_no_file_is_asked_for() -> None:
    with pytest.raises(Invalid, match="Choose the file"):
        read_price_list(None, {SUN})
