"""The strength chooser on whole courses: the strength that the patient has at home, what a course takes, and why each other way lost."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compounding import second
from compounding.domain.chooser import options, why_lost
from compounding.domain.money import Money
from compounding.domain.plan import Choices
from compounding.domain.planner import sketch_plan
from compounding.domain.prescription import Regimen
from compounding.domain.quantity import Concentration, Mass
from compounding.domain.quote import Price, Prices
from tests.domain.choosing import MAINTENANCE, QUARTERS, ways
from tests.domain.examples import (
    FORMULAS,
    GP,
    MONTH_OF_CAPSULES,
    POLICY,
    SYRINGE_1,
    SYRINGE_5,
    SYRINGE_5_COARSE,
    TITRATION,
    TODAY,
    at_hand,
    bottle,
    long_lived,
    order,
    plain,
    shelf,
    step,
)

# The patient's own strength


@pytest.mark.parametrize("strength", ["1", "1.5", "5"])
def test_the_strength_that_the_patient_has_at_home_goes_first_and_the_others_say_that_they_would_change_it(strength: str) -> None:
    at_home = Concentration.of(strength)
    best, *others = ways(TITRATION, at_home=at_home)
    assert best.formula.strength_text == str(at_home)
    changing = [option for option in others if option.formula.strength_text != str(at_home)]
    assert changing
    assert all(option.changes in option.remark and f"from {at_home} to {option.formula.strength_text} (rule R22)" in option.changes for option in changing)
    usable = [option for option in changing if not (option.refused or option.impractical)]
    assert all(why_lost(option, best) == option.changes for option in usable)


def test_the_patients_strength_is_kept_though_another_would_need_less_and_round_less() -> None:
    found = ways(MAINTENANCE, SYRINGE_5_COARSE, at_home=Concentration.of(1), containers=(bottle(120),))
    assert (found[0].formula.code, found[0].worst_error) == ("L1", Fraction(1, 45))
    assert found[1].formula.code == "L1-1.5"
    assert found[1].outcome is not None
    assert found[0].outcome is not None
    assert found[1].outcome.surplus < found[0].outcome.surplus


def test_the_patients_strength_is_left_where_it_cannot_be_measured_or_is_impractical() -> None:
    refused = ways(QUARTERS, SYRINGE_1, SYRINGE_5, at_home=Concentration.of(1))
    assert refused[0].formula.strength_text == "5 mg/mL"
    assert refused[0].changes == "it would change the patient's strength from 1 mg/mL to 5 mg/mL (rule R22)"


def test_capsules_of_the_patients_strength_go_first_though_they_are_more_a_dose() -> None:
    assert ways(MONTH_OF_CAPSULES)[0].formula.code == "C4.5"
    at_home = ways(MONTH_OF_CAPSULES, at_home=Mass.of_mg("1.5"))
    assert [option.formula.code for option in at_home] == ["C1.5", "C4.5"]
    assert ways(MONTH_OF_CAPSULES, at_home=Concentration.of(1))[0].changes == ""  # another form is another matter, and not the chooser's


# What the whole course takes


def test_what_a_way_takes_is_what_its_plan_takes_and_the_second_pharmacist_agrees() -> None:
    house = at_hand()
    for of in (TITRATION, QUARTERS, MONTH_OF_CAPSULES):
        for option in options(of.regimen, house):
            if option.outcome is None:
                continue
            formula = option.formula
            container = option.outcome.contained.container
            chosen = Choices(formula, formula.storages[0], container, formula.method, TODAY, option.device, overage=0)
            course = sketch_plan(of.regimen, chosen, today=TODAY, policy=POLICY).course
            papers = {"plan": plain(course), "order": plain(of.regimen), "choices": plain(chosen), "policy": plain(POLICY)}
            assert second.check(**papers, lots=[], balances=[], today=TODAY.isoformat(), sketched=True) == ()
            assert option.outcome.tablets == sum(fill.amounts.tablets for fill in course.fills)
            assert option.outcome.surplus == sum((fill.amounts.left for fill in course.fills), Mass.of_mg(0))
            assert option.outcome.containers == len(course.fills)


def test_the_published_course_of_drops_is_ten_bottles_of_which_seven_follow_only_for_the_date() -> None:
    """Table 3.3: 200.75 mg discarded; from week 15 on the bottle is empty before its 14 days are over (the last but two were opened on days 99 and 111)."""
    outcome = ways(GP)[0].outcome
    assert outcome is not None
    assert (outcome.tablets, outcome.surplus, outcome.containers, outcome.remakes) == (10, Mass.of_mg("200.75"), 10, 7)


def test_of_equal_surplus_fewer_containers_go_first() -> None:
    best, lost = ways(MAINTENANCE, SYRINGE_1, formulas=[FORMULAS["L5"], FORMULAS["L2"]])
    assert best.formula.code == "L2"
    assert why_lost(lost, best) == "3 containers instead of 1"


def test_of_as_many_containers_fewer_that_follow_only_for_the_date_go_first() -> None:
    lasting = replace(long_lived("L1"), code="lasting")
    best, lost = ways(order(step("1.5", 42)), SYRINGE_5, formulas=[FORMULAS["L1"], lasting], containers=(bottle(60),))
    assert best.formula == lasting
    assert [option.outcome.containers for option in (best, lost) if option.outcome] == [2, 2]
    assert why_lost(lost, best) == "1 container is made anew because of the beyond-use date, instead of 0"


def test_a_formula_whose_usual_container_the_pharmacy_does_not_have_cannot_be_used() -> None:
    found = ways(MAINTENANCE, containers=())
    assert {"bottle-120-ml" in option.refused or "bottle-10-ml" in option.refused or "off" in option.refused for option in found} == {True}


def test_of_equal_ways_the_weaker_liquid_is_chosen_and_not_the_cheaper() -> None:
    """G46: 4.5 mL read on a bottle of 5 mg/mL is 22.5 mg."""
    best, *others = ways(TITRATION, prices=Prices({lot.product: Price.of_lot(lot) for lot in shelf()}))
    stronger = next(option for option in others if option.formula.code == "L2")
    assert best.outcome is not None
    assert stronger.outcome is not None
    assert stronger.outcome.surplus == best.outcome.surplus
    assert why_lost(stronger, best) == "5 mg/mL is stronger than 1 mg/mL: a misread volume would harm more"


def test_of_one_strength_the_cheaper_formula_is_chosen() -> None:
    quick = replace(FORMULAS["L1"], code="quick", minutes=10)
    prices = Prices({lot.product: Price.of_lot(lot) for lot in shelf()})
    best, lost = ways(TITRATION, SYRINGE_5, formulas=[FORMULAS["L1"], quick], prices=prices)
    assert best.formula == quick
    assert best.outcome is not None
    assert best.outcome.quote is not None
    assert lost.outcome is not None
    assert lost.outcome.quote is not None
    assert lost.outcome.quote.total - best.outcome.quote.total == Money.of(12)  # two batches, ten minutes less of each at 0.60
    assert why_lost(lost, best) == f"it would cost about {lost.outcome.quote.display()} instead of {best.outcome.quote.display()}"


def test_a_formula_without_a_price_is_no_bargain() -> None:
    liquid = FORMULAS["L1"].liquid
    assert liquid is not None
    acid, *others = liquid.ingredients
    other = replace(liquid, ingredients=(replace(acid, product="citric-acid", name="Citric acid"), *others))
    vague = replace(FORMULAS["L1"], code="vague", minutes=1, liquid=other)
    prices = Prices({lot.product: Price.of_lot(lot) for lot in shelf()})
    best, lost = ways(order(step("1.5", 14)), SYRINGE_5, formulas=[vague, FORMULAS["L1"]], prices=prices)
    assert best.formula.code == "L1"
    assert "no price of Citric acid" in why_lost(lost, best)


def test_ways_that_are_alike_in_everything_stay_in_the_order_of_the_list() -> None:
    twin = replace(FORMULAS["L1"], code="twin")
    first, second_ = ways(TITRATION, SYRINGE_5, formulas=[FORMULAS["L1"], twin])
    assert (first.formula.code, second_.formula.code) == ("L1", "twin")
    assert why_lost(second_, first) == "as good as the one that was chosen, and later in the list"


# Of every course

DOSES = st.sampled_from([Fraction(quarter, 4) for quarter in range(1, 19)] + [Fraction(1, 10), Fraction(7, 2), Fraction(6)])
COURSES = st.lists(st.tuples(DOSES, st.integers(1, 30)), min_size=1, max_size=4)
AT_HOME = st.sampled_from([None, *(Concentration.of(strength) for strength in ("1", "1.5", "5", "3"))])


@settings(max_examples=60, deadline=None)
@given(COURSES, AT_HOME)
def test_the_chosen_way_is_never_refused_or_impractical_where_another_is_neither(course: list[tuple[Fraction, int]], at_home: Concentration | None) -> None:
    of: Regimen = order(*(step(str(dose) if dose.denominator == 1 else str(float(dose)), days) for dose, days in course)).regimen
    found = options(of, replace(at_hand(), at_home=at_home))
    best = found[0]
    standing = [(bool(option.refused), bool(option.impractical) and not option.refused) for option in found]
    assert standing == sorted(standing)
    good = [option for option in found if not (option.refused or option.impractical)]
    if any(option.formula.strength_text == str(at_home) for option in good):
        assert best.changes == ""
    kept = [option for option in good if option.changes == best.changes] if good else []
    assert all(best.warned <= option.warned for option in kept)
    assert all(why_lost(option, best) for option in found if option is not best)
    assert [why_lost(option, best) for option in found].count("it comes before the one that was asked for") == 0
