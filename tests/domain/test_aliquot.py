"""Aliquots, least weights and dilution in steps: what always holds, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compounding.domain.aliquot import LARGEST_FACTOR, aliquot, geometric, measured, proposal, serial
from compounding.domain.errors import Unsafe
from compounding.domain.prescription import Form
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.weighing import Balance, weighable
from tests.domain.examples import capsule_choices, order, planned, step

MASSES = st.fractions(min_value=Fraction(1, 100), max_value=500, max_denominator=100).map(Mass)
FINE = Balance("fine", "balance by 0.1 mg", Mass.of_mg("0.1"), Mass.of_mg(2))
COARSE = Balance("coarse", "balance by 1 mg", Mass.of_mg(1), Mass.of_mg(20))


@given(MASSES, MASSES, MASSES)
def test_an_aliquot_holds_exactly_what_is_wanted_and_everything_in_it_can_be_weighed(wanted: Mass, least: Mass, more: Mass) -> None:
    try:
        found = aliquot(wanted, least, least + more)
    except Unsafe:
        assume(False)
    assert found.held == wanted
    assert min(found.weighed, found.diluent, found.taken) >= least
    assert found.weighed - wanted < least
    assert found.weighed + found.diluent == found.total


@given(MASSES)
def test_on_a_balance_an_aliquot_is_off_by_no_more_than_its_weights_are(wanted: Mass) -> None:
    assume(FINE.least / LARGEST_FACTOR <= wanted < FINE.least)
    exact = aliquot(wanted, FINE.least, FINE.least * 2)
    found = measured(exact, FINE)
    for weight in (found.weighed, found.diluent, found.taken):
        assert weighable(weight, FINE) == weight
    worst = Fraction(25, 1000)  # half a digit of the least weight
    assert abs(found.error) <= (1 + worst) ** 2 / (1 - worst) - 1


def test_what_would_be_less_than_a_hundredth_of_the_least_weight_is_refused_with_the_smallest_that_works() -> None:
    assert aliquot(Mass.of_mg("0.02"), FINE.least, FINE.least).factor == LARGEST_FACTOR
    with pytest.raises(Unsafe, match=r"at least 20 mcg"):
        aliquot(Mass.of_mg("0.0199"), FINE.least, FINE.least)
    with pytest.raises(Unsafe, match="parts of at least 2 mg"):
        aliquot(Mass.of_mg(1), FINE.least, Mass.of_mg("1.9"))


def test_a_part_that_leaves_no_room_for_diluent_is_refused() -> None:
    with pytest.raises(Unsafe, match="cannot be weighed: take a larger part"):
        aliquot(Mass.of_mg("1.9"), FINE.least, FINE.least)


@given(MASSES, st.integers(1, 5000))
def test_geometric_dilution_never_adds_more_than_is_there_and_ends_at_the_total(substance: Mass, times: int) -> None:
    portions = geometric(substance, substance * times)
    there = substance
    for portion in portions:
        assert Mass.of_mg(0) < portion <= there
        there = there + portion
    assert there == substance * times
    assert len(portions) == (times - 1).bit_length()  # the logarithm to base 2, rounded up


@given(st.integers(2, 10**7), st.sampled_from([10, 50, 100]))
def test_a_serial_dilution_ends_at_its_strength_in_the_fewest_steps(factor: int, flask: int) -> None:
    made = serial(Concentration.of(1), Concentration.of(Fraction(1, factor)), flask=Volume.of_ml(flask), least=Volume.of_ml(1))
    before = Concentration.of(1)
    for number, dilution in enumerate(made, start=1):
        assert dilution.name == f"dilution {number}"
        assert dilution.of == (f"dilution {number - 1}" if number > 1 else "the stock")
        assert dilution.taken * before == dilution.final * dilution.strength  # what goes in is what is in it
        assert Volume.of_ml(1) <= dilution.taken < dilution.final
        before = dilution.strength
    assert before == Concentration.of(Fraction(1, factor))
    assert flask ** (len(made) - 1) < factor <= flask ** len(made)


def test_nothing_is_diluted_to_more_than_it_is() -> None:
    for stock, to, flask in ((1, 1, 100), (1, 2, 100), (1, 0, 100)):
        with pytest.raises(Unsafe):
            serial(Concentration.of(stock), Concentration.of(to), flask=Volume.of_ml(flask), least=Volume.of_ml(1))
    with pytest.raises(Unsafe):
        serial(Concentration.of(2), Concentration.of(1), flask=Volume.of_ml(1), least=Volume.of_ml(1))


def test_a_refused_weight_names_the_aliquot_that_would_do() -> None:
    with pytest.raises(Unsafe) as refused:
        planned(order(step("1.5", 1), form=Form.CAPSULE), capsule_choices("C1.5"), balances=(COARSE,))
    assert refused.value.code == "not-weighable"
    # 7.5 mg of powder (1.5 mg of naltrexone) three times over is 22.5 mg: 23 mg on this balance
    assert "weigh 23 mg of naltrexone tablet 50 mg, mix with 38 mg of diluent to 61 mg (geometrically: 23 mg, then 15 mg)" in refused.value.sentence
    assert "take 20 mg, which hold about 7.541 mg of it." in refused.value.sentence


def test_a_weight_that_nothing_reaches_is_refused_with_what_would_be_reached() -> None:
    assert proposal(Mass.of_mg("0.01"), "naltrexone tablet", [COARSE, FINE]) == (
        "10 mcg cannot be taken as an aliquot: take parts of at least 2 mg, for at least 20 mcg."
    )
    assert proposal(Mass.of_mg(1), "naltrexone tablet", []) == ""


@given(MASSES)
def test_whatever_a_balance_cannot_weigh_has_an_aliquot_down_to_a_hundredth_of_its_least_weight(wanted: Mass) -> None:
    assume(FINE.least / LARGEST_FACTOR <= wanted < FINE.least)
    assert proposal(wanted, "naltrexone tablet", [FINE]).startswith("As an aliquot on balance by 0.1 mg: weigh ")
