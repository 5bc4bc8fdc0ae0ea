"""The balances: checked every day, calibrated in their time, and what they showed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from compounding.db.document import decode, encode
from compounding.db.inventory import DeviceRow
from compounding.db.readiness import balances_in_care, calibration_of, check_of
from compounding.db.upkeep import BalanceCalibrationRow, BalanceCheckRow
from compounding.db.values import policy_in_force
from compounding.domain.errors import Invalid
from compounding.domain.people import Role
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass
from compounding.domain.upkeep import BalanceCare, Calibration, Check, check_calibration, checked, with_test_weight
from compounding.domain.weighing import Balance
from compounding.workflow.act import Act, Look

_SHOWN = 60  # checks of a page: a month of two balances


@dataclass(frozen=True, slots=True)
class BalanceView:
    """A balance as it stands today; `fault` says why nothing may be weighed on it, empty when it may."""

    id: UUID
    care: BalanceCare
    fault: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check with the balance's name and the moment (UTC)."""

    balance: str
    check: Check
    at: datetime


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """One calibration with the balance's name."""

    balance: str
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Balances:
    """Every balance with today's standing, the newest checks and every calibration, the newest first."""

    balances: tuple[BalanceView, ...]
    checks: tuple[CheckView, ...]
    calibrations: tuple[CalibrationView, ...]
    policy: Policy
    today: date

    @property
    def unready(self) -> tuple[BalanceView, ...]:
        """Those on which nothing may be weighed today."""
        return tuple(item for item in self.balances if item.fault)


def check_balances(act: Act, readings: Mapping[str, Mass]) -> tuple[Check, ...]:
    """Record what each balance, by its code, showed of its test weight; a reading that fails is kept too, and the balance then weighs nothing."""
    known = {care.balance.code: (key, care.balance) for key, care in balances_in_care(act.session)}
    if not readings or not readings.keys() <= known.keys():
        message = "Enter what at least one balance of the list shows."
        raise Invalid("readings", message, fields={"checks": (message,)})
    found = [(known[code][0], _checked(act, known[code][1], reading)) for code, reading in readings.items()]
    act.session.add_all(
        BalanceCheckRow(
            device_id=key,
            nominal_ng=check.nominal.nanograms,
            tolerance_ng=check.tolerance.nanograms,
            reading_ng=check.reading.nanograms,
            passed=check.passed,
            checked_on=check.on,
            checked_at=act.at,
            person_id=_person(act),
            person_name=act.actor.name,
        )
        for key, check in found
    )
    return tuple(check for _, check in found)


def calibrate(act: Act, balance: str, found: Calibration) -> None:
    """Record the calibration of the balance with this code as its certificate says; the newest that was recorded counts."""
    row = _device_row(act, balance)
    check_calibration(found, act.today)
    act.session.add(
        BalanceCalibrationRow(
            device_id=row.id,
            done_on=found.done_on,
            due_on=found.due_on,
            done_by=found.by,
            certificate=found.certificate,
            passed=found.passed,
            recorded_at=act.at,
            person_id=_person(act),
        )
    )


def set_test_weight(act: Act, balance: str, *, nominal: Mass, tolerance: Mass) -> None:
    """Another test weight for the balance with this code, or another tolerance; checks from then on are made with it."""
    row = _device_row(act, balance)
    row.document = encode(with_test_weight(decode(Balance, row.document), nominal, tolerance, policy_in_force(act.session)))


def balances(look: Look) -> Balances:
    """The balances today, and what was recorded of them."""
    names = dict(look.session.execute(select(DeviceRow.id, DeviceRow.name).where(DeviceRow.kind == "balance")).all())
    newest = select(BalanceCheckRow).join(DeviceRow, BalanceCheckRow.device_id == DeviceRow.id).order_by(BalanceCheckRow.checked_at.desc(), DeviceRow.code)
    calibrations = look.session.scalars(select(BalanceCalibrationRow).order_by(BalanceCalibrationRow.recorded_at.desc(), BalanceCalibrationRow.id))
    return Balances(
        tuple(BalanceView(key, care, care.fault(look.today)) for key, care in balances_in_care(look.session)),
        tuple(CheckView(names[row.device_id], check_of(row), row.checked_at) for row in look.session.scalars(newest.limit(_SHOWN))),
        tuple(CalibrationView(names[row.device_id], calibration_of(row)) for row in calibrations),
        policy_in_force(look.session),
        look.today,
    )


def _checked(act: Act, balance: Balance, reading: Mass) -> Check:
    try:
        return checked(balance, reading, on=act.today, by=act.actor.name)
    except Invalid as error:
        raise Invalid(error.code, error.sentence, fields={balance.code: (error.sentence,)}) from error


def _device_row(act: Act, balance: str) -> DeviceRow:
    row = act.session.scalars(select(DeviceRow).where(DeviceRow.kind == "balance", DeviceRow.code == balance).with_for_update()).first()
    if row is None:
        raise Invalid("balance", "Choose the balance from the list.", fields={"balance": ("Choose the balance from the list.",)})
    return row


def _person(act: Act) -> UUID | None:
    """The person who acts; a named part of the program is not in the table of people."""
    return None if act.actor.role is Role.SYSTEM else act.actor.id
