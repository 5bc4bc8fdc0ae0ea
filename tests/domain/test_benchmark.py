"""What was paid beside NADAC: the price in force on the day, exact differences, and a mark only above the policy's limit."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.benchmark import Beside, Listed, PricingUnit, beside, in_force
from compounding.domain.inventory import StockUnit
from compounding.domain.money import Money

DAY = date(2026, 3, 2)
LIMIT = Fraction(10, 100)


def listed(price: str, effective: int = -30, as_of: int = 0, unit: PricingUnit = PricingUnit.EACH) -> Listed:
    """A price in force so many days from `DAY`."""
    return Listed("47335032683", "NALTREXONE 50 MG TABLET", Money.of(price), unit, DAY + timedelta(days=effective), DAY + timedelta(days=as_of))


def held(paid: str, quantity: int, price: Listed, unit: StockUnit = StockUnit.TABLET) -> Beside:
    found, why_not = beside(Money.of(paid), quantity, unit, DAY, [price], limit=LIMIT)
    assert found is not None, why_not
    return found


def test_a_lot_of_100_tablets_for_70_beside_61_cents_and_a_fraction() -> None:
    found = held("70.00", 100, listed("0.61234"))
    assert (found.each, found.difference_each, found.difference) == (Money.of("0.70"), Money.of("0.08766"), Money.of("8.766"))
    assert found.share == Fraction(8766, 61234)  # 14.3 %
    assert found.is_over


@pytest.mark.parametrize(("paid", "over"), [("11.00", False), ("11.000001", True), ("9.00", False), ("0", False)])
def test_only_what_is_above_the_limit_is_marked_and_the_limit_itself_is_not(paid: str, over: bool) -> None:
    assert held(paid, 10, listed("1")).is_over is over


def test_grams_and_millilitres_are_counted_as_the_list_prices_them() -> None:
    syrup = held("12.50", 473_000_000, listed("0.025", unit=PricingUnit.MILLILITRE), StockUnit.NANOLITRE)  # nL
    powder = held("30.00", 500_000_000_000, listed("0.05", unit=PricingUnit.GRAM), StockUnit.NANOGRAM)  # ng
    assert (syrup.quantity, powder.quantity) == (473, 500)
    assert (syrup.difference, powder.difference) == (Money.of("0.675"), Money.of("5.00"))
    assert (powder.each, powder.share) == (Money.of("0.06"), Fraction(1, 5))


def test_the_price_in_force_is_the_latest_effective_one_of_the_newest_list() -> None:
    old, new, later = listed("0.5", -60, -50), listed("0.6", -10, -3), listed("0.9", 1, 5)
    corrected, again = listed("0.61", -10, 4), listed("0.62", -10, 4)
    assert in_force([new, later, old], DAY) == new
    assert in_force([corrected, new, old], DAY) == corrected
    assert in_force([new, corrected, again], DAY) == again  # of the same days, what became known last
    assert in_force([listed("0.5", 0)], DAY) == listed("0.5", 0)  # from its own day on
    assert (in_force([later], DAY), in_force([], DAY)) == (None, None)


def test_a_list_that_ends_before_the_day_says_so() -> None:
    assert held("1", 1, listed("1", as_of=-1)).is_behind
    assert not held("1", 1, listed("1", as_of=0)).is_behind


def test_what_cannot_be_compared_says_why() -> None:
    def why(prices: list[Listed]) -> str:
        found, words = beside(Money.of(1), 1, StockUnit.TABLET, DAY, prices, limit=LIMIT)
        assert found is None
        return words

    assert why([]) == "no list that was imported has this NDC"
    assert why([listed("1", 1, 1)]) == "no price in force on 2 March 2026 is known"
    assert why([listed("1", unit=PricingUnit.GRAM)]) == "the list has it by GM, which is not how it is counted here"


@given(st.integers(0, 10**10), st.integers(1, 10**5), st.integers(1, 10**9))
def test_difference_share_and_mark_agree_whatever_was_paid(paid: int, tablets: int, price: int) -> None:
    found = Beside(Money(paid), Fraction(tablets), listed("1"), DAY, LIMIT)
    found = Beside(found.paid, found.quantity, Listed("", "", Money(price), PricingUnit.EACH, DAY, DAY), DAY, LIMIT)
    assert found.difference == Money(paid - price * tablets)
    assert found.share * price * tablets == found.difference.micros
    assert found.is_over is (100 * paid > 110 * price * tablets)
    assert abs(found.difference_each.micros * tablets - found.difference.micros) <= tablets
