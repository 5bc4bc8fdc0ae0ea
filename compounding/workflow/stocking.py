"""Made for stock: drawn up without a fill, shelved as a lot when it is released, and a fill served from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.demand import refuse_declined_step
from compounding.db.document import decode
from compounding.db.history import last_fill
from compounding.db.inventory import LotRow, MovementRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.screening import cleared_order, keep_answers, keep_findings, order_in_work, overrides
from compounding.db.values import (
    approved_formulas,
    batch_row,
    containers,
    fill_row,
    formula_by_id,
    formula_of,
    plan_of,
    planned,
    policy_in_force,
    prescription_row,
)
from compounding.domain.batch import BatchStatus
from compounding.domain.beyond_use import last_day, shelf_days
from compounding.domain.errors import Conflict, Invalid, Unknown, Unsafe
from compounding.domain.fill import FillStatus, advance
from compounding.domain.formula import Formula
from compounding.domain.inventory import LotStatus, Shortage
from compounding.domain.plan_screening import plan_facts
from compounding.domain.preparation import BatchPlan, Container, ForStock, Packed, units_of
from compounding.domain.safety import Finding, Reply, clear, open_findings, screen_plan
from compounding.domain.stocking import StockRequest, for_stock, size_text, stock_amounts, stock_workings, unfit
from compounding.domain.working import Working
from compounding.workflow.act import Act, Look
from compounding.workflow.drawing import drawn_up, keep
from compounding.workflow.proof import prove_stock


@dataclass(frozen=True, slots=True)
class Choosable:
    """What may be made for stock: approved formulas and containers."""

    formulas: tuple[Formula, ...]
    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class StockDraft:
    """A batch for stock as it would be made today, with the reason of each number."""

    formula: Formula
    stock: ForStock
    plan: BatchPlan
    workings: tuple[Working, ...]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A lot of containers that are on the shelf: `reason` says why this fill cannot have one, empty if it can; `findings` are not answered yet."""

    lot_id: UUID
    batch_id: UUID
    batch_number: str
    size: str
    left: int
    until: date
    reason: str
    findings: tuple[Finding, ...]


def choosable(look: Look) -> Choosable:
    """What the page offers."""
    formulas = (formula for _, formula in approved_formulas(look.session))
    return Choosable(tuple(formula for formula in formulas if not (formula.liquid and formula.liquid.made_in_container)), containers(look.session))


def draft(look: Look, request: StockRequest) -> StockDraft:
    """The batch that `request` would give today, computed twice; nothing is kept."""
    _, found = _drawn(look, request)
    return found


def draw_up(act: Act, request: StockRequest) -> UUID:
    """Keep the worksheet of a batch for stock. Gives its key."""
    formula_id, found = _drawn(act, request)
    return keep(act, found.plan, formula_id, [])


def on_shelf(look: Look, fill_id: UUID) -> tuple[Shelved, ...]:
    """The lots of containers of this fill's formula that are on the shelf, the soonest date first, each with whether the fill may have one."""
    fill = fill_row(look.session, fill_id)
    prescription = prescription_row(look.session, fill.prescription_id)
    look.note_read(patient_id=prescription.patient_id, prescription_id=prescription.id)
    plan = plan_of(look.session, fill)
    rows = look.session.execute(
        select(LotRow, BatchRow)
        .join(BatchRow, LotRow.batch_id == BatchRow.id)
        .where(LotRow.balance > 0, LotRow.status == LotStatus.AVAILABLE, BatchRow.status == BatchStatus.RELEASED)
        .order_by(LotRow.expires_on, BatchRow.number)
    )
    found = []
    for lot, batch in rows:
        formula, drawn = formula_by_id(look.session, batch.formula_id), decode(BatchPlan, batch.document)
        if drawn.stock is None or drawn.stock.bulk or formula.code != plan.formula:
            continue
        reason = _unfit(look, fill, lot, drawn)
        findings = () if reason else open_findings(_findings(look, fill, prescription, drawn), overrides(look.session, prescription.id))
        found.append(Shelved(lot.id, batch.id, str(batch.number), size_text(drawn.stock, formula), lot.balance, lot.expires_on, reason, findings))
    return tuple(found)


def serve(act: Act, fill_id: UUID, lot_id: UUID, answers: Mapping[str, Reply]) -> UUID:
    """Serve a due fill with one container from the shelf: it leaves the lot, and the fill is made. Gives the batch that it is from.

    Raises `Unsafe` with the date where it does not cover the days' supply, and `Conflict` where the container is none for this fill.
    """
    fill = fill_row(act.session, fill_id, lock=True)
    prescription = prescription_row(act.session, fill.prescription_id)
    refuse_declined_step(act.session, fill, plan_of(act.session, fill))
    fill.status = advance(FillStatus(fill.status), FillStatus.PLANNED)
    lot = act.session.get(LotRow, lot_id, with_for_update=True, populate_existing=True)
    if lot is None or lot.batch_id is None:
        raise Unknown("unknown-lot", "There is no such lot of containers.")
    batch = batch_row(act.session, lot.batch_id, lock=True)
    drawn = decode(BatchPlan, batch.document)
    if lot.status != LotStatus.AVAILABLE or batch.status != BatchStatus.RELEASED or lot.balance < 1 or drawn.stock is None:
        raise Conflict("lot-unusable", f"Batch {batch.number} has no container to give any more. Look at the shelf again.")
    if reason := _unfit(act, fill, lot, drawn):
        short = lot.expires_on < fill.closes_on
        raise (Unsafe("R23", f"Batch {batch.number}: {reason}", rule="R23") if short else Conflict("container-unfit", f"Batch {batch.number}: {reason}"))
    findings = _findings(act, fill, prescription, drawn)
    keep_findings(act.session, prescription.id, findings, at=act.at, fill_id=fill.id)
    answered = keep_answers(act.session, prescription.id, findings, answers, person=act.actor, at=act.at)
    clear(order_in_work(act.session, prescription), findings, answered)
    formula = formula_by_id(act.session, batch.formula_id)
    place = _shelved(act, lot) - lot.balance
    share = ShareRow(batch_id=batch.id, fill_id=fill.id, amount=units_of(formula, drawn.stock.each), status="live", place=place)
    reason = f"container {fill.number} of Rx {prescription.number}"
    act.session.add_all([share, MovementRow(lot_id=lot.id, amount=-1, reason=reason, person_id=act.actor.id, moved_at=act.at)])
    fill.status = advance(FillStatus(fill.status), FillStatus.MADE)
    return batch.id


def _drawn(look: Look, request: StockRequest) -> tuple[UUID, StockDraft]:
    policy = policy_in_force(look.session)
    formula_id, formula, container = _chosen(look, request)
    stock = for_stock(request, formula, container)
    amounts = stock_amounts(stock, formula, policy)
    prove_stock(stock, amounts, formula, policy=policy)
    storage = request.storage or formula.storages[0]
    days, _ = shelf_days(formula, storage)
    through = last_day(look.today, days, made_is_day_one=policy.made_is_day_one)
    packed = (Packed(container, stock.count),)
    try:
        plan = drawn_up(look, formula, amounts, packed=packed, storage=storage, through=through, policy=policy, stock=stock)
    except Shortage as shortage:
        if shortage.longest is None or shortage.longest >= through:
            raise
        plan = drawn_up(look, formula, amounts, packed=packed, storage=storage, through=shortage.longest, policy=policy, stock=stock)
    return formula_id, StockDraft(formula, stock, plan, stock_workings(stock, amounts, formula))


def _chosen(look: Look, request: StockRequest) -> tuple[UUID, Formula, Container]:
    formula = next(((key, formula) for key, formula in approved_formulas(look.session) if formula.code == request.formula), None)
    container = next((item for item in containers(look.session) if item.product == request.container), None)
    missing = {name: ("Choose one from the list.",) for name, value in (("formula", formula), ("container", container)) if value is None}
    if missing or formula is None or container is None:
        raise Invalid("choices", "Choose the formula and the container from the lists.", fields=missing)
    return *formula, container


def _shelved(look: Look, lot: LotRow) -> int:
    """How many containers came on the shelf."""
    return look.session.scalars(select(MovementRow.amount).where(MovementRow.lot_id == lot.id, MovementRow.reason == "made")).one()


def _unfit(look: Look, fill: FillRow, lot: LotRow, drawn: BatchPlan) -> str:
    plan = plan_of(look.session, fill)
    if drawn.stock is None or drawn.storage is None:
        return "It was not made for stock."
    amounts = planned(look.session, fill, plan).amounts
    return unfit(drawn.stock, plan, amounts, storage=drawn.storage, until=lot.expires_on, closes_on=fill.closes_on)


def _findings(look: Look, fill: FillRow, prescription: PrescriptionRow, drawn: BatchPlan) -> tuple[Finding, ...]:
    """What the plan rules say of what is in the container, for this patient."""
    policy = policy_in_force(look.session)
    cleared = cleared_order(look.session, prescription, today=look.today, policy=policy)
    plan, (_, formula) = plan_of(look.session, fill), formula_of(look.session, fill)
    before = last_fill(look.session, prescription.patient_id, prescription_id=prescription.id)
    facts = plan_facts(plan, cleared.order, formula, made=drawn.preparation, before=before, today=look.today, policy=policy)
    return screen_plan(facts)
