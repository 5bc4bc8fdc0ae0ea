"""Tables as a spreadsheet (XLSX) or as CSV: numbers exact, dates as dates, and no cell that is ever a formula.

Whoever opens a file of ours may have a name such as `=HYPERLINK(...)` in it: the spreadsheet stores every text as text, and in CSV, where
a program guesses, what would be guessed to be a formula gets an apostrophe before it. Numbers stay numbers, negative ones too.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from flask import Response
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from compounding.domain.money import Money

Cell: TypeAlias = str | int | Decimal | Money | date | None

_SHEET_NAME = re.compile(r"[^\[\]:*?/\\']{1,31}")  # what Excel takes as the name of a sheet
_LONGEST = 32_767  # letters in a cell of Excel; more is refused, never cut
_DIGITS = 15  # a spreadsheet's number is a binary float, which keeps so many decimal digits
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # OWASP's list, with the wide letters that some programs take for the narrow ones
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its name (of a sheet, at most 31 letters), its heads with units, its rows, and a last row of sums if there is one.

    A cell is text, a whole number, an exact decimal, money (kept to the millionth, shown in cents), a date, or empty. `ValueError` for rows
    of another length than the heads, a number of more digits than a spreadsheet keeps, and what no cell or sheet takes.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[Cell, ...] | None = None

    def __post_init__(self) -> None:
        if not _SHEET_NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be the name of a sheet")
        for row in self.every_row:
            if len(row) != len(self.heads):
                raise ValueError(f"{self.name}: a row of {len(row)} cells under {len(self.heads)} heads")
            for cell in row:
                _refuse_unfit(cell)

    @property
    def every_row(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows, with the sums after them."""
        return self.rows if self.sums is None else (*self.rows, self.sums)


def xlsx(tables: Sequence[Table], made_at: datetime) -> bytes:
    """A workbook with a sheet for each of `tables`; the same tables at the same moment are the same bytes."""
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(held, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        for table in tables:
            _write_sheet(book, table)
    return held.getvalue()


def csv_text(table: Table) -> str:
    """One table as CSV by RFC 4180: commas, lines that end in CR LF, dates as 2026-03-01, and no cell that a program takes for a formula."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow([_harmless(head) for head in table.heads])
    writer.writerows([_plain(cell) for cell in row] for row in table.every_row)
    return held.getvalue()


def send_xlsx(tables: Sequence[Table], made_at: datetime, name: str) -> Response:
    """The workbook as a file to keep, called `name`.xlsx; `name` is of ASCII letters, digits and hyphens."""
    return _file(xlsx(tables, made_at), _XLSX, f"{name}.xlsx")


def send_csv(table: Table, name: str) -> Response:
    """The table as a file to keep, called `name`.csv; it begins with a byte order mark, by which Excel knows that it is UTF-8."""
    return _file(b"\xef\xbb\xbf" + csv_text(table).encode(), "text/csv; charset=utf-8", f"{name}.csv")


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _write_sheet(book: Workbook, table: Table) -> None:
    sheet = book.add_worksheet(table.name)
    bold, formats = book.add_format({"bold": True, "text_wrap": True, "bottom": 1}), _Formats(book)
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(table.every_row, start=1):
        is_sum = table.sums is not None and number > len(table.rows)
        for column, cell in enumerate(row):
            _write_cell(sheet, (number, column), cell, formats.of(cell, bold=is_sum))
    sheet.freeze_panes(1, 0)
    sheet.autofit(420)  # pixels: a long name does not push the others off the screen
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _write_cell(sheet: Worksheet, place: tuple[int, int], cell: Cell, style: Format) -> None:
    match cell:
        case str():
            sheet.write_string(*place, cell, style)
        case date():
            sheet.write_datetime(*place, cell, style)
        case Money():
            sheet.write_number(*place, _units(cell), style)
        case int() | Decimal():
            sheet.write_number(*place, Decimal(cell), style)
        case None:
            sheet.write_blank(*place, None, style)


class _Formats:
    """How each kind of cell looks; a decimal keeps the places that it was given with."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Format] = {}

    def of(self, cell: Cell, *, bold: bool) -> Format:
        kind = "General"
        if isinstance(cell, date):
            kind = "d mmm yyyy"
        elif isinstance(cell, Money):
            kind = "0.00"
        elif isinstance(cell, Decimal):
            places = _places(cell)
            kind = f"0.{'0' * places}" if places else "0"
        if (kind, bold) not in self._made:
            self._made[kind, bold] = self._book.add_format({"num_format": kind, "bold": bold, "top": 1 if bold else 0})
        return self._made[kind, bold]


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _refuse_unfit(cell: Cell) -> None:
    if isinstance(cell, str) and len(cell) > _LONGEST:
        raise ValueError(f"a text of {len(cell)} letters does not fit a cell: {cell[:40]!r}")
    if isinstance(cell, (int, Decimal, Money)):
        number = _units(cell) if isinstance(cell, Money) else Decimal(cell)
        if not number.is_finite() or len(number.as_tuple().digits) > _DIGITS:
            raise ValueError(f"a spreadsheet does not keep every digit of {cell}; write it as text")


def _units(money: Money) -> Decimal:
    """An amount in units of the currency, to the millionth."""
    return Decimal(money.micros).scaleb(-6)


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return _harmless(cell)
        case date():
            return cell.isoformat()
        case Money():
            whole, _, part = f"{_units(cell):f}".partition(".")
            return f"{whole}.{part.rstrip('0'):0<2}"
        case int() | Decimal():
            return f"{Decimal(cell):f}"


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
