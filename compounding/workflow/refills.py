"""A refill that the prescriber asks for: the pharmacy is told, with the dose that the patient takes, and plans it as it plans every refill."""

from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import PlanRow
from compounding.db.changes import RefillRequestRow
from compounding.db.document import decode
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.prescription import Order, PrescriptionStatus
from compounding.domain.quantity import Mass
from compounding.workflow.act import Act
from compounding.workflow.correspondence import correspondence
from compounding.workflow.order_views import PrescriptionView, view
from compounding.workflow.ownership import own_row


def request_refill(act: Act, prescription_id: UUID, present_dose: Mass) -> PrescriptionView:
    """Ask for the next refill of an own order, for a patient who takes `present_dose` a day, which must be what the refill repeats."""
    row = own_row(act, prescription_id, lock=True)
    if row.status != PrescriptionStatus.ACCEPTED:
        raise Conflict("prescription-state", f"This prescription is {row.status}; a refill is asked for an accepted one.", status=row.status)
    if row.refills_left == 0:
        raise Conflict("no-refill", "This order has no refill left. Send a new order.")
    if act.session.scalars(select(PlanRow.id).where(PlanRow.prescription_id == row.id).limit(1)).first() is None:
        raise Conflict("not-begun", "The first course of this order is not planned yet. A refill is asked for once it is.")
    if correspondence(act, row).refill is not None:
        raise Conflict("refill-asked", "A refill of this order was asked for already, and is not planned yet.")
    wanted = decode(Order, row.document).steps[-1].daily
    if present_dose != wanted:
        message = f"A refill repeats {wanted} a day. If the patient takes another dose today, send a new order."
        raise Invalid("present-dose", message, fields={"present_dose": (message,)})
    act.session.add(RefillRequestRow(prescription_id=row.id, client_id=act.actor.id, present_dose_ng=present_dose.nanograms, asked_at=act.at))
    act.session.flush()
    return view(act, row)
