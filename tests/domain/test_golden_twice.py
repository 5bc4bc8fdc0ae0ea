"""The golden numbers that no course carries, reckoned a second time in longhand: the sums on the left share nothing with the program.

Those of courses, dates and doses (G01 to G16, G28, G29, G39 to G43) are proved by the second pharmacist where they are tested.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import ceil, isqrt

import pytest

from compounding.domain.aliquot import aliquot, least_by_repeatability, least_by_sensitivity, serial
from compounding.domain.beyond_use import last_day
from compounding.domain.capsule import FillWeight, displaced_fill, smallest_size, weight_limits
from compounding.domain.dilution import alligate, dilute, medial, powder_for, tablets_for
from compounding.domain.excipients import base_of, share
from compounding.domain.quality import yield_of
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.uniformity import Uniformity, acceptance_value, estimated_contents
from compounding.domain.weighing import Syringe
from compounding.second.dates import last_good_day
from tests.domain.examples import SYRINGE_1, SYRINGE_3, SYRINGE_10, SYRINGE_10_HALVES, bottle, choices, order, planned, step

Numbers = tuple[Fraction | int | str, ...]
F = Fraction
TEN = (226, 231, 219, 224, 228, 222, 230, 227, 225, 234)
FAILED = (226, 231, 260, 224, 198, 222, 230, 240, 225, 234)


def mg(value: str | int | Fraction) -> Mass:
    return Mass.of_mg(value)


def ml(value: str | int) -> Volume:
    return Volume.of_ml(value)


def per_ml(value: str | int) -> Concentration:
    return Concentration.of(value)


def _mixed(high: str, low: str, to: str, final: int) -> Numbers:
    made = alligate(per_ml(high), per_ml(low), per_ml(to), ml(final))
    return made.stronger.ml, made.weaker.ml


def _parts(high: str, low: str, to: str, final: int) -> Numbers:
    """Alligation alternate as on paper: the differences crosswise are the parts."""
    of_high, of_low = F(to) - F(low), F(high) - F(to)
    return final * of_high / (of_high + of_low), final * of_low / (of_high + of_low)


def _aliquot(wanted: str, least: int, taken: int) -> Numbers:
    found = aliquot(mg(wanted), mg(least), mg(taken))
    return found.factor, found.weighed.mg, found.total.mg, found.diluent.mg, found.taken.mg


def _crossed(wanted: str, least: int, taken: int) -> Numbers:
    """The factor by counting up; then weighed : total = wanted : taken."""
    factor = 1
    while factor * F(wanted) < least:
        factor += 1
    weighed, total = factor * F(wanted), factor * taken
    return factor, weighed, F(total), total - weighed, F(taken)


def _scaled_root(square: Fraction, places: int) -> int:
    """The square root in units of the last place, half up, by integers alone."""
    return (isqrt(int(square * 100 ** (places + 1))) + 5) // 10


def _variance(values: tuple[int, ...]) -> Fraction:
    """The sum of squares less the square of the sum: another formula than the program's."""
    return F(len(values) * sum(value * value for value in values) - sum(values) ** 2, len(values) * (len(values) - 1))


def _last_place(value: Fraction, places: int) -> int:
    return int(value * 10**places + F(1, 2))


def _statistics(values: tuple[int, ...]) -> Uniformity:
    return Uniformity(mg("226.4"), tuple(mg(value) for value in values))


def _deviation(values: tuple[int, ...]) -> Fraction:
    found = _statistics(values).deviation
    assert found is not None
    return found.mg


GOLDEN: dict[str, tuple[Callable[[], Numbers], Callable[[], Numbers], Numbers]] = {
    "G17": (
        lambda: (F("0.5") * 60 / 5, 60 - F("0.5") * 60 / 5),
        lambda: (dilute(per_ml(5), per_ml("0.5"), ml(60)).stronger.ml, dilute(per_ml(5), per_ml("0.5"), ml(60)).weaker.ml),
        (6, 54),
    ),
    "G18, percent": (lambda: (F(500 * 15, 1500),), lambda: (medial(((per_ml(150), ml(500)),), ml(1500)).mg_per_ml / 10,), (5,)),
    "G18, ratio": (lambda: (F(4000, 2000) * 400,), lambda: (dilute(per_ml("2.5"), per_ml("0.5"), ml(4000)).stronger.ml,), (800,)),
    "G18, 1 in 20": (lambda: (F(50, 20) / 1000 * 100,), lambda: (medial(((per_ml(50), ml(50)),), ml(1000)).mg_per_ml / 10,), (F("0.25"),)),
    "G19": (
        lambda: (F(1 * 1000, 100), F(1, 10), F(5, 10)),
        lambda: (
            serial(per_ml(1), per_ml("0.01"), flask=ml(100), least=ml(1))[0].strength.mg_per_ml * 1000,
            (Mass.of_mcg(1) / per_ml("0.01")).ml,
            (Mass.of_mcg(5) / per_ml("0.01")).ml,
        ),
        (10, F("0.1"), F("0.5")),
    ),
    "G20": (lambda: _parts("5", "0.5", "1", 90), lambda: _mixed("5", "0.5", "1", 90), (10, 80)),
    "G21": (lambda: _parts("10", "1", "4", 90), lambda: _mixed("10", "1", "4", 90), (30, 60)),
    "G21, halves": (lambda: _parts("30", "10", "20", 100), lambda: _mixed("30", "10", "20", 100), (50, 50)),
    "G21, medial": (
        lambda: (F(500 * 40 + 100 * 90, 1000),),
        lambda: (medial(((per_ml(40), ml(500)), (per_ml(90), ml(100))), ml(1000)).mg_per_ml,),
        (29,),
    ),
    "G22": (
        lambda: tuple(F(sensitivity) * 100 / error for sensitivity, error in (("6", 5), ("6", 1), ("10", 5), ("2.5", 3), ("1", 5), ("6", 12))),
        lambda: tuple(
            least_by_sensitivity(mg(sensitivity), F(error, 100)).mg for sensitivity, error in (("6", 5), ("6", 1), ("10", 5), ("2.5", 3), ("1", 5), ("6", 12))
        ),
        (120, 600, 200, F(250, 3), 20, 50),
    ),
    "G23": (
        lambda: (F("0.15") * 2000, F("0.1") * 820, F(1) * 820),
        lambda: tuple(least_by_repeatability(mg(deviation), mg(digit)).mg for deviation, digit in (("0.15", "0.1"), ("0", "0.1"), ("0", "1"))),
        (300, 82, 820),
    ),
    "G24": (lambda: _crossed("2", 120, 125), lambda: _aliquot("2", 120, 125), (60, 120, 7500, 7380, 125)),
    "G24, 12 mg": (lambda: _crossed("12", 120, 120), lambda: _aliquot("12", 120, 120), (10, 120, 1200, 1080, 120)),
    "G25": (lambda: _crossed("22.5", 120, 120), lambda: _aliquot("22.5", 120, 120), (6, 135, 720, 585, 120)),
    "G25, pure drug": (lambda: _crossed("4.5", 120, 120), lambda: _aliquot("4.5", 120, 120), (27, F("121.5"), 3240, F("3118.5"), 120)),
    "G26": (
        lambda: tuple(F(dose) * 250 / 50 for dose in ("4.5", "1.5", "0.5")),
        lambda: tuple(powder_for(mg(dose), mg(250)).mg for dose in ("4.5", "1.5", "0.5")),
        (F("22.5"), F("7.5"), F("2.5")),
    ),
    "G27": (
        lambda: (F(10_000, 50) * F("0.5"), F(50, 10_000) * 1000, F(50, 10_000) * 100 / 100 * 1000),
        lambda: (
            aliquot(mg("0.5"), mg(50), mg(100)).taken.mg,
            aliquot(mg("0.5"), mg(50), mg(100)).weighed / aliquot(mg("0.5"), mg(50), mg(100)).total * 1000,
            aliquot(mg("0.5"), mg(50), mg(100)).held.mg / 100 * 1000,
        ),
        (100, 5, 5),
    ),
    "G28": (
        lambda: (102 * F("4.5"), 102 * F("4.5") * 250 / 50, ceil(102 * F("4.5") / 50)),
        lambda: (102 * F("4.5"), powder_for(mg("4.5") * 102, mg(250)).mg, tablets_for(mg("4.5") * 102)),
        (459, 2295, 10),
    ),
    "G29": (
        lambda: (F(225, 240), 225 - F(225, 240) * F("22.5"), 102 * (225 - F(225, 240) * F("22.5")), 102 * (225 + F("22.5") * F(15, 240))),
        lambda: (
            F(225, 240),
            *(times * amount.mg for times, amount in ((1, _displaced().filler), (102, _displaced().filler), (102, _displaced().net))),
        ),
        (F("0.9375"), F("203.90625"), F("20798.4375"), F("23093.4375")),
    ),
    "G30": (
        lambda: (293 - F("22.5"), 102 * (293 - F("22.5"))),
        lambda: tuple(displaced_fill(mg("22.5"), mg(293), mg(293), size="3").filler.mg * times for times in (1, 102)),
        (F("270.5"), 27591),
    ),
    "G31": (
        lambda: (F(350, 750), F(325, 750), (F("0.48") - F(325, 750)) * 800, "1"),
        lambda: (
            (mg(350) / per_ml(750)).ml,
            (mg(325) / per_ml(750)).ml,
            ((ml("0.48") - mg(325) / per_ml(750)) * per_ml(800)).mg,
            smallest_size(mg(350) / per_ml(750)),
        ),
        (F(7, 15), F(13, 30), F(112, 3), "1"),
    ),
    "G32": (
        lambda: (F("226.4") * 9 / 10, F("226.4") * 11 / 10, F(sum(TEN), 10), _scaled_root(_variance(TEN), 4)),
        lambda: (*(limit.mg for limit in weight_limits(mg("226.4"), F(1, 10))), _statistics(TEN).mean.mg, _last_place(_deviation(TEN), 4)),
        (F("203.76"), F("249.04"), F("226.6"), 44272),
    ),
    "G32, spread": (
        lambda: (_scaled_root(_variance(TEN) * 100**2 / F("226.6") ** 2, 3), _last_place(100 * 219 / F("226.4"), 2), _last_place(100 * 234 / F("226.4"), 2)),
        lambda: (
            _last_place(100 * _deviation(TEN) / _statistics(TEN).mean.mg, 3),
            *(_last_place(100 * end(_statistics(TEN).shares), 2) for end in (min, max)),
        ),
        (1954, 9673, 10336),
    ),
    "G33": (
        lambda: (F(sum(FAILED), 10), *(_last_place(100 * weight / F("226.4"), 2) for weight in (260, 198, 229))),
        lambda: (
            _statistics(FAILED).mean.mg,
            *(_last_place(100 * part, 2) for part in (*(_statistics(FAILED).shares[place] for place in (2, 4)), F(229) / F("226.4"))),
        ),
        (229, 11484, 8746, 10115),
    ),
    "G34": (
        lambda: (_scaled_root(_variance(TEN) * F(98) ** 2 / F("226.6") ** 2, 5), 5000 + _scaled_root(_variance(TEN) * (F("2.4") * 98 / F("226.6")) ** 2, 4)),
        lambda: (
            _last_place((_acceptance() - F(1, 2)) / F("2.4"), 5),
            _last_place(_acceptance(), 4),
        ),
        (191467, 50952),
    ),
    "G35": (
        lambda: (_last_place(F(13100, 135), 2), F(98, 100)),
        lambda: (_last_place(100 * yield_of(F(131), F(135)), 2), yield_of(F(98), F(100))),
        (9704, F("0.98")),
    ),
    "G37": (
        lambda: (_last_place(50 * F("341.4") / F("377.86"), 3), _last_place(F("4.5") * F("341.4") / F("377.86"), 4)),
        lambda: (_last_place(base_of(mg(50)).mg, 3), _last_place(base_of(mg("4.5")).mg, 4)),
        (45175, 40658),
    ),
    "G38": (
        lambda: tuple(F(dose) / 50 * F("126.8") for dose in ("4.5", "1.5")),
        lambda: tuple(share(mg(dose), held=mg("126.8"), active=mg(50)).mg for dose in ("4.5", "1.5")),
        (F("11.412"), F("3.804")),
    ),
    "G44": (lambda: (F(250, 25) * F("0.75") / 100 * 1000,), lambda: (medial(((per_ml(10), ml("0.75")),), ml(100)).mg_per_ml * 1000,), (75,)),
    "G46": (
        lambda: (F("4.5") * 5, F("0.9") * 1, F("4.5") * 5 / F("4.5")),
        lambda: ((ml("4.5") * per_ml(5)).mg, (ml("0.9") * per_ml(1)).mg, ml("4.5") * per_ml(5) / mg("4.5")),
        (F("22.5"), F("0.9"), 5),
    ),
}


def _displaced() -> FillWeight:
    return displaced_fill(mg("22.5"), mg(240), mg(225), size="3")


def _acceptance() -> Fraction:
    return acceptance_value(estimated_contents([mg(weight) for weight in TEN], F(98)))


@pytest.mark.parametrize("golden", GOLDEN)
def test_in_longhand_and_by_the_program_the_number_is_the_printed_one(golden: str) -> None:
    longhand, program, printed = GOLDEN[golden]
    assert longhand() == program() == printed


@pytest.mark.parametrize(
    ("dose", "code", "device", "measured"),
    [
        ("1.75", "L1", SYRINGE_3, "1.8"),
        ("1.25", "L1", SYRINGE_3, "1.3"),
        ("1.25", "L2", SYRINGE_1, "0.25"),
        ("2.25", "L1", SYRINGE_3, "2.3"),
        ("4.5", "L1", SYRINGE_10, "4.6"),
        ("4.5", "L1", SYRINGE_10_HALVES, "4.5"),
        ("0.75", "L2", SYRINGE_1, "0.15"),
    ],
)
def test_g36_the_second_pharmacist_counts_to_the_same_mark(dose: str, code: str, device: Syringe, measured: str) -> None:
    (taken,) = planned(order(step(dose, 7)), choices(code, bottle(120), device)).steps
    assert taken.amount == F(measured)


@pytest.mark.parametrize(
    ("made_on", "days", "day_one", "day_zero"),
    [
        ("2026-03-01", 14, "2026-03-14", "2026-03-15"),
        ("2026-03-01", 35, "2026-04-04", "2026-04-05"),
        ("2026-03-01", 90, "2026-05-29", "2026-05-30"),
        ("2026-03-01", 180, "2026-08-27", "2026-08-28"),
        ("2024-02-20", 14, "2024-03-04", "2024-03-05"),
    ],
)
def test_g39_the_second_pharmacist_counts_the_same_days(made_on: str, days: int, day_one: str, day_zero: str) -> None:
    made = date.fromisoformat(made_on)
    for made_is_day_one, until in ((True, day_one), (False, day_zero)):
        counted = last_good_day(made, days, made_is_day_one=made_is_day_one)
        assert counted == last_day(made, days, made_is_day_one=made_is_day_one) == date.fromisoformat(until)
