"""Where the labels of the containers of a prescriber's own orders stand; never a label's bytes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import FillRow
from compounding.db.labels import LabelPrintRow, LabelRow
from compounding.domain.fill import FillStatus
from compounding.workflow.act import Look
from compounding.workflow.ownership import own_row


@dataclass(frozen=True, slots=True)
class LabelView:
    """Where the label of one container stands: its newest version, whether that still holds, and how often it was printed."""

    fill_id: UUID
    fill: int
    part: int
    status: FillStatus
    label: str  # none, current or void
    version: int
    issued_at: datetime | None
    prints: int


def own_labels(look: Look, prescription_id: UUID) -> tuple[LabelView, ...]:
    """The label of each container of an own order that is not cancelled; raises `Unknown`."""
    row = own_row(look, prescription_id)
    look.note_read(patient_id=row.patient_id, prescription_id=row.id)
    fills = look.session.scalars(
        select(FillRow).where(FillRow.prescription_id == row.id, FillRow.status != FillStatus.CANCELLED).order_by(FillRow.opens_on, FillRow.id)
    ).all()
    columns = (LabelRow.fill_id, LabelRow.version, LabelRow.status, LabelRow.issued_at)
    labels = look.session.execute(select(*columns).where(LabelRow.fill_id.in_([fill.id for fill in fills])).order_by(LabelRow.version)).all()
    newest = {label.fill_id: label for label in labels}
    counted = (
        select(LabelRow.fill_id, func.count(LabelPrintRow.id))
        .join(LabelPrintRow, LabelPrintRow.label_id == LabelRow.id)
        .where(LabelRow.fill_id.in_(newest))
        .group_by(LabelRow.fill_id)
    )
    prints = dict(look.session.execute(counted).all())
    found = []
    for fill in fills:
        label, part = newest.get(fill.id), fill.part if fill.opens is not None else 0
        status, version, issued_at = (label.status, label.version, label.issued_at) if label else ("none", 0, None)
        found.append(LabelView(fill.id, fill.number, part, FillStatus(fill.status), status, version, issued_at, prints.get(fill.id, 0)))
    return tuple(found)
