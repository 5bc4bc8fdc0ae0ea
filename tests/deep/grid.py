"""The grid of the deep proof: every combination of what a pharmacist may choose, with every course on a ladder of doses.

A `Setting` is one of everything but the course; the courses are tried under each. Nothing is drawn by chance, so that a slice of the
grid is the same plans on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from itertools import product

from compounding.domain.formula import FROM_TABLETS, Formula, Method, Storage
from compounding.domain.inventory import Lot
from compounding.domain.plan import Choices
from compounding.domain.policy import Policy
from compounding.domain.preparation import Container
from compounding.domain.prescription import Form, Moment, Order
from compounding.domain.quantity import Volume, decimal_text
from compounding.domain.weighing import Dropper, Syringe
from tests.domain import examples as have
from tests.domain.stock_solutions import from_stock, stock_lot

SYRINGES = (have.SYRINGE_1, have.SYRINGE_3, have.SYRINGE_5, have.SYRINGE_5_COARSE, have.SYRINGE_10, have.SYRINGE_10_HALVES)
# Each bottle with what a patient cannot get out of it, and what is put in beyond the need.
BOTTLES = ((replace(have.bottle(120, "0.5"), volume=Volume.of_ml(60)), "0"), (have.bottle(120), "0.3"), (have.bottle(480, "1"), "0.5"))
VIALS = (have.VIAL, Container("vial-120-capsules", "vial for 30 capsules", None, 30, Volume.of_ml(0)))
POLICIES = (have.POLICY, replace(have.POLICY, made_is_day_one=False))
SOON = have.TODAY + timedelta(days=20)  # lots of this expiry cut the first container of a longer course
# Two lots of tablets that weigh differently: from the eighth tablet on, a batch is weighed from both.
TABLETS = (have.tablets(7, number="T0", average="247.3", expires_on=have.TODAY + timedelta(days=400)), have.tablets(number="T1"))
FULL = have.shelf(*TABLETS)
SHORT = tuple(replace(lot, expires_on=SOON) if lot.product in {"glycerol", "saline", "microcrystalline-cellulose"} else lot for lot in FULL)
# Days between making and opening, with the shelf where the first container is made today; None for a course that is only sketched.
OCCASIONS: tuple[tuple[int, tuple[Lot, ...] | None], ...] = ((0, FULL), (1, None), (2, SHORT), (3, None))
# A liquid that is drawn from one lot, or from two of other strengths of which the first is soon used up; or only sketched.
WEAK = from_stock("L0.5", "L2")
ONE_LOT = (*FULL, stock_lot(100))
TWO_LOTS = (*FULL, stock_lot("1.237", number="S1", strength="4", expires_on=SOON), stock_lot(100, number="S2"))
DRAWN_FROM: tuple[tuple[int, tuple[Lot, ...] | None], ...] = ((0, ONE_LOT), (2, TWO_LOTS), (1, None))
BY_DAY = ((Moment.BEDTIME,), (Moment.MORNING, Moment.BEDTIME))
LADDER = tuple(decimal_text(Fraction(twentieths, 20)) for twentieths in range(1, 201))  # 0.05 to 10 mg by 0.05
HALVES = tuple(decimal_text(Fraction(halves, 2)) for halves in range(1, 11))  # 0.5 to 5 mg by 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything but the course: the choices, the policy, and the lots on the shelf, None for a sketch."""

    choices: Choices
    policy: Policy
    stock: tuple[Lot, ...] | None


def settings() -> list[Setting]:
    """Formula (its strength) x device x storage x method x container with its overfill or overage x lead days and shelf x the Day 1 rule."""
    made = (choices for formula in have.FORMULAS.values() for choices in (_capsules(formula) if formula.capsules else _liquids(formula)))
    return [
        Setting(replace(choices, starts_on=have.TODAY + timedelta(days=lead), lead_days=lead), policy, stock)
        for choices, (lead, stock), policy in product(made, OCCASIONS, POLICIES)
    ]


def drawn() -> list[Setting]:
    """What is drawn from a stock solution, beside the grid of tablets: device x bottle x lots and lead days x the Day 1 rule."""
    made = (
        Choices(WEAK, Storage.REFRIGERATOR, bottle, Method.STOCK, have.TODAY, device, overfill=Volume.of_ml(overfill))
        for device, (bottle, overfill) in product(SYRINGES, BOTTLES)
    )
    return [
        Setting(replace(choices, starts_on=have.TODAY + timedelta(days=lead), lead_days=lead), policy, stock)
        for choices, (lead, stock), policy in product(made, DRAWN_FROM, POLICIES)
    ]


def _liquids(formula: Formula) -> Iterator[Choices]:
    devices: tuple[Syringe | Dropper, ...] = (*SYRINGES, have.dropper(formula.code), have.dropper(formula.code, 47, "2.5"))
    for device, storage, method, (bottle, overfill) in product(devices, Storage, FROM_TABLETS, BOTTLES):
        yield Choices(formula, storage, bottle, method, have.TODAY, device, overfill=Volume.of_ml(overfill))


def _capsules(formula: Formula) -> Iterator[Choices]:
    for storage, vial, overage in product(Storage, VIALS, (0, 3)):
        yield Choices(formula, storage, vial, Method.POWDER, have.TODAY, overage=overage)


def courses(form: Form) -> list[Order]:
    """One step of every dose once and twice a day, every rise and fall of two steps, and the titrations of the pharmacy's facts."""
    single = [have.order(have.step(dose, days, *moments), form=form) for dose, days, moments in product(LADDER, (14, 30), BY_DAY)]
    pairs = [have.order(have.step(first, 14), have.step(then, 14), form=form) for first, then in product(HALVES, HALVES) if first != then]
    climbs = [have.order(*(have.step(dose, days) for dose in doses), form=form) for doses, days in product(_CLIMBS, (7, 14))]
    return [*single, *pairs, *climbs]


_CLIMBS = (("1.5", "3", "4.5"), ("1", "2", "3", "4", "4.5"), ("0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5"), ("4.5", "3", "1.5"))
