"""Lots: which goes first, and what is said when there is not enough."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from compounding.domain.inventory import Lot, LotStatus, Shortage, StockUnit, pick, without
from compounding.domain.wording import said
from compounding.domain.worksheet import TABLETS
from tests.domain.examples import TODAY, tablets

SOON, LATER, LAST = TODAY + timedelta(days=10), TODAY + timedelta(days=50), TODAY + timedelta(days=400)


def picked(stock: list[Lot], amount: int, through: date) -> list[tuple[str, int]]:
    found = pick(stock, TABLETS, amount, made_on=TODAY, through=through)
    return [(item.lot.lot_number, item.amount) for item in found]


def test_the_earliest_expiry_that_still_covers_the_supply_goes_first() -> None:
    stock = [tablets(number="C", expires_on=LAST), tablets(number="A", expires_on=SOON), tablets(number="B", expires_on=LATER)]
    assert picked(stock, 3, SOON) == [("A", 3)]
    assert picked(stock, 3, SOON + timedelta(days=1)) == [("B", 3)]
    assert picked(stock, 3, LATER + timedelta(days=1)) == [("C", 3)]


def test_a_lot_is_used_through_the_day_on_which_it_expires() -> None:
    assert picked([tablets(number="A", expires_on=SOON)], 1, SOON) == [("A", 1)]


def test_one_lot_that_holds_enough_is_preferred_to_two() -> None:
    stock = [tablets(2, number="A", expires_on=LATER), tablets(9, number="B", expires_on=LAST)]
    assert picked(stock, 3, TODAY) == [("B", 3)]


def test_two_lots_are_taken_where_no_single_one_is_enough_the_first_wholly() -> None:
    stock = [tablets(4, number="B", expires_on=LAST), tablets(2, number="A", expires_on=LATER)]
    assert picked(stock, 5, TODAY) == [("A", 2), ("B", 3)]
    assert picked(stock, 6, TODAY) == [("A", 2), ("B", 4)]


def test_equal_expiries_go_by_the_lot_number() -> None:
    assert picked([tablets(number="B", expires_on=LATER), tablets(number="A", expires_on=LATER)], 1, TODAY) == [("A", 1)]


@pytest.mark.parametrize("status", [LotStatus.QUARANTINED, LotStatus.WITHDRAWN, LotStatus.RECALLED])
def test_a_lot_that_is_not_released_is_never_taken(status: LotStatus) -> None:
    with pytest.raises(Shortage):
        picked([replace(tablets(), status=status)], 1, TODAY)


def test_an_expired_lot_is_never_taken() -> None:
    with pytest.raises(Shortage):
        picked([tablets(expires_on=TODAY - timedelta(days=1))], 1, TODAY - timedelta(days=5))


def test_a_shortage_says_how_long_the_stock_would_last() -> None:
    stock = [tablets(2, number="A", expires_on=SOON), tablets(1, number="B", expires_on=LATER)]
    with pytest.raises(Shortage) as found:
        picked(stock, 3, LATER)
    assert found.value.longest == SOON
    assert f"usable stock of {stock[0].name}: 3 tablets needed. Enough of it expires on {said(SOON)}." in found.value.sentence
    with pytest.raises(Shortage) as found:
        picked(stock, 4, TODAY)
    assert found.value.longest is None


def test_what_was_picked_is_gone_from_the_stock() -> None:
    stock = (tablets(5, number="A"), tablets(5, number="B"))
    left = without(stock, pick(stock, TABLETS, 7, made_on=TODAY, through=TODAY))
    assert [lot.balance for lot in left] == [0, 3]


def test_a_shortage_is_said_in_the_unit_of_the_lots_that_may_not_be_used() -> None:
    withdrawn = replace(tablets(number="A"), status=LotStatus.WITHDRAWN, unit=StockUnit.NANOGRAM)
    with pytest.raises(Shortage, match="500 mg needed"):
        pick([withdrawn], TABLETS, 500_000_000, made_on=TODAY, through=TODAY)
