"""The worksheet where an amount is exactly what there is, and what its lines and refusals say."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from compounding.domain.aliquot import proposal
from compounding.domain.capsule import Rounds, displaced_fill, machine_rounds, smallest_size
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import Part
from compounding.domain.inventory import Assay, Lot, Shortage, StockUnit
from compounding.domain.preparation import Preparation, Take
from compounding.domain.quantity import Mass, Volume, decimal_text, parse_numeral
from compounding.domain.weighing import Balance
from tests.domain.examples import BALANCES, FAR, MONTH_OF_CAPSULES, SYRINGE_5, TITRATION, bottle, capsule_choices, choices, filler, lot, planned, shelf, tablets


def balance(least: str, readability: str = "0.1") -> Balance:
    return Balance(least, f"balance from {least} mg", Mass.of_mg(readability), Mass.of_mg(least))


def capsules(*stock: Lot, balances: tuple[Balance, ...] = BALANCES) -> Preparation:
    made = planned(MONTH_OF_CAPSULES, capsule_choices(), stock=shelf(*stock), balances=balances).fills[0].preparation
    assert made is not None
    return made


def liquid(*stock: Lot) -> Preparation:
    made = planned(TITRATION, choices("L1", bottle(120), SYRINGE_5), stock=shelf(*stock)).fills[0].preparation
    assert made is not None
    return made


def test_less_than_a_milligram_that_the_assay_takes_away_is_missed_too() -> None:
    whole = tablets()
    assert whole.tablet_weight is not None

    def of(percent: str) -> Lot:
        return replace(whole, tablet_weight=replace(whole.tablet_weight, assay=Assay(Fraction(percent), "certificate 17")))

    assert capsules(of("90")).lines  # three tablets hold just the 135 mg
    with pytest.raises(Unsafe, match=r"hold 0\.3 mg less than the 135 mg wanted"):
        capsules(of("89.8"))


def test_a_lot_of_filler_serves_that_holds_just_what_is_weighed() -> None:
    weighed = next(line for line in capsules().lines if line.part is Part.FILLER).stock
    assert next(line for line in capsules(replace(filler(), balance=weighed)).lines if line.part is Part.FILLER).stock == weighed
    with pytest.raises(Shortage):
        capsules(replace(filler(), balance=weighed - 1))


def test_a_solid_of_two_lots_is_weighed_lot_by_lot_and_each_line_says_what_it_is() -> None:
    one = next(line for line in liquid().lines if line.product == "ascorbic-acid")
    half = Mass.of_mg(one.target // 2 // 10**6).nanograms
    first = lot("ascorbic-acid", half, StockUnit.NANOGRAM, number="V1", expires_on=FAR - timedelta(days=1))
    second = lot("ascorbic-acid", one.target - 1, StockUnit.NANOGRAM, number="V2")
    lines = [line for line in liquid(first, second).lines if line.product == "ascorbic-acid"]
    assert [(line.lot_number, line.target) for line in lines] == [("V1", half), ("V2", one.target - half)]
    assert {line.basis for line in lines} == {"Ascorbic acid"} == {one.basis}


def test_what_is_measured_says_its_name_and_the_vehicle_to_what_it_is_made_up() -> None:
    lines = {line.product: line for line in liquid().lines}
    assert lines["glycerol"].basis == "Glycerol"
    assert (lines["purified-water"].take, lines["purified-water"].basis[:5]) == (Take.TO_VOLUME, "q.s. ")


def test_the_coarsest_balance_that_weighs_it_is_taken_down_to_its_least_weight() -> None:
    for least, name in (("675", "balance from 675 mg"), ("675.1", "balance from 2 mg")):
        powder = next(line for line in capsules(balances=(balance("2"), balance(least, "1"))).lines if line.part is Part.ACTIVE and line.take is Take.WEIGH)
        assert powder.instrument == name


def test_a_weight_that_is_too_small_names_the_least_of_all_balances() -> None:
    with pytest.raises(Unsafe, match="the smallest weighable amount here is 700 mg"):
        capsules(balances=(balance("900"), balance("700"), balance("800")))
    with pytest.raises(Unsafe, match="no balance is set up"):
        capsules(balances=())


@pytest.mark.parametrize(("wanted", "part"), [(5, "10 mg"), (9, "20 mg")])
def test_the_part_of_an_aliquot_is_the_least_weight_or_twice_that_where_its_diluent_could_not_be_weighed(wanted: int, part: str) -> None:
    assert f"take {part}, which" in proposal(Mass.of_mg(wanted), "powder", [balance("10")])


def test_shells_filled_to_the_brim_have_no_filler_and_a_tenth_of_empty_holes_is_still_an_overage() -> None:
    assert displaced_fill(Mass.of_mg(240), Mass.of_mg(240), Mass.of_mg(225), size="3").filler == Mass.of_mg(0)
    assert machine_rounds(100, [110], Fraction(1, 10)) == Rounds(110, 1, 10, 10)
    with pytest.raises(Unsafe, match=r"more than the largest shell's 1\.37 mL"):
        smallest_size(Volume.of_ml("1.38"))


def test_small_masses_and_long_decimals_are_written_as_they_are() -> None:
    assert (str(Mass.of_mg("0.095")), str(Mass.of_mg("0.1"))) == ("95 mcg", "0.1 mg")
    assert (decimal_text(Fraction(1, 10**9)), decimal_text(Fraction(1, 10**10))) == ("0.000000001", "1/10000000000")
    with pytest.raises(Invalid) as refused:
        parse_numeral("9" * 41 + "x")
    assert refused.value.facts == {"given": "9" * 40}
