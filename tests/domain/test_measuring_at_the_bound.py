"""What is measured and stands exactly on a bound; the weight that a refusal names is the one that is wrong."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.errors import Invalid
from compounding.domain.inventory import Assay, Weighing
from compounding.domain.measurement import calibrated, empty_shells, pack_statistic, spread_of, tablet_weight
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass, Volume
from compounding.domain.weighing import Balance, DropCount
from tests.domain.examples import TODAY

POLICY = Policy()
ON = Weighing("balance by 0.1 mg", TODAY, "Pat")
FINE = Balance("b", "the balance", Mass.of_mg("0.1"), Mass.of_mg(2))


def mg(*weights: str | int) -> tuple[Mass, ...]:
    return tuple(Mass.of_mg(weight) for weight in weights)


def tablets(*weights: str | int, assay: str = "") -> Mass:
    return tablet_weight(mg(*weights), on=ON, assay=Assay(Fraction(assay), "certificate 1") if assay else None, policy=POLICY).average


def packed(*gross: str | int, tare: str | int = 480) -> Fraction:
    found = pack_statistic("3", mg(*gross), Mass.of_mg(tare), shell_lot="S1", on=ON, policy=POLICY)
    return found.each.mg


def counts(*drops: int, volume: str = "1") -> tuple[DropCount, ...]:
    return tuple(DropCount(count, Volume.of_ml(volume)) for count in drops)


def drops_of(*drops: int) -> int:
    return len(calibrated("d", "dropper", "L5", counts(*drops), on=TODAY, by="Pat", policy=POLICY).counts)


@pytest.mark.parametrize("percent", ["90", "95", "110"])
def test_an_assay_may_be_as_far_off_as_the_monograph_says(percent: str) -> None:
    assert tablets(*[250] * 10, assay=percent) == Mass.of_mg(250)


def test_a_tablet_may_lie_a_tenth_from_the_mean_and_ten_may_spread_by_five_percent() -> None:
    assert tablets(*["222.5"] * 9, "247.5") == Mass.of_mg(225)
    assert tablets("268.75", "231.25", "268.75", "231.25", *[250] * 6) == Mass.of_mg(250)  # squares 4 x 351.5625, over 9: 12.5 squared
    with pytest.raises(Invalid, match="Weight 10"):
        tablets(*["222.5"] * 9, "247.51")
    with pytest.raises(Invalid, match="RSD"):
        tablets("268.76", "231.24", "268.75", "231.25", *[250] * 6)


def test_drops_may_spread_by_five_percent_and_be_ten_to_sixty_in_a_millilitre() -> None:
    assert drops_of(19, 20, 21) == drops_of(10, 10, 10) == drops_of(60, 60, 60) == 3
    for wrong in ((190, 200, 211), (9, 9, 9), (61, 61, 61)):
        with pytest.raises(Invalid):
            drops_of(*wrong)
    assert spread_of(counts(40, volume="2")).values == (20,)


def test_an_empty_shell_may_differ_by_a_third_and_weigh_the_least_that_the_balance_weighs() -> None:
    for each in (32, 64):
        assert empty_shells(mg(*[each] * 10), size="3", filled=10, balance=replace(FINE, least=Mass.of_mg(each)), policy=POLICY) == Mass.of_mg(each * 10)
        assert packed(*[each + 240] * 10, tare=each * 10) == 240
    for each in ("31.9", "64.1"):
        with pytest.raises(Invalid, match="Weight 1, "):
            empty_shells(mg(*[each] * 10), size="3", filled=10, balance=FINE, policy=POLICY)
    with pytest.raises(Invalid, match="empty shells"):
        packed(*[304] * 10, tare=641)


@pytest.mark.parametrize(("net", "fits"), [("30", False), ("30.1", True), ("449.9", True), ("450", False)])
def test_powder_packs_more_than_a_tenth_and_less_than_one_and_a_half_grams_in_a_millilitre(net: str, *, fits: bool) -> None:
    gross = [str(Fraction(net) + 48)] * 10
    if fits:
        assert packed(*gross) == Fraction(net)
    else:
        with pytest.raises(Invalid, match="cannot be"):
            packed(*gross)


def test_the_weight_that_cannot_be_is_named_by_its_number() -> None:
    with pytest.raises(Invalid, match=r"^Weight 3, 25 mg"):
        tablets(250, 250, 25, *[250] * 7)
    with pytest.raises(Invalid, match=r"^Weight 3, 28 mg"):
        packed(288, 288, 28, *[288] * 7)
