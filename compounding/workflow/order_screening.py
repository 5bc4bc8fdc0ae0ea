"""What the rules say of an order that nobody has sent yet: the same rules on the same facts as when it is received, and nothing is kept."""

from compounding.db.history import history, known_patient
from compounding.db.values import policy_in_force
from compounding.domain.prescription import Order
from compounding.domain.safety import Finding, OrderFacts, screen_order
from compounding.workflow.act import Look


def findings_before(look: Look, order: Order) -> tuple[Finding, ...]:
    """What the rules find in `order` on today's facts, the worst first."""
    if (patient_id := known_patient(look.session, order)) is not None:
        look.note_read(patient_id=patient_id)
    known = history(look.session, order, today=look.today, but=None)
    return screen_order(OrderFacts(order, look.today, known, policy_in_force(look.session)))
