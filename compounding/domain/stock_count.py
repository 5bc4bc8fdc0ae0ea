"""Counts against the book, and what leaves it for good: by how much a count differs, who signs for that, and what may be destroyed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.inventory import Lot, LotStatus, said_amount
from compounding.domain.people import PHARMACISTS, Actor
from compounding.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class StockCount:
    """What a person counted of a lot, and what the book said at that moment; both in the unit of its stock."""

    counted: int
    book: int

    @property
    def difference(self) -> int:
        """What the book has to be changed by: negative where something is missing."""
        return self.counted - self.book

    def needs_pharmacist(self, policy: Policy) -> bool:
        """Whether the difference is more than the policy lets a technician sign for; where the book has nothing, any is."""
        return abs(self.difference) > policy.count_tolerance * self.book


class Cause(StrEnum):
    """Why stock is destroyed."""

    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    RETURNED = "returned"
    DAMAGED = "damaged"


# The state that a cause claims of a lot; the others are seen by the two who sign.
_STATE: Mapping[Cause, LotStatus] = {Cause.WITHDRAWN: LotStatus.WITHDRAWN, Cause.RECALLED: LotStatus.RECALLED}


def require_adjustable(count: StockCount, actor: Actor, policy: Policy) -> None:
    """Let an adjustment pass; raises `Conflict` where nothing differs, `Forbidden` where a pharmacist has to sign."""
    if count.difference == 0:
        raise Conflict("count-agrees", "The count agrees with the book. There is nothing to adjust.")
    if count.needs_pharmacist(policy) and actor.role not in PHARMACISTS:
        share = Fraction(100) * policy.count_tolerance
        raise Forbidden("needs-pharmacist", f"The count differs from the book by more than {share} %. A pharmacist signs this adjustment.")


def require_destructible(lot: Lot, cause: Cause, amount: int, today: date) -> None:
    """Let a destruction pass; raises `Invalid` at the field where the cause is not true of the lot, or more is named than is left."""
    if cause is Cause.EXPIRED and lot.expires_on >= today:
        raise _refused("cause", "This lot has not expired. Choose what is true of it.")
    if cause in _STATE and lot.status is not _STATE[cause]:
        raise _refused("cause", f"This lot is {lot.status} and not {cause}. Choose what is true of it, or withdraw the lot first.")
    if amount > lot.balance:
        raise _refused("amount", f"Only {said_amount(lot.balance, lot.unit)} are left of this lot. Count it first if there is more.")


def _refused(field: str, message: str) -> Invalid:
    return Invalid("destruction", message, fields={field: (message,)})
