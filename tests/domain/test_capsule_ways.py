"""One strength once, twice and three times against several strengths: the capsules, bottles, tablets and cost of each way to take a course."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.db.document import encode
from compounding.domain.capsule_ways import House, Kind, Way, capsule_ways
from compounding.domain.formula import Formula
from compounding.domain.inventory import PackStatistic
from compounding.domain.money import Money
from compounding.domain.prescription import Form, Moment
from compounding.domain.quantity import Mass
from compounding.domain.quote import Price, Prices
from compounding.domain.worksheet import TABLETS
from compounding.second.capsule_ways import check_way
from tests.domain.examples import FORMULAS, POLICY, TODAY, VIAL, order, step

PRICES = Prices(
    {
        TABLETS: Price(Money.of("0.70"), 1),
        "shell-3": Price(Money.of("0.04"), 1),
        "microcrystalline-cellulose": Price(Money.of("0.02"), 10**9, (PackStatistic("3", 10, Mass.of_mg(2250)),)),
        "vial-120-capsules": Price(Money.of("0.35"), 1),
    }
)
G42 = order(step("1.5", 14), step("3", 14), step("4.5", 14), form=Form.CAPSULE).regimen


def of_strength(strength: str, *, overage: int = 0) -> Formula:
    base = FORMULAS["C1.5"]
    assert base.capsules is not None
    made = replace(base.capsules, strength=Mass.of_mg(strength), overage=overage)
    return replace(base, code=f"C{strength}", name=f"Naltrexone {strength} mg capsules", capsules=made)


def house(*strengths: str, overage: int = 0) -> House:
    return House(tuple(of_strength(strength, overage=overage) for strength in strengths), (VIAL,), PRICES, POLICY, TODAY)


def by_strengths(ways: tuple[Way, ...]) -> dict[tuple[str, ...], Way]:
    return {tuple(str(strength) for strength in way.strengths): way for way in ways}


def test_g42_one_strength_once_twice_and_three_times_takes_84_capsules_and_one_for_each_dose_42() -> None:
    found = by_strengths(capsule_ways(G42, house("1.5", "3", "4.5")))
    one, several = found["1.5 mg",], found["1.5 mg", "3 mg", "4.5 mg"]
    assert (one.kind, one.capsules, [dose.count for dose in one.doses], len(one.fills)) == (Kind.ONE, 84, [1, 2, 3], 1)
    assert (several.kind, several.capsules, [dose.count for dose in several.doses], len(several.fills)) == (Kind.SEVERAL, 42, [1, 1, 1], 3)
    assert (one.tablets, one.left, one.minutes) == (3, Mass.of_mg(24), 25)  # 126 mg (G05)
    assert [supply.taken for supply in several.supplies] == [14, 14, 14]
    assert (several.tablets, several.left, several.minutes) == (1 + 1 + 2, Mass.of_mg(29 + 8 + 37), 75)  # 21, 42 and 63 mg
    assert one.cost is not None
    assert several.cost is not None
    # 3 tablets, 84 shells, 84 x 225 mg of filler, a vial, a label, 25 minutes, the share of overhead
    assert one.cost == Money.of(Fraction("2.10") + Fraction("3.36") + Fraction("0.378") + Fraction("0.35") + Fraction("0.05") + 15 + 10)
    assert several.cost == Money.of(Fraction("2.80") + Fraction("1.68") + Fraction("0.189") + 3 * (Fraction("0.40") + 25))


def test_g42_with_the_strengths_of_the_pharmacy_three_milligrams_are_two_capsules_and_a_strength_without_formula_is_wanted() -> None:
    found = by_strengths(capsule_ways(G42, house("1.5", "4.5")))
    assert set(found) == {("1.5 mg",), ("4.5 mg",), ("1.5 mg", "4.5 mg"), ("1.5 mg", "3 mg", "4.5 mg")}
    assert "no whole number" in found["4.5 mg",].refused
    several, wanted = found["1.5 mg", "4.5 mg"], found["1.5 mg", "3 mg", "4.5 mg"]
    assert (several.capsules, [dose.count for dose in several.doses], several.wanted) == (14 + 28 + 14, [1, 2, 1], ())
    assert (wanted.capsules, wanted.wanted, wanted.cost) == (42, (Mass.of_mg(3),), None)


def test_one_dose_is_never_of_two_strengths() -> None:
    ways = capsule_ways(order(step("6", 30), form=Form.CAPSULE).regimen, house("1.5", "4.5"))
    assert all(dose.count * dose.strength.mg == 6 for way in ways for dose in way.doses)
    assert "4 capsules a dose, more than 3" in by_strengths(ways)["1.5 mg",].refused


def test_the_bound_of_capsules_a_dose_is_the_pharmacys() -> None:
    four = replace(house("1.5"), policy=replace(POLICY, capsules_a_dose=4))
    assert by_strengths(capsule_ways(order(step("6", 30), form=Form.CAPSULE).regimen, four))["1.5 mg",].capsules == 120


def test_the_strength_that_would_make_every_dose_is_named_where_no_formula_is() -> None:
    regimen = order(step("1", 14), step("2", 14), step("3", 14), form=Form.CAPSULE).regimen
    found = by_strengths(capsule_ways(regimen, house("4.5")))
    assert (found["1 mg",].capsules, found["1 mg",].wanted) == (84, (Mass.of_mg(1),))
    assert capsule_ways(order(*(step(str(dose), 7) for dose in range(1, 7)), form=Form.CAPSULE).regimen, house())[:1] == ()  # six strengths help nobody


def test_doses_in_a_day_and_overage_and_bottles_are_counted() -> None:
    regimen = order(step("1.5", 90, Moment.MORNING, Moment.BEDTIME), form=Form.CAPSULE).regimen
    way = by_strengths(capsule_ways(regimen, house("1.5", overage=2)))["1.5 mg",]
    assert (way.capsules, len(way.fills), way.made, way.overage) == (180, 2, 184, 4)
    assert [fill.used for fill in way.fills] == [120, 60]


def test_a_price_that_is_missing_is_named_and_a_container_that_is_missing_refuses_the_way() -> None:
    way = by_strengths(capsule_ways(G42, replace(house("1.5"), prices=Prices({}))))["1.5 mg",]
    assert set(way.missing) == {"naltrexone tablets", "capsule shells of size 3", "Microcrystalline cellulose", "amber vial for 120 capsules"}
    assert "not set up" in by_strengths(capsule_ways(G42, replace(house("1.5"), containers=())))["1.5 mg",].refused


DOSES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 40)), min_size=1, max_size=4)


@given(DOSES, st.sets(st.sampled_from(["0.5", "1", "1.5", "2", "3", "4.5"]), max_size=4), st.integers(0, 3))
def test_every_way_gives_every_dose_and_loses_no_nanogram_and_a_second_count_agrees(doses: list[tuple[int, int]], strengths: set[str], overage: int) -> None:
    regimen = order(*(step(str(Fraction(half, 2)) if half % 2 == 0 else str(half / 2), days) for half, days in doses), form=Form.CAPSULE).regimen
    for way in capsule_ways(regimen, house(*sorted(strengths), overage=overage)):
        assert bool(way.refused) != bool(way.supplies)
        assert sum((dose.strength * (dose.daily * dose.step.days) for dose in way.doses), Mass.of_mg(0)) == (Mass.of_mg(0) if way.refused else regimen.total)
        if not way.wanted and not way.refused:
            assert Mass.of_mg(50) * way.tablets == regimen.total + way.left
            assert way.overage == overage * len(way.fills)
        assert check_way(way=json.loads(encode(way)), regimen=json.loads(encode(regimen))) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda way: replace(way, doses=(replace(way.doses[0], count=2), *way.doses[1:])), "not the dose"),
        (lambda way: replace(way, doses=way.doses[:2]), "not for this course"),
        (lambda way: replace(way, supplies=(replace(way.supplies[0], taken=83),)), "taken are others"),
        (lambda way: replace(way, supplies=(replace(way.supplies[0], fills=way.supplies[0].fills * 2),)), "do not hold"),
        *(
            (lambda way, name=name, by=by: replace(way, supplies=(replace(way.supplies[0], fills=(changed(way, name, by),)),)), said)
            for name, by, said in (
                ("tablets", 1, "fewest"),
                ("left", Mass.of_nanograms(1), "left of the tablets"),
                ("active", Mass.of_nanograms(1), "not made of"),
            )
        ),
    ],
)
def test_a_way_that_is_wrong_by_one_is_noticed(change: Callable[[Way], Way], said: str) -> None:
    way = by_strengths(capsule_ways(G42, house("1.5")))["1.5 mg",]
    wrong = change(way)
    assert any(said in sentence for sentence in check_way(way=json.loads(encode(wrong)), regimen=json.loads(encode(G42))))


def changed(way: Way, name: str, by: object) -> object:
    (fill,) = way.supplies[0].fills
    return replace(fill, **{name: getattr(fill, name) + by})
