"""Going on to the next step: whom to ask and by when, what they said, and what that asks of the pharmacy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from compounding.db.batches import FillRow, PlanRow
from compounding.db.demand import StepAnswerRow, step_answers
from compounding.db.document import decode_often
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.values import planned, policy_in_force, prescription_row
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.going_on import Going, Said, Standing, refusing, standing
from compounding.domain.plan import Plan
from compounding.domain.quantity import Mass
from compounding.workflow.act import Act, Look

_DONE = (FillStatus.HANDED_OVER, FillStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that an open container still serves: its dose a day, the day on which it begins, and by when that container is made."""

    prescription_id: UUID
    prescription_number: str
    patient: str
    birth_date: date
    step: int
    dose: Mass
    begins_on: date
    make_by: date
    answer: Said | None = None


@dataclass(frozen=True, slots=True)
class ToAsk:
    """The patients to ask within so many days, the most urgent first, of `count`; and of whom a container does not hold what they take."""

    within: int
    count: int
    steps: tuple[Coming, ...]
    declined: tuple[Coming, ...]


def coming(look: Look, prescription_id: UUID) -> tuple[Coming, ...]:
    """The steps of an order that begin with a later container, each with the newest answer about it."""
    row = prescription_row(look.session, prescription_id)
    look.note_read(patient_id=row.patient_id, prescription_id=row.id)
    found = look.session.execute(_open_fills().where(FillRow.prescription_id == prescription_id)).all()
    answers = step_answers(look.session, [row.id])[row.id]
    first: dict[int, Coming] = {}
    for fill, plan_row, prescription, patient in found:
        for item in _steps(look, fill, decode_often(Plan, plan_row.document), prescription, patient):
            first.setdefault(item.step, item)
    return tuple(_answered(item, answers) for _, item in sorted(first.items()))


def to_ask(look: Look, *, longest: int) -> ToAsk:
    """Whom to ask about the next step, since a container that holds it is to be made soon; at most `longest` of each kind are shown."""
    within = policy_in_force(look.session).ask_days
    rows = look.session.execute(_open_fills().where(FillRow.make_by <= look.today + timedelta(days=within))).all()
    answers = step_answers(look.session, {prescription.id for _, _, prescription, _ in rows})
    unasked: dict[UUID, Coming] = {}
    declined: dict[UUID, Coming] = {}
    for fill, plan_row, prescription, patient in rows:
        told = answers[prescription.id]
        going = {step: item.going for step, item in told.items()}
        steps = _steps(look, fill, decode_often(Plan, plan_row.document), prescription, patient)
        for item in steps:
            stands = standing([item.step], going, first=False)
            if stands is Standing.UNASKED:
                unasked.setdefault(prescription.id, item)
            elif stands is Standing.DECLINED:
                declined.setdefault(prescription.id, replace(item, answer=told[refusing(item.step, going) or item.step]))
    found = ToAsk(within, len(unasked), tuple(unasked.values())[:longest], tuple(declined.values())[:longest])
    for item in (*found.steps, *found.declined):
        look.note_read(prescription_id=item.prescription_id)
    return found


def record(act: Act, prescription_id: UUID, told: Said) -> None:
    """Keep what the patient said about a step; a later answer takes the place of an earlier one, which stays on record."""
    row = prescription_row(act.session, prescription_id, lock=True)
    if row.status != "accepted":
        raise Conflict("prescription-state", f"This order is {row.status}: there is no step to go on to.")
    steps = [item.step for item in coming(act, prescription_id)]
    if not steps:
        raise Conflict("no-step", "No later step of this order waits for an answer: every container that holds one was handed over or cancelled.")
    if told.step not in steps:
        message = f"Choose one of the steps that are still to come: {', '.join(map(str, steps))}."
        raise Invalid("step", message, fields={"step": (message,)})
    if not row.written_on <= told.told_on <= act.today:
        message = "Give the day on which the patient said so: today or before, and not before the order was written."
        raise Invalid("told-on", message, fields={"told_on": (message,)})
    act.session.add(
        StepAnswerRow(
            prescription_id=row.id,
            step=told.step,
            going=told.going,
            way=told.way,
            told_on=told.told_on,
            person_id=act.actor.id,
            recorded_at=act.at,
        )
    )


def _open_fills() -> Select[FillRow, PlanRow, PrescriptionRow, PatientRow]:
    return (
        select(FillRow, PlanRow, PrescriptionRow, PatientRow)
        .join(PlanRow, FillRow.plan_id == PlanRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .where(FillRow.status.not_in(_DONE), FillRow.number > 1, PlanRow.status == "current", PrescriptionRow.status == "accepted")
        .order_by(FillRow.make_by, PrescriptionRow.number, FillRow.number)
    )


def _steps(look: Look, fill: FillRow, plan: Plan, prescription: PrescriptionRow, patient: PatientRow) -> Sequence[Coming]:
    """The steps after the first that a container serves; the dates are the fill's, which may have been moved since the plan."""
    container = planned(look.session, fill, plan)
    return [
        Coming(
            prescription.id,
            str(prescription.number),
            patient.name,
            patient.birth_date,
            served.step,
            plan.steps[served.step - 1].dose * len(plan.steps[served.step - 1].moments),
            fill.opens_on + timedelta(days=served.first_day - container.opens),
            fill.make_by,
        )
        for served in container.steps
        if served.step > 1
    ]


def _answered(item: Coming, answers: dict[int, Said]) -> Coming:
    """The step with what was said about it; whoever goes on to a later step goes on to this one."""
    own = answers.get(item.step)
    later = next((answers[step] for step in sorted(answers) if step > item.step and answers[step].going is Going.ON), None)
    return replace(item, answer=own or later)
