"""A month's cost as it is shown: every sum in cents, so that what stands in a column adds up to what stands under it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from compounding.domain.cost import CostKind
from compounding.domain.money import Money
from compounding.web.drawings import Bars, bars
from compounding.workflow.costs import FillCost, MonthCost, PatientCost

NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_MONTH = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])", re.ASCII)
_DRAWN = 12  # patients in the picture; more are read in the table
_MICROS_IN_CENT = 10_000


@dataclass(frozen=True, slots=True)
class FillLine:
    """One fill: its cents by kind, their sum, and the reason of each part."""

    fill: FillCost
    kinds: tuple[str, ...]
    shown: str
    month: str
    reasons: tuple[tuple[str, str, UUID | None], ...]


@dataclass(frozen=True, slots=True)
class PatientLine:
    """One patient with the number that the picture names, and the fills of the month."""

    number: int
    patient: PatientCost
    shown: str
    charged: str
    margin: str
    month: str
    over: bool
    fills: tuple[FillLine, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The month, whole: totals by part and their picture; the patients of this page and their picture against the article's month.

    `elsewhere` is cost, price and margin of the patients of the other pages, `nobodys` the cost of what reached nobody and the margin that it takes.
    """

    cost: MonthCost
    name: str
    total: str
    article: str
    parts: tuple[tuple[CostKind, str, str], ...]
    patients: tuple[PatientLine, ...]
    margin: str
    elsewhere: tuple[str, str, str]
    nobodys: tuple[str, str]
    parts_picture: Bars
    patients_picture: Bars
    over_count: int


def is_month(text: str) -> bool:
    """Whether `text` is a month such as 2026-03."""
    return _MONTH.fullmatch(text) is not None


def month_name(year_month: str) -> str:
    """The month in words: 2026-03 is March 2026."""
    year, month = year_month.split("-")
    return f"{NAMES[int(month) - 1]} {year}"


def shown(cost: MonthCost) -> Shown:
    """What the page of a month says.

    Cents are dealt out from the top: the month's total to its parts and to its patients, a patient's to the fills, a fill's to its
    parts. Each number is at most one cent away from its exact amount, and each column adds up. What was asked is in whole cents as it is;
    a margin is the difference of the two numbers that stand beside it, so that margins add up as well.
    """
    whole, asked = cost.total.cents, cost.charged.cents
    by_part = _dealt(whole, [amount for _, amount in cost.parts])
    *by_patient, elsewhere, nobodys = _dealt(whole, [*(item.total for item in cost.patients), cost.elsewhere, cost.nobodys])
    *asked_of, asked_elsewhere = _dealt(asked, [*(item.charged for item in cost.patients), cost.elsewhere_charged])
    dealt = zip(cost.patients, by_patient, asked_of, strict=True)
    lines = tuple(_patient(number, item, (paid, price), cost) for number, (item, paid, price) in enumerate(dealt, start=1))
    return Shown(
        cost=cost,
        name=month_name(cost.month),
        total=_text(whole),
        article=cost.article_month.display(),
        parts=tuple((kind, _text(cents), _share(amount, cost.total)) for (kind, amount), cents in zip(cost.parts, by_part, strict=True)),
        patients=lines,
        margin=_text(asked - whole),
        elsewhere=(_text(elsewhere), _text(asked_elsewhere), _text(asked_elsewhere - elsewhere)),
        nobodys=(_text(nobodys), _text(-nobodys)),
        parts_picture=bars([(str(kind), _text(cents), cents) for (kind, _), cents in zip(cost.parts, by_part, strict=True)]),
        patients_picture=bars(
            [(f"{line.number}. {line.patient.patient}", line.month, line.patient.month.cents) for line in lines[:_DRAWN]], mark=cost.article_month.cents
        ),
        over_count=cost.over_count,
    )


def _patient(number: int, item: PatientCost, cents: tuple[int, int], cost: MonthCost) -> PatientLine:
    """A patient's line; `cents` are what it cost and what was asked."""
    paid, asked = cents
    fills = [fill for fill in cost.fills if fill.patient_id == item.patient_id]
    dealt = _dealt(paid, [fill.total for fill in fills])
    lines = tuple(_fill(fill, share) for fill, share in zip(fills, dealt, strict=True))
    over = item.month.cents > cost.article_month.cents
    return PatientLine(number, item, _text(paid), _text(asked), _text(asked - paid), item.month.display(), over, lines)


def _fill(fill: FillCost, cents: int) -> FillLine:
    sums = [sum(part.amount.micros for part in fill.parts if part.kind is kind) for kind in CostKind]
    dealt = _dealt(cents, [Money(micros) for micros in sums])
    keys = fill.entries or (None,) * len(fill.parts)
    reasons = tuple((str(part.kind), part.reason, key) for part, key in zip(fill.parts, keys, strict=True))
    return FillLine(fill, tuple(map(_text, dealt)), _text(cents), fill.month.display(), reasons)


def _dealt(cents: int, parts: Sequence[Money]) -> list[int]:
    """`cents` over `parts`, whose exact sum they are rounded from: each its whole cents, the rest by largest remainder, the earlier first."""
    dealt = [part.micros // _MICROS_IN_CENT for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: (-(parts[place].micros % _MICROS_IN_CENT), place))
    for place in by_remainder[: cents - sum(dealt)]:
        dealt[place] += 1
    return dealt


def _share(amount: Money, of: Money) -> str:
    return f"{(2 * 100 * amount.micros + of.micros) // (2 * of.micros)}" if of.micros else "0"


def _text(cents: int) -> str:
    return Money(cents * _MICROS_IN_CENT).display()
