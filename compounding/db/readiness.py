"""Whether the bench is fit for work today: what a use case asks before it weighs."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.document import decode
from compounding.db.inventory import DeviceRow
from compounding.db.upkeep import BalanceCalibrationRow, BalanceCheckRow
from compounding.domain.capsule_check import CapsuleWeights
from compounding.domain.errors import Invalid
from compounding.domain.preparation import Line, Take
from compounding.domain.quantity import Mass
from compounding.domain.upkeep import BalanceCare, Calibration, Check, refuse_coarse, require_ready
from compounding.domain.weighing import Balance


def balances_in_care(session: Session) -> tuple[tuple[UUID, BalanceCare], ...]:
    """Every active balance with its key, its newest check and its newest calibration, by code."""
    rows = session.scalars(select(DeviceRow).where(DeviceRow.kind == "balance", DeviceRow.active).order_by(DeviceRow.code))
    return tuple((row.id, _care(session, row)) for row in rows)


def ready_balance(session: Session, balance: str, *, today: date, field: str) -> tuple[UUID, Balance]:
    """The balance of that code or name, which may weigh today; raises `Invalid` for `field` where there is none, `Conflict` where it is not proved."""
    for key, care in balances_in_care(session):
        if balance in {care.balance.code, care.balance.name}:
            require_ready(care, today)
            return key, care.balance
    raise Invalid("balance", "Choose the balance from the list.", fields={field: ("Choose the balance from the list.",)})


def capsules_weighed_on(session: Session, capsules: CapsuleWeights | None, *, today: date) -> None:
    """Refuse the weights of capsules whose balance is not named, or was not proved today."""
    if capsules is not None:
        ready_balance(session, capsules.balance, today=today, field="capsules.balance")


def check_of(row: BalanceCheckRow) -> Check:
    """A check as it was recorded."""
    nominal, tolerance, reading = map(Mass.of_nanograms, (row.nominal_ng, row.tolerance_ng, row.reading_ng))
    return Check(nominal, tolerance, reading, row.checked_on, row.person_name)


def calibration_of(row: BalanceCalibrationRow) -> Calibration:
    """A calibration as it was recorded."""
    return Calibration(row.done_on, row.due_on, row.done_by, row.certificate, row.passed)


def weighed_on(session: Session, line: Line, balance: str, *, today: date) -> UUID | None:
    """The key of the balance on which a line is weighed: the worksheet's own or, where another is named, that one; None for what is not weighed.

    Raises `Conflict` when the balance was not proved today, `Invalid` when it is none of the house or too coarse.
    """
    if line.take is not Take.WEIGH:
        return None
    key, found = ready_balance(session, balance or line.instrument, today=today, field="balance")
    refuse_coarse(found, Mass.of_nanograms(line.target), line.name)
    return key


def _care(session: Session, row: DeviceRow) -> BalanceCare:
    checks = select(BalanceCheckRow).where(BalanceCheckRow.device_id == row.id).order_by(BalanceCheckRow.checked_at.desc()).limit(1)
    calibrations = select(BalanceCalibrationRow).where(BalanceCalibrationRow.device_id == row.id).order_by(BalanceCalibrationRow.recorded_at.desc()).limit(1)
    check, calibration = session.scalars(checks).first(), session.scalars(calibrations).first()
    return BalanceCare(decode(Balance, row.document), check_of(check) if check else None, calibration_of(calibration) if calibration else None)
