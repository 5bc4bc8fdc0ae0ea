"""The rows of titration steps in the order form: adding, copying, removing and filling them in, always on what was typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from werkzeug.datastructures import MultiDict

from compounding.domain.quantity import decimal_text

_PREFIX = "steps."
# One spelling for each row: beside `steps.0.dose`, a `steps.00.dose` would be another dose of the same row. What is no row is left for the schema to refuse.
_OF_A_ROW = re.compile(r"steps\.(?P<number>0|[1-9][0-9]{0,2})\.(?P<rest>.+)", re.ASCII | re.DOTALL)
_MOST = 60  # as many as an order may have
Row = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A usual regimen that fills the rows: doses in mg, each for `days` days at bedtime."""

    key: str
    words: str
    doses: tuple[Fraction, ...]
    days: int

    @property
    def rows(self) -> list[Row]:
        """The rows as somebody would have typed them."""
        return [{"dose": [decimal_text(dose)], "unit": ["mg"], "when[]": ["bedtime"], "days": [str(self.days)]} for dose in self.doses]


def _climb(first: str, last: str) -> tuple[Fraction, ...]:
    """Doses from `first` to `last` by steps of `first`."""
    each = Fraction(first)
    return tuple(each * number for number in range(1, int(Fraction(last) / each) + 1))


READY_MADE = (
    ReadyMade("three", "1.5, 3 and 4.5 mg, 14 days each", _climb("1.5", "4.5"), 14),
    ReadyMade("halves", "0.5 mg, and 0.5 mg more every two weeks, to 4.5 mg", _climb("0.5", "4.5"), 14),
    ReadyMade("quarters", "0.25 mg, and 0.25 mg more every week, to 4.5 mg in week 18", _climb("0.25", "4.5"), 7),
)


def rows_of(form: MultiDict[str, str]) -> list[Row]:
    """The rows that `form` holds, at least one."""
    found: dict[int, Row] = {}
    for name in form:
        if place := _OF_A_ROW.fullmatch(name):
            found.setdefault(int(place["number"]), {})[place["rest"]] = form.getlist(name)
    return [found[number] for number in sorted(found)] or [{}]


def changed(form: MultiDict[str, str], command: str) -> tuple[MultiDict[str, str], int]:
    """`form` after `add`, `copy.N`, `remove.N`, `steady` or `fill.KEY`, and the row to go on with; another command changes nothing."""
    rows = rows_of(form)
    verb, _, argument = command.partition(".")
    at = min(int(argument), len(rows) - 1) if argument.isascii() and argument.isdecimal() else len(rows) - 1
    if verb == "add" and len(rows) < _MOST:
        return with_rows(form, [*rows, {}]), len(rows)
    if verb == "copy" and len(rows) < _MOST:
        return with_rows(form, [*rows[: at + 1], rows[at], *rows[at + 1 :]]), at + 1
    if verb == "remove":
        return with_rows(form, rows[:at] + rows[at + 1 :] or [{}]), max(at - 1, 0)
    if verb == "steady":
        return with_rows(form, [{}]), 0
    for regimen in READY_MADE:
        if verb == "fill" and regimen.key == argument:
            return with_rows(form, regimen.rows), 0
    return form, at


def without_spare_rows(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """`form` without rows in which nothing was filled in, as long as one row is left."""
    filled = [row for row in rows_of(form) if any(text.strip() for texts in row.values() for text in texts)]
    return with_rows(form, filled or [{}])


def with_rows(form: MultiDict[str, str], rows: Sequence[Row]) -> MultiDict[str, str]:
    """`form` with `rows` in the place of its own."""
    kept = [(name, text) for name, text in form.items(multi=True) if not _OF_A_ROW.fullmatch(name)]
    fresh = [(f"{_PREFIX}{number}.{rest}", text) for number, row in enumerate(rows) for rest, texts in {"dose": [""], **row}.items() for text in texts]
    return MultiDict(kept + fresh)
