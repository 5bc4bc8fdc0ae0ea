"""The tokens of a prescriber's system: how long one is good for, and how the next takes over. The secret itself never stands here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from compounding.domain.errors import Invalid
from compounding.domain.scope import Scope

# NIST SP 800-63B asks for no period, PCI DSS 4.0 8.6.3 for one that was decided: a year, and the pages name those that end within a month.
USUAL = timedelta(days=365)
LONGEST = timedelta(days=400)
LONGEST_OVERLAP = timedelta(days=90)
ENDS_SOON = timedelta(days=30)


class TokenState(StrEnum):
    """Where a token stands at a moment."""

    COMING = "not yet"
    GOOD = "good"
    ENDED = "ended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of one token: its name, what it opens, from when until when (aware, UTC), and the last day on which it was used."""

    id: UUID
    name: str
    scopes: tuple[Scope, ...]
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None
    last_used_on: date | None

    def state(self, at: datetime) -> TokenState:
        """Where it stands: good from its first moment on until just before its last."""
        if self.revoked_at is not None:
            return TokenState.REVOKED
        if at < self.valid_from:
            return TokenState.COMING
        return TokenState.GOOD if at < self.valid_until else TokenState.ENDED

    def ends_soon(self, at: datetime) -> bool:
        """Whether it is good and will not be for long, so that the next one is due."""
        return self.state(at) is TokenState.GOOD and self.valid_until - at <= ENDS_SOON


def good_for(days: int, *, at: datetime) -> datetime:
    """The end of a token that is made now; raises `Invalid` for no days or too many."""
    if not 1 <= days <= LONGEST.days:
        message = f"Choose 1 to {LONGEST.days} days."
        raise Invalid("token", message, fields={"days": (message,)})
    return at + timedelta(days=days)


def overlap(old: Token, days: int, *, at: datetime) -> datetime:
    """Until when the old token stays good beside its successor; never longer than it was. Raises `Invalid` for too many days, or a token that is not good."""
    if not 0 <= days <= LONGEST_OVERLAP.days:
        message = f"Choose 0 to {LONGEST_OVERLAP.days} days for which the old token stays good."
        raise Invalid("token", message, fields={"overlap": (message,)})
    if old.state(at) is not TokenState.GOOD:
        message = f"This token is {old.state(at)}: nothing can take over from it. Make a new one."
        raise Invalid("token", message, fields={"overlap": (message,)})
    return min(old.valid_until, at + timedelta(days=days))
