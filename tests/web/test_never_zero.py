"""No positive amount prints as 0: micrograms below 0.1 mg, a zero before the point always, none after the last digit; what is read has the value."""

import re
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.inventory import StockUnit
from compounding.domain.library import syringes
from compounding.domain.prescription import Moment, Step, Unit
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.spoken import dose_in_words
from compounding.domain.weighing import Syringe, measure, percent
from compounding.web.amounts import number

_NUMBER = r"(?:0|[1-9]\d*)(?:\.\d*[1-9])?"  # a leading zero always, a trailing zero never
_READ = re.compile(rf"({_NUMBER}|[1-9]\d*/[1-9]\d*) (mg|mcg|mL|mg/mL)", re.ASCII)
nanograms = st.integers(1, 10**12)
amounts = st.one_of(nanograms.map(lambda number: Fraction(number, 10**6)), st.fractions(Fraction(1, 10**9), 10**6))
doses = st.integers(1, 999_999).map(lambda number: Fraction(number, 1000))  # what the grammar of a dose lets in


def read(text: str) -> tuple[Fraction, str]:
    found = _READ.fullmatch(text)
    assert found, text
    return Fraction(found[1]), found[2]


@given(amounts)
def test_a_mass_reads_as_what_it_is_in_micrograms_below_a_tenth_of_a_milligram(mg: Fraction) -> None:
    value, unit = read(str(Mass(mg)))
    assert unit == ("mcg" if mg < Fraction(1, 10) else "mg")
    assert (value / 1000 if unit == "mcg" else value) == mg
    assert value > 0


@given(amounts)
def test_a_volume_and_a_strength_read_as_what_they_are(amount: Fraction) -> None:
    assert read(str(Volume(amount))) == (amount, "mL")
    assert read(str(Concentration(amount))) == (amount, "mg/mL")


@given(doses, st.sampled_from(syringes()))
def test_what_a_syringe_shows_has_three_decimals_at_most_and_is_a_number_of_its_marks(ml: Fraction, syringe: Syringe) -> None:
    measured = measure(Volume(ml), syringe).measured
    value, _ = read(str(measured)) if measured.ml else (Fraction(0), "mL")
    assert value == measured.ml
    assert (value * 1000).denominator == 1
    assert (value / syringe.graduation.ml).denominator == 1


@given(st.one_of(st.fractions(-1, 5), st.integers(1, 10**9).map(lambda number: Fraction(1, number))))
def test_an_error_that_is_not_zero_never_reads_as_none(ratio: Fraction) -> None:
    assert (percent(ratio) == "0 %") == (ratio == 0)
    assert re.fullmatch(rf"0 %|[+-](?!0 ){_NUMBER} %", percent(ratio), re.ASCII)


@given(nanograms, st.sampled_from(list(StockUnit)))
def test_stock_reads_as_what_it_is(amount: int, unit: StockUnit) -> None:
    text = number(amount, unit)
    assert re.fullmatch(_NUMBER, text, re.ASCII)
    assert Fraction(text) > 0


@given(doses, st.sampled_from(list(Unit)))
def test_a_dose_is_said_again_in_the_unit_that_it_was_written_in(amount: Fraction, unit: Unit) -> None:
    mass = Mass.of_mg(amount) if unit is Unit.MG else Mass.of_mcg(amount)
    digits = dose_in_words(Step(mass, unit, (Moment.BEDTIME,), 1)).rpartition(", ")[2]
    assert read(digits) == (amount, unit.value)
