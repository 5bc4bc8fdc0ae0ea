"""What stands exactly on a bound, and refusals that no course reaches by itself: faults put in on purpose went unseen until these."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from compounding.domain.beyond_use import MOST_DAYS, TABLE_4, assigned_class, refuse_short, shelf_days
from compounding.domain.dilution import powder_for
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import BeyondUseClass, Method, Stability, Storage
from compounding.domain.plan import Choices
from compounding.domain.planner import calibration_lapsed, laid_out
from compounding.domain.preparation import capsule_amounts, liquid_amounts
from compounding.domain.prescription import Form, Order, QuantityUnit, Supply
from compounding.domain.quantity import Mass, Volume
from compounding.second import dates
from tests.domain.examples import (
    FORMULAS,
    MONTH_OF_CAPSULES,
    POLICY,
    SYRINGE_5,
    SYRINGE_5_COARSE,
    TITRATION,
    TODAY,
    VIAL,
    bottle,
    capsule_choices,
    choices,
    dropper,
    order,
    planned,
    step,
)


@pytest.mark.parametrize(
    ("of", "chosen"),
    [
        (TITRATION, choices("L1", VIAL, SYRINGE_5)),
        (MONTH_OF_CAPSULES, replace(capsule_choices(), container=bottle(120))),
    ],
)
def test_a_vial_holds_no_liquid_and_a_bottle_no_capsules(of: Order, chosen: Choices) -> None:
    with pytest.raises(Invalid) as refused:
        planned(of, chosen)
    assert refused.value.code == "container-form"
    assert list(refused.value.fields) == ["container"]


def test_capsules_of_another_strength_than_the_prescribed_one_are_refused() -> None:
    assert planned(replace(MONTH_OF_CAPSULES, capsule_strength=Mass.of_mg("4.5")), capsule_choices()).days == 30
    with pytest.raises(Unsafe) as refused:
        planned(replace(MONTH_OF_CAPSULES, capsule_strength=Mass.of_mg(3)), capsule_choices())
    assert refused.value.code == "formula-strength"


def test_a_calibration_holds_on_its_last_day() -> None:
    drops = order(step("4.5", 7), form=Form.ORAL_DROPS)
    counted = replace(dropper("L5"), valid_through=TODAY)
    assert planned(drops, choices("L5", bottle(10), counted)).drops == 126


def test_a_syringe_has_no_calibration_that_lapses_and_capsules_are_never_drawn_from_stock() -> None:
    assert calibration_lapsed(SYRINGE_5, TODAY) == calibration_lapsed(None, TODAY) == calibration_lapsed(dropper("L5"), TODAY) == ""
    with pytest.raises(Invalid) as refused:
        laid_out(MONTH_OF_CAPSULES.regimen, replace(capsule_choices(), method=Method.STOCK), today=TODAY, policy=POLICY)
    assert list(refused.value.fields) == ["method"]


def test_a_dose_may_be_as_far_off_as_the_policy_says_and_is_not_warned_of_at_the_bound() -> None:
    # 4.5 mg at 1 mg/mL reads as 4.6 mL by 0.2: an error of 1/45
    chosen, of, bound = choices("L1", bottle(120), SYRINGE_5_COARSE), order(step("4.5", 7)), Fraction(1, 45)
    plan = planned(of, chosen, policy=replace(POLICY, rounding_warn=bound, rounding_refuse=bound))
    assert [notice.warning for notice in plan.notices if notice.code == "rounding_1"] == [False]
    with pytest.raises(Unsafe, match="off"):
        planned(of, chosen, policy=replace(POLICY, rounding_refuse=bound - Fraction(1, 10**6)))


def test_amounts_are_those_of_the_form_and_of_what_fits() -> None:
    nothing = Volume.of_ml(0)
    with pytest.raises(Unsafe, match="not a liquid formula"):
        liquid_amounts(FORMULAS["C4.5"], nothing, nothing, method=Method.POWDER, container=VIAL)
    with pytest.raises(Unsafe, match="not a capsule formula"):
        capsule_amounts(FORMULAS["L1"], 30, overage=0, container=bottle(120))
    assert capsule_amounts(FORMULAS["C4.5"], 120, overage=0, container=VIAL).dispensed == 120
    with pytest.raises(Unsafe, match="do not fit"):
        capsule_amounts(FORMULAS["C4.5"], 121, overage=0, container=VIAL)


def test_a_bottle_is_filled_to_the_last_millilitre() -> None:
    full = liquid_amounts(FORMULAS["L1"], Volume.of_ml(120), Volume.of_ml(120), method=Method.POWDER, container=bottle(120))
    assert (full.dispensed, full.made, full.left) == (120, 120, Mass.of_mg(30))
    with pytest.raises(Unsafe, match="does not fit"):
        liquid_amounts(FORMULAS["L1"], Volume.of_ml(120), Volume.of_ml("120.1"), method=Method.POWDER, container=bottle(120))


def test_a_first_dose_may_be_today_and_not_yesterday() -> None:
    assert planned(TITRATION, choices("L1", bottle(120), SYRINGE_5, starts_on=TODAY)).starts_on == TODAY
    with pytest.raises(Invalid) as refused:
        planned(TITRATION, choices("L1", bottle(120), SYRINGE_5, starts_on=TODAY - timedelta(days=1)))
    assert refused.value.code == "starts-on"


@pytest.mark.parametrize(("volume", "warned"), [("2.1", False), ("2.2", True)])
def test_drops_that_an_order_counts_may_hold_a_tenth_more_and_are_not_warned_of_at_a_twentieth(volume: str, *, warned: bool) -> None:
    of = replace(order(step("4.5", 7), form=Form.ORAL_DROPS), supply=Supply(quantity=Fraction(126), quantity_unit=QuantityUnit.DROP))
    plan = planned(of, choices("L5", bottle(10), dropper("L5", 40, volume)))
    assert [notice.warning for notice in plan.notices if notice.code == "drops_ordered"] == [warned]


def test_a_preservative_is_believed_until_its_ph_is_missed() -> None:
    assert assigned_class(FORMULAS["L1"]) is BeyondUseClass.AQUEOUS_PRESERVED
    assert assigned_class(FORMULAS["L1"], preserved=False) is BeyondUseClass.AQUEOUS_UNPRESERVED


def test_a_study_as_long_as_the_table_neither_shortens_nor_is_named() -> None:
    def kept(*days: int) -> tuple[int, str]:
        studies = tuple(Stability(Storage.REFRIGERATOR, each, antimicrobial_test=True, source="a study", stability_indicating=True) for each in days)
        return shelf_days(replace(FORMULAS["L1"], stability=studies), Storage.REFRIGERATOR)

    assert kept(35) == (35, "USP <795> Table 4: aqueous, preserved, 35 days")
    assert kept(35, 60)[0] == 60
    assert kept(36)[0] == 36
    assert kept(34, 60)[0] == 34
    assert kept(20, 10, 30)[0] == 10
    assert kept(60, 90, 50)[0] == 90


def test_a_dose_that_cannot_be_measured_names_the_device_that_cannot() -> None:
    with pytest.raises(Unsafe, match=r"which 5 mL syringe by 0\.1 mL cannot measure"):
        planned(order(step("0.001", 7)), choices("L1", bottle(120), SYRINGE_5))


def test_a_date_may_fall_on_the_last_dose_and_not_before_it() -> None:
    refuse_short(TODAY, TODAY)
    refuse_short(TODAY + timedelta(days=1), TODAY)
    with pytest.raises(Unsafe) as refused:
        refuse_short(TODAY, TODAY + timedelta(days=1))
    assert refused.value.facts["rule"] == "R23"


def test_both_pharmacists_have_the_days_of_table_4() -> None:
    assert {kind.value: days for kind, days in TABLE_4.items()} == dates._DAYS
    assert sorted(TABLE_4.values()) == [14, 35, 90, 180]
    assert MOST_DAYS == dates._CEILING == 180


def test_tablets_that_hold_less_than_their_claim_are_weighed_in_for_more() -> None:
    assert powder_for(Mass.of_mg("4.5"), Mass.of_mg(250), content=Fraction(90)) == Mass.of_mg(25)
    assert powder_for(Mass.of_mg("4.5"), Mass.of_mg(250), content=Fraction(125)) == Mass.of_mg(18)
