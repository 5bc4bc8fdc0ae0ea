"""What is drawn from stock where a lot or a graduate gives just enough, and what is said where none does."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from compounding.domain.errors import Unsafe
from compounding.domain.inventory import Lot, Shortage
from compounding.domain.plan import Plan
from compounding.domain.policy import Policy
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.source import draws, reckoned_strength
from tests.domain.examples import FORMULAS, POLICY, SYRINGE_5, TODAY, bottle, choices, planned, shelf
from tests.domain.stock_solutions import stock_lot
from tests.domain.test_source import FORTNIGHT, LATER, SOON, WEAK, drawn, made


def plan(*, policy: Policy, strength: str = "5") -> Plan:
    return planned(FORTNIGHT, choices("L0.5", bottle(120), SYRINGE_5, formula=WEAK), stock=shelf(stock_lot(strength=strength)), policy=policy)


def measuring(*capacities: Volume, by: str = "0.1") -> Policy:
    return replace(POLICY, graduates=tuple(replace(POLICY.graduates[0], capacity=capacity, graduation=Volume.of_ml(by)) for capacity in capacities))


def drawn_of(*lots: Lot, policy: Policy = POLICY) -> list[tuple[str, Fraction, Volume]]:
    """Lot, mL on the mark and the graduate's capacity, for 21 mg."""
    found = draws(WEAK, Mass.of_mg(21), stock=lots, made_on=TODAY, through=TODAY, policy=policy)
    return [(draw.lot.lot_number, draw.measured.ml, draw.graduate.capacity) for draw in found]


def test_a_formula_made_of_tablets_has_no_stock_to_reckon_with() -> None:
    with pytest.raises(TypeError):
        reckoned_strength(FORMULAS["L1"])
    with pytest.raises(TypeError):
        draws(FORMULAS["L1"], Mass.of_mg(1), stock=(), made_on=TODAY, through=TODAY, policy=POLICY)
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
    for capacity in (Volume.of_ml(21), Volume.of_ml("2.1")):  # 4.2 mL are a fifth of the one, and fill the other twice
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


def test_the_nearest_mark_may_be_as_far_off_as_a_weighing() -> None:
    """4.41 mL for 4.2 mL are 5 % more."""
    assert drawn_of(stock_lot(), policy=measuring(Volume.of_ml(10), by="4.41")) == [("S1", Fraction("4.41"), Volume.of_ml(10))]
    with pytest.raises(Unsafe, match=r"the nearest mark is \+5\.2"):
        drawn_of(stock_lot(), policy=measuring(Volume.of_ml(10), by="4.42"))


def test_what_a_lot_gives_stands_on_a_mark_of_a_graduate_that_is_not_too_large_for_it() -> None:
    few = stock_lot("2.057", number="A", expires_on=SOON), stock_lot(3, number="B", expires_on=LATER)
    ten, hundred = Volume.of_ml(10), Volume.of_ml(100)
    assert drawn_of(*few, policy=measuring(ten)) == [("A", 2, ten), ("B", Fraction("2.2"), ten)]  # 2 mL are a fifth of 10 mL
    fine = replace(measuring(ten), graduates=(*measuring(ten).graduates, *measuring(hundred, by="0.05").graduates))
    assert drawn_of(*few, policy=fine)[0] == ("A", 2, ten)  # and 2.05 mL are no amount for 100 mL


def test_a_graduate_that_is_filled_twice_says_so() -> None:
    for capacity, told in ((3, True), (5, False)):
        (draw,) = draws(WEAK, Mass.of_mg(21), stock=(stock_lot(),), made_on=TODAY, through=TODAY, policy=measuring(Volume.of_ml(capacity)))
        assert draw.basis.endswith("2 times") is ("times" in draw.basis) is told


def test_a_lot_with_less_than_is_wanted_is_not_drawn_though_the_nearest_mark_is_there() -> None:
    """4.14 mL are wanted and 4.12 mL are there; the mark is at 4.1 mL."""
    with pytest.raises(Shortage):
        drawn_of(stock_lot("4.12", strength=Fraction(2100, 414)))
