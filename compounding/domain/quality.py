"""Checks on what was made: limits as persons read them, pH, yield, and the traits that the finished preparation must show."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import Check, Formula
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.weighing import percent


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one expected trait: whether the finished item has it, in the words of who looked."""

    trait: str
    expected: str
    present: bool


def said_limits(low: Mass, high: Mass) -> str:
    """Limits in mg to one decimal, rounded inwards so that nothing outside them is called right; exact where no decimal lies between them."""
    least, most = Fraction(ceil(low.mg * 10), 10), Fraction(floor(high.mg * 10), 10)
    return f"{decimal_text(least)} to {decimal_text(most)} mg" if least <= most else f"{low} to {high}"


def acid_enough(formula: Formula, measured: Fraction | None) -> bool:
    """Whether the preservative works at the measured pH; without a measured pH it is not taken to."""
    preservative = formula.liquid.preservative if formula.liquid else None
    if preservative is None:
        return False
    return measured is not None and preservative.ph_low <= measured <= preservative.ph_high


def yield_of(made: Fraction, theoretical: Fraction) -> Fraction:
    """Actual over theoretical."""
    return made / theoretical


def yield_acceptable(ratio: Fraction, policy: Policy) -> bool:
    """Whether a yield stays within the action limits."""
    return policy.yield_low <= ratio <= policy.yield_high


def check_yield(made: Fraction, amounts: Amounts, policy: Policy, *, deviations: str, set_aside: bool) -> None:
    """Refuse a yield outside the action limits without a reason, and less than is dispensed unless the batch is set aside."""
    ratio = yield_of(made, amounts.made)
    if not yield_acceptable(ratio, policy) and not deviations:
        message = f"The yield is {percent(ratio)[1:]} of theory. Say what happened, or correct the amount."
        raise Invalid("yield", message, fields={"made": (message,), "deviations": ("Say what happened.",)})
    if made < amounts.dispensed and not set_aside:
        message = "Less was made than is dispensed: the course would run short. Reject the batch and make it again."
        raise Unsafe("yield-short", message)


def check_traits(formula: Formula, found: Sequence[Found], deviations: str) -> str:
    """What the finished item lacks of the formula's checks, "" where it lacks nothing; each was looked at once, and nothing else was.

    What is lacking takes words on what is wrong: the batch is then set aside, and a pharmacist decides.
    """
    expected = [(check.trait, check.expected) for check in formula.checks]
    if sorted((item.trait, item.expected) for item in found) != sorted(expected):
        raise Invalid("found", "The traits are not those of the master formula. Open the batch again.", fields={"found": ("Open the batch again.",)})
    names = ", ".join(f"{item.trait} ({item.expected})" for item in found if not item.present)
    if names and not deviations:
        message = f"The finished preparation must show: {names}. Correct it and look again, or say what is wrong: the batch is then set aside."
        raise Invalid("trait", message, fields={"deviations": (message,)})
    return names


def expected(formula: Formula, policy: Policy) -> tuple[Check, ...]:
    """Every quality control of a formula with its expected result: its own, the pH that lets its preservative work, the weight of ten capsules."""
    found = list(formula.checks)
    kept_by = formula.liquid.preservative if formula.liquid else None
    if kept_by is not None:
        within = f"{decimal_text(kept_by.ph_low)} to {decimal_text(kept_by.ph_high)}, where {kept_by.name} works"
        found.append(Check("pH", within, "Measure with a calibrated meter; outside, the batch counts as not preserved."))
    if formula.capsules is not None:
        least, most = (decimal_text(100 * (1 + sign * policy.capsule_tolerance)) for sign in (-1, 1))
        found.append(
            Check("Weight of ten capsules", f"each {least} to {most} % of the theoretical net weight", "Weigh one by one, less empty shells of their own lot.")
        )
    return tuple(found)
