"""What a prescriber changes about an order while it is worked on, and what is left of its course then.

What a change does at once is only ever less: nothing more is begun, and labels that do not hold any more are void. What goes on is a new order, screened
from the beginning and accepted by a pharmacist like any other.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from compounding.domain.errors import Conflict, Invalid
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import Form, OpioidAnswer, Order, PrescriptionStatus, Step, Supply, Therapy
from compounding.domain.quantity import Concentration, Mass


class ChangeKind(StrEnum):
    """What is changed."""

    CANCEL = "cancel"  # before anything was handed over
    HOLD = "hold"
    RESUME = "resume"
    STOP = "stop"
    STEP_BACK = "step_back"
    OTHER_FORM = "other_form"
    ORDER = "order"  # another order takes its place


_WORKED_ON = frozenset({PrescriptionStatus.HELD, PrescriptionStatus.ACCEPTED})
_ANY = _WORKED_ON | {PrescriptionStatus.RECEIVED}
# In which states of an order each change is possible.
POSSIBLE = {
    ChangeKind.CANCEL: _ANY,
    ChangeKind.HOLD: frozenset({PrescriptionStatus.RECEIVED, PrescriptionStatus.ACCEPTED}),
    ChangeKind.RESUME: frozenset({PrescriptionStatus.HELD}),
    ChangeKind.STOP: _WORKED_ON,
    ChangeKind.STEP_BACK: _WORKED_ON,
    ChangeKind.OTHER_FORM: _WORKED_ON,
    ChangeKind.ORDER: _ANY,
}
MAKES_ORDER = frozenset({ChangeKind.STEP_BACK, ChangeKind.OTHER_FORM, ChangeKind.ORDER})  # what goes on is an order of its own
ENDS = MAKES_ORDER | {ChangeKind.CANCEL, ChangeKind.STOP}


@dataclass(frozen=True, slots=True)
class Now:
    """How it is with the patient on the day of the change: what is taken, since when not, and the opioid question asked again."""

    written_on: date
    opioid: OpioidAnswer
    present_dose: Mass | None
    last_taken: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the prescriber's system sends. `from_on` is the first day on which it holds; the rest belongs to single kinds."""

    kind: ChangeKind
    reason: str
    from_on: date | None = None
    to_step: int | None = None
    form: Form | None = None
    strength: Concentration | None = None
    capsule_strength: Mass | None = None
    now: Now | None = None
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """What became of one container by a change; `batch` is the number of what was or is being made for it, if anything."""

    fill: int
    part: int
    was: FillStatus
    now: FillStatus
    batch: str
    label_void: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change did at once: to containers, and how many days and milligrams of the course are left from its first day on."""

    containers: tuple[Touched, ...]
    days_left: int
    total_left: Mass

    @property
    def made(self) -> tuple[Touched, ...]:
        """What is made already, or is being made: a person sees to it."""
        return tuple(item for item in self.containers if item.now in {FillStatus.PLANNED, FillStatus.MADE})


def check(change: Change, status: PrescriptionStatus, *, handed_over: bool) -> None:
    """Refuse what cannot be changed about an order in this state."""
    if status not in POSSIBLE[change.kind]:
        what = change.kind.replace("_", " ")
        raise Conflict("prescription-state", f"This prescription is {status}: {what} is not possible. Read it again.", status=status, wanted=change.kind)
    if change.kind is ChangeKind.CANCEL and handed_over:
        message = "A container of this order was handed over: it cannot be cancelled any more. Send the change stop to end what is left of it."
        raise Conflict("handed-over", message)


def left(steps: tuple[Step, ...], day: int) -> tuple[Step, ...]:
    """What of a course is left from course day `day` on, counted from 1; a step that was begun with the days that it still has."""
    found = []
    for step in steps:
        rest = step.days - max(day - 1, 0)
        if rest > 0:
            found.append(replace(step, days=min(rest, step.days)))
        day -= step.days
    return tuple(found)


def changed(order: Order, day: int, change: Change) -> Order:
    """The order for what is left of `order` from course day `day` on, as `change` has it; raises `Invalid` or `Conflict`."""
    rest = left(order.steps, day)
    if not rest:
        raise Conflict("course-over", "Nothing is left of this course on that day. Send a new order.")
    if change.now is None:
        raise Invalid("now", "Say how it is with the patient today.", fields={"now": ("Say how it is with the patient today.",)})
    if change.kind is ChangeKind.STEP_BACK:
        rest = (_lower(order, rest, change.to_step or 0),)
        form, strength, capsule = order.form, order.strength, order.capsule_strength
    else:
        if change.form is None or change.form is order.form:
            raise Invalid("form", "This is the form that is ordered already.", fields={"form": ("Choose another form than the present one.",)})
        form, strength, capsule = change.form, change.strength, change.capsule_strength
    total = sum((step.total for step in rest), Mass.of_mg(0))
    now = change.now
    continuing = Therapy(naive=False, present_dose=now.present_dose, last_taken=now.last_taken)
    return replace(
        order, form=form, strength=strength, capsule_strength=capsule, steps=rest, supply=Supply(days=sum(step.days for step in rest), total=total),
        therapy=continuing if now.present_dose else order.therapy, directions="", dates=(), opioid=now.opioid, written_on=now.written_on,
    )  # fmt: skip


def _lower(order: Order, rest: tuple[Step, ...], to_step: int) -> Step:
    """The dose of an earlier step for all the days that are left; raises `Invalid` where it is none, or no lower one."""
    present = order.steps[len(order.steps) - len(rest)]
    if not 1 <= to_step <= len(order.steps) or order.steps[to_step - 1].daily >= present.daily:
        message = f"Choose the number of a step with a lower dose than {present.daily} a day, which is taken then."
        raise Invalid("to-step", message, fields={"to_step": (message,)})
    return replace(order.steps[to_step - 1], days=sum(step.days for step in rest))
