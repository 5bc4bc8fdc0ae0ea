"""Lots beside NADAC as pages and files show them: prices of one unit with five decimals, as the list has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from compounding.domain.money import MICROS, Money, total
from compounding.domain.quantity import decimal_text
from compounding.domain.weighing import half_up
from compounding.web import amounts
from compounding.web.spreadsheet import Cell, Table
from compounding.workflow.benchmarks import Bought

_FIVE = 100_000
_HEADS = (
    "Product", "Labeler", "NDC", "Lot", "Bought", "Unit", "Paid, $", "Paid for one, $", "NADAC of one, $", "In force since", "As known on",
    "Above NADAC, $", "Above NADAC, %", "Marked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BesideLine:
    """One lot: amounts in $ as they stand on the page; `why_not` where NADAC says nothing of it."""

    lot_id: UUID
    lot_number: str
    product_id: UUID
    product: str
    labeler: str
    bought_on: date
    one: str
    paid: str
    each: str
    listed: str
    effective_on: date | None
    as_of: date | None
    is_behind: bool
    above_each: str
    above_share: str
    above: str
    is_over: bool
    limit: str
    why_not: str


def beside_lines(bought: Sequence[Bought]) -> tuple[BesideLine, ...]:
    """The lots as the page shows them, in their order."""
    return tuple(map(beside_line, bought))


def beside_line(item: Bought) -> BesideLine:
    """One lot as the page shows it."""
    found, one = item.beside, amounts.one(item.unit)
    listed = found.listed if found else None
    return BesideLine(
        item.lot_id,
        item.lot_number,
        item.product_id,
        item.product,
        item.labeler,
        item.bought_on,
        one=one,
        paid=item.paid.display(),
        each=fine(found.each) if found else "",
        listed=fine(listed.price) if listed else "",
        effective_on=listed.effective_on if listed else None,
        as_of=listed.as_of if listed else None,
        is_behind=bool(found and found.is_behind),
        above_each=signed(fine(found.difference_each)) if found else "",
        above_share=signed(_tenths(found.share * 100)) if found else "",
        above=signed(found.difference.display()) if found else "",
        is_over=bool(found and found.is_over),
        limit=decimal_text(found.limit * 100) if found else "",
        why_not=item.why_not,
    )


def beside_table(bought: Sequence[Bought]) -> Table:
    """The lots of a month beside NADAC, for a spreadsheet: exact amounts, prices of one unit to the millionth."""
    rows = tuple(map(_cells, bought))
    above = total([item.beside.difference for item in bought if item.beside])
    sums = ("Total", None, None, None, None, None, total([item.paid for item in bought]), None, None, None, None, above, None, None)
    return Table("Bought beside NADAC", _HEADS, rows, sums)


def fine(amount: Money) -> str:
    """An amount with five decimals, half up: what NADAC's prices have."""
    scaled = half_up(Fraction(abs(amount.micros) * _FIVE, MICROS))
    whole, part = divmod(scaled, _FIVE)
    return f"{'-' if amount.micros < 0 and scaled else ''}{whole}.{part:05d}"


def signed(number: str) -> str:
    """A difference with its sign: what is above the list has a plus."""
    if number.startswith("-"):
        return f"\N{MINUS SIGN}{number[1:]}"
    return f"+{number}" if number.strip("0.") else number


def _cells(item: Bought) -> tuple[Cell, ...]:
    start = (item.product, item.labeler, item.ndc, item.lot_number, item.bought_on, amounts.one(item.unit), item.paid)
    if item.beside is None:
        return (*start, None, None, None, None, None, None, item.why_not)
    found = item.beside
    each, listed = (Decimal(amount.micros) / MICROS for amount in (found.each, found.listed.price))
    share = Decimal(half_up(found.share * 100_000)) / 1000  # to the thousandth of a percent
    days = (found.listed.effective_on, found.listed.as_of)
    return (*start, each, listed, *days, found.difference, share, "above" if found.is_over else "within")


def _tenths(value: Fraction) -> str:
    scaled = half_up(abs(value) * 10)
    return f"{'-' if value < 0 and scaled else ''}{scaled // 10}.{scaled % 10}"
