"""What is looked after around the bench: the checks and calibrations of the balances."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import Row, positive, table_args


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
