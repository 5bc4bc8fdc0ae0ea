"""Late entry: the time that the paper says, checked and kept beside that of the clock.

Use cases at the bench ask for it at each step, so this stands below them.
"""

from datetime import date, datetime

from sqlalchemy import select

from compounding.db.batches import BatchRow
from compounding.db.blanks import BlankRow, LateStepRow, late_entry, late_steps
from compounding.domain.late import Done, check_done, check_not_late
from compounding.workflow.act import Act


def noted(act: Act, row: BatchRow, step: str, done: Done | None) -> date:
    """The day on which a step was done: today, or, of a batch that was made on paper, the told one, which is kept with the moment of its entry."""
    entry = late_entry(act.session, row.id)
    if entry is None:
        check_not_late(done)
        return act.today
    printed_at: datetime = act.session.scalars(select(BlankRow.printed_at).where(BlankRow.id == entry.blank_id)).one()
    before = {item.step: item.done_at for item in late_steps(act.session, row.id)}
    told = check_done(step, done, printed_at=printed_at, now=act.at, before=before)
    act.session.add(LateStepRow(batch_id=row.id, step=step, done_on=told.on, done_at=told.at, entered_at=act.at, person_id=act.actor.id))
    act.session.flush()
    return told.on
