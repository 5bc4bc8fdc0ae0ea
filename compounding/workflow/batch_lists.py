"""The newest batches in a list, each with whom it is for; nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.document import decode
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.values import formula_by_id
from compounding.domain.batch import BatchStatus
from compounding.domain.prescription import Order
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in a list; `patient` and `prescription_number` name all whom it is for."""

    id: UUID
    number: str
    status: BatchStatus
    formula: str
    strength: str
    patient: str
    prescription_number: str
    made_on: date | None
    beyond_use: date | None


def batches(look: Look, *, limit: int = 100) -> tuple[BatchLine, ...]:
    """The newest batches."""
    rows = look.session.scalars(select(BatchRow).order_by(BatchRow.number.desc()).limit(limit)).all()
    whose: dict[UUID, list[PrescriptionRow]] = {row.id: [] for row in rows}
    for batch_id, prescription in look.session.execute(
        select(ShareRow.batch_id, PrescriptionRow)
        .join(FillRow, ShareRow.fill_id == FillRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .where(ShareRow.batch_id.in_(whose))
        .order_by(PrescriptionRow.number)
    ):
        whose[batch_id].append(prescription)
    return tuple(_line(look, row, whose[row.id]) for row in rows)


def _line(look: Look, row: BatchRow, prescriptions: Sequence[PrescriptionRow]) -> BatchLine:
    formula = formula_by_id(look.session, row.formula_id)
    for prescription in prescriptions:
        look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    names = ", ".join(decode(Order, prescription.document).patient.name for prescription in prescriptions) or "for stock"
    numbers = ", ".join(str(prescription.number) for prescription in prescriptions)
    return BatchLine(row.id, str(row.number), BatchStatus(row.status), formula.name, formula.strength_text, names, numbers, row.made_on, row.beyond_use)
