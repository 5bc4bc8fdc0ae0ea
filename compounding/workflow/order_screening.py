"""What the rules say of an order that nobody has sent yet: the same rules on the same facts as when it is received, and nothing is kept."""

from sqlalchemy import select

from compounding.db.history import history, match_key
from compounding.db.prescriptions import PatientRow
from compounding.db.values import policy_in_force
from compounding.domain.prescription import Order
from compounding.domain.safety import Finding, OrderFacts, screen_order
from compounding.workflow.act import Look


def findings_before(look: Look, order: Order) -> tuple[Finding, ...]:
    """What the rules find in `order` on today's facts, the worst first."""
    who = select(PatientRow.id).where(PatientRow.match_key == match_key(order.patient.name), PatientRow.birth_date == order.patient.birth_date)
    if (patient_id := look.session.scalar(who)) is not None:
        look.note_read(patient_id=patient_id)
    known = history(look.session, order, today=look.today, but=None)
    return screen_order(OrderFacts(order, look.today, known, policy_in_force(look.session)))
