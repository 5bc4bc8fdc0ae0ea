"""Planning a course: choices looked up, the plan drawn, proved by the second pharmacist, and kept with its fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import FillRow, PlanRow
from compounding.db.document import decode, encode, sha256
from compounding.db.history import last_fill
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.screening import cleared_order, keep_answers, keep_findings, keep_override, order_in_work, refills_now
from compounding.db.values import (
    approved_formulas,
    balances,
    containers,
    current_plan_row,
    lots,
    measures,
    policy_in_force,
    prescription_row,
    prices,
)
from compounding.domain.chooser import options
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Formula
from compounding.domain.inventory import LotStatus
from compounding.domain.method_ways import MethodWay, method_ways
from compounding.domain.option import AtHand, Option
from compounding.domain.plan import Choices, Plan, Request
from compounding.domain.plan_screening import plan_facts
from compounding.domain.planner import calibration_lapsed, make_plan
from compounding.domain.policy import Policy
from compounding.domain.preparation import Container
from compounding.domain.prescription import Order
from compounding.domain.quantity import Mass
from compounding.domain.safety import Cleared, Finding, Override, Reply, clear, screen_plan
from compounding.domain.weighing import Balance, Dropper, Syringe
from compounding.workflow.act import Act, Look
from compounding.workflow.proof import prove


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as it would be: what was asked for, what came out, and what whole tablets and weighed powder would each take."""

    request: Request
    plan: Plan
    findings: tuple[Finding, ...]
    methods: tuple[MethodWay, ...]


@dataclass(frozen=True, slots=True)
class Choosable:
    """What the planning page offers for an order, the best way first, and the request that it starts from."""

    options: tuple[Option, ...]
    containers: tuple[Container, ...]
    usual: Request | None


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What the pharmacy has, looked up once for one plan."""

    policy: Policy
    formulas: tuple[tuple[UUID, Formula], ...]
    containers: tuple[Container, ...]
    measures: tuple[Syringe | Dropper, ...]
    balances: tuple[Balance, ...]


def choosable(look: Look, prescription_id: UUID) -> Choosable:
    """What may be chosen for an accepted order."""
    shelf = _shelf(look)
    row = prescription_row(look.session, prescription_id)
    order = order_in_work(look.session, row)
    look.note_read(prescription_id=prescription_id)
    before = last_fill(look.session, row.patient_id, prescription_id=row.id)
    at_home = (before.strength or before.capsule_strength) if before else None
    formulas = [formula for _, formula in shelf.formulas]
    house = AtHand(formulas, shelf.measures, _in_stock(look, shelf), shelf.policy, look.today, prices(look.session), at_home)
    found = options(order.regimen, house)
    best = next((option for option in found if not calibration_lapsed(option.device, look.today)), None)
    usual = None
    if best is not None:
        formula = best.formula
        device = best.device.code if best.device else ""
        usual = Request(
            formula.code, formula.storages[0], best.container or formula.usual_container, formula.method, _usual_start(look, row), device,
            shelf.policy.lead_days,
            overage=formula.capsules.overage if formula.capsules else 0,
        )  # fmt: skip
    fitting = tuple(item for item in shelf.containers if best is None or (item.capsules is None) == (best.formula.capsules is None))
    return Choosable(found, fitting, usual)


def draft(look: Look, prescription_id: UUID, request: Request) -> Draft:
    """The plan that `request` would give today; nothing is kept."""
    row = prescription_row(look.session, prescription_id)
    shelf = _shelf(look)
    look.note_read(prescription_id=prescription_id)
    plan, findings = _planned(look, row, request, shelf)
    regimen = order_in_work(look.session, row).regimen
    methods = method_ways(regimen, _choices(request, shelf), prices(look.session), today=look.today, policy=shelf.policy)
    return Draft(request, plan, findings, methods)


def kept(look: Look, prescription_id: UUID) -> Plan | None:
    """The plan that is worked on, if the order has one."""
    row = current_plan_row(look.session, prescription_id)
    look.note_read(prescription_id=prescription_id)
    return decode(Plan, row.document) if row else None


def make(act: Act, prescription_id: UUID, request: Request, answers: Mapping[str, Reply], *, present_dose: Mass | None = None) -> tuple[UUID, ...]:
    """Keep the plan and its fills; a plan before it is void, unless one of its fills was begun. Gives the fills' keys, first to last.

    A refill takes one of the order's refills, and asks the dose that the patient takes today. `answers` gives the reason for each
    warning of the plan by its code, and for each finding of the plan's screening by its rule.
    """
    row = prescription_row(act.session, prescription_id, lock=True)
    shelf = _shelf(act)
    plan, findings = _planned(act, row, request, shelf)
    _reasons_given(plan, answers)
    keep_findings(act.session, row.id, findings, at=act.at)
    answered = keep_answers(act.session, row.id, findings, answers, person=act.actor, at=act.at)
    clear(order_in_work(act.session, row), findings, answered)
    for notice in plan.notices:
        if notice.warning:
            override = Override(notice.code, sha256(notice.sentence), answers[notice.code].reason, answers[notice.code].contact)
            keep_override(act.session, row.id, override, person=act.actor, at=act.at)
    _make_room(act, row, present_dose)
    formula_id = next(key for key, formula in shelf.formulas if formula.code == request.formula)
    text = encode(plan)
    kept = PlanRow(
        prescription_id=row.id,
        status="current",
        document=text,
        sha256=sha256(text),
        policy_version=shelf.policy.version,
        formula_id=formula_id,
        person_id=act.actor.id,
        made_at=act.at,
    )
    act.session.add(kept)
    fills = [
        FillRow(
            plan_id=kept.id, prescription_id=row.id, number=fill.number, status=FillStatus.DUE,
            make_by=fill.make_by, opens_on=fill.opens_on, closes_on=fill.closes_on,
        )
        for fill in plan.fills
    ]  # fmt: skip
    act.session.add_all(fills)
    return tuple(fill.id for fill in fills)


def _in_stock(look: Look, shelf: _Shelf) -> tuple[Container, ...]:
    """The containers to choose a way among: those on the shelf today, or all where there are none, for the planner to say so."""
    there = {lot.product for lot in lots(look.session) if lot.status is LotStatus.AVAILABLE and lot.balance > 0 and lot.expires_on >= look.today}
    return tuple(item for item in shelf.containers if item.product in there) or shelf.containers


def _usual_start(look: Look, row: PrescriptionRow) -> date:
    """Today; for a refill the day after the last dose that was handed over, unless that is past."""
    if not refills_now(look.session, row.id):
        return look.today
    given = select(func.max(FillRow.closes_on)).where(FillRow.prescription_id == row.id, FillRow.status == FillStatus.HANDED_OVER)
    return max(look.today, look.session.scalars(given).one() + timedelta(days=1))


def _planned(look: Look, row: PrescriptionRow, request: Request, shelf: _Shelf) -> tuple[Plan, tuple[Finding, ...]]:
    cleared: Cleared = cleared_order(look.session, row, today=look.today, policy=shelf.policy)
    choices = _choices(request, shelf)
    stock = lots(look.session)
    plan = make_plan(cleared, choices, stock=stock, balances=shelf.balances, today=look.today, policy=shelf.policy)
    prove(plan, cleared.order, choices, lots=stock, balances=shelf.balances, policy=shelf.policy, today=look.today)
    before = last_fill(look.session, row.patient_id, prescription_id=row.id)
    made = plan.fills[0].preparation
    facts = plan_facts(plan, cleared.order, choices.formula, made=made, before=before, today=look.today, policy=shelf.policy)
    return plan, screen_plan(facts)


def _shelf(look: Look) -> _Shelf:
    return _Shelf(
        policy_in_force(look.session),
        approved_formulas(look.session),
        containers(look.session),
        measures(look.session),
        balances(look.session),
    )


def _choices(request: Request, shelf: _Shelf) -> Choices:
    formula = next((formula for _, formula in shelf.formulas if formula.code == request.formula), None)
    container = next((item for item in shelf.containers if item.product == request.container), None)
    device = next((item for item in shelf.measures if item.code == request.device), None)
    missing = {
        name: ("Choose one from the list.",)
        for name, value in (("formula", formula), ("container", container), ("device", device))
        if value is None and not (name == "device" and not request.device)
    }
    if missing or formula is None or container is None:
        raise Invalid("choices", "Choose the formula, the container and the device from the lists.", fields=missing)
    return Choices(
        formula, request.storage, container, request.method, request.starts_on, device, request.lead_days, request.overfill, request.overage
    )  # fmt: skip


def _reasons_given(plan: Plan, answers: Mapping[str, Reply]) -> None:
    open_ones = [notice for notice in plan.notices if notice.warning and not answers.get(notice.code, Reply("")).reason]
    if open_ones:
        fields = {f"answers.{notice.code}.chosen": (f"{notice.sentence} Give the reason, or choose another way.",) for notice in open_ones}
        raise Invalid("reasons", "The plan has warnings. Give a reason for each, or choose another way.", fields=fields)


def _take_refill(row: PrescriptionRow, present_dose: Mass | None) -> None:
    wanted = decode(Order, row.document).steps[-1].daily
    if row.refills_left == 0:
        raise Conflict("no-refill", "This order has no refill left. Ask the prescriber for a new order.")
    if present_dose != wanted:
        message = f"A refill repeats {wanted} a day. If the patient takes another dose today, ask the prescriber for a new order."
        raise Invalid("present-dose", message, fields={"present_dose": (message,)})
    row.refills_left -= 1


def _make_room(act: Act, row: PrescriptionRow, present_dose: Mass | None) -> None:
    """A course that was handed over whole is followed by a refill; one of which nothing was begun is planned again, and its plan is void."""
    before = current_plan_row(act.session, row.id)
    if before is None:
        return
    fills = act.session.scalars(select(FillRow).where(FillRow.plan_id == before.id)).all()
    open_fills = [fill for fill in fills if fill.status not in {FillStatus.HANDED_OVER, FillStatus.CANCELLED}]
    if not open_fills:
        _take_refill(row, present_dose)
        return
    if any(fill.status != FillStatus.DUE for fill in fills):
        raise Conflict("plan-begun", "A fill of this course was begun: it cannot be planned again. Finish it, or reject its batch, first.")
    before.status = "void"
    for fill in fills:
        fill.status = FillStatus.CANCELLED
