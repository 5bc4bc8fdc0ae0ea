"""The shelf as it is shown: what can be used first, then what stands there and may not be, then what is used up."""

from dataclasses import dataclass

from compounding.domain.inventory import Lot, Product
from compounding.web.amounts import standing
from compounding.workflow.inventory import Stock

_MOST = 120  # rows of the first group that fit a page of 100 kB with the other two
_REST = 30


@dataclass(frozen=True, slots=True)
class Shelf:
    """One group of lots: how many there are, and the first of them."""

    title: str
    words: str
    count: int
    lots: tuple[tuple[Lot, Product, str], ...]


def shelves(stock: Stock) -> tuple[Shelf, ...]:
    """The lots of `stock` in their groups, each with its word of today; only the first group is told when it is empty."""
    told = [(lot, product, standing(lot, stock.today, stock.expiring_days)) for lot, product in stock.lots]
    used_up = [item for item in told if item[0].balance == 0]
    barred = [item for item in told if item[0].balance and item[2] in {"expired", "withdrawn", "recalled"}]
    useful = [item for item in told if item[0].balance and item[2] in {"expiring", "available", "quarantined"}]
    rest = (
        Shelf("Not to be used", "expired, withdrawn or recalled, and something is left: set it apart", len(barred), tuple(barred[-_REST:])),
        Shelf("Used up", "the latest expiry last", len(used_up), tuple(used_up[-_REST:])),
    )
    return (Shelf("On the shelf", "the earliest expiry first", len(useful), tuple(useful[:_MOST])), *(shelf for shelf in rest if shelf.count))
