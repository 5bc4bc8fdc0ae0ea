"""A price that was told before making: what it was made of, by whose policy, and until when it stands. It is kept as it was told."""

from dataclasses import dataclass
from datetime import date, timedelta

from compounding.domain.cost import CostPart
from compounding.domain.errors import Conflict
from compounding.domain.fill import FillStatus
from compounding.domain.money import Money, total
from compounding.domain.policy import Policy
from compounding.domain.pricing import Charge, charge
from compounding.domain.quote import Quote

_BEFORE_MAKING = frozenset({FillStatus.DUE, FillStatus.PLANNED})


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quote of one fill: the parts of its estimated cost, the price, and the policy that it follows; it stands through `valid_until`."""

    parts: tuple[CostPart, ...]
    charge: Charge
    policy_version: int
    on: date
    valid_until: date

    @property
    def cost(self) -> Money:
        """The exact sum of the parts."""
        return total([part.amount for part in self.parts])


def quoted(estimate: Quote, status: FillStatus, policy: Policy, today: date) -> Quoted:
    """The quote to keep for a fill that is still to be made; raises `Conflict` where it was made, or where a price is missing."""
    if status not in _BEFORE_MAKING:
        message = "A price is quoted before making, and this container was made. What it cost is in the ledger of costs."
        raise Conflict("quote-late", message)
    if estimate.missing:
        message = f"There is no price of {', '.join(estimate.missing)} yet. Receive a lot with its invoice first: a quote is whole or none."
        raise Conflict("quote-missing", message)
    return Quoted(estimate.parts, charge(estimate.parts, policy), policy.version, today, today + timedelta(days=policy.quote_days))
