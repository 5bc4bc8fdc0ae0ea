"""A spreadsheet as another program reads it: exact numbers, dates, and never a formula, whatever a patient is called."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from compounding.web.spreadsheet import Cell, Table, csv_text, send_csv, send_xlsx, xlsx

MADE = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://a.example","look")',
    "+49 30 1234",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    " =1+1",
    "＝1+1",
    "{=1+1}",
    "http://a.example",
    "_x0041_",
    "00042",
    'a"b,c;d',
    "Zoë\nŁuk",
)
LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


def one_column(*cells: Cell) -> Table:
    return Table("Names", ("Name",), tuple((cell,) for cell in cells))


def sheet(content: bytes, name: str) -> Worksheet:
    found = load_workbook(io.BytesIO(content))[name]
    assert isinstance(found, Worksheet)
    return found


def column(content: bytes) -> list[tuple[str, object]]:
    return [(cell.data_type, cell.value) for (cell,) in sheet(content, "Names").iter_rows(min_row=2)]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_that_text_in_a_spreadsheet(text: str) -> None:
    assert column(xlsx([one_column(text)], MADE)) == [("s", text.replace("\r", "_x000D_") if text.startswith("\r") else text)]


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "＝1+1", "－1"])
def test_what_a_program_takes_for_a_formula_gets_an_apostrophe_in_csv(text: str) -> None:
    _, (cell,) = csv.reader(io.StringIO(csv_text(one_column(text)), newline=""))
    assert cell == f"'{text}"


@given(LETTERS)
def test_no_text_begins_a_formula_in_csv_and_none_is_lost(text: str) -> None:
    read = list(csv.reader(io.StringIO(csv_text(Table("Names", ("Name", "Mark"), ((text, "x"),))), newline="")))
    assert read[1][0].removeprefix("'") == text.removeprefix("'")
    assert read[1][0].lstrip()[:1] not in {"=", "+", "-", "@"}


def test_numbers_and_dates_are_read_back_as_they_were() -> None:
    table = Table("Month", ("What", "Pieces", "Cost, $", "On"), (("a", 3, Decimal("-12.30"), date(2026, 3, 2)), ("b", -4, Decimal("0.000001"), None)))
    first, second = sheet(xlsx([table], MADE), "Month").iter_rows(min_row=2)

    assert [cell.value for cell in first] == ["a", 3, -12.3, datetime(2026, 3, 2)]
    assert first[2].number_format == "0.00"
    assert [str(cell.value) for cell in second] == ["b", "-4", "1e-06", "None"]
    assert csv_text(table) == 'What,Pieces,"Cost, $",On\r\na,3,-12.30,2026-03-02\r\nb,-4,0.000001,\r\n'


@settings(max_examples=5)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, min_value=-9_999_999, max_value=9_999_999, places=6), min_size=40, max_size=60))
def test_money_to_the_millionth_is_kept_in_both(amounts: list[Decimal]) -> None:
    table = Table("Money", ("$",), tuple((amount,) for amount in amounts))
    assert [Decimal(repr(cell.value)) for (cell,) in sheet(xlsx([table], MADE), "Money").iter_rows(min_row=2)] == amounts
    assert [Decimal(line) for line in csv_text(table).split("\r\n")[1:-1]] == amounts


def test_each_table_is_a_sheet_with_its_sums_last_and_its_head_in_sight() -> None:
    parts = Table("By part", ("Part", "$"), (("labour", Decimal("1.50")),), sums=("Total", Decimal("1.50")))
    content = xlsx([parts, one_column("Ann")], MADE)
    book = load_workbook(io.BytesIO(content))

    assert book.sheetnames == ["By part", "Names"]
    assert [cell.value for cell in book["By part"][3]] == ["Total", 1.5]
    assert book["By part"][3][1].font.bold
    assert book["By part"].freeze_panes == "A2"
    assert content == xlsx([parts, one_column("Ann")], MADE)


@pytest.mark.parametrize(
    ("name", "heads", "row"),
    [
        ("a/b", ("A",), ("x",)),
        ("n" * 32, ("A",), ("x",)),
        ("Names", ("A",), ("x", "y")),
        ("Names", ("A",), ("x" * 32_768,)),
        ("Names", ("A",), (1_234_567_890_123_456,)),
        ("Names", ("A",), (Decimal("NaN"),)),
    ],
)
def test_what_would_be_cut_or_rounded_is_refused(name: str, heads: tuple[str, ...], row: tuple[Cell, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Table(name, heads, (row,))


def test_the_answers_are_files_to_keep() -> None:
    book, plain = send_xlsx([one_column("Ann")], MADE, "costs-2026-03"), send_csv(one_column("Zoë"), "costs-2026-03-parts")

    assert book.headers["Content-Disposition"] == 'attachment; filename="costs-2026-03.xlsx"'
    assert column(book.get_data()) == [("s", "Ann")]
    assert plain.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert plain.get_data().decode("utf-8-sig").splitlines() == ["Name", "Zoë"]
