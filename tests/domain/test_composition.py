"""A preparation of our own as the source of another: the strength that follows, what it is made of, and no circle."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.composition import ACTIVE_NAME, made_of, refuse_circle, source_of, source_share, source_working, strength_from
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.quantity import Concentration, Mass, Volume
from tests.domain.examples import FORMULAS
from tests.domain.stock_solutions import from_stock


def test_ten_millilitres_of_5_mg_in_a_hundred_are_half_a_milligram() -> None:
    weak = from_stock("L0.5", "L2")
    stock = source_of(weak.liquid.ingredients[0], FORMULAS)
    assert strength_from(weak.liquid.ingredients[0], stock.liquid.strength) == Concentration.of("0.5")
    assert source_share(stock.liquid.strength, Concentration.of("0.5")) == Volume.of_ml(10)
    working = source_working(weak.stock_solution, stock, weak.liquid.strength)
    assert working.exact == Fraction(1, 2)
    assert working.inputs == (("C1", "5 mg/mL"), ("V1", "10 mL"), ("V2", "100 mL"))


@given(st.fractions(Fraction(1, 100), 50, max_denominator=100), st.fractions(Fraction(1, 100), 1, max_denominator=100))
def test_the_share_of_the_stock_gives_back_the_strength(stock: Fraction, part: Fraction) -> None:
    wanted = Concentration(stock * part)
    item = from_stock("X", "L2", source_share(Concentration(stock), wanted).ml).stock_solution
    assert strength_from(item, Concentration(stock)) == wanted


def test_a_strength_above_the_stocks_is_refused() -> None:
    with pytest.raises(Unsafe, match="above the stock's"):
        source_share(Concentration.of(5), Concentration.of(6))


def test_what_it_is_made_of_goes_all_the_way_down() -> None:
    weak, weaker = from_stock("L0.5", "L2"), from_stock("L0.1", "L0.5", "20", strength="0.1")
    found = made_of(weaker, FORMULAS | {"L0.5": weak})
    assert [(item.depth, item.name, item.amount) for item in found] == [
        (0, "Stock solution L0.5", Volume.of_ml(20)),
        (1, "Stock solution L2", Volume.of_ml(2)),
        (2, ACTIVE_NAME, Mass.of_mg(10)),
        (2, "Ascorbic acid", Mass.of_mg(10)),
        (2, "Sodium benzoate", Mass.of_mg(2)),
        (2, "Glycerol", Volume.of_ml("0.4")),
        (2, "Purified water", None),
        (1, "Purified water", None),
        (0, "Purified water", None),
    ]
    assert sum((item.amount.mg for item in found if item.name == ACTIVE_NAME), Fraction(0)) == 100 * weaker.liquid.strength.mg_per_ml


def test_a_circle_is_refused_with_the_way_round() -> None:
    a, b, c = from_stock("A", "B"), from_stock("B", "C"), from_stock("C", "A")
    with pytest.raises(Invalid, match="A needs B needs C needs A") as refused:
        refuse_circle(a, {"B": b, "C": c})
    assert "liquid.source.formula" in refused.value.fields
    with pytest.raises(Invalid, match="A needs A"):
        refuse_circle(from_stock("A", "A"), {})


def test_a_chain_without_a_circle_passes() -> None:
    refuse_circle(from_stock("L0.1", "L0.5"), FORMULAS | {"L0.5": from_stock("L0.5", "L2")})


def test_a_source_that_is_not_approved_or_too_old_is_refused() -> None:
    with pytest.raises(Invalid, match="no version of it is approved"):
        refuse_circle(from_stock("A", "B"), FORMULAS)
    with pytest.raises(Invalid, match="the newest approved version is 1"):
        refuse_circle(from_stock("A", "L2", least=2), FORMULAS)


def test_capsules_are_told_by_the_capsule() -> None:
    assert [(item.name, item.amount) for item in made_of(FORMULAS["C4.5"], FORMULAS)] == [
        (ACTIVE_NAME, Mass.of_mg("4.5")),
        ("Microcrystalline cellulose", None),
        ("Shell of size 3", None),
    ]
