"""The worksheet: lots, weights by the tablets really crushed, displacement, limits."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from compounding.domain.errors import Conflict, Unsafe
from compounding.domain.formula import Formula, Ingredient, Part
from compounding.domain.inventory import Lot, Shortage, StockUnit
from compounding.domain.preparation import Line, Packed, Preparation, Take
from compounding.domain.prescription import Form
from compounding.domain.quantity import Mass, Volume
from compounding.domain.weighing import Balance
from compounding.second import check_preparation
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
    filler,
    lot,
    order,
    plain,
    planned,
    shelf,
    step,
    tablets,
)


def capsules(*stock: Lot, balances: tuple[Balance, ...] = BALANCES) -> Preparation:
    made = planned(MONTH_OF_CAPSULES, capsule_choices(), stock=shelf(*stock), balances=balances).fills[0].preparation
    assert made is not None
    return made


def liquid(*stock: Lot, formula: Formula | None = None) -> Preparation:
    """150 mL of 1 mg/mL: three tablets."""
    made = planned(order(step("5", 30)), choices("L1", bottle(180), SYRINGE_5, formula=formula), stock=shelf(*stock)).fills[0].preparation
    assert made is not None
    return made


def line(of: Preparation, part: Part, take: Take = Take.WEIGH) -> Line:
    (found,) = [item for item in of.lines if item.part is part and item.take is take]
    return found


def test_the_powder_is_weighed_by_the_measured_weight_of_the_tablets_really_crushed() -> None:
    powder = line(capsules(), Part.ACTIVE)
    assert powder.target == 675_000_000
    assert powder.stock == 0
    assert "not of naltrexone" in powder.basis
    assert line(capsules(tablets(average="201.5")), Part.ACTIVE).exact == Fraction("544.05") * 1_000_000


def test_tablets_of_two_lots_are_weighed_apart_each_by_its_own_average() -> None:
    later = TODAY + timedelta(days=700)
    stock = (tablets(2, number="A", average="240", expires_on=later), tablets(1, number="B", average="260"))
    powder = [item for item in capsules(*stock).lines if item.part is Part.ACTIVE and item.take is Take.WEIGH]
    # 100 mg of drug in two tablets of 240 mg, the other 35 mg in seven tenths of one of 260 mg
    assert [(item.lot_number, item.exact) for item in powder] == [("A", 480_000_000), ("B", 182_000_000)]


def test_powder_and_filler_of_two_lots_fill_the_shells_exactly() -> None:
    stock = (tablets(2, number="A", expires_on=TODAY + timedelta(days=700)), replace(tablets(1, number="B"), packs=filler(packs="2000").packs))
    made = capsules(*stock)
    # in shells: 500 mg / 240 + 175 mg / 200 are powder, the rest of 30 is filler at 225 mg
    room = 30 - Fraction(500, 240) - Fraction(175, 200)
    assert line(made, Part.FILLER).exact == room * 225 * 1_000_000


def test_the_filler_takes_what_the_powder_leaves() -> None:
    made = capsules()
    assert made.weight is not None
    assert made.weight.powder == Mass.of_mg("22.5")
    assert made.weight.filler == Mass.of_mg("203.90625")
    assert line(made, Part.FILLER).exact == Fraction("6117.1875") * 1_000_000
    assert (made.weight_low, made.weight_high) == (made.weight.net * Fraction(9, 10), made.weight.net * Fraction(11, 10))


def test_a_lot_of_filler_that_is_empty_or_expires_too_soon_is_passed_over_though_it_was_never_measured() -> None:
    empty = replace(filler(0, number="E", expires_on=TODAY + timedelta(days=60)), packs=())
    short = replace(filler(number="S", expires_on=TODAY + timedelta(days=5)), packs=())
    assert line(capsules(empty, short, filler()), Part.FILLER).lot_number == "F1"


def test_one_lot_of_filler_is_taken_even_where_two_would_do() -> None:
    with pytest.raises(Shortage):
        capsules(filler(4, number="A"), filler(4, number="B"))
    assert line(capsules(filler(4, number="A"), filler(7, number="B")), Part.FILLER).lot_number == "B"


def test_what_was_never_measured_is_asked_for() -> None:
    for stock, code in (
        (replace(tablets(), tablet_weight=None), "tablet-weight"),
        (replace(filler(), packs=()), "pack-statistic"),
        (replace(tablets(), packs=()), "pack-statistic"),
    ):
        with pytest.raises(Conflict) as refused:
            capsules(stock)
        assert refused.value.code == code


def test_what_no_balance_weighs_well_enough_is_refused() -> None:
    with pytest.raises(Unsafe) as refused:
        planned(order(step("1.5", 1), form=Form.CAPSULE), capsule_choices("C1.5"), balances=BALANCES[:1])
    assert refused.value.code == "not-weighable"
    made = planned(order(step("1.5", 1), form=Form.CAPSULE), capsule_choices("C1.5")).fills[0].preparation
    assert made is not None
    assert line(made, Part.ACTIVE).instrument == BALANCES[1].name


def test_powder_that_does_not_fit_the_shell_is_refused() -> None:
    with pytest.raises(Unsafe) as refused:
        capsules(tablets(average="2700"))
    assert refused.value.code == "capsule-size"


def test_golden_16_ingredients_follow_the_volume_made_and_the_vehicle_is_the_rest() -> None:
    made = liquid()
    assert made.amounts.tablets == 3
    assert line(made, Part.ANTIOXIDANT).exact == 750 * 1_000_000
    assert line(made, Part.PRESERVATIVE).exact == 150 * 1_000_000
    assert line(made, Part.COSOLVENT, Take.MEASURE).target == 30 * 1_000_000
    assert line(made, Part.VEHICLE, Take.TO_VOLUME).target == 120 * 1_000_000


def test_the_vehicle_is_the_rest_wherever_the_formula_lists_it() -> None:
    formula = FORMULAS["L1"]
    assert formula.liquid is not None
    turned = replace(formula, liquid=replace(formula.liquid, ingredients=formula.liquid.ingredients[::-1]))
    assert line(liquid(formula=turned), Part.VEHICLE, Take.TO_VOLUME).target == 120 * 1_000_000


def test_all_of_the_crushed_tablets_go_in_when_whole_tablets_are_used() -> None:
    assert [item.take for item in liquid().lines if item.part is Part.ACTIVE] == [Take.COUNT]


def test_a_lot_that_holds_less_than_the_balance_will_show_is_not_taken() -> None:
    formula = FORMULAS["L1"]
    assert formula.liquid is not None
    odd = Ingredient("ascorbic-acid", "Ascorbic acid", Part.ANTIOXIDANT, mass_in_100_ml=Mass.of_mg("500.6"))  # 750.9 mg, weighed as 751
    short = lot("ascorbic-acid", 750_900_000, StockUnit.NANOGRAM, number="A")
    enough = lot("ascorbic-acid", 751_000_000, StockUnit.NANOGRAM, number="B")
    recipe = replace(formula, liquid=replace(formula.liquid, ingredients=(odd, *formula.liquid.ingredients[1:])))
    taken = line(liquid(short, enough, formula=recipe), Part.ANTIOXIDANT)
    assert (taken.lot_number, taken.stock) == ("B", 751_000_000)


def test_a_weight_may_be_recorded_within_five_percent_and_a_count_not_at_all_off() -> None:
    acid = line(liquid(), Part.ANTIOXIDANT)
    assert (acid.low, acid.high) == (712_500_000, 787_500_000)
    count = line(liquid(), Part.ACTIVE, Take.COUNT)
    assert (count.low, count.target, count.high) == (3, 3, 3)


def test_the_excipients_of_every_lot_are_named_once() -> None:
    assert capsules().excipients == ("lactose monohydrate", "magnesium stearate", "microcrystalline cellulose")


def test_the_date_is_that_of_the_soonest_lot() -> None:
    soon = TODAY + timedelta(days=40)
    made = capsules(filler(expires_on=soon))
    assert made.beyond_use.until == soon
    assert "microcrystalline cellulose" in made.beyond_use.decided_by.name


def test_a_batch_of_a_later_fill_is_proved_on_its_own_day() -> None:
    made, stock = liquid(), shelf()

    def said(of: Preparation, days: int, through: int, *, bottles: int = 1) -> tuple[str, ...]:
        return check_preparation(
            preparation=plain(of),
            amounts=plain(made.amounts),
            formula=plain(FORMULAS["L1"]),
            packed=[plain(Packed(bottle(180), bottles))],
            storage="refrigerator",
            lots=[plain(item) for item in stock],
            balances=[plain(item) for item in BALANCES],
            policy=plain(POLICY),
            made_on=(TODAY + timedelta(days=days)).isoformat(),
            through=(TODAY + timedelta(days=through)).isoformat(),
        )

    assert said(made, 0, 29) == ()
    assert any("What is counted" in sentence for sentence in said(made, 0, 29, bottles=2))
    assert said(made, 0, 34) == ()
    assert any("good only through" in sentence for sentence in said(made, 0, 35))
    assert any("Day of making" in sentence for sentence in said(made, 1, 29))
    assert said(replace(made, amounts=replace(made.amounts, used=made.amounts.used + 1)), 0, 29)


def test_a_liquid_is_measured_exactly_where_volumes_are_odd() -> None:
    made = planned(order(step("1.5", 21)), choices("L1", bottle(60), SYRINGE_5)).fills[0]
    assert (made.amounts.used, made.amounts.made) == (Fraction(63, 2), 50)
    assert made.preparation is not None
    poured = [item for item in made.preparation.lines if item.take in {Take.MEASURE, Take.TO_VOLUME}]
    assert sum(Volume.of_nanolitres(item.target).ml for item in poured) == 50
