"""Measured values: what agrees is kept as it was measured, what cannot be or does not agree is refused; the arithmetic stands on the assay."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.db.document import encode
from compounding.domain import library
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import Part
from compounding.domain.inventory import Assay, Lot, PackStatistic, TabletWeight, Weighing
from compounding.domain.measurement import calibrated, empty_shells, pack_statistic, tablet_weight
from compounding.domain.preparation import Line, Take
from compounding.domain.prescription import Form, Order
from compounding.domain.quantity import Mass, Volume
from compounding.domain.uniformity import Spread
from compounding.domain.weighing import DropCount, Dropper
from compounding.second.reading import Paper, on_one_desk
from compounding.second.stock import measured_differences
from tests.domain.examples import MONTH_OF_CAPSULES, POLICY, TODAY, capsule_choices, disagreements, filler, order, planned, shelf, step, tablets

ON = Weighing("balance by 0.1 mg", TODAY, "Pat")
SHELLS = Mass.of_mg(480)


def weighed(*mg: str | int, assay: Assay | None = None) -> TabletWeight:
    return tablet_weight([Mass.of_mg(one) for one in mg], on=ON, assay=assay, policy=POLICY)


def packed(*mg: str | int, size: str = "3", tare: Mass = SHELLS) -> PackStatistic:
    return pack_statistic(size, [Mass.of_mg(one) for one in mg], tare, shell_lot="S1", on=ON, policy=POLICY)


def counted(*pairs: tuple[int, str], on: date = TODAY) -> Dropper:
    counts = [DropCount(drops, Volume.of_ml(volume)) for drops, volume in pairs]
    return calibrated("d", "dropper lot D1", "L5", counts, on=on, by="Pat", policy=POLICY)


def refusal(act: object, *values: object, **named: object) -> str:
    with pytest.raises(Invalid) as refused:
        act(*values, **named)  # type: ignore[operator]
    return refused.value.sentence


def powder(stock: Lot, of: Order = MONTH_OF_CAPSULES, formula: str = "C4.5") -> Line:
    made = planned(of, capsule_choices(formula), stock=shelf(stock)).fills[0].preparation  # the second pharmacist agrees
    assert made is not None
    return next(line for line in made.lines if line.part is Part.ACTIVE and line.take is Take.WEIGH)


def assayed(percent: str, stock: Lot | None = None) -> Lot:
    stock = stock or tablets()
    assert stock.tablet_weight is not None
    return replace(stock, tablet_weight=replace(stock.tablet_weight, assay=Assay(Fraction(percent), "certificate 17")))


# Tablets


def test_the_average_of_single_tablets_is_exact_and_each_weight_is_kept() -> None:
    found = weighed(*["250.1", "249.9"] * 5, "250.3")
    assert found.average == Mass.of_mg(Fraction("2750.3") / 11)
    assert (found.tablets, len(found.weights), found.together, found.weighed) == (11, 11, Mass.of_mg("2750.3"), ON)


@pytest.mark.parametrize("count", [0, 1, 9, 21, 40])
def test_ten_to_twenty_tablets_are_weighed(count: int) -> None:
    assert "10 to 20 tablets" in refusal(weighed, *[250] * count)
    for enough in (10, 20):
        assert weighed(*[250] * enough).average == Mass.of_mg(250)


@pytest.mark.parametrize(("mg", "said"), [(50, "more than that"), ("25.1", "more than that"), (1000, "less than 1000 mg"), ("2510", "less than 1000 mg")])
def test_a_tenfold_slip_in_every_weight_is_seen(mg: str | int, said: str) -> None:
    assert said in refusal(weighed, *[mg] * 10)


def test_one_weight_too_far_from_the_mean_is_named() -> None:
    assert "Weight 4 lies 14.41 % below the mean of 246.65 mg" in refusal(weighed, *[250] * 3, "211.1", *[250] * 6, 252)
    assert "Weight 1 lies" in refusal(weighed, 285, *[250] * 10)


def test_weights_that_spread_by_more_than_five_percent_are_refused_though_none_is_far() -> None:
    assert "RSD of 5.27 %, more than 5 %" in refusal(weighed, *["237.5", "262.5"] * 5)
    assert weighed(*[239, 261] * 5).average == Mass.of_mg(250)


@given(st.lists(st.integers(2400, 2600), min_size=10, max_size=20))
def test_the_spread_does_not_depend_on_the_order_of_weighing(tenths: list[int]) -> None:
    values = tuple(Fraction(tenth, 10) for tenth in tenths)
    assert Spread(values).relative == Spread(values[::-1]).relative
    assert sum(Spread(values).errors) == 0


# The assay


@pytest.mark.parametrize("percent", ["89.9", "110.1", "9.87", "987"])
def test_an_assay_outside_the_monograph_is_refused(percent: str) -> None:
    assert "90 to 110 %" in refusal(weighed, *[250] * 10, assay=Assay(Fraction(percent), "certificate"))


@pytest.mark.parametrize(("percent", "ng"), [("100", "675"), ("90", "750"), ("96", "703.125"), ("108", "625")])
def test_golden_26_powder_is_need_by_average_over_fifty_by_a_hundred_over_the_assay(percent: str, ng: str) -> None:
    line = powder(assayed(percent))
    assert line.exact == Fraction(ng) * 1_000_000
    assert f"250 mg of tablet holds 50 mg, of which the assay found {percent} % (certificate 17)" in line.basis
    assert "assay" not in powder(tablets()).basis


def test_by_their_assay_the_first_lot_gives_all_it_holds_and_the_last_the_rest() -> None:
    first = assayed("96", tablets(2, number="A", expires_on=TODAY + timedelta(days=700)))
    made = planned(MONTH_OF_CAPSULES, capsule_choices(), stock=shelf(first, tablets(1, number="B"))).fills[0].preparation
    assert made is not None
    found = [(line.lot_number, line.exact) for line in made.lines if line.part is Part.ACTIVE and line.take is Take.WEIGH]
    assert found == [("A", 500_000_000), ("B", 195_000_000)]  # 96 mg in the two tablets of A, the other 39 mg of 135 in 195 mg of B


def test_tablets_that_hold_too_little_by_their_assay_are_not_stretched() -> None:
    all_of_three = order(step("1.5", 100), form=Form.CAPSULE)
    assert powder(assayed("100"), all_of_three, "C1.5").exact == 750 * 1_000_000
    with pytest.raises(Unsafe, match=r"3 tablets hold 1\.5 mg less than the 150 mg wanted") as refused:
        powder(assayed("99"), all_of_three, "C1.5")
    assert refused.value.code == "assay-short"


# Packed shells


def test_the_net_weight_of_a_shell_is_gross_less_an_average_empty_one() -> None:
    found = packed(*["288.3", "287.7"] * 5, tare=Mass.of_mg("481"))
    assert found.each == Mass.of_mg("239.9")
    assert found.weights[:2] == (Mass.of_mg("240.2"), Mass.of_mg("239.6"))
    assert sum((weight.mg for weight in found.weights), Fraction(0)) == found.together.mg


@pytest.mark.parametrize(
    ("gross", "tare", "said"),
    [
        ([288] * 9, "432", "10 or more filled shells"),
        ([288] * 10, "48", "4.8 mg for each of 10 empty shells; a size 3 shell weighs about 48 mg"),
        ([288] * 10, "4800", "480 mg for each of 10"),
        ([2880] * 10, "480", "leaves 2832 mg of powder in a size 3 shell"),
        ([49] * 10, "480", "leaves 1 mg of powder"),
        ([240] * 10, "480.0", ""),
        ([*[288] * 9, 350], "480", "Weight 10 lies"),
        ([274, 302] * 5, "480", "The shells spread by an RSD of 6.15 %"),
    ],
)
def test_shells_that_cannot_be_so_are_refused(gross: list[int], tare: str, said: str) -> None:
    if said:
        assert said in refusal(packed, *gross, tare=Mass.of_mg(tare))
    else:
        assert packed(*gross, tare=Mass.of_mg(tare)).each == Mass.of_mg(192)


def test_the_demonstration_stands_on_the_golden_averages() -> None:
    assert weighed(*(weight.mg for weight in library.single_weights(Mass.of_mg(250)))).average == Mass.of_mg(250)  # type: ignore[arg-type]
    for net in (240, 225):
        assert packed(*(weight.mg for weight in library.single_weights(Mass.of_mg(net + 48)))).each == Mass.of_mg(net)  # type: ignore[arg-type]


# Drops


def test_drops_are_kept_as_the_pairs_that_were_counted_with_the_last_day_that_they_hold() -> None:
    found = counted((37, "2"), (36, "2"), (38, "2"))
    assert [(count.drops, count.volume.ml) for count in found.counts] == [(37, 2), (36, 2), (38, 2)]
    assert found.drops_in_ml == Fraction(37, 2)
    assert (found.counted_on, found.counted_by, found.valid_through) == (TODAY, "Pat", TODAY + timedelta(days=180))


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([(40, "2")] * 2, "2 counts: count the drops to a measured volume 3 times or more"),
        ([(40, "20")] * 3, "Count 1, 40 drops to 20 mL: a dropper gives 10 to 60 drops in a mL"),
        ([(40, "0.2")] * 3, "10 to 60"),
        ([(40, "2"), (40, "2"), (36, "2")], "RSD of 5.97 %, more than 5 %"),
    ],
)
def test_counts_that_are_too_few_or_do_not_agree_are_refused(pairs: list[tuple[int, str]], said: str) -> None:
    assert said in refusal(counted, *pairs)


# The second pharmacist


def test_the_second_pharmacist_adds_the_single_weights_up_himself() -> None:
    stock = replace(tablets(), tablet_weight=weighed(*["250.2", "249.8"] * 5))
    shells = replace(filler(), packs=(packed(*[273] * 10),))
    at_hand = shelf(stock, shells)
    plan = planned(MONTH_OF_CAPSULES, capsule_choices(), stock=at_hand)

    def said(*wrong: Lot) -> tuple[str, ...]:
        return disagreements(plan, MONTH_OF_CAPSULES, capsule_choices(), stock=(*wrong, *(lot for lot in at_hand if lot.id not in {one.id for one in wrong})))

    assert said() == ()
    weight = stock.tablet_weight
    assert weight is not None
    for other in (weight.weights[:-1], (*weight.weights[:-1], Mass.of_mg(251))):
        assert any("do not add up" in sentence for sentence in said(replace(stock, tablet_weight=replace(weight, weights=other))))
    (pack,) = shells.packs
    for gross in (pack.gross[:-1], (*pack.gross[:-1], Mass.of_mg(274))):
        assert any("do not add up" in sentence for sentence in said(replace(shells, packs=(replace(pack, gross=gross),))))
    assert any("no tablet's" in sentence for sentence in said(assayed("111", stock)))


EMPTIES = tuple(Mass.of_mg(weight) for weight in ("48.1", "47.6", "48.3", "47.9", "48", "48.4", "47.7", "48.2", "47.8", "48"))
FINE_BALANCE, COARSE_BALANCE = library.balances()[1], replace(library.balances()[0], least=Mass.of_mg(50))


def test_empty_shells_weighed_one_by_one_are_tared_by_their_exact_sum() -> None:
    assert empty_shells(EMPTIES, size="3", filled=10, balance=FINE_BALANCE, policy=POLICY) == Mass.of_mg(480)


@pytest.mark.parametrize(
    ("empties", "filled", "message"),
    [
        (EMPTIES[:9], 10, "9 empty shells and 10 filled ones: weigh as many empty ones of the same lot."),
        ((*EMPTIES[:9], Mass.of_mg("4.8")), 10, "Weight 10, 4.8 mg: a size 3 shell weighs about 48 mg. Weigh it again, empty, in mg."),
        ((*EMPTIES[:9], Mass.of_mg("56")), 10, "Weight 10 lies 14.75 % above the mean of 48.8 mg, more than 10 %."),
        ((*EMPTIES[:9], Mass.of_mg("1.9")), 10, "Weight 10, 1.9 mg: the balance by 0.1 mg weighs no less than 2 mg. Weigh the empty shells together"),
    ],
)
def test_empty_shells_that_cannot_be_or_do_not_agree_are_refused_by_number(empties: tuple[Mass, ...], filled: int, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        empty_shells(empties, size="3", filled=filled, balance=FINE_BALANCE, policy=POLICY)
    assert refused.value.fields["empties"][0].startswith(message)


def test_a_balance_that_does_not_weigh_a_single_shell_asks_for_their_sum() -> None:
    with pytest.raises(Invalid, match=r"weighs no less than 50 mg\. Weigh the empty shells together"):
        empty_shells(EMPTIES, size="3", filled=10, balance=COARSE_BALANCE, policy=POLICY)


def test_the_second_pharmacist_adds_the_empty_shells_up_too() -> None:
    pack = PackStatistic("3", 10, Mass.of_mg(2250), (), Mass.of_mg(480), "SH3", None, EMPTIES)

    def said(found: PackStatistic) -> list[str]:
        document = {"lot_number": "F1", "packs": [json.loads(encode(found))]}
        return list(measured_differences(Paper(document, on_one_desk(document))))

    assert said(pack) == []
    assert any("empty shells" in sentence for sentence in said(replace(pack, empties=EMPTIES[:9])))
