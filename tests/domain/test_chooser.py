"""The strength chooser: which syringe meets the doses, and what speaks against a way that reads them."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain import library
from compounding.domain.chooser import choose, why_lost
from compounding.domain.errors import Unsafe
from compounding.domain.explain import tolerance
from compounding.domain.formula import Formula
from compounding.domain.prescription import Form, Order
from compounding.domain.quantity import Concentration, Volume
from compounding.domain.weighing import Dropper, Syringe
from tests.domain.choosing import ALL, HALVES, MAINTENANCE, QUARTERS, ways
from tests.domain.examples import (
    FORMULAS,
    GP,
    SYRINGE_1,
    SYRINGE_3,
    SYRINGE_5,
    SYRINGE_5_COARSE,
    SYRINGE_10_HALVES,
    TITRATION,
    TODAY,
    dropper,
    order,
    step,
)


def of_strength(mg_in_ml: str) -> Formula:
    liquid = FORMULAS["L1"].liquid
    assert liquid is not None
    return replace(FORMULAS["L1"], code=f"L{mg_in_ml}", name=f"at {mg_in_ml} mg/mL", liquid=replace(liquid, strength=Concentration.of(mg_in_ml)))


STRENGTHS = {strength: of_strength(strength) for strength in ("1", "1.5", "3", "5")}


def exactly_measured(of: Order, strength: str) -> set[str]:
    """The devices by which every dose of `of` stands on a mark and is drawn at once."""
    found = ways(of, *ALL, formulas=[STRENGTHS[strength]])
    return {option.device.code for option in found if option.device and not (option.refused or option.impractical or option.worst_error)}


@pytest.mark.parametrize(
    ("of", "strength", "codes"),
    [
        (TITRATION, "1", {"s5", "s10h"}),
        (TITRATION, "1.5", {"s3", "s5", "s5c", "s10", "s10h"}),
        (TITRATION, "3", {"s3", "s5", "s10h"}),
        (TITRATION, "5", {"s1", "s3", "s5"}),
        (HALVES, "1", {"s5", "s10h"}),
        (HALVES, "1.5", set()),
        (HALVES, "3", set()),
        (HALVES, "5", {"s1", "s3", "s5"}),
        (QUARTERS, "1", set()),
        (QUARTERS, "1.5", set()),
        (QUARTERS, "3", set()),
        (QUARTERS, "5", {"s1"}),
    ],
)
def test_the_table_of_strengths_tells_which_syringes_meet_every_dose(of: Order, strength: str, codes: set[str]) -> None:
    """Section 3.2 of the domain facts. 0.5 mg is a mark of the syringe by 0.5 mL at 1 mg/mL, and 0.1 mL one of the larger syringes by 0.1 at 5 mg/mL:
    the table names the best syringe; that the others read the dose is true, and their own error is what speaks against them."""
    assert exactly_measured(of, strength) == codes


@pytest.mark.parametrize(
    ("of", "strength", "device"),
    [(TITRATION, "1.5", "s3"), (TITRATION, "3", "s3"), (TITRATION, "5", "s1"), (TITRATION, "1", "s5"), (HALVES, "5", "s1"), (QUARTERS, "5", "s1")],
)
def test_of_the_syringes_that_meet_every_dose_the_one_of_the_table_is_chosen(of: Order, strength: str, device: str) -> None:
    best = ways(of, *ALL, formulas=[STRENGTHS[strength]])[0]
    assert best.device is not None
    assert best.device.code == device


@pytest.mark.parametrize(("volume", "percent"), [("0.05", 32), ("0.1", 17), ("0.3", 7), ("0.5", 4), ("1", 4)])
def test_a_syringe_of_one_ml_errs_as_the_standard_allows(volume: str, percent: int) -> None:
    assert tolerance(Fraction(volume), SYRINGE_1) == Fraction(percent, 100)


def test_rounding_and_the_syringes_own_error_are_counted_together() -> None:
    (coarse,) = ways(MAINTENANCE, SYRINGE_5_COARSE, formulas=[FORMULAS["L1"]])
    assert coarse.farthest == Fraction(46, 45) * Fraction(104, 100) - 1  # 4.6 mL instead of 4.5, and 4 % more of it


def test_a_strength_that_throws_less_away_goes_before_one_that_errs_a_little_less() -> None:
    best, *others = ways(TITRATION)
    assert (best.formula.code, best.device.code if best.device else "") == ("L1", "syringe-5-by-0.1")
    lost = next(option for option in others if option.formula.code == "L1-1.5")
    assert lost.farthest < best.farthest
    assert why_lost(lost, best) == "174 mg of naltrexone would be crushed and never taken, instead of 24 mg"


def test_four_and_a_half_mg_at_one_mg_a_ml_on_marks_by_a_fifth_is_never_proposed_before_an_exact_way_nor_silently() -> None:
    for formulas in ([FORMULAS["L1"]], list(FORMULAS.values())):
        best = ways(MAINTENANCE, SYRINGE_5_COARSE, SYRINGE_5, formulas=formulas)[0]
        assert best.worst_error == 0
    (alone,) = ways(MAINTENANCE, SYRINGE_5_COARSE, formulas=[FORMULAS["L1"]])
    assert alone.remark == "4.5 mL reads as 4.6 mL (+2.22 %)"


def test_a_volume_below_a_fifth_of_the_syringe_is_said_and_loses() -> None:
    best, small = ways(MAINTENANCE, SYRINGE_1, SYRINGE_5, formulas=[FORMULAS["L2"]])
    assert best.device == SYRINGE_1
    assert why_lost(small, best) == "0.9 mL is below a fifth of the 5 mL syringe by 0.1 mL, whose own error is then up to 10.33 %"


def test_a_dose_above_the_capacity_is_called_impractical_and_goes_after_one_that_is_rounded() -> None:
    rounded, drawn = ways(MAINTENANCE, SYRINGE_3, SYRINGE_5_COARSE, formulas=[FORMULAS["L1"]])
    assert (rounded.device, drawn.device) == (SYRINGE_5_COARSE, SYRINGE_3)
    assert why_lost(drawn, rounded) == "impractical: 4.5 mL is more than the 3 mL syringe by 0.1 mL holds, 2 draws a dose"


def test_more_than_twenty_drops_are_called_impractical() -> None:
    """G41: 4.5 mg at 1 mg/mL are 90 drops."""
    drops = replace(MAINTENANCE, form=Form.ORAL_DROPS)
    (counted,) = ways(drops, dropper("L1"), formulas=[FORMULAS["L1"]])
    assert counted.impractical == "impractical: 90 drops a dose, and more than 20 cannot be counted reliably"
    (twenty,) = ways(replace(drops, steps=(step("1", 14),)), dropper("L1"), formulas=[FORMULAS["L1"]])
    assert twenty.impractical == ""


def test_what_lies_below_the_first_mark_is_impractical_and_refused() -> None:
    """G19: 1 mcg at 1 mg/mL is 0.001 mL."""
    (option,) = ways(order(step("0.001", 14)), SYRINGE_1, formulas=[FORMULAS["L1"]])
    assert option.refused == "impractical: 0.001 mL lies below the first mark of the 1 mL syringe by 0.01 mL"
    with pytest.raises(Unsafe, match="Nothing here can measure"):
        choose([option], formula="", device="")


def test_drops_are_proposed_where_the_order_asks_for_drops_and_a_syringe_elsewhere() -> None:
    assert ways(GP)[0].device == library.droppers(TODAY)[0]
    best, *others = ways(QUARTERS)
    assert isinstance(best.device, Syringe)
    drops = next(option for option in others if isinstance(option.device, Dropper))
    assert why_lost(drops, best) == "it counts drops, and the order does not ask for drops: mL by a syringe is one unit on a label"


def test_a_dropper_whose_calibration_lapsed_cannot_be_used() -> None:
    lapsed = replace(dropper("L5"), valid_through=TODAY.replace(day=1))
    (option,) = ways(GP, lapsed, formulas=[FORMULAS["L5"]])
    assert option.refused == f"The calibration of {lapsed.name} ended on 1 March 2026. Count its drops again first."
    with pytest.raises(Unsafe, match="The calibration of dropper of 40 drops in 2 mL ended"):
        choose([option], formula="", device="")
    uncountable = ways(replace(GP, steps=(step("0.1", 7),)), lapsed, formulas=[FORMULAS["L5"]])  # which is below half a drop too
    assert "calibration" in uncountable[0].refused


def test_a_volume_is_never_below_a_fifth_of_a_syringe_that_it_fills() -> None:
    full = Syringe("x", "4.5 mL syringe", Volume.of_ml("4.5"), Volume.of_ml("0.1"))
    (option,) = ways(MAINTENANCE, full, formulas=[FORMULAS["L1"]])
    assert (option.small, option.impractical) == ("", "")


def test_exactly_a_fifth_of_a_syringe_is_enough() -> None:
    (option,) = ways(order(step("1.5", 14)), SYRINGE_5, formulas=[FORMULAS["L1-1.5"]])
    assert (option.small, option.farthest) == ("", Fraction(95, 1000))


def test_a_dose_on_a_mark_goes_before_a_rounded_one_that_would_leave_less() -> None:
    best, lost = ways(MAINTENANCE, SYRINGE_5_COARSE, SYRINGE_10_HALVES, formulas=[FORMULAS["L1"]])
    assert (best.device, best.band, lost.band) == (SYRINGE_10_HALVES, 2, 2)
    assert best.outcome is not None
    assert lost.outcome is not None
    assert lost.outcome.surplus < best.outcome.surplus
    assert why_lost(lost, best) == "a dose is rounded by up to 2.22 % instead of 0 %"


def test_of_syringes_that_are_alike_otherwise_the_one_that_errs_least_is_chosen() -> None:
    best, lost = ways(TITRATION, SYRINGE_5, SYRINGE_3, formulas=[FORMULAS["L1-1.5"]])
    assert best.device == SYRINGE_3
    assert why_lost(lost, best) == "a dose can lie up to 9.5 % off, by rounding and the device's own error, instead of 6.5 %"


def test_a_dropper_errs_by_fifteen_percent() -> None:
    (option,) = ways(GP, dropper("L5"), formulas=[FORMULAS["L5"]])
    assert option.farthest == Fraction(15, 100)


def test_where_nothing_can_be_used_the_nearest_is_named() -> None:
    found = ways(QUARTERS, SYRINGE_10_HALVES, SYRINGE_5, formulas=[FORMULAS["L1"]])
    assert [option.device for option in found] == [SYRINGE_5, SYRINGE_10_HALVES]
    with pytest.raises(Unsafe, match=r"with 5 mL syringe by 0\.1 mL: a dose reads up to 20 % off"):
        choose(found, formula="", device="")
