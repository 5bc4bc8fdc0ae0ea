"""Measuring: the nearest mark, half up, with its error and its draws."""

from fractions import Fraction

import pytest

from compounding.domain.capsule import capsules_for
from compounding.domain.errors import Unsafe
from compounding.domain.quantity import Mass, Volume
from compounding.domain.weighing import Syringe, half_up, measure, percent, weighable
from compounding.second.course import doses_of
from compounding.second.reading import Paper, on_one_desk
from tests.domain.examples import BALANCES, FINE, SYRINGE_5, SYRINGE_5_COARSE, SYRINGE_10_HALVES, bottle, choices, dropper, order, plain, step


def marks_of_the_second(dose: str, code: str, device: Syringe) -> int:
    of, chosen = plain(order(step(dose, 1))), plain(choices(code, bottle(120), device))
    fine = on_one_desk(of, chosen)
    return doses_of(Paper(of, fine), Paper(chosen, fine))[0].marks


@pytest.mark.parametrize(
    ("dose", "code", "device", "measured", "error"),
    [
        ("1.75", "L1", SYRINGE_5, "1.8", "+2.86 %"),
        ("1.25", "L1", SYRINGE_5, "1.3", "+4 %"),
        ("1.25", "L2", FINE, "0.25", "0 %"),
        ("2.25", "L1", SYRINGE_5, "2.3", "+2.22 %"),
        ("4.5", "L1", SYRINGE_5_COARSE, "4.6", "+2.22 %"),
        ("1.5", "L1", SYRINGE_5_COARSE, "1.6", "+6.67 %"),
        ("4.5", "L1", SYRINGE_10_HALVES, "4.5", "0 %"),
        ("0.75", "L2", FINE, "0.15", "0 %"),
        ("4.5", "L1-1.5", SYRINGE_5_COARSE, "3", "0 %"),
    ],
)
def test_golden_36_a_dose_is_read_on_the_nearest_mark_half_up(dose: str, code: str, device: Syringe, measured: str, error: str) -> None:
    strength = {"L1": 1, "L2": 5, "L1-1.5": Fraction(3, 2)}[code]
    reading = measure(Volume.of_ml(Fraction(dose) / strength), device)
    assert reading.measured == Volume.of_ml(measured)
    assert percent(reading.error) == error
    assert device.graduation * marks_of_the_second(dose, code, device) == reading.measured


def test_a_volume_above_the_capacity_takes_several_draws() -> None:
    assert [measure(Volume.of_ml(volume), SYRINGE_5).draws for volume in ("4.9", "5", "5.1", "10", "10.1")] == [1, 1, 2, 2, 3]


def test_a_volume_below_the_first_mark_reads_as_nothing() -> None:
    assert measure(Volume.of_ml("0.04"), SYRINGE_5).measured == Volume.of_ml(0)
    assert measure(Volume.of_ml("0.05"), SYRINGE_5).measured == Volume.of_ml("0.1")


@pytest.mark.parametrize(("drops", "volume", "in_a_ml"), [(35, "2", Fraction(35, 2)), (40, "2.5", Fraction(16)), (40, "2", Fraction(20))])
def test_golden_43_drops_in_a_millilitre_are_the_measured_pair(drops: int, volume: str, in_a_ml: Fraction) -> None:
    assert dropper("L5", drops, volume).drops_in_ml == in_a_ml


def test_golden_43_eighteen_drops_of_another_dropper_are_another_dose() -> None:
    for drops_in_ml, held in ((16, "5.625"), (25, "3.6"), (20, "4.5")):
        assert Fraction(18, drops_in_ml) * 5 == Fraction(held)
        assert measure(Volume.of_ml(Fraction(held) / 5), dropper("L5", drops_in_ml, "1")).drops == 18


def test_halves_go_up() -> None:
    assert [half_up(Fraction(value, 2)) for value in (1, 3, 5, -1, -3)] == [1, 2, 3, 0, -1]


def test_a_mass_is_weighed_on_the_digit_of_the_balance() -> None:
    coarse, fine = BALANCES
    assert weighable(Mass.of_mg("6117.1875"), coarse) == Mass.of_mg(6117)
    assert weighable(Mass.of_mg("22.55"), fine) == Mass.of_mg("22.6")


def test_a_percent_says_its_sign_and_no_more_than_two_decimals() -> None:
    assert percent(Fraction(1, 15)) == "+6.67 %"
    assert percent(Fraction(-1, 45)) == "-2.22 %"
    assert percent(Fraction(1, 20)) == "+5 %"
    assert percent(Fraction(0)) == "0 %"


def test_an_error_that_is_not_zero_never_reads_as_none() -> None:
    assert percent(Fraction(1, 1_000_000)) == "+0.01 %"
    assert percent(Fraction(-1, 1_000_000)) == "-0.01 %"


def test_a_dose_that_is_no_whole_number_of_capsules_is_refused() -> None:
    assert capsules_for(Mass.of_mg("4.5"), Mass.of_mg("1.5")) == 3
    for dose in ("2", "0"):
        with pytest.raises(Unsafe):
            capsules_for(Mass.of_mg(dose), Mass.of_mg("1.5"))
