"""Drops that an order counts: 18 drops of the GP's are 4.5 mg by a dropper of 20 in a mL, and another dose by any other (golden number G43)."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.errors import Unsafe
from compounding.domain.plan import Plan
from compounding.domain.prescription import Form, Order, QuantityUnit, Supply
from compounding.domain.quantity import Concentration, Mass
from compounding.domain.weighing import percent
from tests.domain.examples import GP, SYRINGE_1, bottle, choices, disagreements, dropper, order, planned, shelf, step


def counted(of: Order, drops: int) -> Order:
    return replace(of, supply=Supply(quantity=Fraction(drops), quantity_unit=QuantityUnit.DROP))


EIGHTEEN_A_DAY = counted(order(step("4.5", 7), form=Form.ORAL_DROPS), 18 * 7)


def by(drops: int, volume: str, of: Order = EIGHTEEN_A_DAY) -> Plan:
    return planned(of, choices("L5", bottle(10), dropper("L5", drops, volume)))


@pytest.mark.parametrize(("drops", "volume", "held", "error"), [(40, "2.5", "5.625", "+25 %"), (37, "2", "180/37", "+8.11 %"), (40, "2", "4.5", "0 %")])
def test_golden_43_what_eighteen_drops_hold_by_each_dropper(drops: int, volume: str, held: str, error: str) -> None:
    found = dropper("L5", drops, volume).volume_of(18) * Concentration.of(5)
    assert found == Mass.of_mg(Fraction(held))
    assert percent(found / Mass.of_mg("4.5") - 1) == error


def test_golden_43_drops_that_hold_a_quarter_more_are_refused() -> None:
    with pytest.raises(Unsafe, match=r"counts 126 drops; by dropper of 40 drops in 2.5 mL they hold \+25 % against the 31.5 mg") as refusal:
        by(40, "2.5")
    assert refusal.value.code == "drops-ordered"


def test_golden_43_drops_that_hold_a_twelfth_more_need_a_reason() -> None:
    (said,) = [notice for notice in by(37, "2").notices if notice.code == "drops_ordered"]
    assert said.warning
    assert "they hold +8.11 % against the 31.5 mg" in said.sentence


def test_drops_that_hold_a_little_else_are_told_and_the_right_ones_are_not() -> None:
    (said,) = [notice for notice in by(39, "2").notices if notice.code == "drops_ordered"]
    assert (said.warning, "+2.56 %" in said.sentence) == (False, True)
    for plan in (by(40, "2"), by(40, "2", counted(GP, 1197))):
        assert not [notice for notice in plan.notices if notice.code == "drops_ordered"]


def test_a_syringe_asks_nothing_of_the_drops() -> None:
    assert planned(EIGHTEEN_A_DAY, choices("L5", bottle(10), SYRINGE_1)).steps[0].reading is not None


def test_the_second_pharmacist_sees_what_the_ordered_drops_hold() -> None:
    chosen = choices("L5", bottle(10), dropper("L5", 37, "2"))
    plan = planned(EIGHTEEN_A_DAY, chosen)
    silent = replace(plan, notices=tuple(notice for notice in plan.notices if notice.code != "drops_ordered"))
    assert [said for said in disagreements(silent, EIGHTEEN_A_DAY, chosen, stock=shelf()) if "does not warn" in said]

    sixteen = choices("L5", bottle(10), dropper("L5", 40, "2.5"))
    in_mg = replace(EIGHTEEN_A_DAY, supply=Supply(days=7))
    said = disagreements(planned(in_mg, sixteen), EIGHTEEN_A_DAY, sixteen, stock=shelf())
    assert [sentence for sentence in said if "further off than the policy lets pass" in sentence]
