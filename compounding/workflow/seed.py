"""The demonstration pharmacy: formulas, instruments, stock and accounts, made through the same acts that staff use.

Everything is a demonstration value; the passwords are generated, and given back once to whoever keeps them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from secrets import choice, randbelow
from uuid import UUID

from sqlalchemy import select

from compounding.db.document import encode, sha256
from compounding.db.formulas import FormulaRow, PolicyRow
from compounding.db.inventory import CalibrationRow, DeviceRow, LotRow, MovementRow, ProductRow
from compounding.db.people import PersonRow
from compounding.db.readiness import balances_in_care
from compounding.db.upkeep import PlaceRow, TrainingRow
from compounding.domain import library
from compounding.domain.authority import ActName
from compounding.domain.competency import COMPOUNDING, Topic
from compounding.domain.formula import Storage
from compounding.domain.inventory import LotStatus, Product, Weighing
from compounding.domain.measurement import pack_statistic, tablet_weight
from compounding.domain.money import Money
from compounding.domain.people import BENCH, Role, system_actor
from compounding.domain.policy import Policy
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass
from compounding.domain.upkeep import Calibration
from compounding.domain.weighing import Balance, Dropper, Syringe
from compounding.workflow import climate, routines, upkeep
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.inventory import keep_pack_statistic, keep_tablet_weight
from compounding.workflow.languages import languages
from compounding.workflow.people import add_person

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # without those that are read as another
_SHELL = Mass.of_mg(48)  # one empty shell of size 3
_GRAM, _LITRE = 1000 * NANOGRAMS, 1000 * NANOLITRES


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account; the secrets are known only here and to whoever reads them now."""

    username: str
    name: str
    role: Role
    password: str
    pin: str


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A demonstration lot: how much, what it cost, and how many days it is good for."""

    product: str
    lot_number: str
    quantity: int
    price: str
    days: int
    tablet_mg: int = 0
    pack_mg: int = 0


_DELIVERIES = (
    _Delivery("tablet-sun-100", "SUN2201", 100, "70.00", 400, tablet_mg=250, pack_mg=240),
    _Delivery("tablet-accord-30", "ACC7710", 90, "72.00", 700, tablet_mg=250, pack_mg=240),
    _Delivery("ascorbic-acid", "AA-118", 500 * _GRAM, "24.00", 600),
    _Delivery("sodium-benzoate", "SB-031", 500 * _GRAM, "18.00", 600),
    _Delivery("glycerol", "GL-552", 4 * _LITRE, "52.00", 500),
    _Delivery("purified-water", "PW-904", 20 * _LITRE, "30.00", 200),
    _Delivery("saline", "NS-417", 5 * _LITRE, "20.00", 300),
    _Delivery("microcrystalline-cellulose", "MCC-101", 1000 * _GRAM, "40.00", 600, pack_mg=225),
    _Delivery("shell-3", "SH3-20", 5000, "200.00", 900),
    _Delivery("bottle-10-ml", "B10", 300, "105.00", 1500),
    _Delivery("bottle-30-ml", "B30", 200, "72.00", 1500),
    _Delivery("bottle-60-ml", "B60", 200, "78.00", 1500),
    _Delivery("bottle-120-ml", "B120", 200, "90.00", 1500),
    _Delivery("bottle-180-ml", "B180", 100, "52.00", 1500),
    _Delivery("bottle-240-ml", "B240", 100, "60.00", 1500),
    _Delivery("bottle-480-ml", "B480", 50, "45.00", 1500),
    _Delivery("vial-120-capsules", "V120", 200, "70.00", 1500),
)
_STAFF = (
    ("maria", "Maria Garcia", "MG", Role.IN_CHARGE),
    ("james", "James Okafor", "JO", Role.PHARMACIST),
    ("linh", "Linh Tran", "LT", Role.TECHNICIAN),
    ("ada", "Ada Lindqvist", "AL", Role.ADMINISTRATOR),
    ("omar", "Omar Haddad", "OH", Role.AUDITOR),
)


def demonstration(pharmacy: Pharmacy) -> tuple[Account, ...]:
    """Fill an empty pharmacy and give its accounts; a pharmacy that has a policy already is left alone, and gives none."""
    return pharmacy.perform(ActName.PHARMACY_SEED, system_actor("seed"), _fill)


def morning(pharmacy: Pharmacy) -> None:
    """Check the balances of the demonstration for today where nobody did, so that it can be used on any day; a real pharmacy does this by hand."""
    pharmacy.perform(ActName.PHARMACY_SEED, system_actor("demonstration"), _ready)


def _fill(act: Act) -> tuple[Account, ...]:
    if act.session.scalars(select(PolicyRow.id).limit(1)).first():
        return ()
    _decisions(act)
    _instruments(act)
    _check_balances(act)
    _places(act)
    _stock(act)
    accounts = tuple(_account(act, *person) for person in _STAFF)
    _train(act)
    return accounts


def _decisions(act: Act) -> None:
    text = encode(library.policy(languages().values(), act.today))
    act.session.add(PolicyRow(version=1, document=text, sha256=sha256(text), approved_at=act.at))
    for formula in library.formulas():
        text = encode(formula)
        act.session.add(
            FormulaRow(code=formula.code, version=formula.version, name=formula.name, status="approved", document=text, sha256=sha256(text), approved_at=act.at)
        )


def _instruments(act: Act) -> None:
    instruments: tuple[Syringe | Dropper | Balance, ...] = (*library.syringes(), *library.droppers(act.today), *library.balances())
    for device in instruments:
        row = DeviceRow(code=device.code, kind=_kind(device), name=device.name, document=encode(device), active=True)
        act.session.add(row)
        if isinstance(device, Dropper):
            act.session.add(CalibrationRow(device_id=row.id, document=row.document, counted_at=act.at))


def _check_balances(act: Act) -> None:
    act.session.flush()
    for _, care in balances_in_care(act.session):
        if care.calibration is None:
            upkeep.calibrate(
                act, care.balance.code, Calibration(act.today, act.today + timedelta(days=365), "demonstration", "none: demonstration", passed=True)
            )
        if care.balance.test_weight is not None and (care.check is None or care.check.on != act.today):
            upkeep.check_balances(act, {care.balance.code: care.balance.test_weight})


def _kind(device: Syringe | Dropper | Balance) -> str:
    return type(device).__name__.lower()


def _stock(act: Act) -> None:
    products = {product.code: _product(act, product) for product in library.products()}
    for delivery in _DELIVERIES:
        _deliver(act, delivery, products[delivery.product], expires_on=act.today + timedelta(days=delivery.days))


def _product(act: Act, product: Product) -> UUID:
    row = ProductRow(
        code=product.code,
        kind=product.kind,
        name=product.name,
        labeler=product.labeler,
        ndc=product.ndc or None,
        unit=product.unit,
        document=encode(product),
    )
    act.session.add(row)
    return row.id


def _deliver(act: Act, delivery: _Delivery, product_id: UUID, *, expires_on: date) -> None:
    lot = LotRow(
        product_id=product_id,
        lot_number=delivery.lot_number,
        expires_on=expires_on,
        received_on=act.today,
        status=LotStatus.AVAILABLE,
        invoice_micros=Money.of(delivery.price).micros,
        invoice_quantity=delivery.quantity,
    )
    act.session.add(lot)
    act.session.add(MovementRow(lot_id=lot.id, amount=delivery.quantity, reason="received", moved_at=act.at))
    on = Weighing(library.balances()[1].name, act.today, "demonstration")
    if delivery.tablet_mg:
        weights = library.single_weights(Mass.of_mg(delivery.tablet_mg)) * 2
        keep_tablet_weight(act, lot.id, tablet_weight(weights, on=on, assay=None, policy=Policy()))
    if delivery.pack_mg:
        gross = library.single_weights(Mass.of_mg(delivery.pack_mg) + _SHELL)
        keep_pack_statistic(act, lot.id, pack_statistic("3", gross, _SHELL * len(gross), shell_lot="SH3-20", on=on, policy=Policy()))


def _places(act: Act) -> None:
    if act.session.scalars(select(PlaceRow.id).limit(1)).first() is None:
        climate.add_place(act, "refrigerator", "refrigerator", Storage.REFRIGERATOR)
        climate.add_place(act, "room", "compounding room", Storage.ROOM)


def _ready(act: Act) -> None:
    _check_balances(act)
    _places(act)
    _train(act)


def _train(act: Act) -> None:
    """Whoever of the demonstration was never found competent is so today, a technician in compounding alone."""
    act.session.flush()
    trained = select(TrainingRow.person_id)
    for person in act.session.scalars(select(PersonRow).where(PersonRow.id.not_in(trained), PersonRow.role.in_(BENCH))):
        topics = COMPOUNDING if person.role == Role.TECHNICIAN else tuple(Topic)
        routines.train(act, person.id, topics, done_on=act.today, assessor="demonstration", how="not shown: a demonstration value")


def _account(act: Act, username: str, name: str, initials: str, role: Role) -> Account:
    password = "-".join("".join(choice(_LETTERS) for _ in range(4)) for _ in range(3))
    pin = f"{randbelow(1_000_000):06d}"
    add_person(act, username=username, name=name, initials=initials, role=role, licence="demonstration", password=password, pin=pin)
    return Account(username, name, role, password, pin)
