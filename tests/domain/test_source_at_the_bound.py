"""What is drawn from stock where a lot or a graduate gives just enough, and what is said where none does."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from compounding.domain.errors import Unsafe
from compounding.domain.inventory import Shortage
from compounding.domain.plan import Plan
from compounding.domain.policy import Policy
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.source import LEAST_SHARE, MOST_DRAWS, draws, reckoned_strength
from tests.domain.examples import FORMULAS, POLICY, SYRINGE_5, TODAY, bottle, choices, planned, shelf
from tests.domain.stock_solutions import stock_lot
from tests.domain.test_source import FORTNIGHT, LATER, SOON, WEAK, drawn, made


def plan(*, policy: Policy, strength: str = "5") -> Plan:
    return planned(FORTNIGHT, choices("L0.5", bottle(120), SYRINGE_5, formula=WEAK), stock=shelf(stock_lot(strength=strength)), policy=policy)


def measuring(capacity: Volume) -> Policy:
    return replace(POLICY, graduates=(replace(POLICY.graduates[0], capacity=capacity, graduation=Volume.of_ml("0.1")),))


def test_a_formula_made_of_tablets_has_no_stock_to_reckon_with() -> None:
    with pytest.raises(TypeError):
        reckoned_strength(FORMULAS["L1"])
    with pytest.raises(TypeError):
        draws(FORMULAS["L1"], FORMULAS["L1"].liquid.strength * Volume.of_ml(1), stock=(), made_on=TODAY, through=TODAY, policy=POLICY)
    assert reckoned_strength(WEAK) == Concentration.of(5)


def test_a_source_without_its_volume_is_refused() -> None:
    source, *others = WEAK.liquid.ingredients
    with pytest.raises(Unsafe) as refused:
        reckoned_strength(replace(WEAK, liquid=replace(WEAK.liquid, ingredients=(replace(source, volume_in_100_ml=None), *others))))
    assert refused.value.code == "source-volume"


def test_a_lot_that_holds_just_what_is_drawn_goes_first() -> None:
    """21 mg are 4.2 mL of 5 mg/mL."""
    assert [lot for lot, *_ in drawn(made(stock_lot("4.2", number="S", expires_on=SOON), stock_lot(number="L", expires_on=LATER)))] == ["S"]


def test_the_last_lot_may_give_all_that_it_holds() -> None:
    """2 mL of 5 mg/mL are 10 mg, and 2.5 mL of 4.4 mg/mL the other 11."""
    found = made(stock_lot("2.057", number="S", expires_on=SOON), stock_lot("2.5", number="L", strength="4.4", expires_on=LATER))
    assert [(lot, ml) for lot, _, ml, _ in drawn(found)] == [("S", "2"), ("L", "5/2")]


def test_a_graduate_measures_from_its_least_share_to_its_most_fillings() -> None:
    wanted = Volume.of_ml("4.2")
    for capacity in (Volume(wanted.ml / LEAST_SHARE), Volume(wanted.ml / MOST_DRAWS)):
        line = plan(policy=measuring(capacity)).fills[0].preparation
        assert line is not None
        assert drawn(line)[0][2] == "21/5"


def test_what_no_graduate_measures_names_the_least_that_one_does() -> None:
    with pytest.raises(Unsafe, match=r"the least that can be measured here is 0\.2 mL"):
        plan(policy=POLICY, strength="200")
    with pytest.raises(Unsafe, match="no graduate is set up"):
        plan(policy=replace(POLICY, graduates=()))


def test_what_lasts_long_enough_and_stands_on_no_mark_is_a_shortage_whose_container_is_not_cut() -> None:
    """4.17 mL are wanted, the nearest mark is 4.2 mL, and 4.18 mL are there: a shorter container would not help."""
    lot = stock_lot("4.18", strength=Fraction(2100, 417), expires_on=TODAY + timedelta(days=13))
    for through, longest in ((lot.expires_on, None), (lot.expires_on + timedelta(days=1), lot.expires_on)):
        with pytest.raises(Shortage) as refused:
            draws(WEAK, Mass.of_mg(21), stock=(lot,), made_on=TODAY, through=through, policy=POLICY)
        assert refused.value.longest == longest
