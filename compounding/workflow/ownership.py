"""Whose an order is: a prescriber's system reaches what it has sent itself, and nothing else exists for it."""

from uuid import UUID

from compounding.db.prescriptions import PrescriptionRow
from compounding.db.values import prescription_row
from compounding.domain.errors import Unknown
from compounding.workflow.act import Look


def own_row(look: Look, prescription_id: UUID, *, lock: bool = False) -> PrescriptionRow:
    """The row of an order that the asking system has sent; another's is as unknown as one that does not exist. `lock` where it is changed next."""
    row = prescription_row(look.session, prescription_id, lock=lock)
    if row.client_id != look.actor.id:
        raise Unknown("unknown-prescription", "There is no such prescription.")
    return row
