"""Pooling: of the fills that are to be made in these days, which can share a batch. It looks; nothing is drawn up or changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import FillRow, PlanRow
from compounding.db.document import decode
from compounding.db.history import last_fill
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.screening import cleared_order
from compounding.db.values import formula_by_id, lots, policy_in_force, prices
from compounding.domain.errors import Conflict, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Formula
from compounding.domain.inventory import Lot
from compounding.domain.money import Money
from compounding.domain.plan import Plan
from compounding.domain.plan_screening import plan_facts
from compounding.domain.policy import Policy
from compounding.domain.pooling import Due, Pool, Pooling, Share, barrier, excipients_at_hand, propose, worth
from compounding.domain.safety import screen_plan
from compounding.workflow.act import Look
from compounding.workflow.proof import prove_pool


@dataclass(frozen=True, slots=True)
class Whose:
    """A fill that is to be made: of which patient and order, and from what."""

    fill_id: UUID
    number: int
    prescription_id: UUID
    prescription_number: str
    patient: str
    birth_date: date
    formula: str
    make_by: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """A batch that could be shared, with whose each share is; `worth` is None where tablets have no price."""

    pool: Pool
    formula: Formula
    worth: Money | None
    shares: tuple[tuple[Whose, Share], ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """A fill that is made for itself, and why."""

    whose: Whose
    reason: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """What could be shared of all that is to be made from `today` through `through`."""

    today: date
    through: date
    pooling: Pooling
    proposals: tuple[Proposal, ...]
    apart: tuple[Apart, ...]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What is the same for every fill, read once."""

    policy: Policy
    stock: tuple[Lot, ...]


def proposals(look: Look) -> Proposals:
    """The best way to share batches among the accepted orders' fills that are due; each shared batch is counted by the second pharmacist too."""
    shelf = _Shelf(policy_in_force(look.session), lots(look.session))
    through = look.today + timedelta(days=shelf.policy.pooling_days)
    found = _due(look, through, shelf)
    whose = {one.fill_id: one for one, _ in found}
    formulas = {(due.formula.code, due.formula.version): due.formula for _, due in found}
    pooling = propose([due for _, due in found], today=look.today, policy=shelf.policy)
    paid, made = prices(look.session), []
    for pool in pooling.pools:
        formula = formulas[pool.formula, pool.formula_version]
        prove_pool(pool, formula, policy=shelf.policy, today=look.today)
        made.append(Proposal(pool, formula, worth(pool, formula, paid, shelf.policy), tuple((whose[share.fill], share) for share in pool.shares)))
    apart = tuple(Apart(whose[one.fill], one.reason) for one in pooling.alone)
    return Proposals(look.today, through, pooling, tuple(made), apart)


def _due(look: Look, through: date, shelf: _Shelf) -> Sequence[tuple[Whose, Due]]:
    rows = look.session.execute(
        select(FillRow, PlanRow, PrescriptionRow, PatientRow)
        .join(PlanRow, FillRow.plan_id == PlanRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .where(FillRow.status == FillStatus.DUE, FillRow.make_by <= through, PlanRow.status == "current", PrescriptionRow.status == "accepted")
        .order_by(FillRow.make_by, PrescriptionRow.number, FillRow.number)
    ).all()
    formula_of = cache(lambda key: formula_by_id(look.session, key))
    found = []
    for fill, plan_row, prescription, patient in rows:
        look.note_read(patient_id=patient.id, prescription_id=prescription.id)
        formula = formula_of(plan_row.formula_id)
        whose = Whose(fill.id, fill.number, prescription.id, str(prescription.number), patient.name, patient.birth_date, formula.name, fill.make_by)
        plan = decode(Plan, plan_row.document)
        found.append((whose, _as_due(fill, plan, formula, _barrier(look, plan, prescription, formula, shelf))))
    return found


def _as_due(fill: FillRow, plan: Plan, formula: Formula, reason: str) -> Due:
    planned = plan.fills[fill.number - 1]
    return Due(
        fill=fill.id,
        formula=formula,
        storage=plan.storage,
        amounts=planned.amounts,
        make_by=fill.make_by,
        opens_on=fill.opens_on,
        closes_on=fill.closes_on,
        until=planned.until,
        barrier=reason,
    )


def _barrier(look: Look, plan: Plan, prescription: PrescriptionRow, formula: Formula, shelf: _Shelf) -> str:
    """What the rules of today have against a batch that is shared: the order itself, a new strength, or an excipient of any lot that may be taken."""
    try:
        cleared = cleared_order(look.session, prescription, today=look.today, policy=shelf.policy)
    except (Conflict, Unsafe) as error:
        return f"Its order is not clear today. {error.sentence}"
    before = last_fill(look.session, prescription.patient_id, prescription_id=prescription.id)
    facts = plan_facts(plan, cleared.order, formula, made=None, before=before, today=look.today, policy=shelf.policy)
    return barrier(screen_plan(replace(facts, excipients=excipients_at_hand(formula, shelf.stock, look.today))))
