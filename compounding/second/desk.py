"""The desk: everything that one batch is checked against, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from compounding.second.reading import Paper

TABLETS = "naltrexone-tablet-50-mg"  # the product that every batch is made from which draws no stock solution


@dataclass(frozen=True, slots=True)
class Desk:
    """A batch's formula, how many containers of each product it fills, amounts, lots by id, balances by name, policy, and the days between which it is used."""

    formula: Paper
    containers: Mapping[str, int]
    amounts: Paper
    lots: Mapping[str, Paper]
    balances: Mapping[str, Paper]
    policy: Paper
    made_on: date
    through: date

    @property
    def fine(self) -> int:
        """Fine units in one."""
        return self.formula.fine

    def covering(self, product: str) -> list[Paper]:
        """The lots of `product` that are released and last through the last day of use, in the order in which they go."""
        found = [lot for lot in self.lots.values() if lot.text("product") == product and self.lasts(lot) and lot.whole("balance") > 0]
        return sorted(found, key=lambda lot: (lot.text("expires_on"), lot.text("lot_number")))

    def lasts(self, lot: Paper) -> bool:
        """Whether a lot is released and does not expire before the last day of use."""
        return lot.text("status") == "available" and lot.day("expires_on") >= max(self.made_on, self.through)
