"""Broken glass: somebody without a look opens one patient's records with a reason, for an hour; the pharmacist in charge sees it, and says what it was."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.audit import ReadRow
from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.document import decode
from compounding.db.glass import GlassRow
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.prescription import Order
from compounding.domain.sign_in import GLASS
from compounding.workflow.act import Act, Look

_LEAST_REASON = 10  # characters: "court order" is one, "x" is none
_MOST = 200  # reports of a page


@dataclass(frozen=True, slots=True)
class Opened:
    """One order of the patient whose records are open, and when its containers were handed over."""

    id: UUID
    number: int
    status: str
    received_on: date
    order: Order
    handed_on: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """The records that are open, and until when; the newest order is the first, and says who the patient is."""

    reason: str
    until: datetime
    orders: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Who opened whose records (by the Rx number that was named) and why, how often they were read, and what the pharmacist in charge made of it."""

    id: UUID
    person: str
    role: str
    rx: int
    reason: str
    broken_at: datetime
    until: datetime
    reads: int
    seen_at: datetime | None
    seen_by: str
    judgement: str


def break_glass(act: Act, rx: int, reason: str) -> UUID:
    """Open the records of the patient of prescription `rx` for whoever acts. Raises `Unknown` for a number that is not there, `Invalid` without a reason."""
    if len(reason.strip()) < _LEAST_REASON:
        message = f"Say why in at least {_LEAST_REASON} characters: the pharmacist in charge reads it."
        raise Invalid("glass", message, fields={"reason": (message,)})
    patient_id = act.session.scalar(select(PrescriptionRow.patient_id).where(PrescriptionRow.number == rx))
    if patient_id is None:
        message = f"There is no prescription {rx}."
        raise Invalid("glass", message, fields={"rx": (message,)})
    row = GlassRow(person_id=act.actor.id, patient_id=patient_id, rx=rx, reason=reason.strip(), broken_at=act.at, until=act.at + GLASS)
    act.session.add(row)
    act.note_read(patient_id=patient_id)
    return row.id


def records(look: Look, glass_id: UUID) -> Records:
    """What lies behind glass that whoever asks has broken, while it is open; each look is logged.

    Raises `Unknown` for somebody else's and for none, `Conflict` when the hour is over.
    """
    row = look.session.get(GlassRow, glass_id)
    if row is None or row.person_id != look.actor.id:
        raise _none()
    if look.at >= row.until:
        raise Conflict("glass-closed", "The hour is over, and the records are closed again. Say anew why they must be read.")
    look.note_read(patient_id=row.patient_id)
    handed: dict[UUID, list[date]] = {}
    for key, day in look.session.execute(
        select(DispenseRow.prescription_id, DispenseRow.handed_on).where(DispenseRow.patient_id == row.patient_id, STANDS).order_by(DispenseRow.handed_on)
    ):
        handed.setdefault(key, []).append(day)
    orders = look.session.scalars(select(PrescriptionRow).where(PrescriptionRow.patient_id == row.patient_id).order_by(PrescriptionRow.number.desc()))
    return Records(
        row.reason,
        row.until,
        tuple(Opened(one.id, one.number, one.status, one.received_on, decode(Order, one.document), tuple(handed.get(one.id, ()))) for one in orders),
    )


def own(look: Look) -> tuple[Report, ...]:
    """What whoever asks has broken, the newest first."""
    return _reports(look, look.actor.id)


def reports(look: Look) -> tuple[Report, ...]:
    """All that was broken: what nobody in charge has seen yet first, then the newest."""
    return tuple(sorted(_reports(look, None), key=lambda report: report.seen_at is not None))


def unseen(look: Look) -> int:
    """How often glass was broken of which nobody in charge has said what it was."""
    return look.session.scalar(select(func.count()).select_from(GlassRow).where(GlassRow.seen_at.is_(None))) or 0


def judge(act: Act, glass_id: UUID, judgement: str) -> None:
    """Keep what the pharmacist in charge makes of it. Raises `Unknown`, and `Conflict` where somebody has done so already."""
    row = act.session.get(GlassRow, glass_id)
    if row is None:
        raise _none()
    if row.seen_at is not None:
        raise Conflict("glass-seen", "This was seen already. Load the page again.")
    row.seen_at, row.seen_by, row.judgement = act.at, act.actor.id, judgement


def _reports(look: Look, person_id: UUID | None) -> tuple[Report, ...]:
    names = {row.id: row for row in look.session.scalars(select(PersonRow))}
    wanted = select(GlassRow).order_by(GlassRow.seen_at.is_not(None), GlassRow.broken_at.desc()).limit(_MOST)
    rows = look.session.scalars(wanted if person_id is None else wanted.where(GlassRow.person_id == person_id)).all()
    return tuple(
        Report(
            row.id, names[row.person_id].name, names[row.person_id].role, row.rx, row.reason, row.broken_at, row.until, _reads(look, row), row.seen_at,
            names[row.seen_by].name if row.seen_by else "", row.judgement or "",
        )
        for row in rows
    )  # fmt: skip


def _reads(look: Look, row: GlassRow) -> int:
    """How often the records were looked at in that hour by who broke the glass; the breaking itself is the first."""
    counted = select(func.count()).select_from(ReadRow).where(ReadRow.actor_id == row.person_id, ReadRow.patient_id == row.patient_id)
    return look.session.scalar(counted.where(ReadRow.at >= row.broken_at, ReadRow.at < row.until)) or 0


def _none() -> Unknown:
    return Unknown("unknown-glass", "There is nothing open under this address. Break the glass first.")
