"""Costs where something is nothing, the first or the last, and what is drawn from a stock solution."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.capsule_ways import capsule_ways
from compounding.domain.cost import (
    AtTheBench,
    CostKind,
    CostPart,
    Used,
    WasteCause,
    batch_cost,
    fill_cost,
    labour_part,
    lost_batch,
    share_cost,
    taken_and_waste,
)
from compounding.domain.formula import Part
from compounding.domain.inventory import PackStatistic
from compounding.domain.money import Money, total
from compounding.domain.preparation import capsule_amounts
from compounding.domain.prescription import Form, Moment
from compounding.domain.quantity import Mass
from compounding.domain.quote import Price, Prices, quote
from tests.domain.examples import FORMULAS, POLICY, SYRINGE_5, TODAY, VIAL, bottle, choices, order, planned, shelf, step, tablets
from tests.domain.stock_solutions import from_stock, stock_lot
from tests.domain.test_capsule_ways import G42, PRICES, by_strengths, house

_CAPSULES = capsule_amounts(FORMULAS["C4.5"], 30, overage=2, container=VIAL)  # 32 of 4.5 mg: 144 of 150 mg
_COUNTED = (Used(tablets(), Part.ACTIVE, 3),)


def test_parts_stand_in_the_order_of_their_kinds_and_what_was_lost_stands_last() -> None:
    shells = replace(tablets(), product="shell-3")
    parts = batch_cost(FORMULAS["C4.5"], _CAPSULES, (*_COUNTED, Used(shells, Part.SHELL, 33, beyond=1)), POLICY, bench=AtTheBench(lost=Fraction(1)))
    told = [(part.kind, part.cause) for part in fill_cost(parts, POLICY)]
    kinds = [(kind, WasteCause.REMAINDER if kind is CostKind.WASTE else None) for kind in CostKind]
    assert told == [*kinds, (CostKind.TABLETS, WasteCause.SPILL), (CostKind.INGREDIENTS, WasteCause.SPILL)]


def test_a_batch_that_nobody_shares_keeps_its_reasons() -> None:
    parts = batch_cost(FORMULAS["C4.5"], _CAPSULES, _COUNTED, POLICY)
    assert share_cost(parts, shares=(30,), place=0) == parts
    halves = [share_cost(parts, shares=(10, 20), place=place) for place in (0, 1)]
    assert [part.active for part in halves[0] if part.active] == [Mass.of_mg(45), Mass.of_mg(5)]
    assert "10 of 30 shares" in halves[0][0].reason


def test_what_is_lost_is_never_more_than_what_is_left() -> None:
    parts = batch_cost(FORMULAS["C4.5"], _CAPSULES, _COUNTED, POLICY, bench=AtTheBench(kept=Fraction(2), lost=Fraction(2)))  # 15 mg are left
    assert [(part.cause, part.active) for part in parts if part.active is not None and part.cause] == [
        (WasteCause.REMAINDER, Mass.of_mg(0)), (WasteCause.QC, Mass.of_mg(9)), (WasteCause.SPILL, Mass.of_mg(6)),
    ]  # fmt: skip


def test_a_lost_batch_has_its_drug_in_one_part_and_says_nothing_of_what_cost_nothing() -> None:
    parts = (*batch_cost(FORMULAS["C4.5"], _CAPSULES, _COUNTED, POLICY), CostPart(CostKind.CONTAINER, Money(0), "none"))
    drug = total([part.amount for part in parts if part.kind in {CostKind.TABLETS, CostKind.WASTE}])
    lost = lost_batch(parts, WasteCause.REJECTED, "Batch 7")
    assert [(part.kind, part.amount) for part in lost] == [
        (CostKind.TABLETS, drug), *((part.kind, part.amount) for part in parts if part.kind is CostKind.LABOUR),
    ]  # fmt: skip


def test_of_nothing_nothing_is_waste() -> None:
    assert taken_and_waste(Money.of(1), Mass.of_mg(0), Mass.of_mg(0)) == (Money.of(1), Money(0))


@pytest.mark.parametrize("minutes", [1, POLICY.longest_timed])
def test_one_minute_and_the_longest_are_believed(minutes: int) -> None:
    assert labour_part(FORMULAS["C4.5"], POLICY, minutes).reason.startswith(f"{minutes} timed minutes")


def test_what_is_drawn_from_stock_costs_what_its_lot_cost_by_volume() -> None:
    """42 mL of 0.5 mg/mL take 4.2 mL of 5 mg/mL: 21 mg, of a lot of 100 mL at 30.00."""
    weak, stock = from_stock("L0.5", "L2"), replace(stock_lot(), invoice=Money.of(30), invoice_quantity=100_000_000)
    amounts = planned(order(step("1.5", 14)), choices("L0.5", bottle(120), SYRINGE_5, formula=weak), stock=shelf(stock)).fills[0].amounts
    parts = batch_cost(weak, amounts, (Used(stock, Part.ACTIVE, 4_200_000),), POLICY)
    drug = {part.kind: part for part in parts}
    assert (drug[CostKind.TABLETS].amount, drug[CostKind.TABLETS].active) == (Money.of("1.26"), Mass.of_mg(21))
    assert drug[CostKind.TABLETS].reason.startswith("drawn from stock: 4.2 mL of lot S1 for 1.26")
    assert drug[CostKind.WASTE].amount == Money(0)


def test_a_quote_with_all_prices_is_its_total_and_reckons_with_the_packing_of_its_own_shells() -> None:
    both = (PackStatistic("0", 10, Mass.of_mg(4500)), PackStatistic("3", 10, Mass.of_mg(2250)))
    filled = Price(Money.of("0.02"), 10**9, both)
    found = quote(FORMULAS["C4.5"], (_CAPSULES,), VIAL, Prices({**PRICES.by_product, "microcrystalline-cellulose": filled}), POLICY)
    usual = quote(FORMULAS["C4.5"], (_CAPSULES,), VIAL, PRICES, POLICY)
    assert found == usual
    assert found.display() == found.total.display()


def test_the_price_of_a_lot_is_what_was_paid_for_what_came() -> None:
    assert Price.of_lot(tablets()) == Price(Money.of(30), 100, tablets().packs)


def test_a_way_counts_the_minutes_of_each_bottle_and_knows_no_cost_of_what_it_cannot_make() -> None:
    twice = order(step("1.5", 90, Moment.MORNING, Moment.BEDTIME), form=Form.CAPSULE).regimen
    two = by_strengths(capsule_ways(twice, house("1.5", overage=2)))["1.5 mg",]
    assert (two.minutes, two.overage_share) == (2 * FORMULAS["C1.5"].minutes, Fraction(4, 180))
    wanted = by_strengths(capsule_ways(G42, house("1.5", "4.5")))["1.5 mg", "3 mg", "4.5 mg"]
    assert (wanted.minutes, wanted.missing, wanted.cost) == (2 * FORMULAS["C1.5"].minutes, (), None)
    refused = by_strengths(capsule_ways(G42, house("1.5", "4.5")))["4.5 mg",]
    assert (refused.made, refused.overage_share) == (0, 0)


def test_ways_are_of_capsules_alone_and_several_strengths_are_more_than_one() -> None:
    all_of_them = replace(house("1.5", "3"), formulas=(*house("1.5", "3").formulas, FORMULAS["L1"]), containers=(bottle(120), VIAL))
    steady = order(step("3", 14), form=Form.CAPSULE).regimen
    assert [way.strengths for way in capsule_ways(steady, all_of_them)] == [(Mass.of_mg("1.5"),), (Mass.of_mg(3),)]
    three = by_strengths(capsule_ways(order(step("3", 14), step("4.5", 14), form=Form.CAPSULE).regimen, all_of_them))
    assert [dose.count for dose in three["1.5 mg", "3 mg"].doses] == [1, 3]  # three a dose are still allowed
    assert [way.cost for way in capsule_ways(steady, all_of_them)] == [way.cost for way in capsule_ways(steady, house("1.5", "3"))]


@pytest.mark.parametrize(
    ("doses", "made", "wanted"),
    [
        (("0.5", "0.75"), (), [("0.25 mg",), ("0.5 mg", "0.75 mg")]),  # the greatest of which both are multiples
        (("3", "3"), (), [("3 mg",)]),
        (("1.5", "3"), ("1.5",), [("1.5 mg",), ("1.5 mg", "3 mg")]),
        (("1.5", "3"), ("1.5", "3"), [("1.5 mg",), ("3 mg",), ("1.5 mg", "3 mg")]),
        (("1", "2", "3"), (), [("1 mg",), ("1 mg", "2 mg", "3 mg")]),
        (("1", "1.5", "2", "3"), (), []),  # four new formulas are too many to wish for, and 3 mg would be six capsules of 0.5 mg
        (("1", "4"), ("1",), [("1 mg",), ("1 mg", "4 mg")]),
    ],
)
def test_what_would_need_a_formula_is_named(doses: tuple[str, ...], made: tuple[str, ...], wanted: list[tuple[str, ...]]) -> None:
    regimen = order(*(step(dose, 14) for dose in doses), form=Form.CAPSULE).regimen
    assert [tuple(map(str, way.strengths)) for way in capsule_ways(regimen, house(*made))] == wanted


def test_a_strength_that_begins_later_has_its_bottles_from_its_own_first_day_to_its_date() -> None:
    """180 days from the day of making, two days before the first dose, are 178 days of use."""
    long = replace(house("1.5", "4.5"), containers=(replace(VIAL, capsules=None),), policy=replace(POLICY, lead_days=2), starts_on=TODAY)
    regimen = order(step("1.5", 14), step("4.5", 300), step("1.5", 7), form=Form.CAPSULE).regimen
    way = by_strengths(capsule_ways(regimen, long))["1.5 mg", "4.5 mg"]
    low, high = way.supplies
    assert [fill.used for fill in high.fills] == [178, 122]
    assert [fill.used for fill in low.fills] == [14, 7]
    until_the_date = order(step("4.5", 178), step("1.5", 7), form=Form.CAPSULE).regimen
    assert [fill.used for fill in by_strengths(capsule_ways(until_the_date, long))["1.5 mg", "4.5 mg"].supplies[1].fills] == [178]


def test_what_is_drawn_from_stock_is_quoted_by_volume_and_once() -> None:
    weak, stock = from_stock("L0.5", "L2"), stock_lot()
    amounts = planned(order(step("1.5", 14)), choices("L0.5", bottle(120), SYRINGE_5, formula=weak), stock=shelf(stock)).fills[0].amounts
    prices = Prices({stock.product: Price(Money.of(30), 100_000_000), "purified-water": Price(Money(0), 1), "bottle-120-ml": Price(Money(0), 1)})
    found = quote(weak, (amounts,), bottle(120), prices, POLICY)
    parts = {part.kind: part for part in found.parts}
    assert found.missing == ()
    assert (parts[CostKind.TABLETS].amount, parts[CostKind.INGREDIENTS].amount) == (Money.of("1.26"), Money(0))
    assert parts[CostKind.TABLETS].reason.startswith("4.2 mL of Stock solution L2")
    assert parts[CostKind.WASTE].amount == Money(0)
