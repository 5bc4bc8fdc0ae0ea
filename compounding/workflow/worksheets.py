"""Drawing up a batch: lots chosen on the day, screened, proved by the second pharmacist, kept with what it was drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from compounding.db.batches import FillRow
from compounding.db.demand import refuse_declined_step
from compounding.db.history import last_fill
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.screening import cleared_order, keep_answers, keep_findings, order_in_work, overrides
from compounding.db.values import fill_row, formula_by_id, formula_of, plan_of, planned, policy_in_force, prescription_row
from compounding.domain.fill import FillStatus, advance
from compounding.domain.plan_screening import plan_facts
from compounding.domain.policy import Policy
from compounding.domain.preparation import BatchPlan, Packed, units_of
from compounding.domain.safety import Finding, Reply, clear, open_findings, screen_plan
from compounding.workflow.act import Act, Look
from compounding.workflow.drawing import Portion, drawn_up, keep


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A batch as it would be made today, and what the plan rules say of its lots."""

    plan: BatchPlan
    findings: tuple[Finding, ...]
    formula_id: UUID


def plan_if_due(act: Act, fill_id: UUID) -> UUID | None:
    """The worksheet of a fill whose day has come; None, and nothing done, before."""
    return plan_batch(act, fill_id, {}) if fill_row(act.session, fill_id).make_by <= act.today else None


def plan_batch(act: Act, fill_id: UUID, answers: Mapping[str, Reply]) -> UUID:
    """Draw up the worksheet of a due fill from today's stock; `answers` replies to what the plan rules find, by rule in small letters."""
    fill = fill_row(act.session, fill_id, lock=True)
    prescription = prescription_row(act.session, fill.prescription_id)
    fill.status = advance(FillStatus(fill.status), FillStatus.PLANNED)
    refuse_declined_step(act.session, fill, plan_of(act.session, fill))
    drawn = _drawn(act, fill, prescription)
    keep_findings(act.session, prescription.id, drawn.findings, at=act.at, fill_id=fill.id)
    answered = keep_answers(act.session, prescription.id, drawn.findings, answers, person=act.actor, at=act.at)
    clear(order_in_work(act.session, prescription), drawn.findings, answered)
    share = units_of(formula_by_id(act.session, drawn.formula_id), drawn.plan.preparation.amounts.dispensed)
    return keep(act, drawn.plan, drawn.formula_id, [Portion(fill.id, share)])


def findings(look: Look, fill_id: UUID) -> tuple[Finding, ...]:
    """What the plan rules would find in the lots of a batch drawn up today, and nobody has answered."""
    fill = fill_row(look.session, fill_id)
    prescription = prescription_row(look.session, fill.prescription_id)
    look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    return open_findings(_drawn(look, fill, prescription).findings, overrides(look.session, prescription.id))


def _drawn(look: Look, fill: FillRow, prescription: PrescriptionRow) -> _Drawn:
    policy = policy_in_force(look.session)
    cleared = cleared_order(look.session, prescription, today=look.today, policy=policy)
    plan = plan_of(look.session, fill)
    formula_id, formula = formula_of(look.session, fill)
    batch = _batch_plan(look, fill, policy)
    before = last_fill(look.session, prescription.patient_id, prescription_id=prescription.id)
    facts = plan_facts(plan, cleared.order, formula, made=batch.preparation, before=before, today=look.today, policy=policy)
    return _Drawn(batch, screen_plan(facts), formula_id)


def _batch_plan(look: Look, fill: FillRow, policy: Policy) -> BatchPlan:
    plan = plan_of(look.session, fill)
    _, formula = formula_of(look.session, fill)
    amounts = planned(look.session, fill, plan).amounts
    return drawn_up(look, formula, amounts, packed=(Packed(plan.container),), storage=plan.storage, through=fill.closes_on, policy=policy)
