"""The ways to take an order, or anybody's course, in capsules, each counted twice; nothing is kept."""

from uuid import UUID

from compounding.db.screening import order_in_work
from compounding.db.values import approved_formulas, containers, policy_in_force, prescription_row, prices
from compounding.domain.capsule_ways import House, Way, capsule_ways
from compounding.domain.prescription import Form, Regimen
from compounding.workflow.act import Look
from compounding.workflow.proof import prove_way


def of_order(look: Look, prescription_id: UUID) -> tuple[Way, ...]:
    """The ways of an order in capsules; none for another form."""
    look.note_read(prescription_id=prescription_id)
    return of_regimen(look, order_in_work(look.session, prescription_row(look.session, prescription_id)).regimen)


def of_regimen(look: Look, regimen: Regimen) -> tuple[Way, ...]:
    """The ways of a course in capsules whose first dose is today; none for another form."""
    if regimen.form is not Form.CAPSULE:
        return ()
    formulas = tuple(formula for _, formula in approved_formulas(look.session))
    house = House(formulas, containers(look.session), prices(look.session), policy_in_force(look.session), look.today)
    found = capsule_ways(regimen, house)
    for way in found:
        prove_way(way, regimen)
    return found
