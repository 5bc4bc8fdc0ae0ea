"""The cost of a fill: parts that are facts and sum to the whole."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.cost import CostKind, Used, cost_of, made_cost, monthly
from compounding.domain.formula import Part
from compounding.domain.money import Money, total
from compounding.domain.quantity import Mass
from tests.domain.examples import FORMULAS, POLICY, SYRINGE_5, TITRATION, bottle, choices, planned, tablets


@pytest.mark.parametrize("left", [Fraction("5.5"), Fraction(100, 7), Fraction(0)])
def test_tablets_taken_and_wasted_are_together_what_the_tablets_cost(left: Fraction) -> None:
    amounts = replace(planned(TITRATION, choices("L1", bottle(120), SYRINGE_5)).fills[0].amounts, left=Mass(left))
    parts = {part.kind: part.amount for part in cost_of(FORMULAS["L1"], amounts, (Used(tablets(), Part.ACTIVE, 2),), POLICY)}
    both = (parts[CostKind.TABLETS], parts[CostKind.WASTE])
    assert total(both) == Money.of("0.6")
    assert abs(both[1].micros - Fraction("0.6") * 1_000_000 * left / 100) <= 1


def test_a_fill_of_35_days_is_compared_with_the_month_of_the_article() -> None:
    assert monthly(Money.of(35), 35) == Money.of(30)


@pytest.mark.parametrize("shares", [(1,) * 3, (1,) * 7, (1,) * 13, (94_500_000, 103_500_000, 1), (30, 60, 90)])
def test_what_a_batch_cost_is_dealt_out_to_its_fills_or_containers_to_the_last_millionth(shares: tuple[int, ...]) -> None:
    amounts = planned(TITRATION, choices("L1", bottle(120), SYRINGE_5)).fills[0].amounts
    used = (Used(replace(tablets(), invoice=Money.of(100), invoice_quantity=7), Part.ACTIVE, 3),)
    whole = made_cost(FORMULAS["L1"], amounts, used, POLICY)
    own = POLICY.label_each + POLICY.overhead_a_fill
    dealt = [total([part.amount for part in cost_of(FORMULAS["L1"], amounts, used, POLICY, shares=shares, place=place)]) - own for place in range(len(shares))]

    assert total(dealt) == whole
    assert whole == Money.of(Fraction(300, 7)) + POLICY.labour_an_hour * Fraction(20, 60)
