"""What the planning page offers: the patient's own strength first, costs from what was paid last, and both methods beside each other."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from compounding.db.inventory import LotRow
from compounding.db.session import reading
from compounding.db.values import prices
from compounding.domain.authority import LookName
from compounding.domain.cost import CostKind
from compounding.domain.formula import Method
from compounding.domain.inventory import LotStatus
from compounding.domain.money import Money
from compounding.domain.prescription import Form
from compounding.domain.quantity import Mass
from compounding.domain.worksheet import TABLETS
from compounding.workflow import plans
from compounding.workflow.inventory import Receipt
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_L1, order, titration

pytestmark = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def test_a_new_patient_is_offered_doses_on_the_marks_and_one_with_a_bottle_at_home_the_strength_of_it(bench: Bench) -> None:
    month = order(("2.25", 30), form=Form.ORAL_LIQUID)
    new = bench.choosable(bench.accepted(month)).options
    assert (new[0].formula.code, new[0].changes) == ("L1-1.5", "")

    opening, _ = bench.planned(titration(), IN_L1)
    bench.handed_over(opening)
    kept = bench.choosable(bench.receive(month).id)
    assert (kept.options[0].formula.code, kept.options[0].changes) == ("L1", "")
    assert kept.usual is not None
    assert (kept.usual.formula, kept.usual.device, kept.usual.container) == ("L1", "syringe-3-by-0.1", "bottle-120-ml")  # 69 mL
    assert {option.changes for option in kept.options if option.formula.code == "L2"} == {
        "it would change the patient's strength from 1 mg/mL to 5 mg/mL (rule R22)",
    }


def test_a_month_of_4_mg_and_a_half_goes_into_one_bottle_of_180_ml_while_there_is_one(bench: Bench) -> None:
    """G15: 135 mL at 1 mg/mL, of which 120 mL would hold 26 days."""
    month = bench.accepted(order(("4.5", 30), form=Form.ORAL_LIQUID))
    usual = bench.choosable(month).usual
    assert usual is not None
    assert (usual.formula, usual.container) == ("L1", "bottle-180-ml")
    for number in ("B180", "B240", "B480"):
        bench.withdraw(number)
    without = bench.choosable(month)
    assert without.usual is not None
    assert (without.usual.formula, without.usual.container) == ("L1-1.5", "bottle-120-ml")
    assert next(option.outcome.containers for option in without.options if option.formula.code == "L1" and option.outcome) == 2


def test_costs_follow_what_was_paid_for_the_newest_lot_that_is_available(bench: Bench) -> None:
    def paid() -> Money:
        with reading(bench.pharmacy.engine) as session:
            return prices(session).by_product[TABLETS].of(1)

    assert paid() == Money.of("0.70")  # SUN2201; ACC7710 came on the same day, and costs 0.80
    bench.clock.pass_days(1)
    dear = Receipt("tablet-accord-30", "DEAR1", bench.today + timedelta(days=500), 30, Money.of(45))
    bench.take_in(dear, release=False)
    assert paid() == Money.of("0.70")
    with reading(bench.pharmacy.engine) as session:
        lot = session.scalars(select(LotRow).where(LotRow.lot_number == "DEAR1")).one()
    assert lot.status == LotStatus.QUARANTINED
    bench.release_lot(lot.id)
    assert paid() == Money.of("1.50")


def test_the_parts_of_each_estimate_are_those_of_a_hand_over(bench: Bench) -> None:
    found = bench.choosable(bench.accepted(titration())).options[0].outcome
    assert found is not None
    assert found.quote is not None
    assert found.quote.missing == ()
    amounts = {part.kind: part.amount for part in found.quote.parts}
    assert amounts[CostKind.TABLETS] + amounts[CostKind.WASTE] == Money.of("2.10")
    assert amounts[CostKind.LABOUR] == Money.of(24)


def test_a_draft_shows_what_whole_tablets_and_weighed_powder_would_each_take(bench: Bench) -> None:
    order_id = bench.accepted(titration())
    draft = bench.pharmacy.look(LookName.PRESCRIPTIONS, bench.linh, lambda look: plans.draft(look, order_id, IN_L1))
    methods = {way.method: way for way in draft.methods}
    whole, powder = methods[Method.WHOLE_TABLETS], methods[Method.POWDER]
    assert (whole.usual, powder.usual) == (True, False)
    assert (whole.tablets, whole.surplus, whole.made.ml) == (3, Mass.of_mg(24), 150)
    assert (powder.tablets, powder.surplus, powder.made.ml) == (3, Mass.of_mg(24), 127)
    assert whole.wasted == Money.of("0.70") * 3 - Money.of("0.588") * 3
