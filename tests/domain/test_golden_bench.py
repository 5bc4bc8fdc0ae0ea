"""The golden numbers of the bench: what can be weighed, aliquots, capsules weighed one by one, and what a dose carries."""

from fractions import Fraction

import pytest

from compounding.domain.aliquot import aliquot, least_by_repeatability, least_by_sensitivity
from compounding.domain.capsule import VOLUMES, displaced_fill, smallest_size, weight_limits
from compounding.domain.capsule_check import CapsuleWeights, EmptyShells, Limits, statistics
from compounding.domain.errors import Unsafe
from compounding.domain.excipients import base_of, share
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.uniformity import ACCEPTABLE, Uniformity, acceptance_value, estimated_contents
from compounding.domain.weighing import half_up, percent


@pytest.mark.parametrize(
    ("sensitivity", "error", "least"),
    [("6", "5/100", "120"), ("6", "1/100", "600"), ("10", "5/100", "200"), ("2.5", "3/100", "250/3"), ("1", "5/100", "20"), ("6", "12/100", "50")],
)
def test_g22_the_least_weighable_quantity_follows_from_the_sensitivity_and_the_error(sensitivity: str, error: str, least: str) -> None:
    assert least_by_sensitivity(Mass.of_mg(sensitivity), Fraction(error)) == Mass.of_mg(least)


@pytest.mark.parametrize(("weight", "error"), [(190, "3.158"), (1900, "0.3158")])
def test_g22_the_error_of_a_weight_at_a_sensitivity_of_6_mg(weight: int, error: str) -> None:
    exact = Fraction(6, weight)
    assert least_by_sensitivity(Mass.of_mg(6), exact) == Mass.of_mg(weight)
    assert abs(exact * 100 - Fraction(error)) < Fraction(1, 2000)


@pytest.mark.parametrize(("deviation", "digit", "least"), [("0.15", "0.1", "300"), ("0", "0.1", "82"), ("0.041", "0.1", "82"), ("0.4", "1", "820")])
def test_g23_the_least_weight_of_usp_41_is_2000_deviations_and_never_below_820_digits(deviation: str, digit: str, least: str) -> None:
    assert least_by_repeatability(Mass.of_mg(deviation), Mass.of_mg(digit)) == Mass.of_mg(least)


@pytest.mark.parametrize(
    ("wanted", "least", "taken", "factor", "weighed", "total", "diluent"),
    [
        pytest.param("2", 120, 125, 60, "120", "7500", "7380", id="G24, textbook"),
        pytest.param("12", 120, 120, 10, "120", "1200", "1080", id="G24, 12 mg"),
        pytest.param("22.5", 120, 120, 6, "135", "720", "585", id="G25, crushed tablet"),
        pytest.param("4.5", 120, 120, 27, "121.5", "3240", "3118.5", id="G25, pure drug"),
        pytest.param("0.5", 50, 100, 100, "50", "10000", "9950", id="G27, a tablet's 50 mg for 100 capsules of 5 mcg"),
    ],
)
def test_an_aliquot_holds_what_is_wanted(*, wanted: str, least: int, taken: int, factor: int, weighed: str, total: str, diluent: str) -> None:
    found = aliquot(Mass.of_mg(wanted), Mass.of_mg(least), Mass.of_mg(taken))
    assert (found.factor, found.weighed, found.total) == (factor, Mass.of_mg(weighed), Mass.of_mg(total))
    assert (found.diluent, found.taken) == (Mass.of_mg(diluent), Mass.of_mg(taken))
    assert (found.held, found.error) == (Mass.of_mg(wanted), 0)


def test_g27_each_of_a_hundred_capsules_holds_five_micrograms() -> None:
    assert aliquot(Mass.of_mg("0.5"), Mass.of_mg(50), Mass.of_mg(100)).held / 100 == Mass.of_mcg(5)


WEIGHED = "226 231 219 224 228 222 230 227 225 234"
FAILED = "226 231 260 224 198 222 230 240 225 234"


def weights(text: str) -> list[Mass]:
    return [Mass.of_mg(weight) for weight in text.split()]


def test_g32_and_g33_capsules_are_weighed_one_by_one() -> None:
    limits = weight_limits(Mass.of_mg("226.4"), Fraction(1, 10))
    assert limits == (Mass.of_mg("203.76"), Mass.of_mg("249.04"))
    tare = EmptyShells("SH3-20", 10, Mass.of_mg("482.5"))
    for shown, out, mean in ((WEIGHED, (), "226.6"), (FAILED, (3, 5), "229")):
        gross = tuple(weight + Mass.of_mg("48.25") for weight in weights(shown))
        found = statistics(CapsuleWeights(tare, gross), Limits(Mass.of_mg("226.4"), *limits))
        assert (found.weights, found.out, found.mean) == (tuple(weights(shown)), out, Mass.of_mg(mean))


def shown(value: Fraction, places: int) -> Fraction:
    return Fraction(half_up(value * 10**places), 10**places)


def test_g32_the_statistics_of_ten_capsules() -> None:
    found = Uniformity(Mass.of_mg("226.4"), tuple(weights(WEIGHED)))
    assert (found.mean, percent(found.mean_error, places=3)) == (Mass.of_mg("226.6"), "+0.088 %")
    assert found.deviation is not None
    assert found.relative_deviation is not None
    assert shown(found.deviation.mg, 4) == Fraction("4.4272")
    assert shown(found.relative_deviation * 100, 3) == Fraction("1.954")
    assert (shown(min(found.shares) * 100, 2), shown(max(found.shares) * 100, 2)) == (Fraction("96.73"), Fraction("103.36"))


def test_g33_a_mean_within_the_limits_hides_two_capsules_that_are_out() -> None:
    found = Uniformity(Mass.of_mg("226.4"), tuple(weights(FAILED)))
    assert shown(found.mean / found.net * 100, 2) == Fraction("101.15")
    assert [shown(found.shares[number - 1] * 100, 2) for number in (3, 5)] == [Fraction("114.84"), Fraction("87.46")]


def test_g34_the_acceptance_value_of_these_capsules_with_a_mean_content_of_98_percent() -> None:
    contents = estimated_contents(weights(WEIGHED), Fraction(98))
    value = acceptance_value(contents)
    assert shown((value - Fraction(1, 2)) / Fraction(24, 10), 5) == Fraction("1.91467")
    assert shown(value, 4) == Fraction("5.0952")
    assert value <= ACCEPTABLE


def test_g31_the_size_of_a_capsule_is_chosen_by_the_exact_volume() -> None:
    density = Concentration.of(750)  # mg of powder in a mL
    assert smallest_size(Mass.of_mg(350) / density) == "1"
    volume = Mass.of_mg(325) / density
    maker = {**VOLUMES, "1": Volume.of_ml("0.48")}
    assert smallest_size(volume, maker) == "1"
    room = (maker["1"] - volume) * Concentration.of(800)
    assert shown(room.mg, 2) == Fraction("37.33")  # 40 if the room is rounded to 0.05 mL first


def test_g37_a_tablet_holds_45_175_mg_of_the_base() -> None:
    assert shown(base_of(Mass.of_mg(50)).mg, 3) == Fraction("45.175")
    assert shown(base_of(Mass.of_mg("4.5")).mg, 4) == Fraction("4.0658")


@pytest.mark.parametrize(("dose", "lactose"), [("4.5", "11.412"), ("1.5", "3.804")])
def test_g38_a_dose_carries_lactose(dose: str, lactose: str) -> None:
    assert share(Mass.of_mg(dose), held=Mass.of_mg("126.8"), active=Mass.of_mg(50)) == Mass.of_mg(lactose)


def test_a_shell_that_is_just_full_is_large_enough_and_what_does_not_fit_names_the_size_that_would() -> None:
    assert smallest_size(Volume.of_ml("0.5")) == "1"
    with pytest.raises(Unsafe, match="divide the dose"):
        smallest_size(Volume.of_ml("1.371"))
    # 300 mg where 240 mg pack 0.3 mL need 0.375 mL: more than the 0.37 mL of size 2
    with pytest.raises(Unsafe, match="choose size 1"):
        displaced_fill(Mass.of_mg(300), Mass.of_mg(240), Mass.of_mg(225), size="3")
