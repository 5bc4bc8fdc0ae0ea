"""What the page of a month says beside its costs: waste by cause, the twelve months until then, yields, and its pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.money import Money, display_parts
from compounding.domain.quantity import Mass
from compounding.web.drawings import WIDTH, Bars, bars
from compounding.web.month import NAMES
from compounding.workflow.costs import MonthCost
from compounding.workflow.month_reports import MonthSum, Report

_HEIGHT, _FOOT, _STEP, _COLUMN = 150, 18, 28, 10  # pixels: of the tallest column, of the words under it, from month to month, of one column


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """One month in the picture: where its two columns stand, how high they are, and the letter of the month under them."""

    x: int
    cost: int
    waste: int
    charged: int
    letter: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns beside each other, standing on `ground`."""

    months: tuple[MonthColumn, ...]
    width: int = WIDTH
    height: int = _HEIGHT + _FOOT
    ground: int = _HEIGHT
    thickness: int = _COLUMN


@dataclass(frozen=True, slots=True)
class ReportShown:
    """The report, ready to be set: numbers as they stand on the page, and the pictures."""

    charged: str
    wasted: str
    waste: tuple[tuple[str, str, str], ...]
    waste_active: str
    waste_picture: Bars
    months: tuple[tuple[str, MonthSum], ...]
    months_picture: Columns
    yields: tuple[tuple[str, str, str, str], ...]
    tablets: tuple[tuple[str, str], ...]


def report_shown(cost: MonthCost, report: Report) -> ReportShown:
    """What the page of a month says of its report."""
    amounts = display_parts([item.amount for item in report.waste])
    lines = tuple((str(item.cause), milligrams(item.active), text) for item, text in zip(report.waste, amounts, strict=True))
    found = report.tablets
    return ReportShown(
        charged=cost.charged.display(),
        wasted=report.wasted.display(),
        waste=lines,
        waste_active=milligrams(Mass(sum((item.active.mg for item in report.waste), Fraction(0)))),
        waste_picture=bars([(cause, text, item.amount.cents) for (cause, _, text), item in zip(lines, report.waste, strict=True)]),
        months=tuple((item.month, item) for item in report.months),
        months_picture=_columns(report.months),
        yields=tuple(_yield(report, liquid=liquid) for liquid in (True, False) if report.yields(liquid=liquid)[0]),
        tablets=(
            ("by the lots really used", found.by_lot.display()),
            ("first in, first out", found.first_in.display()),
            ("moving average", found.average.display()),
        ),
    )


def milligrams(mass: Mass) -> str:
    """Milligrams to the tenth, half up, without a trailing zero."""
    return tenths(mass.mg).removesuffix(".0")


def tenths(value: Fraction) -> str:
    """A number to the tenth, half up."""
    return _decimal(value, 1)


def _columns(months: Sequence[MonthSum]) -> Columns:
    most = max([max(item.cost.micros, item.charged.micros) for item in months] + [1])
    made = tuple(
        MonthColumn(
            place * _STEP + 2,
            _high(item.cost, most),
            _high(item.waste, most),
            _high(item.charged, most),
            NAMES[int(item.month[5:]) - 1][0],
        )
        for place, item in enumerate(months)
    )
    return Columns(made)


def _high(amount: Money, most: int) -> int:
    return max(0, amount.micros) * (_HEIGHT - 4) // most


def _yield(report: Report, *, liquid: bool) -> tuple[str, str, str, str]:
    planned, made = report.yields(liquid=liquid)
    return ("liquids, mL" if liquid else "capsules", _decimal(planned, 0), _decimal(made, 0), _decimal(made / planned * 100, 1))


def _decimal(value: Fraction, places: int) -> str:
    """A number to so many places, half up."""
    scaled = (2 * 10**places * value.numerator + value.denominator) // (2 * value.denominator)
    whole, part = divmod(scaled, 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)
