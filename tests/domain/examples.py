"""Orders, formulas, instruments, lots and choices that the tests of the domain work on; formulas and instruments are those of the library."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import NAMESPACE_OID, uuid5

from compounding import second
from compounding.db.document import encode
from compounding.domain import library
from compounding.domain.formula import BeyondUseClass, Formula, Method, Stability, Storage
from compounding.domain.inventory import Lot, LotStatus, PackStatistic, StockUnit, TabletWeight
from compounding.domain.money import Money
from compounding.domain.option import AtHand
from compounding.domain.plan import Choices, Plan
from compounding.domain.planner import make_plan
from compounding.domain.policy import Policy
from compounding.domain.preparation import Container
from compounding.domain.prescription import (
    Answer,
    Form,
    Indication,
    Moment,
    OpioidAnswer,
    Order,
    Origin,
    Patient,
    Pregnancy,
    Prescriber,
    Route,
    Step,
    Supply,
    Therapy,
    Unit,
)
from compounding.domain.quantity import Mass, Volume
from compounding.domain.safety import clear
from compounding.domain.weighing import Balance, DropCount, Dropper, Syringe
from compounding.domain.worksheet import TABLETS

TODAY = date(2026, 3, 2)
FAR = date(2028, 12, 31)
POLICY = Policy()
FORMULAS = {formula.code: formula for formula in library.formulas()}
BALANCES = library.balances()

SYRINGE_1 = Syringe("s1", "1 mL syringe by 0.01 mL", Volume.of_ml(1), Volume.of_ml("0.01"))
SYRINGE_3 = Syringe("s3", "3 mL syringe by 0.1 mL", Volume.of_ml(3), Volume.of_ml("0.1"))
SYRINGE_5 = Syringe("s5", "5 mL syringe by 0.1 mL", Volume.of_ml(5), Volume.of_ml("0.1"))
SYRINGE_5_COARSE = Syringe("s5c", "5 mL syringe by 0.2 mL", Volume.of_ml(5), Volume.of_ml("0.2"))
SYRINGE_10 = Syringe("s10", "10 mL syringe by 0.2 mL", Volume.of_ml(10), Volume.of_ml("0.2"))
SYRINGE_10_HALVES = Syringe("s10h", "10 mL syringe by 0.5 mL", Volume.of_ml(10), Volume.of_ml("0.5"))

VIAL = Container("vial-120-capsules", "amber vial for 120 capsules", None, 120, Volume.of_ml(0))


FINE = Syringe("fine", "10 mL syringe by 0.01 mL", Volume.of_ml(10), Volume.of_ml("0.01"))
BARREL = Container("bottle-480-ml", "container without bounds", None, None, Volume.of_ml(0))


def long_lived(code: str, days: int = 180) -> Formula:
    """A formula of the library with a study of so many days that passed USP <51>, so that a course is not cut by its date."""
    study = Stability(Storage.REFRIGERATOR, days, antimicrobial_test=True, source="a study", stability_indicating=True)
    return replace(FORMULAS[code], stability=(study,))


def unpreserved(code: str) -> Formula:
    """A formula of the library as it would be without its preservative."""
    return replace(FORMULAS[code], beyond_use_class=BeyondUseClass.AQUEOUS_UNPRESERVED, stability=(), storages=(Storage.REFRIGERATOR,))


def bottle(size: int, unusable: str = "0") -> Container:
    return Container(f"bottle-{size}-ml", f"amber bottle of {size} mL", Volume.of_ml(size), None, Volume.of_ml(unusable))


def dropper(formula: str, drops: int = 40, volume: str = "2") -> Dropper:
    counts = (DropCount(drops, Volume.of_ml(volume)),) * 3
    return Dropper("d", f"dropper of {drops} drops in {volume} mL", formula, counts, TODAY, "Pat", TODAY + timedelta(days=180))


def lot(product: str, balance: int, unit: StockUnit, *, number: str = "A1", expires_on: date = FAR, status: LotStatus = LotStatus.AVAILABLE) -> Lot:
    return Lot(
        id=uuid5(NAMESPACE_OID, product + number),
        product=product,
        name=product.replace("-", " "),
        lot_number=number,
        expires_on=expires_on,
        status=status,
        unit=unit,
        balance=balance,
        invoice=Money.of(30),
        invoice_quantity=100,
    )


def tablets(balance: int = 100, *, number: str = "T1", expires_on: date = FAR, average: str = "250") -> Lot:
    weighed = TabletWeight(20, Mass.of_mg(Fraction(average) * 20))
    lactose = ("lactose monohydrate", "magnesium stearate")
    packs = (PackStatistic("3", 10, Mass.of_mg(2400)),)
    return replace(lot(TABLETS, balance, StockUnit.TABLET, number=number, expires_on=expires_on), tablet_weight=weighed, packs=packs, excipients=lactose)


def filler(grams: int = 500, *, number: str = "F1", expires_on: date = FAR, packs: str = "2250") -> Lot:
    held = (PackStatistic("3", 10, Mass.of_mg(packs)),)
    return replace(
        lot("microcrystalline-cellulose", grams * 10**9, StockUnit.NANOGRAM, number=number, expires_on=expires_on),
        packs=held,
        excipients=("microcrystalline cellulose",),
    )


def shelf(*instead: Lot) -> tuple[Lot, ...]:
    """A full shelf; lots given here stand instead of those of the same product."""
    bottles = [lot(f"bottle-{size}-ml", 50, StockUnit.PIECE) for size in (10, 30, 60, 120, 180, 240, 480)]
    usual = [
        tablets(),
        lot("ascorbic-acid", 10**11, StockUnit.NANOGRAM),
        lot("sodium-benzoate", 10**11, StockUnit.NANOGRAM),
        lot("glycerol", 10**9, StockUnit.NANOLITRE),
        lot("purified-water", 10**10, StockUnit.NANOLITRE),
        lot("saline", 10**10, StockUnit.NANOLITRE),
        filler(),
        lot("shell-3", 1000, StockUnit.PIECE),
        lot("vial-120-capsules", 50, StockUnit.PIECE),
        *bottles,
    ]
    given = {item.product for item in instead}
    return (*instead, *(item for item in usual if item.product not in given))


def at_hand(*devices: Syringe | Dropper) -> AtHand:
    """The library's pharmacy, with these devices or all of its own."""
    sizes = tuple(bottle(size) for size in (10, 30, 60, 120, 180, 240, 480))
    return AtHand(library.formulas(), devices or (*library.syringes(), *library.droppers(TODAY)), (*sizes, VIAL), POLICY, TODAY)


def step(dose: str, days: int, *moments: Moment) -> Step:
    return Step(Mass.of_mg(dose), Unit.MG, moments or (Moment.BEDTIME,), days)


def order(*steps: Step, form: Form = Form.ORAL_LIQUID) -> Order:
    no = Answer.NO
    return Order(
        patient=Patient("Ada Example", date(1980, 5, 17), "1 Example Street", "555-0100", "en", Pregnancy.NOT_APPLICABLE),
        prescriber=Prescriber("Dr. Bea Sample", "1234567893", "555-0101"),
        form=form,
        route=Route.ORAL,
        steps=steps,
        therapy=Therapy(naive=True),
        supply=Supply(days=sum(item.days for item in steps)),
        refills=0,
        indication=Indication("M79.7", "fibromyalgia", on_label=True),
        opioid=OpioidAnswer(no, no, no, "patient", "Dr. Bea Sample"),
        written_on=TODAY,
        origin=Origin.ELECTRONIC,
    )


TITRATION = order(step("1.5", 14), step("3", 14), step("4.5", 14))
GP = order(*(step(str(Fraction(week, 4)), 7) for week in range(1, 19)), form=Form.ORAL_DROPS)
MONTH_OF_CAPSULES = order(step("4.5", 30), form=Form.CAPSULE)


def choices(
    code: str,
    container: Container,
    device: Syringe | Dropper | None = None,
    *,
    storage: Storage = Storage.REFRIGERATOR,
    method: Method = Method.WHOLE_TABLETS,
    starts_on: date = TODAY,
    lead_days: int = 0,
    overfill: str = "0",
    overage: int = 0,
    formula: Formula | None = None,
) -> Choices:
    made = FORMULAS[code] if formula is None else formula
    return Choices(made, storage, container, method, starts_on, device, lead_days, Volume.of_ml(overfill), overage)


def capsule_choices(code: str = "C4.5", *, overage: int = 0) -> Choices:
    return choices(code, VIAL, storage=Storage.ROOM, method=Method.POWDER, overage=overage)


def plain(value: object) -> dict[str, object]:
    """The plain JSON of a frozen value, as the second pharmacist gets it."""
    content: dict[str, object] = json.loads(encode(value))
    return content


def disagreements(
    plan: Plan, of: Order, chosen: Choices, *, stock: Sequence[Lot], balances: Sequence[Balance] = BALANCES, policy: Policy = POLICY
) -> tuple[str, ...]:
    """What the second pharmacist says of `plan`."""
    return second.check(
        plan=plain(plan),
        order=plain(of),
        choices=plain(chosen),
        lots=[plain(item) for item in stock],
        balances=[plain(item) for item in balances],
        policy=plain(policy),
        today=TODAY.isoformat(),
    )


def planned(of: Order, chosen: Choices, *, stock: Sequence[Lot] | None = None, balances: Sequence[Balance] = BALANCES, policy: Policy = POLICY) -> Plan:
    """The plan of the first pharmacist, with which the second one agrees."""
    at_hand = shelf() if stock is None else stock
    plan = make_plan(clear(of, (), ()), chosen, stock=at_hand, balances=balances, today=TODAY, policy=policy)
    assert disagreements(plan, of, chosen, stock=at_hand, balances=balances, policy=policy) == ()
    return plan
