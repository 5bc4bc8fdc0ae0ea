"""What is looked after around the bench: balances, places with their temperatures, cleaning, and the training of the staff."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
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


class PlaceRow(Row, kw_only=True):
    """A refrigerator or a room in which things are kept."""

    __tablename__ = "place"
    __table_args__ = table_args(UniqueConstraint("code"), one_of("storage", "refrigerator", "room temperature"))

    code: Mapped[str]
    name: Mapped[str]
    storage: Mapped[str]
    active: Mapped[bool]


class LotPlaceRow(Row, kw_only=True):
    """That a lot was put into a place; the newest counts."""

    __tablename__ = "lot_place"
    __table_args__ = table_args(Index(None, "lot_id", "placed_at"))

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    place_id: Mapped[UUID] = mapped_column(ForeignKey("place.id"))
    placed_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)


class TemperatureRow(Row, kw_only=True):
    """What the thermometer of a place showed, in thousandths of a degree Celsius, with the limits of that day."""

    __tablename__ = "temperature"
    __table_args__ = table_args(
        CheckConstraint("lowest <= now AND now <= highest", name="in_order"),
        CheckConstraint("within = (lowest >= low AND highest <= high)", name="within"),
        Index(None, "place_id", "read_at"),
        Index(None, "read_on"),
    )

    place_id: Mapped[UUID] = mapped_column(ForeignKey("place.id"))
    lowest: Mapped[int]
    highest: Mapped[int]
    now: Mapped[int]
    low: Mapped[int]
    high: Mapped[int]
    within: Mapped[bool]
    read_on: Mapped[date]
    read_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    person_name: Mapped[str]


class HoldRow(Row, kw_only=True):
    """A lot that stood in a place when a reading was out of its limits; `was` is its state before, to which a release leads back."""

    __tablename__ = "hold"
    __table_args__ = table_args(
        one_of("was", "quarantined", "available"),
        one_of("decision", "held", "released", "rejected"),
        CheckConstraint("(decision = 'held') = (decided_at IS NULL)", name="decided"),
        Index(None, "lot_id", "decision"),
        Index(None, "decision"),
    )

    temperature_id: Mapped[UUID] = mapped_column(ForeignKey("temperature.id"))
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    was: Mapped[str]
    decision: Mapped[str]
    reason: Mapped[str]
    held_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
