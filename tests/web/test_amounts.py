"""Amounts, prices and ages as persons say them."""

from datetime import date
from fractions import Fraction

import pytest

from compounding.domain.inventory import StockUnit
from compounding.domain.quantity import Mass
from compounding.web.amounts import age, average, in_stock_units, number
from compounding.web.drawings import WIDTH, bars


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        (203_906_250, StockUnit.NANOGRAM, "0.20390625"),
        (499_000_000_000, StockUnit.NANOGRAM, "499"),
        (1, StockUnit.NANOGRAM, "0.000000001"),
        (10_500_000, StockUnit.NANOLITRE, "10.5"),
        (-3, StockUnit.TABLET, "-3"),
    ],
)
def test_amounts_are_exact_and_come_back_the_same(amount: int, unit: StockUnit, shown: str) -> None:
    assert number(amount, unit) == shown
    assert in_stock_units(Fraction(shown), unit) == amount


def test_a_part_of_a_tablet_or_of_a_nanogram_is_no_amount_of_stock() -> None:
    assert in_stock_units(Fraction("1.5"), StockUnit.TABLET) is None
    assert in_stock_units(Fraction(1, 3), StockUnit.NANOGRAM) is None


@pytest.mark.parametrize(("mg", "shown"), [(Fraction(3012, 12), "251 mg"), (Fraction(1000, 3), "333.33 mg"), (Fraction("0.005"), "0.01 mg")])
def test_an_average_is_rounded_half_up_to_hundredths(mg: Fraction, shown: str) -> None:
    assert average(Mass(mg)) == shown


@pytest.mark.parametrize(("day", "said"), [(2, "today"), (1, "1 day"), (3, "tomorrow"), (9, "in 7 days")])
def test_an_age_is_said_in_days(day: int, said: str) -> None:
    assert age(date(2026, 3, day), date(2026, 3, 2)) == said


def test_bars_are_as_long_as_what_they_stand_for_and_stay_in_the_picture() -> None:
    drawn = bars([("a", "80.00", 8000), ("b", "20.00", 2000), ("c", "-1.00", -100)], mark=4000)

    assert [bar.width for bar in drawn.bars] == [WIDTH, WIDTH // 4, 0]
    assert [bar.over for bar in drawn.bars] == [True, False, False]
    assert drawn.mark == WIDTH // 2


def test_the_mark_stands_inside_the_picture_when_everything_is_below_it() -> None:
    drawn = bars([("a", "20.00", 2000)], mark=4000)

    assert drawn.mark is not None
    assert drawn.bars[0].width < drawn.mark < WIDTH


def test_bars_of_nothing_have_no_length() -> None:
    assert [bar.width for bar in bars([("a", "0.00", 0)]).bars] == [0]
