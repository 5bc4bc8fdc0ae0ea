"""Statistics of capsule weights: what always holds of them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.errors import Invalid
from compounding.domain.quantity import Mass
from compounding.domain.uniformity import Uniformity, acceptance_value, estimated_contents

TENTHS = st.lists(st.integers(500, 5000), min_size=2, max_size=30)


def of(tenths: list[int]) -> Uniformity:
    return Uniformity(Mass.of_mg(200), tuple(Mass.of_mg(Fraction(tenth, 10)) for tenth in tenths))


@given(TENTHS)
def test_the_square_of_the_deviation_is_the_variance_to_twenty_digits(tenths: list[int]) -> None:
    found = of(tenths)
    assert found.deviation is not None
    variance = sum((weight.mg - found.mean.mg) ** 2 for weight in found.weights) / (len(tenths) - 1)
    assert abs(found.deviation.mg**2 - variance) <= variance / 10**20


@given(TENTHS)
def test_the_relative_deviation_does_not_depend_on_the_unit_nor_the_deviation_on_where_the_scale_begins(tenths: list[int]) -> None:
    once, twice, moved = of(tenths), of([tenth * 2 for tenth in tenths]), of([tenth + 100 for tenth in tenths])
    assert once.relative_deviation is not None
    assert twice.relative_deviation is not None
    assert once.deviation is not None
    assert moved.deviation is not None
    assert abs(once.relative_deviation - twice.relative_deviation) <= once.relative_deviation / 10**20
    assert abs(once.deviation.mg - moved.deviation.mg) <= once.deviation.mg / 10**20


@given(TENTHS)
def test_the_mean_of_the_shares_is_the_share_of_the_mean(tenths: list[int]) -> None:
    found = of(tenths)
    assert sum(found.shares) / len(tenths) == 1 + found.mean_error


def test_equal_weights_have_no_deviation_and_a_single_one_has_none_to_speak_of() -> None:
    assert of([2000] * 10).relative_deviation == 0
    alone = of([2100])
    assert (alone.deviation, alone.relative_deviation, alone.mean) == (None, None, Mass.of_mg(210))


@pytest.mark.parametrize(("content", "value"), [("98.5", "0"), ("100", "0"), ("101.5", "0"), ("98", "0.5"), ("103", "1.5")])
def test_a_mean_content_from_98_5_to_101_5_percent_is_its_own_reference(content: str, value: str) -> None:
    assert acceptance_value((Fraction(content),) * 10) == Fraction(value)


def test_thirty_units_weigh_their_deviation_less_than_ten() -> None:
    ten = (Fraction(99), Fraction(101)) * 5
    thirty = ten * 3
    assert acceptance_value(ten) ** 2 * 9 == pytest.approx(Fraction(24, 10) ** 2 * 10)
    assert acceptance_value(thirty) ** 2 * 29 == pytest.approx(4 * 30)


@pytest.mark.parametrize("units", [0, 1, 9, 11, 29, 31])
def test_other_numbers_of_units_have_no_acceptance_value(units: int) -> None:
    with pytest.raises(Invalid):
        acceptance_value((Fraction(100),) * units)


@given(TENTHS, st.integers(80, 120))
def test_estimated_contents_have_the_assayed_mean(tenths: list[int], assayed: int) -> None:
    contents = estimated_contents(of(tenths).weights, Fraction(assayed))
    assert sum(contents) / len(contents) == assayed
