"""What patients said about going on to the next step of their course."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, one_of, table_args
from compounding.db.batches import FillRow
from compounding.db.values import planned
from compounding.domain.going_on import Going, Said, Way, refuse_declined
from compounding.domain.plan import Plan


class StepAnswerRow(Row, kw_only=True):
    """One answer about one step of an order; the newest of a step holds, and none is changed."""

    __tablename__ = "step_answer"
    __table_args__ = table_args(
        one_of("going", "on", "stays", "back"),
        one_of("way", "phone", "counter"),
        CheckConstraint("step > 1", name="step_after_the_first"),
        Index(None, "prescription_id", "recorded_at"),
    )

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    step: Mapped[int]
    going: Mapped[str]
    way: Mapped[str]
    told_on: Mapped[date]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


def step_answers(session: Session, prescription_ids: Collection[UUID]) -> dict[UUID, dict[int, Said]]:
    """The newest answer to each step of these orders; an order without one has an empty place."""
    found: dict[UUID, dict[int, Said]] = {key: {} for key in prescription_ids}
    rows = select(StepAnswerRow).where(StepAnswerRow.prescription_id.in_(found)).order_by(StepAnswerRow.recorded_at)
    for row in session.scalars(rows):
        found[row.prescription_id][row.step] = Said(row.step, Going(row.going), Way(row.way), row.told_on)
    return found


def refuse_declined_step(session: Session, fill: FillRow, plan: Plan) -> None:
    """Refuse to go on with a fill that holds a step which its patient does not take: `Conflict`, with what to do."""
    steps = [served.step for served in planned(session, fill, plan).steps]
    refuse_declined(steps, step_answers(session, [fill.prescription_id])[fill.prescription_id])
