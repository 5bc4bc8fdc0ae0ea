"""What the open plans ask for in the coming weeks, and the batches that may be made for it in advance. It looks; nothing is drawn up or changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow, PlanRow, ShareRow
from compounding.db.demand import step_answers
from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.document import decode, decode_often
from compounding.db.formulas import FormulaRow
from compounding.db.inventory import LotRow
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.screening import cleared_orders
from compounding.db.values import approved_formulas, containers, planned, policy_in_force
from compounding.domain.demand import Demand, House, Proposal, Supply, Wanted, proposals, weeks_of
from compounding.domain.errors import Conflict, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Formula
from compounding.domain.going_on import Going, Standing, standing
from compounding.domain.inventory import LotStatus
from compounding.domain.plan import Plan
from compounding.domain.policy import Policy
from compounding.domain.preparation import BatchPlan
from compounding.domain.quantity import NANOLITRES
from compounding.domain.safety import Cleared
from compounding.workflow.act import Look
from compounding.workflow.proof import prove_demand

_DONE = (FillStatus.HANDED_OVER, FillStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Whose:
    """A container that is wanted: of which patient and order."""

    number: int
    prescription_id: UUID
    prescription_number: str
    patient: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class Coming:
    """The coming weeks from `today`: demand by formula version, the batches in advance, whose each container is, and names."""

    today: date
    policy: Policy
    demand: tuple[Demand, ...]
    proposals: tuple[Proposal, ...]
    whose: dict[UUID, Whose]
    formulas: dict[tuple[str, int], Formula]
    containers: dict[str, str]


def coming(look: Look) -> Coming:
    """Demand and batches in advance as they stand today; the second pharmacist decides again about each container."""
    policy = policy_in_force(look.session)
    newest = {formula.code: formula for _, formula in approved_formulas(look.session)}
    known: dict[tuple[str, int], Formula] = {}
    whose: dict[UUID, Whose] = {}
    wanted = _wanted(look, policy, whose=whose, formulas=known)
    house = House(newest, _supplies(look, newest, policy), policy, look.today)
    found = proposals(wanted, house)
    prove_demand(found, tuple(newest.values()), policy=policy, today=look.today)
    names = {item.product: item.name for item in containers(look.session)}
    weeks = weeks_of(wanted, today=look.today, policy=policy)
    return Coming(look.today, policy, weeks, found, whose, known, names)


def _wanted(look: Look, policy: Policy, *, whose: dict[UUID, Whose], formulas: dict[tuple[str, int], Formula]) -> Sequence[Wanted]:
    """Every container of an open plan that is to be made within the weeks looked ahead; says in `whose` and `formulas` what they are of."""
    horizon = look.today + timedelta(weeks=policy.demand_weeks)
    rows = look.session.execute(
        select(FillRow, PlanRow, PrescriptionRow, PatientRow, FormulaRow)
        .join(PlanRow, FillRow.plan_id == PlanRow.id)
        .join(FormulaRow, PlanRow.formula_id == FormulaRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .where(FillRow.status.not_in(_DONE), FillRow.make_by < horizon, PlanRow.status == "current", PrescriptionRow.status == "accepted")
    ).all()
    answers = step_answers(look.session, {prescription.id for _, _, prescription, _, _ in rows})
    plans = {row.id: decode_often(Plan, row.document) for row in {row for _, row, _, _, _ in rows}}
    found, open_orders = [], {}
    for fill, plan_row, prescription, patient, formula in rows:
        look.note_read(patient_id=patient.id, prescription_id=prescription.id)
        whose[fill.id] = Whose(fill.number, prescription.id, str(prescription.number), patient.name, patient.birth_date)
        if (formula.code, formula.version) not in formulas:
            formulas[formula.code, formula.version] = decode(Formula, formula.document)
        going = {step: told.going for step, told in answers[prescription.id].items()}
        item = _as_wanted(look, fill, plans[plan_row.id], formula, going=going)
        if item.standing in {Standing.CONFIRMED, Standing.NOTHING_TO_CONFIRM} and not item.begun:
            open_orders[fill.id] = prescription
        found.append(item)
    cleared = cleared_orders(look.session, set(open_orders.values()), today=look.today, policy=policy)
    return [replace(item, barrier=_barrier(cleared[open_orders[item.fill].id])) if item.fill in open_orders else item for item in found]


def _as_wanted(look: Look, fill: FillRow, plan: Plan, formula: FormulaRow, *, going: dict[int, Going]) -> Wanted:
    container = planned(look.session, fill, plan)
    steps = [plan.steps[served.step - 1] for served in container.steps]
    return Wanted(
        fill=fill.id,
        formula=formula.code,
        version=formula.version,
        storage=plan.storage,
        container=plan.container.product,
        amount=container.amounts.dispensed,
        dose=max(step.dose * len(step.moments) for step in steps),
        make_by=fill.make_by,
        opens_on=fill.opens_on,
        closes_on=fill.closes_on,
        standing=standing([step.number for step in steps], going, first=fill.number == 1),
        begun=fill.status != FillStatus.DUE,
    )


def _barrier(found: Cleared | Conflict | Unsafe) -> str:
    """What the rules of today have against making more of this order; its lots and its strength are screened when its container is taken."""
    return "" if isinstance(found, Cleared) else f"its order is not clear today: {found.sentence}"


def _supplies(look: Look, formulas: dict[str, Formula], policy: Policy) -> dict[str, Supply]:
    """Of each formula, whatever its version: what was handed over in the days that history counts, and what was made for stock and is still there."""
    since = look.today - timedelta(days=policy.history_days)
    handed = (
        select(FormulaRow.code, func.sum(ShareRow.amount))
        .join(BatchRow, BatchRow.formula_id == FormulaRow.id)
        .join(ShareRow, ShareRow.batch_id == BatchRow.id)
        .join(DispenseRow, (DispenseRow.fill_id == ShareRow.fill_id) & (DispenseRow.batch_id == ShareRow.batch_id))
        .where(STANDS, DispenseRow.handed_on > since, DispenseRow.handed_on <= look.today)
        .group_by(FormulaRow.code)
    )
    stocked = (
        select(FormulaRow.code, BatchRow.document, LotRow.balance)
        .join(BatchRow, BatchRow.formula_id == FormulaRow.id)
        .join(LotRow, LotRow.batch_id == BatchRow.id)
        .where(LotRow.status.in_((LotStatus.AVAILABLE, LotStatus.QUARANTINED)), LotRow.expires_on >= look.today, LotRow.balance > 0)
    )
    given = dict(look.session.execute(handed).all())
    there: dict[str, Fraction] = {}
    for code, document, balance in look.session.execute(stocked):
        there[code] = there.get(code, Fraction(0)) + _on_the_shelf(decode(BatchPlan, document), balance)
    return {code: Supply(_amount(given.get(code, 0), formula), there.get(code, Fraction(0))) for code, formula in formulas.items()}


def _on_the_shelf(drawn: BatchPlan, balance: int) -> Fraction:
    """What the lot of a batch still holds, in mL or capsules: it is counted in containers, or in nanolitres of a stock solution."""
    if drawn.stock is None:
        return Fraction(0)
    return Fraction(balance, NANOLITRES) if drawn.stock.bulk else drawn.stock.each * balance


def _amount(units: int, formula: Formula) -> Fraction:
    """Nanolitres of a liquid as mL; capsules as they are."""
    return Fraction(int(units)) if formula.capsules is not None else Fraction(int(units), NANOLITRES)
