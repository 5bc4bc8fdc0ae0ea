"""The timed steps of a batch: the record keeps when each began and ended, by the pharmacy's clock and nobody's watch.

Of a batch that was made on paper it keeps what the paper says, beside the moment of its entry.
"""

from uuid import UUID

from compounding.db.batches import BatchRow
from compounding.db.records import StepTimeRow, step_time
from compounding.db.values import batch_row, formula_by_id
from compounding.domain.batch import BatchStatus
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.late import Done, timed
from compounding.domain.timing import TimedStep, check_time, timed_steps
from compounding.workflow.act import Act
from compounding.workflow.late import noted


def start(act: Act, batch_id: UUID, number: int, *, done: Done | None = None) -> None:
    """Begin a timed step, once; of a batch that was made on paper, when the paper says."""
    row, step = _step(act, batch_id, number)
    if step_time(act.session, row.id, number):
        raise Conflict("step-begun", f"Step {number} was begun already.")
    noted(act, row, timed(number, "begun"), done)
    act.session.add(StepTimeRow(batch_id=row.id, step=step.number, person_id=act.actor.id, started_at=done.at if done else act.at))


def end(act: Act, batch_id: UUID, number: int, reason: str, *, done: Done | None = None) -> None:
    """End a step that was begun; before its time only with a reason."""
    row, step = _step(act, batch_id, number)
    time = step_time(act.session, row.id, number)
    if time is None or time.ended_at is not None:
        raise Conflict("step-not-running", f"Step {number} is not running. Look at the batch again.")
    noted(act, row, timed(number, "ended"), done)
    at = done.at if done else act.at
    check_time(step, time.started_at, at, reason)
    time.ended_at, time.reason = at, reason


def _step(act: Act, batch_id: UUID, number: int) -> tuple[BatchRow, TimedStep]:
    row = batch_row(act.session, batch_id, lock=True)
    if row.status != BatchStatus.IN_PROCESS:
        raise Conflict("batch-state", f"This batch is {row.status.replace('_', ' ')}; only a batch in process has steps that run.")
    if row.compounder_id != act.actor.id:
        raise Forbidden("compounder", "Somebody else counted the tablets of this batch and compounds it. One person does both.")
    for step in timed_steps(formula_by_id(act.session, row.formula_id)):
        if step.number == number:
            return row, step
    message = f"Step {number} of this formula names no time."
    raise Invalid("step", message, fields={"": (message,)})
