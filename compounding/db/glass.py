"""Who looks where their role has no look: at one patient with a reason, for an hour; and at the trail itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, table_args
from compounding.db.private import Private


class GlassRow(Row, kw_only=True):
    """Broken glass: whose records were opened by whom and why, and who in charge has seen it."""

    __tablename__ = "glass"
    __table_args__ = table_args(
        CheckConstraint("length(reason) > 0", name="reason_given"),
        CheckConstraint("broken_at < until", name="open_for_a_time"),
        CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL) AND (seen_at IS NULL) = (judgement IS NULL)", name="seen_by_somebody"),
        Index(None, "seen_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    rx: Mapped[int]
    reason: Mapped[str] = mapped_column(Private("glass.reason"))
    broken_at: Mapped[datetime]
    until: Mapped[datetime]
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    seen_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    judgement: Mapped[str | None] = mapped_column(Private("glass.judgement"), default=None)


class TrailReadingRow(Row, kw_only=True):
    """One look at the trail: by what it was filtered, and how many entries were shown."""

    __tablename__ = "trail_reading"
    __table_args__ = table_args(Index(None, "read_at"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    filters: Mapped[str]
    shown: Mapped[int]
    read_at: Mapped[datetime]


def is_broken(session: Session, person_id: UUID, patient_id: UUID, *, at: datetime) -> bool:
    """Whether a person's broken glass before a patient's records is open at a moment."""
    wanted = select(GlassRow.id).where(GlassRow.person_id == person_id, GlassRow.patient_id == patient_id, GlassRow.until > at)
    return session.scalar(wanted.limit(1)) is not None
