"""What is looked after around the bench: balances, cleaning, and the training of the staff."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import Row, one_of, positive, table_args


class BalanceCheckRow(Row, kw_only=True):
    """One reading of a balance's test weight, in nanograms, with the weight and the tolerance of that day; `person_id` is empty for a part of the program."""

    __tablename__ = "balance_check"
    __table_args__ = table_args(
        positive("nominal_ng"),
        positive("tolerance_ng"),
        CheckConstraint("reading_ng >= 0", name="reading_not_negative"),
        CheckConstraint("passed = (reading_ng BETWEEN nominal_ng - tolerance_ng AND nominal_ng + tolerance_ng)", name="passed"),
        Index(None, "device_id", "checked_at"),
        Index(None, "checked_on"),
    )

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    nominal_ng: Mapped[int]
    tolerance_ng: Mapped[int]
    reading_ng: Mapped[int]
    passed: Mapped[bool]
    checked_on: Mapped[date]
    checked_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    person_name: Mapped[str]


class BalanceCalibrationRow(Row, kw_only=True):
    """A calibration of a balance by its certificate; it holds through `due_on`."""

    __tablename__ = "balance_calibration"
    __table_args__ = table_args(CheckConstraint("done_on < due_on", name="due_later"), Index(None, "device_id", "recorded_at"))

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    done_on: Mapped[date]
    due_on: Mapped[date]
    done_by: Mapped[str]
    certificate: Mapped[str]
    passed: Mapped[bool]
    recorded_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)


class CleaningRow(Row, kw_only=True):
    """One cleaning of an area, with what and by whom."""

    __tablename__ = "cleaning"
    __table_args__ = table_args(one_of("area", "work surfaces", "floors", "walls, ceilings and shelves"), Index(None, "area", "cleaned_at"))

    area: Mapped[str]
    agent: Mapped[str]
    cleaned_on: Mapped[date]
    cleaned_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    person_name: Mapped[str]


class TrainingRow(Row, kw_only=True):
    """That a person was found competent in a topic on a day, by whom and how; it holds through `due_on`. The newest of a topic counts."""

    __tablename__ = "training"
    __table_args__ = table_args(CheckConstraint("done_on < due_on", name="due_later"), Index(None, "person_id", "topic", "recorded_at"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[str]
    done_on: Mapped[date]
    due_on: Mapped[date]
    assessor: Mapped[str]
    how: Mapped[str]
    recorded_at: Mapped[datetime]
    recorder_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
