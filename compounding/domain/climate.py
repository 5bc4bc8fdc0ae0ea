"""Places in which things are kept, what their thermometers showed, and what an excursion does to what stands there.

Temperatures are in degrees Celsius, exact. A reading on a limit is within.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from compounding.domain.errors import Conflict, Invalid
from compounding.domain.formula import Storage
from compounding.domain.policy import Policy
from compounding.domain.quantity import decimal_text

ROOM = "/upkeep/climate"
MILLIDEGREES = 1000  # in a degree: what the database keeps
_LIKELY = (Fraction(-40), Fraction(60))  # beyond it the thermometer was misread


class Decision(StrEnum):
    """What becomes of something that stood in an excursion."""

    HELD = "held"
    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which temperatures a place may be, both included."""

    low: Fraction
    high: Fraction

    def __str__(self) -> str:
        """For a person: "2 to 8 °C"."""
        return f"{decimal_text(self.low)} to {decimal_text(self.high)} °C"


@dataclass(frozen=True, slots=True)
class Temperatures:
    """What a thermometer with a memory showed: the lowest and the highest since it was last reset, and now."""

    lowest: Fraction
    highest: Fraction
    now: Fraction

    def within(self, limits: Limits) -> bool:
        """Whether all of it was within the limits."""
        return limits.low <= self.lowest and self.highest <= limits.high


@dataclass(frozen=True, slots=True)
class DayOfReadings:
    """How many readings a day has of those that policy asks for; a reading that is missing is shown, never assumed."""

    day: date
    taken: int
    asked: int

    @property
    def missing(self) -> int:
        """How many were not taken."""
        return max(0, self.asked - self.taken)


def limits_of(storage: Storage, policy: Policy) -> Limits:
    """The limits of a refrigerator, or those of a room with the excursions that USP <659> permits."""
    if storage is Storage.REFRIGERATOR:
        return Limits(Fraction(policy.refrigerator_low), Fraction(policy.refrigerator_high))
    return Limits(Fraction(policy.room_low), Fraction(policy.room_high))


def check_likely(found: Temperatures) -> None:
    """Refuse a reading that no thermometer shows: the present one outside its own lowest and highest, or one beyond belief."""
    wrong = {}
    if not found.lowest <= found.now <= found.highest:
        wrong["now"] = (f"{decimal_text(found.now)} is not between the lowest and the highest. Read the thermometer again.",)
    for name, value in (("lowest", found.lowest), ("highest", found.highest)):
        if not _LIKELY[0] <= value <= _LIKELY[1]:
            wrong[name] = (f"{decimal_text(value)} °C cannot be. Read the thermometer again, in degrees Celsius.",)
    if wrong:
        raise Invalid("temperatures", "These temperatures cannot be. Correct what is named.", fields=wrong)


def refuse_held(names: tuple[str, ...]) -> None:
    """Nothing is signed for or used that stood in an excursion on which nobody has decided; `names` are the places."""
    if names:
        message = f"This is held since an excursion of temperature in {' and '.join(names)}. A pharmacist decides on it first."
        raise Conflict("held", message, where=ROOM)


def check_decision(decision: Decision, before: Decision, reason: str) -> None:
    """Refuse a second decision on the same thing, and one without a reason."""
    if before is not Decision.HELD:
        raise Conflict("hold-decided", f"This was {before} already. Look at it again.")
    if decision is Decision.HELD:
        raise Invalid("decision", "Choose release or reject.", fields={"decision": ("Choose release or reject.",)})
    if not reason:
        raise Invalid("reason", "Give the reason.", fields={"reason": ("Give the reason.",)})
