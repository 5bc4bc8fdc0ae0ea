"""Whole tablets against weighed powder, side by side: what each takes, what is thrown away, and which one the formula chooses."""

from dataclasses import replace

from compounding.domain.formula import Method
from compounding.domain.method_ways import MethodWay, method_ways
from compounding.domain.money import Money
from compounding.domain.prescription import Form
from compounding.domain.quantity import Mass, Volume
from compounding.domain.quote import Price, Prices
from compounding.domain.worksheet import TABLETS
from tests.domain.examples import MONTH_OF_CAPSULES, POLICY, SYRINGE_5, TITRATION, TODAY, bottle, capsule_choices, choices, order, step

PRICES = Prices({TABLETS: Price(Money.of(70), 100)})


def both(days: int = 14, prices: Prices = PRICES, **changes: object) -> dict[Method, MethodWay]:
    found = method_ways(order(step("4.5", days)).regimen, replace(choices("L1", bottle(120), SYRINGE_5), **changes), prices, today=TODAY, policy=POLICY)
    return {way.method: way for way in found}


def test_whole_tablets_make_more_and_weighed_powder_makes_what_is_dispensed() -> None:
    found = both()
    whole, powder = found[Method.WHOLE_TABLETS], found[Method.POWDER]
    assert (whole.tablets, whole.made, whole.surplus) == (2, Volume.of_ml(100), Mass.of_mg(37))
    assert (powder.tablets, powder.made, powder.surplus) == (2, Volume.of_ml(63), Mass.of_mg(37))


def test_what_is_thrown_away_costs_its_share_of_the_tablets_and_nothing_is_said_of_a_price_that_is_missing() -> None:
    assert both()[Method.WHOLE_TABLETS].wasted == Money.of("0.70") * 2 - Money.of("0.882")  # 63 of 100 mg are taken, at 1.40
    assert both(prices=Prices({}))[Method.POWDER].wasted is None


def test_the_formula_says_which_method_is_usual_whatever_was_chosen() -> None:
    for chosen in Method:
        assert {method for method, way in both(method=chosen).items() if way.usual} == {Method.WHOLE_TABLETS}


def test_a_strength_whose_tablets_meet_no_mark_singly_needs_more_of_them_whole_than_weighed() -> None:
    found = method_ways(TITRATION.regimen, choices("L1-1.5", bottle(120), SYRINGE_5), PRICES, today=TODAY, policy=POLICY)
    assert {way.method: way.tablets for way in found} == {Method.WHOLE_TABLETS: 6, Method.POWDER: 3}


def test_a_method_by_which_the_course_cannot_be_made_says_why() -> None:
    found = method_ways(replace(TITRATION.regimen, form=Form.CAPSULE), choices("L1", bottle(120), SYRINGE_5), PRICES, today=TODAY, policy=POLICY)
    assert {way.refused.split(":")[0][:19] for way in found} == {"The order is for ca"}


def test_capsules_are_always_filled_with_weighed_powder() -> None:
    assert method_ways(MONTH_OF_CAPSULES.regimen, capsule_choices(), PRICES, today=TODAY, policy=POLICY) == ()
