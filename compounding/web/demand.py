"""Demand: what the open plans ask for in the coming weeks, and the batches that may be made for it in advance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint

from compounding.domain.authority import LookName
from compounding.domain.demand import Decision, Demand, Proposal, Size, Week
from compounding.domain.formula import Formula
from compounding.domain.quantity import decimal_text
from compounding.domain.wording import said
from compounding.domain.working import Working
from compounding.web.page import actor, pharmacy, render
from compounding.workflow import demand as work

blueprint = Blueprint("demand", __name__)

_LEFT, _GROUND, _HIGH, _STEP, _BAR = 8, 124, 96, 66, 40  # pixels: where bars begin, stand and end, from one week to the next, and their width
_SHOWN = 40  # containers of one batch that are shown with their reasons; the page says how many more there are


@dataclass(frozen=True, slots=True)
class Column:
    """One week of the picture: its two stacked bars in whole pixels, its number above them and its date below."""

    x: int
    sure_y: int
    sure: int
    unsure_y: int
    unsure: int
    counted: str
    starts: str
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The weeks of one formula beside each other."""

    columns: tuple[Column, ...]
    words: str
    ground: int = _GROUND
    bar: int = _BAR

    @property
    def width(self) -> int:
        """Of the whole picture."""
        return _LEFT + _STEP * len(self.columns)


@blueprint.get("/demand")
def weeks() -> str:
    """The coming weeks by formula, then each batch in advance with why every container is in it or not."""
    found = pharmacy().look(LookName.DAY, actor(), work.coming)
    return render(
        "demand.html", found=found, picture=picture, address=address, shown=shown, most=_SHOWN, unit=unit, expected=expected, why=why, left_out=left_out
    )  # fmt: skip


def picture(demand: Demand) -> Picture:
    """The containers of each week: those that are confirmed, and those above them that are not."""
    most = max(week.confirmed + week.unconfirmed for week in demand.weeks) or 1
    columns = tuple(_column(number, week, most) for number, week in enumerate(demand.weeks))
    return Picture(columns, "; ".join(column.words for column in columns if column.counted != "0"))


def _column(number: int, week: Week, most: int) -> Column:
    sure, unsure = _HIGH * week.confirmed // most, _HIGH * week.unconfirmed // most
    total = week.confirmed + week.unconfirmed
    words = f"week of {said(week.starts_on)}: {week.confirmed} confirmed, {week.unconfirmed} not yet"
    return Column(_LEFT + _STEP * number, _GROUND - sure, sure, _GROUND - sure - unsure, unsure, str(total), _short(week.starts_on), words)


def _short(day: date) -> str:
    return f"{day.day} {day.strftime('%b')}"


def address(proposal: Proposal, size: Size) -> str:
    """Where so many containers of this size are made for stock."""
    wanted = {"formula": proposal.formula, "containers": size.containers, "container": size.container}
    return "/batches/for-stock?" + urlencode({**wanted, "each": decimal_text(size.most), "storage": proposal.storage})


def shown(decisions: Sequence[Decision]) -> Sequence[Decision]:
    """Those in the batch first, then those that could be in it another day; as many as a page bears."""
    return sorted(decisions, key=lambda decision: not decision.taken)[:_SHOWN]


def left_out(proposal: Proposal) -> int:
    """How many containers are not in the batch."""
    return sum(not decision.taken for decision in proposal.decisions)


def unit(formula: Formula) -> str:
    """What its amounts are counted in."""
    return "capsules" if formula.capsules is not None else "mL"


def expected(week: Week) -> str:
    """How many of those not asked yet will come, as far as it is known."""
    known = f"{decimal_text(week.expected)} of {week.unconfirmed - week.unknown}" if week.unconfirmed > week.unknown else ""
    unknown = f"not known of {week.unknown}" if week.unknown else ""
    return "; ".join(text for text in (known, unknown) if text)


def why(working: Working) -> tuple[str, str, tuple[tuple[str, str], ...], str, str]:
    """A working as the page opens it: what is shown, the rule, what went in, the exact value and the source."""
    return working.text, working.rule, working.inputs, f"{working.ratio} {working.unit}", working.source
