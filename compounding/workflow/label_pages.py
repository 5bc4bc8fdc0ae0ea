"""Labels that were issued, as they are looked at: their bytes, their versions, how often each was printed. Nothing here changes anything."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.labels import LabelPrintRow, LabelRow
from compounding.db.values import fill_row
from compounding.domain.errors import Unknown
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label that was issued."""

    id: UUID
    fill_id: UUID
    version: int
    media: str
    current: bool
    prints: int


def pdf(look: Look, label_id: UUID) -> bytes:
    """The bytes of a label, to show them; printing is `issue` or `reprint`."""
    row = look.session.get(LabelRow, label_id)
    if row is None:
        raise Unknown("unknown-label", "There is no such label.")
    fill = fill_row(look.session, row.fill_id)
    look.note_read(prescription_id=fill.prescription_id)
    return row.pdf


def fill_of(look: Look, label_id: UUID) -> UUID:
    """The container that a label belongs to; raises `Unknown`."""
    row = look.session.get(LabelRow, label_id)
    if row is None:
        raise Unknown("unknown-label", "There is no such label.")
    return row.fill_id


def labels_of(look: Look, fill_id: UUID) -> tuple[LabelView, ...]:
    """Every label of a fill, the newest first."""
    rows = look.session.execute(
        select(LabelRow, func.count(LabelPrintRow.id))
        .outerjoin(LabelPrintRow, LabelPrintRow.label_id == LabelRow.id)
        .where(LabelRow.fill_id == fill_id)
        .group_by(LabelRow.id)
        .order_by(LabelRow.version.desc())
    )
    return tuple(LabelView(row.id, row.fill_id, row.version, row.media, row.status == "current", prints) for row, prints in rows)
