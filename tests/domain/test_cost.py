"""The cost of a fill: parts that are facts and sum to the whole."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.cost import CostKind, Used, cost_of, monthly
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
