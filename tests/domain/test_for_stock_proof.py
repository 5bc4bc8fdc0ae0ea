"""The second pharmacist on what is made for stock: whatever is slipped into it is seen."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.formula import Formula
from compounding.domain.preparation import Amounts, ForStock
from compounding.domain.quantity import Mass, Volume
from compounding.domain.stocking import StockRequest, for_stock, shelved, stock_amounts, stock_workings
from compounding.second import check_stock
from tests.domain.examples import FORMULAS, POLICY, VIAL, bottle, plain

L1, C45, L5 = FORMULAS["L1"], FORMULAS["C4.5"], FORMULAS["L5"]
BOTTLES = for_stock(StockRequest("L1", "", containers=5, each=Fraction(100)), L1, bottle(120))
VIALS = for_stock(StockRequest("C4.5", "", containers=4, each=Fraction(30)), C45, VIAL)
BULK = for_stock(StockRequest("L1", "", volume=Fraction(250)), L1, bottle(120))


def disagreements(stock: ForStock, amounts: Amounts, formula: Formula) -> tuple[str, ...]:
    return check_stock(stock=plain(stock), amounts=plain(amounts), formula=plain(formula), policy=plain(POLICY))


@pytest.mark.parametrize(("stock", "formula"), [(BOTTLES, L1), (VIALS, C45), (BULK, L1)])
def test_both_count_the_same(stock: ForStock, formula: Formula) -> None:
    assert disagreements(stock, stock_amounts(stock, formula, POLICY), formula) == ()


def test_five_bottles_of_100_ml_take_ten_tablets_and_leave_nothing() -> None:
    amounts = stock_amounts(BOTTLES, L1, POLICY)

    assert (amounts.tablets, amounts.made, amounts.left) == (10, 500, Mass.of_mg(0))
    assert [working.exact for working in stock_workings(BOTTLES, amounts, L1)] == [500, 500, 500, 10, 0]
    assert (BULK.count, shelved(BULK, Fraction(300)), shelved(BOTTLES, Fraction(499))) == (3, 250_000_000, 4)


def _wrong() -> dict[str, tuple[ForStock, Amounts, Formula]]:
    amounts, capsules, bulk = stock_amounts(BOTTLES, L1, POLICY), stock_amounts(VIALS, C45, POLICY), stock_amounts(BULK, L1, POLICY)
    in_bottle = replace(L1, liquid=replace(L1.liquid, made_in_container=True))
    return {
        "another formula": (replace(BOTTLES, formula="L9"), amounts, L1),
        "another version": (replace(BOTTLES, formula_version=9), amounts, L1),
        "a container more than asked for": (replace(BOTTLES, total=Fraction(600)), amounts, L1),
        "a tablet more": (BOTTLES, replace(amounts, tablets=11), L1),
        "less naltrexone": (BOTTLES, replace(amounts, active=Mass.of_mg(499)), L1),
        "bottles that are too small": (replace(BOTTLES, container=bottle(60)), amounts, L1),
        "bottles for capsules": (replace(VIALS, container=bottle(60)), capsules, C45),
        "a vial that holds fewer than the others": (replace(VIALS, count=7), capsules, C45),
        "a liquid made for loss": (replace(BOTTLES, overage=1), amounts, L1),
        "a bottle too many": (replace(BULK, count=4), bulk, L1),
        "capsules as a volume": (replace(VIALS, bulk=True), capsules, C45),
        "made in its bottle": (BOTTLES, amounts, in_bottle),
    }


@pytest.mark.parametrize("what", _wrong())
def test_the_second_pharmacist_sees(what: str) -> None:
    assert disagreements(*_wrong()[what])


def test_the_second_pharmacist_refuses_a_batch_beyond_the_graduate() -> None:
    wide = replace(POLICY, largest_liquid_batch=Volume.of_ml(2000))
    many = for_stock(StockRequest("L1", "", containers=12, each=Fraction(100)), L1, bottle(120))
    assert disagreements(many, stock_amounts(many, L1, wide), L1) == ("1200 is more than one batch may be.",)
