"""Counts of lots, the adjustments that followed from them, and what was destroyed before a witness."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import Row, not_negative, one_of, positive, table_args


class StockCountRow(Row, kw_only=True):
    """What somebody counted of a lot without being shown the book, and what the book said then."""

    __tablename__ = "stock_count"
    __table_args__ = table_args(not_negative("counted"), not_negative("book"), Index(None, "lot_id", "counted_at"))

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    counted: Mapped[int]
    book: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime]


class AdjustmentRow(Row, kw_only=True):
    """The signed entry by which the book follows a count, once for each count; `amount` is its movement's."""

    __tablename__ = "adjustment"
    __table_args__ = table_args(UniqueConstraint("count_id"), UniqueConstraint("movement_id"), CheckConstraint("amount <> 0", name="amount_not_zero"))

    count_id: Mapped[UUID] = mapped_column(ForeignKey("stock_count.id"))
    movement_id: Mapped[UUID] = mapped_column(ForeignKey("movement.id"))
    amount: Mapped[int]
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    adjusted_at: Mapped[datetime]


class DestructionRow(Row, kw_only=True):
    """How much of a lot two people saw destroyed, and why; its cost follows from the lot's invoice. The movement is -`amount`."""

    __tablename__ = "destruction"
    __table_args__ = table_args(
        UniqueConstraint("movement_id"),
        positive("amount"),
        one_of("cause", "expired", "withdrawn", "recalled", "returned", "damaged"),
        CheckConstraint("person_id <> witness_id", name="two_people"),
        Index(None, "lot_id"),
        Index(None, "destroyed_at"),
    )

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    movement_id: Mapped[UUID] = mapped_column(ForeignKey("movement.id"))
    amount: Mapped[int]
    cause: Mapped[str]
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    witness_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    destroyed_at: Mapped[datetime]
