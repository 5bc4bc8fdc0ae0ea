"""In which language the papers of a container are printed: what its patient wants, where its directions can be said in it."""

from compounding.db.batches import FillRow
from compounding.db.document import decode
from compounding.db.values import formula_of, plan_of, planned, policy_in_force, prescription_row
from compounding.domain.language import Language
from compounding.domain.prescription import Order
from compounding.domain.sig import Direction, sig
from compounding.domain.translation import chosen, preferred
from compounding.workflow.act import Look


def directions_of(look: Look, fill: FillRow) -> tuple[Direction, ...]:
    """The sig of a container, as it is planned and dated now."""
    order, plan = decode(Order, prescription_row(look.session, fill.prescription_id).document), plan_of(look.session, fill)
    return sig(plan, planned(look.session, fill, plan), formula_of(look.session, fill)[1], route=order.route, opens_on=fill.opens_on)


def wanted(look: Look, fill: FillRow) -> tuple[Language, str]:
    """The language of the patient, or English with the reason why."""
    order = decode(Order, prescription_row(look.session, fill.prescription_id).document)
    return preferred(order.patient.language, directions_of(look, fill), policy_in_force(look.session))


def language_of(look: Look, fill: FillRow, code: str) -> Language:
    """The language of that code; raises `Invalid` where this container's directions cannot be printed in it."""
    return chosen(code, directions_of(look, fill), policy_in_force(look.session))
