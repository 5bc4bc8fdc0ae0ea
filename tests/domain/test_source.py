"""The source of the drug: what is drawn from a stock solution, from which lots, on which mark, and until when it is good."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.errors import Conflict, Invalid, PharmacyError, Unsafe
from compounding.domain.excipients import InDose, as_source, in_dose
from compounding.domain.formula import Formula, Method, Part
from compounding.domain.inventory import Held, Lot, LotStatus, Shortage
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.preparation import Line, Preparation, Take, liquid_amounts
from compounding.domain.prescription import Order
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.source import reckoned_strength
from compounding.domain.trial import trial
from tests.domain.examples import (
    BALANCES,
    FORMULAS,
    MONTH_OF_CAPSULES,
    POLICY,
    SYRINGE_5,
    TODAY,
    bottle,
    capsule_choices,
    choices,
    disagreements,
    order,
    planned,
    shelf,
    step,
)
from tests.domain.stock_solutions import WATER, from_stock, stock_lot

WEAK = from_stock("L0.5", "L2")  # 10 mL of 5 mg/mL in 100 mL: 0.5 mg/mL
FORTNIGHT = order(step("1.5", 14))  # 14 x 3 mL = 42 mL = 21 mg = 4.2 mL of 5 mg/mL
SOON, LATER = TODAY + timedelta(days=60), TODAY + timedelta(days=90)


def plan(*lots: Lot, of: Order = FORTNIGHT, formula: Formula = WEAK, overfill: str = "0") -> Plan:
    """A plan from these lots of stock solution, with which the second pharmacist agrees."""
    return planned(of, choices("L0.5", bottle(120), SYRINGE_5, formula=formula, overfill=overfill), stock=shelf(*lots))


def made(*lots: Lot, of: Order = FORTNIGHT, formula: Formula = WEAK, overfill: str = "0") -> Preparation:
    found = plan(*lots, of=of, formula=formula, overfill=overfill).fills[0].preparation
    assert found is not None
    return found


def drawn(of: Preparation) -> list[tuple[str, str, str, str]]:
    """Lot, exact mL, mL on the mark, and what it is drawn with."""
    lines = [line for line in of.lines if line.part is Part.ACTIVE]
    return [(line.lot_number, str(line.exact / 1_000_000), str(Volume.of_nanolitres(line.target).ml), line.instrument) for line in lines]


def vehicle(of: Preparation) -> Line:
    return next(line for line in of.lines if line.take is Take.TO_VOLUME)


def test_what_is_drawn_follows_from_c1_v1_and_no_tablet_is_counted() -> None:
    found = made(stock_lot())
    amounts = found.amounts
    assert (amounts.made, amounts.active, amounts.tablets, amounts.left, amounts.method) == (42, Mass.of_mg(21), 0, Mass.of_mg(0), Method.STOCK)
    assert drawn(found) == [("S1", "21/5", "21/5", "5 mL syringe by 0.1 mL")]
    assert Volume.of_nanolitres(vehicle(found).target) == Volume.of_ml("37.8")
    assert [line.take for line in found.lines] == [Take.MEASURE, Take.TO_VOLUME, Take.COUNT]  # the bottle alone is counted


def test_golden_17_sixty_millilitres_take_six_of_the_stock() -> None:
    found = made(stock_lot(), of=order(step("1.5", 14)), overfill="18")
    assert drawn(found) == [("S1", "6", "6", "10 mL syringe by 0.2 mL")]
    assert Volume.of_nanolitres(vehicle(found).target) == Volume.of_ml(54)
    assert found.amounts.left == Mass.of_mg(9)  # 18 mL of overfill


def test_the_strength_and_the_version_are_those_of_the_lot_that_is_really_drawn() -> None:
    stronger = made(stock_lot(strength="8", version=2))
    assert drawn(stronger) == [("S1", "21/8", "13/5", "3 mL syringe by 0.1 mL")]  # 2.625 mL, and 2.6 is nearer than 2.7
    assert "version 2, of 8 mg/mL, where the formula reckons with 5 mg/mL" in stronger.lines[0].basis
    assert Volume.of_nanolitres(vehicle(stronger).target) == Volume.of_ml("39.375")


def test_a_lot_of_an_older_version_than_the_formula_names_is_not_drawn() -> None:
    newer = from_stock("L0.5", "L2", least=2)
    with pytest.raises(Shortage):
        made(stock_lot(version=1), formula=newer)
    assert drawn(made(stock_lot(version=1, number="A"), stock_lot(version=2, number="B"), formula=newer))[0][0] == "B"


def test_the_soonest_date_goes_first_and_one_lot_before_two() -> None:
    assert drawn(made(stock_lot(number="L", expires_on=LATER), stock_lot(number="S", expires_on=SOON)))[0][0] == "S"
    assert [lot for lot, *_ in drawn(made(stock_lot(3, number="S", expires_on=SOON), stock_lot(number="L", expires_on=LATER)))] == ["L"]


def test_several_lots_give_all_that_can_be_measured_of_them_and_the_last_one_the_rest() -> None:
    found = made(stock_lot("2.057", number="S", expires_on=SOON), stock_lot(3, number="L", strength="4", expires_on=LATER))
    # 2 mL x 5 mg/mL = 10 mg, and the other 11 mg are 2.75 mL of 4 mg/mL, of which the nearest mark is half up
    assert drawn(found) == [("S", "2", "2", "3 mL syringe by 0.1 mL"), ("L", "11/4", "14/5", "3 mL syringe by 0.1 mL")]
    assert sum(Fraction(line.exact) for line in found.lines if line.take in {Take.MEASURE, Take.TO_VOLUME}) == 42_000_000


@pytest.mark.parametrize(
    ("lots", "says"),
    [
        ((), "Make L2 for stock first"),
        ((stock_lot("4.1"),), "4.2 mL of 5 mg/mL needed"),
        ((replace(stock_lot(), status=LotStatus.QUARANTINED),), "Make L2 for stock first"),
        ((replace(stock_lot(), made=None),), "Make L2 for stock first"),
    ],
)
def test_where_no_stock_is_there_it_says_what_to_make_and_leads_there(lots: tuple[Lot, ...], says: str) -> None:
    with pytest.raises(Conflict, match=says) as refused:
        plan(*lots)
    assert (refused.value.code, refused.value.facts["where"]) == ("shortage", "/batches/for-stock?formula=L2")


@pytest.mark.parametrize(
    ("lots", "code"),
    [
        ((stock_lot(strength="200"),), "not-measurable"),  # 0.105 mL, and no graduate measures less than 0.2 mL
        ((stock_lot(strength="0.5"),), "no-room"),  # all of the 42 mL would be stock solution
    ],
)
def test_what_cannot_be_measured_or_leaves_no_room_for_the_vehicle_is_refused(lots: tuple[Lot, ...], code: str) -> None:
    with pytest.raises(Unsafe) as refused:
        plan(*lots)
    assert refused.value.code == code


def test_without_a_fine_graduate_the_nearest_mark_may_be_too_far() -> None:
    coarse = replace(POLICY, graduates=(replace(POLICY.graduates[3], graduation=Volume.of_ml(5)),))
    with pytest.raises(Unsafe, match="the nearest mark is"):
        planned(FORTNIGHT, choices("L0.5", bottle(120), SYRINGE_5, formula=WEAK), stock=shelf(stock_lot()), policy=coarse)


def test_tablets_are_never_drawn_from_stock_and_a_stock_solution_takes_none() -> None:
    asked = {"used": Volume.of_ml(50), "dispensed": Volume.of_ml(60), "container": bottle(60)}
    assert liquid_amounts(WEAK, method=Method.POWDER, **asked).method is Method.STOCK
    with pytest.raises(Invalid) as refused:
        liquid_amounts(FORMULAS["L1"], method=Method.STOCK, **asked)
    assert "method" in refused.value.fields
    with pytest.raises(Invalid):
        planned(MONTH_OF_CAPSULES, replace(capsule_choices(), method=Method.STOCK))


def test_the_date_of_the_stock_solution_is_a_candidate_of_its_own_and_the_preparation_never_outlives_it() -> None:
    until = TODAY + timedelta(days=9)
    found = plan(stock_lot(expires_on=until), of=order(step("1.5", 28)))
    first, date_of = found.fills[0], found.fills[0].preparation.beyond_use
    assert (date_of.until, first.until, first.closes_on) == (until, until, until)
    assert date_of.decided_by.name == "Beyond-use date of formula L2, lot S1, made here"
    assert "compounded component" in date_of.decided_by.source
    assert len(found.fills) > 2  # the first container is cut shorter rather than dated longer


def test_excipients_of_the_stock_solution_count_for_conflicts_and_in_the_dose() -> None:
    stock = stock_lot()
    found = made(stock)
    assert set(stock.excipients) <= set(found.excipients)
    # 1.5 mg are 0.3 mL of 5 mg/mL with 1 mg of benzoate in each mL
    assert in_dose(found, (stock,), Mass.of_mg("1.5")) == (InDose("sodium benzoate", Mass.of_mg("0.3")),)
    # 4.2 mg in 42 mL: a liquid drawn from this one carries a tenth of a mg in each mL
    again = as_source(WEAK, found, (stock,))
    assert (again.strength, [(item.name, item.mass) for item in again.held]) == (Concentration.of("0.5"), [("sodium benzoate", Mass.of_mg("0.1"))])


def test_what_is_added_and_what_the_stock_brings_are_one_amount_in_the_dose() -> None:
    benzoate = replace(FORMULAS["L1"].liquid.ingredients[1])
    both = replace(WEAK, liquid=replace(WEAK.liquid, ingredients=(*WEAK.liquid.ingredients, benzoate)))
    stock = stock_lot()
    found = made(stock, formula=both)
    (name, amount) = next((item.name, item.amount) for item in in_dose(found, (stock,), Mass.of_mg("1.5")))
    assert (name, amount) == ("sodium benzoate", Mass.of_mg("3.3"))  # 3 mL of 0.1 %, and 0.3 mg of the stock


def test_less_than_a_millilitre_of_vehicle_is_still_room_for_it() -> None:
    nearly = from_stock("L4.975", "L2", "99.5", strength="4.975")
    found = made(stock_lot(), of=order(step("1.5", 14)), formula=nearly)
    vehicle = next(line for line in found.lines if line.take is Take.TO_VOLUME)
    assert 0 < vehicle.target < 1_000_000


def test_a_volume_that_the_stock_brings_is_added_to_the_one_that_is_poured() -> None:
    """4.2 mL of stock in 42 mL, with 0.05 mL of glycerol in each mL of it: 0.21 mL beside the 5 % that are poured, 2.1 mL."""
    stock = stock_lot()
    assert stock.made is not None
    stock = replace(stock, made=replace(stock.made, held=(*stock.made.held, Held("glycerol", volume=Volume.of_ml("0.05")))))
    glycerol = replace(WATER, product="glycerol", name="Glycerol", part=Part.COSOLVENT, volume_in_100_ml=Volume.of_ml(5))
    both = replace(WEAK, liquid=replace(WEAK.liquid, ingredients=(WEAK.liquid.ingredients[0], glycerol, WATER)))
    found = made(stock, formula=both)
    assert {item.name: item.amount for item in in_dose(found, (stock,), Mass.of_mg("1.5"))}["glycerol"] == Volume.of_ml("0.165")
    held = {item.name: item.volume for item in as_source(both, found, (stock,)).held}
    assert held["glycerol"] == Volume.of_ml("0.055")


def test_why_so_much_is_drawn_can_be_read() -> None:
    found = plan(stock_lot(strength="8"))
    working = found.working("fill.1.drawn")
    assert (working.text, working.rule) == ("4.2 mL", "naltrexone in all that is made / strength of the stock solution (C1 V1 = C2 V2)")
    assert found.working("fill.1.line.1").exact == Fraction(21, 8)
    assert not any(item.key.endswith(".tablets") for item in found.workings)
    assert not any(notice.code == "few_tablets" for notice in found.notices)


def test_a_trial_batch_is_drawn_from_a_made_up_lot_of_the_strength_that_the_formula_reckons_with() -> None:
    assert reckoned_strength(WEAK) == Concentration.of(5)
    found = trial(WEAK, bottle(60), BALANCES, policy=POLICY, today=TODAY)
    assert found.amounts.tablets == 0
    assert [working.text for working in found.workings if working.key == "trial.drawn"] == ["6 mL"]


@given(
    days=st.integers(1, 30),
    tenths=st.integers(5, 60),
    strength=st.fractions(1, 20, max_denominator=7),
    balances=st.lists(st.integers(100, 30_000), min_size=1, max_size=3),
)
def test_mass_drawn_is_mass_in_doses_and_surplus_and_volumes_sum(days: int, tenths: int, strength: Fraction, balances: list[int]) -> None:
    """Whatever the lots are: either it is refused, or nothing is lost and the second pharmacist agrees."""
    of = order(step(str(Fraction(tenths, 20)), days))
    chosen = choices("L0.5", bottle(240), SYRINGE_5, formula=WEAK)
    lots = [stock_lot(Fraction(balance, 1000), number=f"S{place}", strength=strength + place) for place, balance in enumerate(balances)]
    try:
        found: FillPlan = planned(of, chosen, stock=shelf(*lots)).fills[0]
    except PharmacyError:
        return
    strengths = {lot.lot_number: lot.made.strength for lot in lots if lot.made}
    lines = found.preparation.lines
    mass = sum((Volume(line.exact / 1_000_000) * strengths[line.lot_number] for line in lines if line.part is Part.ACTIVE), Mass.of_mg(0))
    doses = found.amounts.used * WEAK.liquid.strength.mg_per_ml
    assert mass == found.amounts.active == Mass(doses) + found.amounts.left
    poured = sum(line.exact for line in lines if line.take in {Take.MEASURE, Take.TO_VOLUME})
    assert 0 <= poured - found.amounts.made * 1_000_000 < 1  # water is poured in whole nanolitres, upwards
    assert all(line.stock <= next(lot.balance for lot in lots if lot.lot_number == line.lot_number) for line in lines if line.part is Part.ACTIVE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"strength": Concentration.of(4)},
        {"version": 0},
        {"formula": "L1"},
    ],
)
def test_a_lot_that_is_not_what_it_was_drawn_as_is_noticed(wrong: dict[str, object]) -> None:
    chosen, stock = choices("L0.5", bottle(120), SYRINGE_5, formula=WEAK), stock_lot()
    right = planned(FORTNIGHT, chosen, stock=shelf(stock))
    other = replace(stock, made=replace(stock.made, **wrong))
    assert disagreements(right, FORTNIGHT, chosen, stock=shelf(other))
