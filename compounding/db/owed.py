"""What is owed: each time that less of a container was given than was planned, what was kept, and why."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, one_of, positive, table_args
from compounding.db.batches import FillRow
from compounding.db.private import Private
from compounding.domain.formula import Formula
from compounding.domain.owed import part
from compounding.domain.plan import FillPlan, Plan


class OwedRow(Row, kw_only=True):
    """A container, `fill_id`, that served the course days `opens` to `closes`, cut: it keeps `given` of `amount`, and `rest_id` is the rest.

    Amounts are what the patient takes, in nanolitres or capsules. `lot_id` is the lot of the further container that the rest went into,
    `batch_id` the batch of both, where it was made already. Nothing of it changes but that the rest may be cancelled, once, with a reason.
    """

    __tablename__ = "owed"
    __table_args__ = table_args(
        UniqueConstraint("rest_id"),
        one_of("asked_by", "stock", "patient"),
        positive("given"),
        positive("rest"),
        positive("given_days"),
        CheckConstraint("given + rest = amount", name="parts_are_the_whole"),
        CheckConstraint("given_days <= closes - opens", name="rest_serves_a_day"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
        CheckConstraint("fill_id <> rest_id", name="two_containers"),
        CheckConstraint(
            "(cancelled_at IS NULL AND cancelled_reason IS NULL AND canceller_id IS NULL)"
            " OR (cancelled_at IS NOT NULL AND length(cancelled_reason) > 0 AND canceller_id IS NOT NULL)",
            name="cancelled_with_a_reason",
        ),
        Index(None, "fill_id"),
        Index(None, "cut_on"),
    )

    fill_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    rest_id: Mapped[UUID] = mapped_column(ForeignKey("fill.id"))
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"), default=None)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"), default=None)
    opens: Mapped[int]
    closes: Mapped[int]
    given_days: Mapped[int]
    amount: Mapped[int]
    given: Mapped[int]
    rest: Mapped[int]
    asked_by: Mapped[str]
    reason: Mapped[str] = mapped_column(Private("owed.reason"))
    cut_on: Mapped[date]
    cut_at: Mapped[datetime]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    cancelled_reason: Mapped[str | None] = mapped_column(default=None)
    canceller_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)


def family(session: Session, fill: FillRow) -> tuple[FillRow, ...]:
    """The fills of one planned container, in the order of the days that they serve; one, where it was not cut."""
    rows = select(FillRow).where(FillRow.plan_id == fill.plan_id, FillRow.number == fill.number)
    return tuple(sorted(session.scalars(rows), key=lambda row: row.opens or 0))


def served_before(session: Session, fill: FillRow, plan: Plan, formula: Formula) -> Iterator[tuple[UUID, FillPlan]]:
    """What a batch of this container can have been drawn up for: itself as it is, and as it was before each cut, with the fill that it was."""
    whole = plan.fills[fill.number - 1]
    keys = [row.id for row in family(session, fill)]
    spans = {(fill.opens or whole.opens, fill.closes or whole.closes)}
    cuts = session.scalars(select(OwedRow).where(OwedRow.fill_id.in_(keys)).order_by(OwedRow.cut_at.desc())).all() if len(keys) > 1 else ()
    spans |= {(row.opens, row.closes) for row in cuts}
    for opens, closes in sorted(spans, key=lambda span: span[1] - span[0]):
        for key in keys:
            yield key, part(plan, whole, opens, closes, formula)
