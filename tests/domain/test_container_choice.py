"""The container follows the date: the smallest that takes the course in the fewest, counted in bottles by the planner itself."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compounding import second
from compounding.domain.chooser import why_lost
from compounding.domain.container_choice import Contained, contained
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula
from compounding.domain.plan import Choices
from compounding.domain.planner import laid_out
from compounding.domain.preparation import Container
from compounding.domain.prescription import Form, Order
from compounding.domain.quantity import decimal_text
from compounding.domain.quote import Price, Prices
from compounding.domain.weighing import Dropper, Syringe
from tests.domain.choosing import MAINTENANCE, QUARTERS, ways
from tests.domain.examples import (
    BARREL,
    FINE,
    FORMULAS,
    GP,
    MONTH_OF_CAPSULES,
    POLICY,
    SYRINGE_1,
    SYRINGE_5,
    TITRATION,
    TODAY,
    VIAL,
    at_hand,
    bottle,
    choices,
    dropper,
    long_lived,
    order,
    plain,
    shelf,
    step,
)

SIZES = (10, 30, 60, 120, 180, 240, 480)


def chosen(of: Order, containers: Sequence[Container] = (), *, formula: Formula = FORMULAS["L1"], device: Syringe | Dropper | None = SYRINGE_5) -> Contained:
    given_ = tuple(containers) or at_hand().containers
    return contained(of.regimen.steps, lambda it: making(it, formula, device), formula, given_, policy=POLICY)


def making(container: Container, formula: Formula, device: Syringe | Dropper | None) -> Choices:
    return replace(choices(formula.code, container, device), formula=formula, storage=formula.storages[0], method=formula.method)


def test_a_month_of_the_usual_dose_goes_into_one_bottle_of_180_ml_instead_of_two_of_120() -> None:
    """G15: 135 mL at 1 mg/mL."""
    found = chosen(MAINTENANCE)
    assert found == Contained(bottle(180), "the smallest that takes the course in 1; the usual one (amber bottle of 120 mL) would take 2")
    best = ways(MAINTENANCE, SYRINGE_5)[0]
    assert best.outcome is not None
    assert (best.container, best.outcome.tablets, best.outcome.containers, best.outcome.surplus.mg) == ("bottle-180-ml", 3, 1, 15)


@pytest.mark.parametrize(
    ("dose", "days", "size", "reason"),
    [
        ("1", 30, 30, "the smallest that takes the course in 1; the usual one (amber bottle of 120 mL) would take as many"),
        ("1", 31, 60, "the smallest that takes the course in 1; the usual one (amber bottle of 120 mL) would take as many"),
        ("3", 35, 120, "the smallest that takes the course in 1, and the usual one"),
        ("3", 36, 60, "the smallest that takes the course in 2; the usual one (amber bottle of 120 mL) would take as many"),  # the date cuts it
        ("4.5", 90, 180, "the smallest that takes the course in 3; the usual one (amber bottle of 120 mL) would take 4"),
    ],
)
def test_the_date_bounds_the_course_first_and_the_smallest_that_takes_the_fewest_is_chosen(dose: str, days: int, size: int, reason: str) -> None:
    assert chosen(order(step(dose, days))) == Contained(bottle(size), reason)


def test_of_two_containers_of_a_size_the_usual_one_is_chosen() -> None:
    twin = replace(bottle(120), product="a-bottle-of-120", name="another bottle of 120 mL")
    assert chosen(order(step("3", 35)), [twin, bottle(120), bottle(240)]).container == bottle(120)
    other = replace(FORMULAS["L1"], usual_container="bottle-60-ml")
    assert chosen(order(step("3", 35)), [twin, bottle(120), bottle(60)], formula=other).container == twin


def test_what_stays_behind_in_a_bottle_counts_against_its_size() -> None:
    assert chosen(MAINTENANCE, [bottle(135), bottle(180)]).container == bottle(135)
    assert chosen(MAINTENANCE, [bottle(135, "1"), bottle(180)]).container == bottle(180)


def test_a_container_without_a_bound_is_the_largest() -> None:
    assert chosen(MAINTENANCE, [BARREL, bottle(120)]).container == BARREL
    assert chosen(TITRATION, [BARREL, bottle(120)]).container == bottle(120)


def test_capsules_go_into_a_vial_and_a_liquid_into_a_bottle() -> None:
    small = replace(VIAL, product="vial-30", capsules=30)
    capsules = FORMULAS["C4.5"]
    assert chosen(MONTH_OF_CAPSULES, [bottle(480), VIAL, small], formula=capsules, device=None).container == small
    assert chosen(MAINTENANCE, [VIAL, bottle(480)]).container == bottle(480)


def test_drops_stay_in_the_bottle_whose_dropper_was_counted_and_so_does_what_is_made_up_in_its_bottle() -> None:
    """The published course of drops is ten bottles of 10 mL (table 3.3)."""
    assert chosen(GP, formula=FORMULAS["L5"], device=dropper("L5")) == Contained(bottle(10), "it is made up in this one")
    assert chosen(QUARTERS, formula=FORMULAS["L5"], device=SYRINGE_1) == Contained(bottle(10), "it is made up in this one")
    drops = replace(order(step("1", 35)), form=Form.ORAL_DROPS)
    assert chosen(drops, formula=FORMULAS["L2"], device=dropper("L2")) == Contained(bottle(120), "its dropper was counted with this one")


def test_a_pharmacy_without_a_container_for_it_is_told_and_one_too_small_is_refused_by_the_planner() -> None:
    for containers, formula, device in (((VIAL,), FORMULAS["L1"], SYRINGE_5), ((bottle(30),), FORMULAS["L5"], dropper("L5"))):
        with pytest.raises(Unsafe, match="its usual container"):
            chosen(MAINTENANCE, containers, formula=formula, device=device)
    tiny = [Container("phial", "phial of 4 mL", bottle(4).volume, None, bottle(4).unusable), bottle(3)]
    assert chosen(MAINTENANCE, tiny) == Contained(tiny[0], "the largest, and not even one day's doses fit it")
    with pytest.raises(Unsafe, match="Not even one day's doses fit"):
        laid_out(MAINTENANCE.regimen, making(tiny[0], FORMULAS["L1"], SYRINGE_5), today=TODAY, policy=POLICY)
    assert "Not even one day's doses" in ways(MAINTENANCE, SYRINGE_5, formulas=[FORMULAS["L1"]], containers=tuple(tiny))[0].refused


def test_a_usual_container_that_is_too_small_or_missing_is_said() -> None:
    assert chosen(MAINTENANCE, [bottle(180)]).reason == "the smallest that takes the course in 1"
    little = replace(FORMULAS["L1"], usual_container="bottle-4-ml")
    assert chosen(MAINTENANCE, [bottle(4), bottle(180)], formula=little).reason.endswith("the usual one (amber bottle of 4 mL) does not hold one day's doses")


def test_the_estimate_is_of_the_container_that_was_counted_in() -> None:
    paid = {lot.product: Price.of_lot(lot) for lot in shelf()}
    best = ways(MAINTENANCE, SYRINGE_5, formulas=[FORMULAS["L1"]], prices=Prices(paid))[0]
    assert best.outcome is not None
    assert best.outcome.quote is not None
    assert "1 of amber bottle of 180 mL, each with a label at 0.05" in [part.reason for part in best.outcome.quote.parts]


def test_a_way_that_fits_one_bottle_loses_to_none_that_takes_two() -> None:
    best, *others = ways(MAINTENANCE, SYRINGE_5, formulas=[FORMULAS["L1"], replace(long_lived("L1"), code="drops", liquid=FORMULAS["L5"].liquid)])
    assert best.formula.code == "L1"
    assert all(why_lost(option, best) for option in others)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 40)), min_size=1, max_size=3),
    st.lists(st.sampled_from(SIZES), min_size=1, max_size=5, unique=True),
    st.sampled_from(("L1", "L1-1.5", "L2")),
)
def test_no_other_container_takes_fewer_and_no_smaller_one_as_few(tenths: list[tuple[int, int]], sizes: list[int], code: str) -> None:
    """By brute force: the planner itself lays the course out in each of them; and the second pharmacist counts them again."""
    liquid = FORMULAS[code].liquid
    assert liquid is not None
    of = order(*(step(decimal_text(Fraction(tenth, 10) * liquid.strength.mg_per_ml), days) for tenth, days in tenths))
    containers = [bottle(size) for size in sizes]
    found = chosen(of, containers, formula=FORMULAS[code], device=FINE)
    counts = {}
    for item in containers:
        try:
            counts[item] = len(laid_out(of.regimen, making(item, FORMULAS[code], FINE), today=TODAY, policy=POLICY)[1])
        except Unsafe:
            continue
    assert min(counts, key=lambda item: (counts[item], item.volume.ml if item.volume else 0)) == found.container
    papers = {
        "contained": plain(found), "regimen": plain(of.regimen), "policy": plain(POLICY),
        "choices": plain(making(found.container, FORMULAS[code], FINE)), "containers": [plain(item) for item in containers],
    }  # fmt: skip
    assert second.check_container(**papers) == ()
