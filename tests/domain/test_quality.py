"""Capsule limits as persons read them: to a tenth of a milligram, and never wider than they are."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.quality import said_limits
from compounding.domain.quantity import Mass


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (Fraction("101.2301"), Fraction("123.7999"), "101.3 to 123.7 mg"),
        (Fraction("101.2"), Fraction("123.7"), "101.2 to 123.7 mg"),
        (Fraction("0.92"), Fraction("0.98"), "0.92 mg to 0.98 mg"),
    ],
)
def test_limits_are_rounded_inwards_to_a_tenth_where_one_lies_between_them(low: Fraction, high: Fraction, said: str) -> None:
    assert said_limits(Mass.of_mg(low), Mass.of_mg(high)) == said


@given(st.fractions(50, 900, max_denominator=9973))
def test_what_is_within_the_limits_as_said_is_within_the_limits(net: Fraction) -> None:
    low, high = net * Fraction(9, 10), net * Fraction(11, 10)
    least, most = said_limits(Mass.of_mg(low), Mass.of_mg(high)).removesuffix(" mg").split(" to ")
    assert low <= Fraction(least) < low + Fraction(1, 10)
    assert high - Fraction(1, 10) < Fraction(most) <= high
