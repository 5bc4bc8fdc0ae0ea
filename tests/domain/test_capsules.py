"""Shells, machines and weights of capsules: what is chosen, what is counted, and that a second count by other algebra agrees."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.db.document import encode
from compounding.domain.capsule import VOLUMES, FillWeight, Fit, Rounds, machine_rounds, shell_fit, weight_limits
from compounding.domain.capsule_check import Accounted, CapsuleWeights, EmptyShells, Limits, Remedy, WeightStatistics, accounted, statistics
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass, Volume
from compounding.domain.weighing import half_up
from compounding.second.capsule_weights import check_weights
from tests.domain.examples import MONTH_OF_CAPSULES, POLICY, SYRINGE_5, TITRATION, bottle, capsule_choices, choices, disagreements, planned, shelf

TARE = EmptyShells("SH3-20", 12, Mass.of_mg("577.3"))  # a mean that no decimal ends
FILL = FillWeight(Mass.of_mg("22.5"), Mass.of_mg("203.9"))
LIMITS = Limits(FILL.net, *weight_limits(FILL.net, Fraction(1, 10)))
G32 = "226 231 219 224 228 222 230 227 225 234"
G33 = "226 231 260 224 198 222 230 240 225 234"


def weighed(net: str, **changes: object) -> CapsuleWeights:
    return replace(CapsuleWeights(TARE, tuple(Mass.of_mg(weight) + TARE.each for weight in net.split())), **changes)


def differences(capsules: CapsuleWeights, found: WeightStatistics) -> tuple[str, ...]:
    preparation = {
        "weight": {"powder": str(FILL.powder.mg), "filler": str(FILL.filler.mg)},
        "weight_low": str(LIMITS.low.mg),
        "weight_high": str(LIMITS.high.mg),
    }
    return check_weights(capsules=json.loads(encode(capsules)), statistics=json.loads(encode(found)), preparation=preparation)


def test_g32_g33_and_g34_from_gross_weights_and_a_tare_that_no_decimal_ends() -> None:
    passed, failed = statistics(weighed(G32, assay=Fraction(98)), LIMITS), statistics(weighed(G33), LIMITS)
    assert (passed.out, passed.mean, failed.out, failed.mean) == ((), Mass.of_mg("226.6"), (3, 5), Mass.of_mg(229))
    assert passed.deviation is not None
    assert passed.acceptance is not None
    assert half_up(passed.deviation.mg * 10**4) == 44272
    assert half_up(passed.acceptance * 10**4) == 50952
    assert failed.acceptance is None
    assert differences(weighed(G32, assay=Fraction(98)), passed) == differences(weighed(G33), failed) == ()


@pytest.mark.parametrize("count", [1, 2, 9, 11, 29, 30, 31])
def test_an_acceptance_value_takes_ten_or_thirty_capsules_and_an_assay(count: int) -> None:
    capsules = weighed(" ".join(["226.4"] * count), assay=Fraction(100))
    found = statistics(capsules, LIMITS)
    assert (found.acceptance is not None) == (count == 30)
    assert (found.deviation is None) == (count == 1)
    assert differences(capsules, found) == ()


def test_g35_ninety_eight_good_one_kept_and_one_broken_of_a_hundred() -> None:
    capsules = weighed(G32, kept=1, broken=1)
    where = accounted(capsules, statistics(capsules, LIMITS), good=98, started=100)
    assert (where.output, where.share, where.missing) == (Fraction(98, 100), 1, 0)
    taken_out = weighed(G33, remedy=Remedy.ALL_WEIGHED)
    assert accounted(taken_out, statistics(taken_out, LIMITS), good=8, started=10) == Accounted(10, 8, 2, 0, 0)
    assert accounted(weighed(G33), statistics(weighed(G33), LIMITS), good=8, started=10).missing == 2  # out, and still among the others


@given(st.lists(st.integers(1500, 3000), min_size=1, max_size=31), st.integers(10, 60), st.integers(3000, 9000), st.none() | st.integers(700, 1300))
def test_a_second_count_finds_the_same_whatever_was_weighed(tenths: list[int], shells: int, together: int, assay: int | None) -> None:
    tare = EmptyShells("A", shells, Mass.of_mg(Fraction(together, 10)))
    gross = tuple(Mass.of_mg(Fraction(tenth, 10)) + tare.each for tenth in tenths)
    capsules = CapsuleWeights(tare, gross, assay=None if assay is None else Fraction(assay, 10))
    assert differences(capsules, statistics(capsules, LIMITS)) == ()


SLIGHTLY = Fraction(1, 10**12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"out": (3,)},
        {"out": (3, 5, 6)},
        {"mean": Mass.of_mg(229 + SLIGHTLY)},
        {"deviation": Mass.of_mg(16)},
        {"relative_deviation": Fraction(7, 100)},
        {"acceptance": Fraction(16)},
        {"acceptance": None},
        {"weights": (Mass.of_mg(226),) * 10},
        {"limits": replace(LIMITS, high=Mass.of_mg(270))},
        {"limits": replace(LIMITS, net=Mass.of_mg(229))},
    ],
)
def test_statistics_that_are_wrong_are_noticed(wrong: dict[str, object]) -> None:
    capsules = weighed(G33, assay=Fraction(98))
    assert differences(capsules, replace(statistics(capsules, LIMITS), **wrong)) != ()


@pytest.mark.parametrize(
    ("made", "machine"),
    [
        (24, Rounds(24, 1, 0, 0)),
        (30, Rounds(50, 1, 20, 0)),
        (100, Rounds(100, 1, 0, 0)),
        (102, Rounds(300, 1, 198, 0)),
        (301, Rounds(300, 2, 299, 0)),
        (1, Rounds(24, 1, 23, 0)),
        (98, Rounds(100, 1, 2, 2)),
        (46, Rounds(50, 1, 4, 4)),
        (45, Rounds(50, 1, 5, 0)),  # 11 % more: no loss asks for that
    ],
)
def test_a_batch_takes_the_fewest_rounds_and_then_the_fewest_empty_holes(made: int, machine: Rounds) -> None:
    assert machine_rounds(made, Policy().capsule_machines, Policy().largest_overage) == machine


@given(st.integers(1, 2000), st.lists(st.integers(1, 400), min_size=1, max_size=5))
def test_no_machine_would_be_better(made: int, machines: list[int]) -> None:
    found = machine_rounds(made, machines, Fraction(1, 10))
    assert found.holes in machines
    assert found.rounds * found.holes == made + found.empty
    assert found.empty < found.holes
    assert all((-(-made // holes), -made % holes) >= (found.rounds, found.empty) for holes in machines)


def test_the_fit_of_a_shell_is_exact_and_names_the_least_size_that_the_powder_needs() -> None:
    assert shell_fit(Fraction(3, 32), "3") == Fit("3", Fraction(3, 32), Volume.of_ml(Fraction(9, 320)), "5")
    whole = shell_fit(Fraction(13, 30), "3")  # exactly the 0.13 mL of size 5
    above = shell_fit(Fraction(13, 30) + SLIGHTLY, "3")
    assert whole is not None
    assert above is not None
    assert (whole.smallest, above.smallest) == ("5", "4")
    assert shell_fit(Fraction(1, 2), "13 for horses") is None
    assert list(VOLUMES)[-1] == "5"


def test_the_plan_says_the_rounds_of_which_machine_and_why() -> None:
    for overage, shown, empty in ((0, "1 round of 50 holes", "20"), (2, "1 round of 50 holes", "18"), (21, "1 round of 100 holes", "49")):
        plan = planned(MONTH_OF_CAPSULES, capsule_choices(overage=overage))
        working = plan.working("fill.1.rounds")
        assert (working.text, working.exact) == (shown, 1)
        assert ("Machines", "24, 50, 100, 300 holes") in working.inputs
        assert ("Holes left empty", empty) in working.inputs
    one_machine = replace(POLICY, capsule_machines=(24,))
    assert planned(MONTH_OF_CAPSULES, capsule_choices(), policy=one_machine).working("fill.1.rounds").exact == 2
    assert all(not item.key.endswith("rounds") for item in planned(TITRATION, choices("L1", bottle(120), SYRINGE_5)).workings)


def test_the_second_pharmacist_counts_the_rounds_too() -> None:
    chosen = capsule_choices()
    plan = planned(MONTH_OF_CAPSULES, chosen)
    wrong = replace(plan, workings=tuple(replace(item, exact=Fraction(2)) if item.key == "fill.1.rounds" else item for item in plan.workings))
    assert any("fill.1.rounds" in sentence for sentence in disagreements(wrong, MONTH_OF_CAPSULES, chosen, stock=shelf()))
