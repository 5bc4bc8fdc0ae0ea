"""Capsules weighed one by one: limits, what is accounted for, and what is refused before a batch of capsules goes on."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.capsule_check import (
    Accounted,
    CapsuleWeights,
    EmptyShells,
    Limits,
    Remedy,
    WeightStatistics,
    check_assay,
    check_lot,
    check_weights,
    limits_of,
    of_net,
    statistics,
)
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import Part
from compounding.domain.preparation import Preparation
from compounding.domain.quantity import Mass
from tests.domain.examples import MONTH_OF_CAPSULES, POLICY, SYRINGE_5, TITRATION, bottle, capsule_choices, choices, planned

TARE = EmptyShells("A1", 10, Mass.of_mg(480))
LIMITS = Limits(Mass.of_mg(200), Mass.of_mg(180), Mass.of_mg(220))


def weighed(*net: str | int, **changes: object) -> CapsuleWeights:
    return replace(CapsuleWeights(TARE, tuple(Mass.of_mg(weight) + TARE.each for weight in net)), **changes)


def told(capsules: CapsuleWeights) -> WeightStatistics:
    return statistics(capsules, LIMITS)


def check(capsules: CapsuleWeights, where: Accounted, *, deviations: str = "", again: bool = False) -> None:
    check_weights(capsules, told(capsules), where, deviations=deviations, again=again)


def preparation(*, liquid: bool = False) -> Preparation:
    plan = planned(TITRATION, choices("L1", bottle(120), SYRINGE_5)) if liquid else planned(MONTH_OF_CAPSULES, capsule_choices())
    found = plan.fills[0].preparation
    assert found is not None
    return found


def refused(field: str, capsules: CapsuleWeights, where: Accounted, **how: object) -> str:
    with pytest.raises(Invalid) as refusal:
        check(capsules, where, **how)  # type: ignore[arg-type]
    assert field in refusal.value.fields
    return refusal.value.sentence


GOOD = weighed(*[200] * 10)
OUT = weighed(*[200] * 9, 221)
ALL = Accounted(started=30, good=30, rejected=0, kept=0, broken=0)


def test_limits_in_nanograms_are_rounded_inwards() -> None:
    assert Limits(LIMITS.net, Mass(Fraction(541, 3)), Mass(Fraction(661, 3))).nanograms == (180_333_334, 220_333_333)


def test_the_limits_are_those_of_the_preparation_and_a_liquid_has_none() -> None:
    made = preparation()
    assert made.weight is not None
    assert limits_of(made) == Limits(made.weight.net, made.weight.net * Fraction(9, 10), made.weight.net * Fraction(11, 10))
    assert limits_of(preparation(liquid=True)) is None
    for without in ("weight", "weight_low", "weight_high"):
        assert limits_of(replace(made, **{without: None})) is None


def test_the_bounds_belong_to_the_limits_and_shares_and_errors_are_of_theory() -> None:
    found = of_net(tuple(Mass.of_mg(weight) for weight in ("180", "220", "179.9", "220.1", "230")), LIMITS)
    assert found.out == (3, 4, 5)
    assert found.shares[:2] == (Fraction(9, 10), Fraction(11, 10))
    assert found.mean_error == Fraction(206 - 200, 200)


def test_where_the_capsules_are_adds_up() -> None:
    where = Accounted(started=100, good=90, rejected=2, kept=3, broken=1)
    assert (where.missing, where.share, where.output) == (4, Fraction(96, 100), Fraction(9, 10))


def test_the_tare_is_of_the_shells_that_were_filled() -> None:
    made = preparation()
    (shells,) = (line.lot_number for line in made.lines if line.part is Part.SHELL)
    check_lot(weighed(200, tare=replace(TARE, lot_number=shells)), made)
    others = {line.lot_number for line in made.lines} - {shells}
    for other in ("B2", *others):
        with pytest.raises(Invalid, match=f"shells of lot {shells}") as refusal:
            check_lot(weighed(200, tare=replace(TARE, lot_number=other)), made)
        assert list(refusal.value.fields) == ["capsules.shell_lot"]


@pytest.mark.parametrize(
    ("field", "capsules"),
    [
        ("capsules.shells", weighed(200, tare=replace(TARE, shells=9))),
        ("capsules.together", CapsuleWeights(replace(TARE, together=Mass.of_mg(0)), (Mass.of_mg(1),))),
        ("capsules.gross", CapsuleWeights(TARE, ())),
        ("capsules.gross", weighed(200, 0)),
    ],
)
def test_what_cannot_have_been_weighed_names_its_field(field: str, capsules: CapsuleWeights) -> None:
    with pytest.raises(Invalid) as refusal:
        told(capsules)
    assert list(refusal.value.fields) == [field]


def test_the_capsule_that_weighs_no_more_than_its_shell_is_named() -> None:
    with pytest.raises(Invalid, match=r"^Capsule 3 "):
        told(weighed(200, 200, 0))
    assert told(weighed("0.1")).weights == (Mass.of_mg("0.1"),)


def test_ten_good_weights_pass_and_fewer_or_more_than_were_made_do_not() -> None:
    check(GOOD, ALL)
    check(weighed(*[200] * 11), ALL)
    check(weighed(*[200] * 7), replace(ALL, started=7, good=7))
    check(weighed(*[200] * 11), replace(ALL, started=11, good=11))
    check(weighed(*[200] * 11), replace(ALL, started=11, good=9, rejected=2))
    for few, where in ((9, ALL), (6, replace(ALL, started=7, good=7))):
        with pytest.raises(Unsafe, match=f"{few} weights were given"):
            check(weighed(*[200] * few), where)
    assert "more than 11 were made" in refused("made", weighed(*[200] * 12), replace(ALL, started=11, good=11))


def test_a_capsule_out_of_limits_asks_for_a_remedy_and_all_weighed_for_all_weights() -> None:
    assert "Outside: capsule 10" in refused("capsules.gross", OUT, ALL)
    assert "Outside: capsule 10" in refused("capsules.remedy", OUT, ALL)
    every = weighed(*[200] * 29, 221, remedy=Remedy.ALL_WEIGHED)
    where = Accounted(started=30, good=29, rejected=1, kept=0, broken=0)
    check(every, where)
    assert "30 weights" not in refused("capsules.gross", weighed(*[200] * 28, 221, remedy=Remedy.ALL_WEIGHED), where)
    check(weighed(*[200] * 30), ALL, again=True)
    assert "Weigh every capsule" in refused("capsules.gross", GOOD, ALL, again=True)


def test_a_batch_is_set_aside_with_a_reason_and_few_weights() -> None:
    aside = weighed(200, 221, remedy=Remedy.SET_ASIDE)
    assert "why the batch is set aside" in refused("deviations", aside, ALL)
    check(aside, ALL, deviations="the tamper was loose")


def test_capsules_that_nobody_accounts_for_are_told_of_and_there_are_never_more_than_shells() -> None:
    missing = replace(ALL, good=29)
    assert "1 of 30" in refused("deviations", GOOD, missing)
    assert "1 of 30" in refused("made", GOOD, missing)
    check(GOOD, missing, deviations="one fell on the floor")
    assert "there cannot be 31" in refused("made", GOOD, replace(ALL, good=31), deviations="counted twice")
    assert "30 shells" in refused("made", weighed(200, 221, remedy=Remedy.SET_ASIDE), replace(ALL, good=31), deviations="x")


def test_an_assay_may_be_a_tenth_off_and_its_acceptance_value_fifteen() -> None:
    for percent in (90, 100, 110):
        check_assay(weighed(200, assay=Fraction(percent)), told(weighed(200, assay=Fraction(percent))), POLICY)
    for percent in ("89.9", "110.1"):
        capsules = weighed(200, assay=Fraction(percent))
        with pytest.raises(Invalid, match="mean content") as refusal:
            check_assay(capsules, told(capsules), POLICY)
        assert list(refusal.value.fields) == ["capsules.assay"]
        check_assay(replace(capsules, remedy=Remedy.SET_ASIDE), told(capsules), POLICY)
    check_assay(GOOD, replace(told(GOOD), acceptance=Fraction(16)), POLICY)  # no assay: nothing to judge
    known = replace(GOOD, assay=Fraction(100))
    check_assay(known, replace(told(known), acceptance=Fraction(15)), POLICY)
    check_assay(known, replace(told(known), acceptance=None), POLICY)
    with pytest.raises(Invalid, match="acceptance value is above 15"):
        check_assay(known, replace(told(known), acceptance=Fraction(151, 10)), POLICY)
