"""The people of a prescriber's system's own orders, as the newest of those orders tells of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from compounding.db.document import decode
from compounding.db.prescriptions import PrescriptionRow
from compounding.domain.errors import Unknown
from compounding.domain.prescription import Order, Patient, Prescriber
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class ToldPatient:
    """A patient of own orders; `version` counts those orders, the newest of which came at `changed_at`."""

    id: UUID
    patient: Patient
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ToldPrescriber:
    """A prescriber of own orders, likewise."""

    prescriber: Prescriber
    version: int
    changed_at: datetime


def own_patient(look: Look, patient_id: UUID) -> ToldPatient:
    """A patient for whom the asking system has sent an order; raises `Unknown`, as for one that is not there."""
    row, count = _newest(look, PrescriptionRow.patient_id == patient_id, "patient")
    look.note_read(patient_id=patient_id)
    return ToldPatient(patient_id, decode(Order, row.document).patient, count, row.received_at)


def own_prescriber(look: Look, npi: str) -> ToldPrescriber:
    """A prescriber for whom the asking system has sent an order; raises `Unknown`."""
    row, count = _newest(look, PrescriptionRow.prescriber_npi == npi, "prescriber")
    return ToldPrescriber(decode(Order, row.document).prescriber, count, row.received_at)


def _newest(look: Look, whose: ColumnElement[bool], word: str) -> tuple[PrescriptionRow, int]:
    own = (PrescriptionRow.client_id == look.actor.id) & whose
    row = look.session.scalars(select(PrescriptionRow).where(own).order_by(PrescriptionRow.number.desc()).limit(1)).first()
    if row is None:
        raise Unknown(f"unknown-{word}", f"There is no such {word}.")
    return row, look.session.scalar(select(func.count()).select_from(PrescriptionRow).where(own)) or 0
