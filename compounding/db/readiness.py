"""Whether the bench is fit for work today: balances, people and the line, as a use case asks before it begins."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import BatchRow
from compounding.db.document import decode
from compounding.db.inventory import DeviceRow
from compounding.db.signing import sign, signed_content
from compounding.db.upkeep import BalanceCalibrationRow, BalanceCheckRow, CleaningRow, TrainingRow
from compounding.db.values import policy_in_force
from compounding.domain.authority import ActName
from compounding.domain.batch import Meaning
from compounding.domain.capsule_check import CapsuleWeights
from compounding.domain.cleaning import Area, Cleaned, require_clear
from compounding.domain.competency import NEEDED, Topic, Training, require_competent
from compounding.domain.errors import Invalid
from compounding.domain.people import Actor
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


def competencies(session: Session, person_id: UUID) -> dict[Topic, Training]:
    """What a person was found competent in, by topic; of several the one that was recorded last."""
    rows = session.scalars(select(TrainingRow).where(TrainingRow.person_id == person_id).order_by(TrainingRow.recorded_at))
    return {Topic(row.topic): Training(Topic(row.topic), row.done_on, row.due_on, row.assessor, row.how) for row in rows}


def require_trained(session: Session, name: ActName, actor: Actor, today: date) -> None:
    """Refuse an act that needs competencies of whoever was not found competent, or whose day is past."""
    if needed := NEEDED.get(name):
        require_competent(actor.name, competencies(session, actor.id), needed, today)


def last_cleanings(session: Session) -> dict[Area, Cleaned]:
    """The last cleaning of each area."""
    rows = session.scalars(select(CleaningRow).order_by(CleaningRow.cleaned_at))
    return {Area(row.area): Cleaned(Area(row.area), row.cleaned_on, row.agent, row.person_name) for row in rows}


def clear_line(session: Session, row: BatchRow, *, clear: bool, person: Actor, at: datetime, today: date) -> None:
    """Keep the compounder's signature that nothing of another batch lies on the bench; refused where it is asked for and not said."""
    require_clear(clear=clear, last=last_cleanings(session), policy=policy_in_force(session), today=today)
    if clear:
        sign(session, row.id, meaning=Meaning.LINE_CLEAR, person=person, content=signed_content(session, row, Meaning.LINE_CLEAR), at=at)


def _care(session: Session, row: DeviceRow) -> BalanceCare:
    checks = select(BalanceCheckRow).where(BalanceCheckRow.device_id == row.id).order_by(BalanceCheckRow.checked_at.desc()).limit(1)
    calibrations = select(BalanceCalibrationRow).where(BalanceCalibrationRow.device_id == row.id).order_by(BalanceCalibrationRow.recorded_at.desc()).limit(1)
    check, calibration = session.scalars(checks).first(), session.scalars(calibrations).first()
    return BalanceCare(decode(Balance, row.document), check_of(check) if check else None, calibration_of(calibration) if calibration else None)
