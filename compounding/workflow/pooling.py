"""Pooling: of the fills that are to be made in these days, which can share a batch; and the batch that some of them do share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, select

from compounding.db.batches import FillRow, PlanRow
from compounding.db.demand import step_answers
from compounding.db.document import decode_often
from compounding.db.history import last_fill, last_fills
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.screening import cleared_order, cleared_orders, keep_findings, overrides
from compounding.db.values import fill_row, formula_by_id, lots, planned, policy_in_force, prices
from compounding.domain.beyond_use import refuse_short
from compounding.domain.errors import Conflict, Unsafe
from compounding.domain.fill import FillStatus, advance
from compounding.domain.formula import Formula
from compounding.domain.going_on import Said, refuse_declined
from compounding.domain.inventory import Lot
from compounding.domain.money import Money
from compounding.domain.plan import FillPlan, Plan
from compounding.domain.plan_screening import plan_facts
from compounding.domain.policy import Policy
from compounding.domain.pool import Due, barrier, excipients_at_hand, together
from compounding.domain.pooling import Pooling, propose, worth
from compounding.domain.preparation import Pool, Preparation, Share, packed_in, units_of
from compounding.domain.safety import Cleared, LastFill, clear, screen_plan
from compounding.workflow.act import Act, Look
from compounding.workflow.drawing import Portion, drawn_up, keep
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


@dataclass(frozen=True, slots=True)
class _Found:
    """A fill that may share, with what it is judged by."""

    whose: Whose
    due: Due
    plan: Plan
    formula_id: UUID
    prescription: PrescriptionRow


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


def take_up(act: Act, fill_ids: Sequence[UUID]) -> UUID:
    """Draw up the one batch that exactly these fills share today, from today's stock. Gives its key.

    Raises `Conflict` or `Unsafe` with what keeps them from it: a fill that somebody began, a day that does not suit one of them, a lot
    that one of the patients does not tolerate. What a rule would let pass with a reason is made alone, where the reason can be given.
    """
    shelf = _Shelf(policy_in_force(act.session), lots(act.session))
    fills = [fill_row(act.session, fill_id, lock=True) for fill_id in sorted(set(fill_ids))]
    for fill in fills:
        fill.status = advance(FillStatus(fill.status), FillStatus.PLANNED)
    found = _of_fills(act, FillRow.id.in_([fill.id for fill in fills]), shelf)
    if len(found) != len(fill_ids):
        raise Conflict("pool-gone", "One of these fills belongs to no current plan of an accepted order any more. Look at the proposals again.")
    pool = together([one.due for one in found], today=act.today, policy=shelf.policy)
    formula = found[0].due.formula
    prove_pool(pool, formula, policy=shelf.policy, today=act.today)
    packed = packed_in([share.container for share in pool.shares])
    through = max(share.closes_on for share in pool.shares)
    plan = drawn_up(act, formula, pool.amounts, packed=packed, storage=pool.storage, through=through, policy=shelf.policy, pool=pool)
    for one in found:
        refuse_short(plan.preparation.beyond_use.until, one.due.closes_on)
        _screen(act, one, plan.preparation, shelf.policy)
    portions = [Portion(share.fill, units_of(formula, share.amounts.dispensed), share.until_alone) for share in pool.shares]
    return keep(act, plan, found[0].formula_id, portions)


def _screen(act: Act, one: _Found, made: Preparation, policy: Policy) -> None:
    """What the plan rules say of the lots that are really taken, for one of the patients; kept, and refused where anything is open."""
    cleared = cleared_order(act.session, one.prescription, today=act.today, policy=policy)
    before = last_fill(act.session, one.prescription.patient_id, prescription_id=one.prescription.id)
    facts = plan_facts(one.plan, cleared.order, one.due.formula, made=made, before=before, today=act.today, policy=policy)
    findings = screen_plan(facts)
    keep_findings(act.session, one.prescription.id, findings, at=act.at, fill_id=one.due.fill)
    if reason := barrier(findings):
        raise Unsafe("pool-apart", f"{one.whose.patient} shares with nobody. {reason}")
    clear(cleared.order, findings, overrides(act.session, one.prescription.id))


def _due(look: Look, through: date, shelf: _Shelf) -> Sequence[tuple[Whose, Due]]:
    return [(one.whose, one.due) for one in _of_fills(look, (FillRow.status == FillStatus.DUE) & (FillRow.make_by <= through), shelf)]


def _of_fills(look: Look, which: ColumnElement[bool], shelf: _Shelf) -> list[_Found]:
    """Those fills of current plans of accepted orders, the soonest to be made first."""
    rows = look.session.execute(
        select(FillRow, PlanRow, PrescriptionRow, PatientRow)
        .join(PlanRow, FillRow.plan_id == PlanRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .where(which, PlanRow.status == "current", PrescriptionRow.status == "accepted")
        .order_by(FillRow.make_by, PrescriptionRow.number, FillRow.number)
    ).all()
    formula_of = cache(lambda key: formula_by_id(look.session, key))
    orders = {prescription.id: prescription for _, _, prescription, _ in rows}
    cleared = cleared_orders(look.session, orders.values(), today=look.today, policy=shelf.policy)
    before = last_fills(look.session, {(row.patient_id, row.id) for row in orders.values()})
    answers = step_answers(look.session, orders)
    found = []
    for fill, plan_row, prescription, patient in rows:
        look.note_read(patient_id=patient.id, prescription_id=prescription.id)
        formula = formula_of(plan_row.formula_id)
        whose = Whose(fill.id, fill.number, prescription.id, str(prescription.number), patient.name, patient.birth_date, formula.name, fill.make_by)
        plan = decode_often(Plan, plan_row.document)
        container = planned(look.session, fill, plan)
        order, last = cleared[prescription.id], before[patient.id, prescription.id]
        reason = _declined(container, answers[prescription.id]) or _barrier(plan, order, formula, before=last, shelf=shelf, today=look.today)
        due = _as_due(fill, container, plan, formula=formula, reason=reason)
        found.append(_Found(whose, due, plan, plan_row.formula_id, prescription))
    return found


def _as_due(fill: FillRow, container: FillPlan, plan: Plan, *, formula: Formula, reason: str) -> Due:
    return Due(
        fill=fill.id,
        formula=formula,
        storage=plan.storage,
        amounts=container.amounts,
        make_by=fill.make_by,
        opens_on=fill.opens_on,
        closes_on=fill.closes_on,
        until=container.until,
        barrier=reason,
        container=plan.container,
    )


def _declined(container: FillPlan, answers: Mapping[int, Said]) -> str:
    """Why a container is not to be made whose patient does not go on to one of its steps; empty where none says so."""
    try:
        refuse_declined([served.step for served in container.steps], answers)
    except Conflict as error:
        return _not_clear(error)
    return ""


def _barrier(plan: Plan, order: Cleared | Conflict | Unsafe, formula: Formula, *, before: LastFill | None, shelf: _Shelf, today: date) -> str:
    """What the rules of today have against a batch that is shared: the order itself, a new strength, or an excipient of any lot that may be taken."""
    if not isinstance(order, Cleared):
        return _not_clear(order)
    facts = plan_facts(plan, order.order, formula, made=None, before=before, today=today, policy=shelf.policy)
    return barrier(screen_plan(replace(facts, excipients=excipients_at_hand(formula, shelf.stock, today))))


def _not_clear(error: Conflict | Unsafe) -> str:
    return f"Its order is not clear today. {error.sentence}"
