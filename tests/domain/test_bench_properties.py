"""The bench's calculations: what always holds, whatever is asked, and that the second pharmacist agrees each time."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from compounding.domain.bench_solids import Repeatability, by_repeatability
from compounding.domain.errors import Unsafe
from compounding.domain.weighing import Balance, Syringe
from tests.domain.sums import CLASS_A, FINE, TENTH, diluting, little, mg, mixing, objections, serial, together

AMOUNTS = st.fractions(min_value=Fraction(1, 1000), max_value=5000, max_denominator=1000)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_what_is_diluted_has_the_strength_that_was_wanted(stock: Fraction, to: Fraction, final: Fraction) -> None:
    assume(to <= stock)
    found = diluting(str(stock), str(to), str(final))
    exact = {item.key: item.exact for item in found[1].workings}
    assert exact["strength"] == to
    assert exact["taken"] + exact["diluent"] == final
    assert objections(found) == []


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_alligation_and_medial_are_each_others_inverse(low: Fraction, more: Fraction, most: Fraction, final: Fraction) -> None:
    high, to = low + more + most, low + more
    mixed = {item.key: item.exact for item in mixing(str(high), str(low), str(to), str(final))[1].workings}
    back = together((str(high), str(mixed["high_taken"])), (str(low), str(mixed["low_taken"])))
    assert {item.key: item.exact for item in back[1].workings}["result"] == to
    assert objections(back) == []


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=Fraction(9, 10), max_denominator=10**6), st.sampled_from([None, FINE]))
def test_over_each_step_of_a_serial_dilution_nothing_is_lost(to: Fraction, device: Syringe | None) -> None:
    try:
        found = serial(str(to), device)
    except Unsafe:
        assume(False)
    exact = {item.key: item.exact for item in found[1].workings}
    before = Fraction(1)
    for liquid in found[3]:
        taken = exact[f"taken_{liquid.number}" if device is None else f"taken_{liquid.number}_measured"]
        assert taken * before == (liquid.volume * liquid.strength).mg == exact[f"held_{liquid.number}"]
        before = liquid.strength.mg_per_ml
    assert device is not None or before == to
    assert objections(found) == []


@given(AMOUNTS, st.sampled_from([TENTH, CLASS_A]), st.sampled_from(["", "250", "133.7"]))
def test_whatever_aliquot_is_proposed_is_weighable_and_proved(wanted: Fraction, balance: Balance, average: str) -> None:
    try:
        found = little(str(wanted), balance, average)
    except Unsafe:
        assume(False)
    assert objections(found) == []


@given(st.lists(st.fractions(min_value=0, max_value=200, max_denominator=1000), min_size=10, max_size=12))
def test_a_deviation_is_never_better_than_the_readings(readings: list[Fraction]) -> None:
    asked = Repeatability(readability=mg("0.1"), readings=tuple(mg(reading) for reading in readings))
    assert objections((asked, by_repeatability(asked), None, ())) == []
