"""NADAC's price list as it is published: a CSV file, read row by row and never held whole. One wrong cell, and nothing of it is taken.

Its heads are those of data.medicaid.gov, which writes them with blanks or, until 2023, with underscores; its dates are 12/18/2024.
"""

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import IO, Any

from compounding.domain.benchmark import Listed, PriceList, PricingUnit
from compounding.domain.errors import Invalid
from compounding.domain.money import Money

COLUMNS = ("NDC Description", "NDC", "NADAC Per Unit", "Effective Date", "Pricing Unit", "As of Date")
_NDC = re.compile(r"[0-9]{11}", re.ASCII)
_PRICE = re.compile(r"[0-9]{1,7}(\.[0-9]{1,5})?", re.ASCII)
_AMERICAN = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", re.ASCII)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_UNITS = {str(unit): unit for unit in PricingUnit}
_LONGEST = 4_000  # bytes of a line; a row has about 110
_NAMED = 5  # wrong cells that are told one by one
_SHOWN = 40  # letters of a wrong cell


def read_price_list(file: IO[bytes] | None, stocked: Collection[str]) -> PriceList:
    """The list in `file`, with the rows of packages whose eleven digits are `stocked`.

    Raises `Invalid` at the field `file`, with row and column of what cannot be read; rows are counted as a spreadsheet does, the heads as row 1.
    """
    if file is None:
        raise _refused("Choose the file of the list, as it was downloaded from data.medicaid.gov (CSV).")
    digest = sha256()
    rows = csv.reader(_lines(file, digest), strict=True)
    places, width = _places(next(_records(rows), (1, ()))[1])
    reading = _Reading(stocked)
    for number, cells in _records(rows, first=2):
        if len(cells) == width:  # an empty line, as at the end of a file, is no row
            reading.take(number, [cells[place] for place in places])
        elif cells:
            reading.wrong(number, "", f"there are {len(cells)} cells under {width} heads")
    return reading.made(digest.hexdigest())


class _Reading:
    """What was read so far: our prices, and what was wrong."""

    def __init__(self, stocked: Collection[str]) -> None:
        self._stocked = frozenset(stocked)
        self._ours: dict[tuple[str, date, date], tuple[int, Listed]] = {}
        self._wrong: list[str] = []
        self._wrong_count = self._rows = self._repeated = 0
        self._as_of: set[date] = set()

    def take(self, number: int, cells: Sequence[str]) -> None:
        """Take one row, whose cells stand in the order of `COLUMNS`."""
        self._rows += 1
        description, ndc, price, effective, unit, as_of = cells
        days = [_day(effective), _day(as_of)]
        good: dict[str, object] = {"NDC": _NDC.fullmatch(ndc), "NADAC Per Unit": _PRICE.fullmatch(price) and price.strip("0."), "Pricing Unit": unit in _UNITS}
        good |= {"Effective Date": days[0], "As of Date": days[1]}
        for name in [name for name, found in good.items() if not found]:
            self.wrong(number, name, f"{_short(cells[COLUMNS.index(name)])} {_MEANT[name]}")
        effective_on, known_on = days
        if known_on is not None:
            self._as_of.add(known_on)
        if effective_on is not None and known_on is not None and all(good.values()) and ndc in self._stocked:
            if not description.isprintable() or not description:
                self.wrong(number, "NDC Description", f"{_short(description)} is no name of a drug")
            self._keep(number, Listed(ndc, description, Money.of(price), _UNITS[unit], effective_on, known_on))

    def wrong(self, number: int, column: str, words: str) -> None:
        """Say what is wrong in a row; only the first few are told one by one."""
        self._wrong_count += 1
        if len(self._wrong) < _NAMED:
            self._wrong.append(f"Row {number}{f', column {column}' if column else ''}: {words}.")

    def made(self, digest: str) -> PriceList:
        """The whole list; raises `Invalid` where anything was wrong, or nothing was in it."""
        if self._wrong:
            more = self._wrong_count - len(self._wrong)
            raise _refused(*self._wrong, *([f"So are {more} more."] if more else []))
        if not self._rows:
            raise _refused("There is no row under the heads of this file. Download the list again.")
        ours = tuple(item for _, item in self._ours.values())
        return PriceList(digest, self._rows, ours, self._repeated, min(self._as_of), max(self._as_of))

    def _keep(self, number: int, item: Listed) -> None:
        before, same = self._ours.setdefault((item.ndc, item.as_of, item.effective_on), (number, item))
        if (same.price, same.unit) != (item.price, item.unit):
            self.wrong(number, "NADAC Per Unit", f"NDC {item.ndc} has another price in row {before}, of the same days")
        self._repeated += before != number


_MEANT: Mapping[str, str] = {
    "NDC": "is no NDC of eleven digits. A spreadsheet drops the zeros at its front: import the file as it was downloaded",
    "NADAC Per Unit": "is no price above zero with at most five decimals, such as 0.28683",
    "Pricing Unit": "is none of EA, ML and GM",
    "Effective Date": "is no date such as 12/18/2024",
    "As of Date": "is no date such as 12/18/2024",
}


def _places(heads: Sequence[str]) -> tuple[tuple[int, ...], int]:
    """Where each of `COLUMNS` stands among the heads, and how many heads there are."""
    known = [head.replace("_", " ").casefold() for head in heads]
    missing = [name for name in COLUMNS if name.casefold() not in known]
    if missing:
        names = ", ".join(missing)
        raise _refused(f"Row 1: the column {names} is missing." if len(missing) == 1 else f"Row 1: these columns are missing: {names}.")
    twice = [name for name in COLUMNS if known.count(name.casefold()) > 1]
    if twice:
        raise _refused(f"Row 1: the column {twice[0]} stands there twice.")
    return tuple(known.index(name.casefold()) for name in COLUMNS), len(heads)


def _records(rows: Iterator[list[str]], first: int = 1) -> Iterator[tuple[int, Sequence[str]]]:
    """Each row with its number; raises `Invalid` where the quotes of a row do not match."""
    number = first
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refused(f"Row {number}: this is no row of a CSV file ({error}). Import the file as it was downloaded.") from error
        yield number, cells
        number += 1


def _lines(file: IO[bytes], digest: Any) -> Iterator[str]:
    """The lines of the file as text; each goes into the hash as it came."""
    for number, line in enumerate(iter(lambda: file.readline(_LONGEST + 1), b""), start=1):
        digest.update(line)
        if len(line) > _LONGEST:
            raise _refused(f"Line {number} has more than {_LONGEST} bytes. This is not NADAC's list as it is published (CSV).")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise _refused(f"Line {number} is not in UTF-8. Import the file as it was downloaded (CSV).") from error


@lru_cache(maxsize=1024)
def _day(text: str) -> date | None:
    """The date of a cell, as it is published or as the same site's queries give it; None where it is none."""
    if found := _AMERICAN.fullmatch(text):
        month, day, year = map(int, found.groups())
    elif found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _short(text: str) -> str:
    return f"“{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}”" if text else "an empty cell"


def _refused(*messages: str) -> Invalid:
    return Invalid("price-list", f"This list was not imported, and nothing of it is kept. {messages[0]}", fields={"file": messages})
