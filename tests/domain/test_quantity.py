"""Quantities: one grammar for a dose, exact texts, and dimensions that do not mix."""

from fractions import Fraction

import pytest

from compounding.domain.errors import Invalid
from compounding.domain.quantity import Concentration, Mass, Volume, decimal_text, parse_numeral


@pytest.mark.parametrize("text", ["4.5", "0.5", "1", "10", "0.05", "0.125", "999.999", "0"])
def test_a_numeral_with_a_leading_and_no_trailing_zero_is_read_exactly(text: str) -> None:
    assert decimal_text(parse_numeral(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        ".5",
        "5.",
        "5.0",
        "0.50",
        "4,5",
        "1_0",
        "1e2",
        "٤.٥",
        "４.5",
        "",
        " 4.5",
        "4.5\n",
        "+1",
        "-1",
        "01",
        "00.5",
        "1000",
        "0.0001",
        "4.5mg",
        "½",
        "nan",
        "1/2",
    ],
)
def test_a_numeral_written_in_any_other_way_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_numeral(text)
    assert refused.value.code == "numeral"


def test_a_mass_by_a_volume_is_a_strength_and_back() -> None:
    strength = Mass.of_mg(50) / Volume.of_ml(10)
    assert strength == Concentration.of(5)
    assert Volume.of_ml("0.9") * strength == Mass.of_mg("4.5")
    assert Mass.of_mg("4.5") / strength == Volume.of_ml("0.9")
    assert Mass.of_mg(135) / Mass.of_mg(50) == Fraction(27, 10)


def test_a_mass_and_a_volume_cannot_be_added() -> None:
    with pytest.raises(TypeError):
        Mass.of_mg(1) + Volume.of_ml(1)  # type: ignore[operator]
    with pytest.raises(TypeError):
        Volume.of_ml(1) - Concentration.of(1)  # type: ignore[operator]


def test_a_small_mass_prints_in_micrograms_and_never_as_zero() -> None:
    assert str(Mass.of_mg("0.05")) == "50 mcg"
    assert str(Mass.of_mcg(1)) == "1 mcg"
    assert str(Mass.of_mg("0.1")) == "0.1 mg"
    assert str(Mass.of_mg(0)) == "0 mg"


def test_an_exact_text_has_no_zero_at_its_end_and_is_a_ratio_where_it_never_ends() -> None:
    assert decimal_text(Fraction(20390625, 100000)) == "203.90625"
    assert decimal_text(Fraction(100)) == "100"
    assert decimal_text(Fraction(100, 3)) == "100/3"
    assert decimal_text(Fraction(-1, 2)) == "-0.5"


def test_what_is_finer_than_the_database_keeps_is_refused_and_not_rounded() -> None:
    assert Mass.of_mg("4.5").nanograms == 4_500_000
    assert Volume.of_nanolitres(50_000) == Volume.of_ml("0.05")
    with pytest.raises(Invalid):
        _ = Mass.of_mg(Fraction(1, 3)).nanograms
