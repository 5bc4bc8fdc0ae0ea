"""What a course, or an order, would cost in every way that the pharmacy could make it today; nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from compounding.db.batches import PlanRow
from compounding.db.document import decode
from compounding.db.screening import order_in_work
from compounding.db.values import approved_formulas, containers, current_plan_row, formula_by_id, measures, policy_in_force, prescription_row, prices
from compounding.domain.chooser import choose, options
from compounding.domain.errors import Invalid
from compounding.domain.option import AtHand, Option
from compounding.domain.plan import Choices, Inquiry, Plan
from compounding.domain.prescription import Order, Regimen
from compounding.domain.quote import Prices
from compounding.domain.what_if import Way, cheapest, what_if
from compounding.workflow.act import Look

OPEN = "as the pharmacy would choose"


@dataclass(frozen=True, slots=True)
class Whose:
    """The order that a course is of."""

    prescription_id: UUID
    number: str
    order: Order


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The ways of a course, the one where one stands first, and the cheapest of them; `whose` is None for a course of nobody's."""

    regimen: Regimen
    ways: tuple[Way, ...]
    cheapest: Way | None
    together: int
    today: date
    whose: Whose | None = None


def of_inquiry(look: Look, inquiry: Inquiry, *, together: int) -> WhatIf:
    """The ways of a course that nobody ordered, beside the one that was asked for; raises `Unsafe` where it can be made in none."""
    house, paid = _house(look)
    found = options(inquiry.regimen, house)
    first = _chosen(choose(found, formula=inquiry.formula, device=inquiry.device), inquiry, house)
    is_open = not (inquiry.formula or inquiry.device or inquiry.storage or inquiry.container or inquiry.method)
    return _compared(inquiry.regimen, first, found, house, paid, together=together, standing=OPEN if is_open else "as asked for")


def of_order(look: Look, prescription_id: UUID, *, together: int) -> WhatIf:
    """The ways of an order: beside its plan where it has one, else beside the one that the pharmacy would choose."""
    row = prescription_row(look.session, prescription_id)
    look.note_read(patient_id=row.patient_id, prescription_id=row.id)
    order = order_in_work(look.session, row)
    house, paid = _house(look)
    found, planned = options(order.regimen, house), current_plan_row(look.session, row.id)
    if planned is None:
        first, standing = _chosen(choose(found, formula="", device=""), Inquiry(order.regimen), house), OPEN
    else:
        first, standing = _as_planned(look, planned, house), "as planned"
    return replace(_compared(order.regimen, first, found, house, paid, together=together, standing=standing), whose=Whose(row.id, str(row.number), order))


def _compared(regimen: Regimen, first: Choices, found: Sequence[Option], house: AtHand, paid: Prices, *, together: int, standing: str) -> WhatIf:
    ways = what_if(regimen, first, found, house, paid, together=together, standing=standing)
    return WhatIf(regimen, ways, cheapest(ways), together, house.today)


def _house(look: Look) -> tuple[AtHand, Prices]:
    formulas = tuple(formula for _, formula in approved_formulas(look.session))
    paid = prices(look.session)
    return AtHand(formulas, measures(look.session), containers(look.session), policy_in_force(look.session), look.today, paid), paid


def _chosen(best: Option, inquiry: Inquiry, house: AtHand) -> Choices:
    """What is asked for, and of what is left open what the pharmacy would take."""
    made = best.formula
    boxes = {item.product: item for item in house.containers}
    usual = best.outcome.contained.container if best.outcome else boxes.get(made.usual_container)
    container = boxes.get(inquiry.container) if inquiry.container else usual
    if container is None:
        message = "The pharmacy has no such container. Leave it out, and it chooses."
        raise Invalid("choices", message, fields={"container": (message,)})
    usual_overage = made.capsules.overage if made.capsules else 0
    overage = usual_overage if inquiry.overage is None else inquiry.overage
    storage, method, starts_on = inquiry.storage or made.storages[0], inquiry.method or made.method, inquiry.starts_on or house.today
    return Choices(made, storage, container, method, starts_on, best.device, inquiry.lead_days, inquiry.overfill, overage)


def _as_planned(look: Look, row: PlanRow, house: AtHand) -> Choices:
    """What the plan chose, with its first dose today where that day is past; a device that is no longer here is asked for by its name in vain."""
    plan = decode(Plan, row.document)
    formula = formula_by_id(look.session, row.formula_id)
    device = next((item for item in house.devices if item.name == plan.device), None)
    overage = int(plan.fills[0].amounts.made - plan.fills[0].amounts.dispensed) if formula.capsules else 0
    return Choices(formula, plan.storage, plan.container, plan.method, max(look.today, plan.starts_on), device, plan.lead_days, overage=overage)
