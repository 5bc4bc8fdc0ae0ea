"""When an order is complete: use cases of several rooms end its last container, so this stands below them."""

from sqlalchemy import select

from compounding.db.batches import FillRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import PrescriptionStatus
from compounding.workflow.act import Act

_DONE = (FillStatus.HANDED_OVER, FillStatus.CANCELLED)


def complete(act: Act, prescription: PrescriptionRow) -> None:
    """An order whose every fill was handed over or cancelled, with no refill left, is completed."""
    act.session.flush()
    waiting = select(FillRow.id).where(FillRow.prescription_id == prescription.id, FillRow.status.not_in(_DONE)).limit(1)
    if act.session.scalars(waiting).first() is None and prescription.refills_left == 0 and prescription.status == PrescriptionStatus.ACCEPTED:
        prescription.status = PrescriptionStatus.COMPLETED
