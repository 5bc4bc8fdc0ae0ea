"""A month of the ledger: when it may be closed, which month a late entry counts to, and the figures that a signature fixes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from compounding.domain.cost import CostKind, WasteCause
from compounding.domain.errors import Conflict
from compounding.domain.money import Money


@dataclass(frozen=True, slots=True)
class Figures:
    """What is signed when a month is closed: its sums, and the hash of each of its entries in their order.

    `waste` repeats what of the sums is waste, by cause. Whatever is added to the month, or changed in it, makes another `Figures`.
    """

    month: str
    entries: int
    cost: tuple[tuple[CostKind, Money], ...]
    waste: tuple[tuple[WasteCause, Money], ...]
    charged: Money
    handed_over: int
    entries_sha256: str


def month_of(day: date) -> str:
    """The month of a day as the ledger writes it: "2026-11"."""
    return f"{day.year}-{day.month:02d}"


def counts_to(day: date, closed: Collection[str], *, today: date) -> str:
    """The month that an entry about `day` counts to: its own, or, where that is closed, the month of today."""
    month = month_of(day)
    return month_of(today) if month in closed else month


def refuse_closing(month: str, *, today: date, closed: Collection[str], with_entries: Collection[str]) -> None:
    """Refuse to close a month that is not over, one that was closed, and one before which another is still open."""
    if month in closed:
        raise Conflict("month-closed", "This month was closed already. What is found later goes into the open month, as a correction.")
    if month >= month_of(today):
        raise Conflict("month-open", "This month is not over. It is closed once its last day has passed.")
    earlier = sorted(other for other in with_entries if other < month and other not in closed)
    if earlier:
        raise Conflict("earlier-month", f"The month {earlier[0]} is still open. Close that one first.", month=earlier[0])
