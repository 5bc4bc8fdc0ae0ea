"""The balances: what was not proved today does not weigh."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from compounding.domain.errors import Conflict, Invalid
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass
from compounding.domain.upkeep import BalanceCare, Calibration, check_calibration, checked, refuse_coarse, require_ready, with_test_weight
from compounding.domain.weighing import Balance

TODAY = date(2026, 3, 2)
FINE = Balance("fine", "balance by 0.1 mg", Mass.of_mg("0.1"), Mass.of_mg(2), Mass.of_mg(20_000), Mass.of_mg(20))
GOOD = Calibration(date(2025, 9, 1), date(2026, 9, 1), "Weights Inc", "C-17", passed=True)


def care(reading: str = "20000.0", *, on: date = TODAY, calibration: Calibration | None = GOOD, balance: Balance = FINE) -> BalanceCare:
    return BalanceCare(balance, checked(FINE, Mass.of_mg(reading), on=on, by="Tess"), calibration)


@pytest.mark.parametrize(("reading", "passed"), [("19980.0", True), ("20020.0", True), ("19979.9", False), ("20020.1", False), ("0", False)])
def test_a_reading_on_the_limit_passes_and_the_next_digit_fails(reading: str, passed: bool) -> None:
    assert checked(FINE, Mass.of_mg(reading), on=TODAY, by="Tess").passed is passed
    assert (care(reading).fault(TODAY) == "") is passed


def test_yesterdays_check_proves_nothing_today() -> None:
    assert "not checked today" in care(on=TODAY - timedelta(days=1)).fault(TODAY)
    assert "not checked today" in BalanceCare(FINE, None, GOOD).fault(TODAY)


def test_a_calibration_holds_through_its_day_and_no_longer() -> None:
    assert care(calibration=replace(GOOD, due_on=TODAY)).fault(TODAY) == ""
    overdue = care(calibration=replace(GOOD, due_on=TODAY - timedelta(days=1))).fault(TODAY)
    assert "was due on 1 March 2026" in overdue
    assert "no calibration on record" in care(calibration=None).fault(TODAY)
    assert "failed its calibration" in care(calibration=replace(GOOD, passed=False)).fault(TODAY)


def test_a_balance_that_is_not_ready_says_what_to_do_and_where() -> None:
    with pytest.raises(Conflict, match=r"Clean and level it and check it again, or weigh on another balance\.") as refused:
        require_ready(care("20100.0"), TODAY)
    assert (refused.value.code, refused.value.facts) == ("balance-not-ready", {"where": "/upkeep/balances"})
    require_ready(care(), TODAY)


def test_a_reading_between_two_digits_of_the_balance_was_misread() -> None:
    with pytest.raises(Invalid, match=r"shows steps of 0\.1 mg"):
        checked(FINE, Mass.of_mg("20000.05"), on=TODAY, by="Tess")


def test_a_balance_without_a_test_weight_cannot_be_checked_and_does_not_weigh() -> None:
    bare = replace(FINE, test_weight=None, test_tolerance=None)
    with pytest.raises(Conflict, match="no test weight yet"):
        checked(bare, Mass.of_mg(20_000), on=TODAY, by="Tess")
    assert "no test weight yet" in care(balance=bare).fault(TODAY)


@pytest.mark.parametrize(("tolerance", "message"), [("20.1", "at most 20 mg"), ("0.05", "shows 0.1 mg at the least")])
def test_a_tolerance_is_between_what_the_balance_shows_and_what_policy_allows(tolerance: str, message: str) -> None:
    """USP <41>: 0.10 % of a weight of 20 g are 20 mg."""
    with pytest.raises(Invalid, match=message):
        with_test_weight(FINE, Mass.of_mg(20_000), Mass.of_mg(tolerance), Policy())
    assert with_test_weight(FINE, Mass.of_mg(20_000), Mass.of_mg(5), Policy()).test_tolerance == Mass.of_mg(5)


def test_a_calibration_lies_in_the_past_and_falls_due_later() -> None:
    with pytest.raises(Invalid) as refused:
        check_calibration(replace(GOOD, done_on=TODAY + timedelta(days=1), due_on=TODAY), TODAY)
    assert set(refused.value.fields) == {"done_on", "due_on"}
    check_calibration(replace(GOOD, done_on=TODAY, due_on=TODAY + timedelta(days=1)), TODAY)


def test_a_balance_that_is_too_coarse_is_refused() -> None:
    refuse_coarse(FINE, Mass.of_mg(2), "filler")
    with pytest.raises(Invalid, match="Choose a finer balance"):
        refuse_coarse(FINE, Mass.of_mg("1.9"), "filler")
