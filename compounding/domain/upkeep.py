"""The balances: a test weight every day, a calibration in its time. What was not proved today does not weigh.

The test weight and its tolerance belong to the balance. A reading on the limit passes.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from compounding.domain.errors import Conflict, Invalid
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass
from compounding.domain.weighing import Balance, percent
from compounding.domain.wording import said

ROOM = "/upkeep/balances"  # where a balance that may not weigh is put right
SOON = timedelta(days=30)  # what falls due within it is shown before it blocks anything


@dataclass(frozen=True, slots=True)
class Check:
    """One reading of the test weight on one day, against what the balance had to show then."""

    nominal: Mass
    tolerance: Mass
    reading: Mass
    on: date
    by: str

    @property
    def passed(self) -> bool:
        """Whether the reading lies within the tolerance, its limits included."""
        return self.nominal - self.tolerance <= self.reading <= self.nominal + self.tolerance


@dataclass(frozen=True, slots=True)
class Calibration:
    """The service of a balance by somebody with traceable weights: when, by whom, by which certificate, and until when it holds (that day included)."""

    done_on: date
    due_on: date
    by: str
    certificate: str
    passed: bool


@dataclass(frozen=True, slots=True)
class BalanceCare:
    """A balance with its newest check and its newest calibration; None where there never was one."""

    balance: Balance
    check: Check | None
    calibration: Calibration | None

    def fault(self, today: date) -> str:
        """Why nothing may be weighed on it today, and what to do; empty when it may."""
        name, check = self.balance.name, self.check
        if self.balance.test_weight is None:
            return f"The {name} has no test weight yet. The pharmacist in charge enters it with its tolerance."
        if stale := self._uncalibrated(today):
            return f"{stale} Weigh on another balance until it is calibrated and the certificate is recorded."
        if check is None or check.on != today:
            return f"The {name} was not checked today. Put its test weight of {self.balance.test_weight} on it and record what it shows."
        if not check.passed:
            return (
                f"The {name} showed {check.reading} for {check.nominal} today, more than {check.tolerance} off. "
                "Clean and level it and check it again, or weigh on another balance."
            )
        return ""

    def _uncalibrated(self, today: date) -> str:
        found = self.calibration
        if found is None:
            return f"The {self.balance.name} has no calibration on record."
        if not found.passed:
            return f"The {self.balance.name} failed its calibration on {said(found.done_on)}."
        return f"The calibration of the {self.balance.name} was due on {said(found.due_on)}." if found.due_on < today else ""


def require_ready(care: BalanceCare, today: date) -> None:
    """Refuse to weigh on a balance that was not proved today."""
    if fault := care.fault(today):
        raise Conflict("balance-not-ready", fault, where=ROOM)


def checked(balance: Balance, reading: Mass, *, on: date, by: str) -> Check:
    """The check of `balance` that showed `reading`, passed or not; refused where the balance has no test weight."""
    if balance.test_weight is None or balance.test_tolerance is None:
        message = f"The {balance.name} has no test weight yet. The pharmacist in charge enters it first."
        raise Conflict("no-test-weight", message)
    _whole_digits(reading, balance)
    return Check(balance.test_weight, balance.test_tolerance, reading, on, by)


def with_test_weight(balance: Balance, nominal: Mass, tolerance: Mass, policy: Policy) -> Balance:
    """`balance` with another test weight; the tolerance is at least what the balance shows and at most what policy allows of the weight."""
    most = nominal * policy.balance_accuracy
    if tolerance > most:
        message = f"The tolerance of a test weight of {nominal} is at most {most} ({percent(policy.balance_accuracy)[1:]} of it). Enter a smaller one."
        raise Invalid("tolerance", message, fields={"tolerance": (message,)})
    if tolerance < balance.readability:
        message = f"This balance shows {balance.readability} at the least. Enter that or more as the tolerance, or take a heavier test weight."
        raise Invalid("tolerance", message, fields={"tolerance": (message,)})
    return replace(balance, test_weight=nominal, test_tolerance=tolerance)


def check_calibration(found: Calibration, today: date) -> None:
    """Refuse a calibration that is still to come, or that falls due no later than it was done."""
    wrong = {}
    if found.done_on > today:
        wrong["done_on"] = ("This day is still to come. Enter the day of the certificate.",)
    if found.due_on <= found.done_on:
        wrong["due_on"] = ("This is not after the day of the calibration. Enter until when it holds.",)
    if wrong:
        raise Invalid("calibration", "The days of this calibration cannot be. Correct what is named.", fields=wrong)


def _whole_digits(reading: Mass, balance: Balance) -> None:
    """A balance shows whole steps of its readability: anything between was misread or comes from another balance."""
    if (reading / balance.readability).denominator != 1:
        message = f"The {balance.name} shows steps of {balance.readability}. Read it again, and enter every digit that it shows."
        raise Invalid("reading", message, fields={"reading": (message,)})


def refuse_coarse(balance: Balance, mass: Mass, name: str) -> None:
    """Refuse a balance on which so little of something cannot be weighed within its permitted error."""
    if mass < balance.least:
        message = f"The {balance.name} weighs {balance.least} or more, and {mass} of {name} is less. Choose a finer balance."
        raise Invalid("balance", message, fields={"balance": (message,)})
