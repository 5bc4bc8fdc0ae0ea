"""The batches in a list, each with whom it is for; nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.document import decode
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.values import formula_by_id
from compounding.domain.batch import BatchStatus
from compounding.domain.formula import Formula
from compounding.domain.prescription import Order
from compounding.workflow.act import Look
from compounding.workflow.paging import paged

_PAGE = 100  # batches on one page


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


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One page of all batches, the newest first; pages count from 1."""

    batches: tuple[BatchLine, ...]
    page: int
    pages: int


def batches(look: Look, page: int = 1) -> BatchPage:
    """A page of the batches; the last page where there are not so many."""
    page, pages = paged(look.session.scalars(select(func.count()).select_from(BatchRow)).one(), page, _PAGE)
    rows = look.session.scalars(select(BatchRow).order_by(BatchRow.number.desc()).offset((page - 1) * _PAGE).limit(_PAGE)).all()
    whose: dict[UUID, list[PrescriptionRow]] = {row.id: [] for row in rows}
    for batch_id, prescription in look.session.execute(
        select(ShareRow.batch_id, PrescriptionRow)
        .join(FillRow, ShareRow.fill_id == FillRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .where(ShareRow.batch_id.in_(whose))
        .order_by(PrescriptionRow.number)
    ):
        whose[batch_id].append(prescription)
    formula_of = cache(lambda key: formula_by_id(look.session, key))
    return BatchPage(tuple(_line(look, row, formula_of(row.formula_id), whose[row.id]) for row in rows), page, pages)


def _line(look: Look, row: BatchRow, formula: Formula, prescriptions: Sequence[PrescriptionRow]) -> BatchLine:
    for prescription in prescriptions:
        look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    names = ", ".join(decode(Order, prescription.document).patient.name for prescription in prescriptions) or "for stock"
    numbers = ", ".join(str(prescription.number) for prescription in prescriptions)
    return BatchLine(row.id, str(row.number), BatchStatus(row.status), formula.name, formula.strength_text, names, numbers, row.made_on, row.beyond_use)
