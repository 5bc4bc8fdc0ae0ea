"""What the chooser's tests choose for and among."""

from collections.abc import Sequence
from dataclasses import replace

from compounding.domain.chooser import options
from compounding.domain.formula import Formula
from compounding.domain.option import AtHand, Option
from compounding.domain.prescription import Form, Order
from compounding.domain.weighing import Dropper, Syringe
from tests.domain.examples import GP, SYRINGE_1, SYRINGE_3, SYRINGE_5, SYRINGE_5_COARSE, SYRINGE_10, SYRINGE_10_HALVES, at_hand, order, step

ALL = (SYRINGE_1, SYRINGE_3, SYRINGE_5, SYRINGE_5_COARSE, SYRINGE_10, SYRINGE_10_HALVES)
HALVES = order(*(step(dose, 14) for dose in ("0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5")))
QUARTERS = replace(GP, form=Form.ORAL_LIQUID)
MAINTENANCE = order(step("4.5", 30))


def ways(of: Order, *devices: Syringe | Dropper, formulas: Sequence[Formula] = (), **changes: object) -> tuple[Option, ...]:
    house: AtHand = replace(at_hand(*devices), **changes)
    return options(of.regimen, replace(house, formulas=formulas or house.formulas))
