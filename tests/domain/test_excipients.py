"""What a dose carries beside naltrexone, and what may not be claimed of it."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.errors import Unsafe
from compounding.domain.excipients import Carried, InDose, as_source, base_of, carried, false_claims, in_dose, share
from compounding.domain.inventory import Lot
from compounding.domain.preparation import Preparation
from compounding.domain.quantity import Mass, Volume
from tests.domain.examples import FORMULAS, MONTH_OF_CAPSULES, SYRINGE_5, bottle, capsule_choices, choices, order, planned, shelf, step, tablets


def capsules(*stock: Lot) -> Preparation:
    made = planned(MONTH_OF_CAPSULES, capsule_choices(), stock=shelf(*stock)).fills[0].preparation
    assert made is not None
    return made


def liquid() -> Preparation:
    made = planned(order(step("5", 30)), choices("L1", bottle(180), SYRINGE_5)).fills[0].preparation
    assert made is not None
    return made


def test_each_excipient_is_named_with_the_lots_that_bring_it_and_no_other_lot_of_the_shelf() -> None:
    stock = (tablets(2, number="A"), replace(tablets(1, number="B"), excipients=("lactose anhydrous", "magnesium stearate")), tablets(0, number="C"))
    found = {item.name: item.lots for item in carried(capsules(*stock), shelf(*stock))}
    assert found == {
        "lactose monohydrate": ("naltrexone tablet 50 mg, lot A",),
        "lactose anhydrous": ("naltrexone tablet 50 mg, lot B",),
        "magnesium stearate": ("naltrexone tablet 50 mg, lot A", "naltrexone tablet 50 mg, lot B"),
        "microcrystalline cellulose": ("microcrystalline cellulose, lot F1",),
    }


def test_a_lot_with_lactose_makes_lactose_free_untrue() -> None:
    (said,) = false_claims(carried(capsules(), shelf()))
    assert said == "Do not call it lactose-free: it holds lactose monohydrate (naltrexone tablet 50 mg, lot T1)."


def test_a_claim_that_is_true_is_not_refused() -> None:
    plain = replace(tablets(), excipients=("polysorbate 80", "magnesium stearate"))
    assert false_claims(carried(capsules(plain), shelf(plain))) == ()


def test_dyes_gelatin_and_preservatives_are_seen_too() -> None:
    held = [Carried(name, ("a lot",)) for name in ("Gelatin", "iron oxides", "methylparaben", "sodium benzoate")]
    assert [sentence.split(":")[0] for sentence in false_claims(held)] == [
        "Do not call it gelatin-free",
        "Do not call it dye-free",
        "Do not call it preservative-free",
    ]


def test_a_dose_of_a_liquid_holds_its_share_of_what_the_formula_adds() -> None:
    # 150 mL of 1 mg/mL with 0.5 % ascorbic acid, 0.1 % sodium benzoate and 20 mL glycerol in 100 mL: 4.5 mL hold
    assert in_dose(liquid(), shelf(), Mass.of_mg("4.5")) == (
        InDose("ascorbic acid", Mass.of_mg("22.5")),
        InDose("sodium benzoate", Mass.of_mg("4.5")),
        InDose("glycerol", Volume.of_ml("0.9")),
    )


def test_a_capsule_holds_its_filler() -> None:
    assert in_dose(capsules(), shelf(), Mass.of_mg("4.5")) == (InDose("microcrystalline cellulose", Mass.of_mg("203.90625")),)


@given(st.integers(1, 100), st.integers(1, 100), st.integers(1, 300))
def test_what_two_doses_carry_is_what_their_sum_carries(first: int, second: int, held: int) -> None:
    def of(tenths: int) -> Mass:
        return share(Mass.of_mg(Fraction(tenths, 10)), held=Mass.of_mg(held), active=Mass.of_mg(50))

    assert of(first) + of(second) == of(first + second)


def test_fifty_milligrams_of_the_hydrochloride_are_45_175_of_base() -> None:
    assert abs(base_of(Mass.of_mg(50)).mg - Fraction("45.175")) < Fraction(1, 1000)


def test_capsules_are_no_stock_solution() -> None:
    with pytest.raises(Unsafe, match="is no liquid"):
        as_source(FORMULAS["C4.5"], capsules(), shelf())
