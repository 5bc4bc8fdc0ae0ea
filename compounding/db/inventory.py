"""What we buy: products, their lots, every movement of a lot, what its tablets and capsules weigh, and the devices that measure."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column
from sqlalchemy.orm.util import identity_key

from compounding.db.base import Base, Document, Row, not_negative, one_of, positive, table_args

_MOVED = "lots moved"


class ProductRow(Row, kw_only=True):
    """Something that is bought; `unit` is what its lots are counted in: tablets, nanograms, nanolitres or pieces."""

    __tablename__ = "product"
    __table_args__ = table_args(UniqueConstraint("code"), one_of("unit", "tablet", "ng", "nL", "piece"), Index(None, "ndc"))

    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    labeler: Mapped[str]
    ndc: Mapped[str | None] = mapped_column(default=None)
    unit: Mapped[str]
    document: Mapped[Document]


class LotRow(Row, kw_only=True):
    """A lot of a product. What a unit cost is the pair of invoice amount and invoiced quantity, never their quotient.

    `balance` is kept by the database itself from the movements, and is never below zero; it cannot be written. `batch_id` names the batch
    that was made for stock and became this lot; it is empty for what was bought.
    """

    __tablename__ = "lot"
    __table_args__ = table_args(
        UniqueConstraint("product_id", "lot_number"),
        one_of("status", "quarantined", "available", "withdrawn", "recalled"),
        not_negative("invoice_micros"),
        positive("invoice_quantity"),
        not_negative("balance"),
        Index(None, "product_id", "status", "expires_on"),
        Index(None, "batch_id"),
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    lot_number: Mapped[str]
    expires_on: Mapped[date]
    received_on: Mapped[date]
    status: Mapped[str]
    invoice_micros: Mapped[int]
    invoice_quantity: Mapped[int]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"), default=None)
    balance: Mapped[int] = mapped_column(init=False, default=0)


class MovementRow(Row, kw_only=True):
    """One entry of the ledger: `amount` in the product's unit, into the lot or (negative) out of it.

    A correction is a new entry that names the one it reverses, once. `person_id` is empty where a named part of the program acted.
    """

    __tablename__ = "movement"
    __table_args__ = table_args(
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        UniqueConstraint("reverses_id"),
        Index(None, "lot_id", "moved_at"),
        Index(None, "batch_id"),
    )

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    amount: Mapped[int]
    reason: Mapped[str]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batch.id"), default=None)
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("movement.id"), default=None)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    moved_at: Mapped[datetime]


class RunningBalanceRow(Base, kw_only=True):
    """What was left of a lot after one movement, the how-manyeth of that lot it was; the database alone writes it, so that the audit has no entry of it.

    Not below zero wherever the lot's own balance was kept meanwhile; of entries from before, the order within a moment is a guess.
    """

    __tablename__ = "running_balance"
    __table_args__ = table_args(UniqueConstraint("lot_id", "place"), positive("place"))

    movement_id: Mapped[UUID] = mapped_column(ForeignKey("movement.id"), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    place: Mapped[int]
    balance: Mapped[int]


class TabletWeighingRow(Row, kw_only=True):
    """How much `tablets` tablets of a lot weighed; the document is the `TabletWeight` with each single weight, and the assay.

    Rows from before single weights were kept have only the sum in their document.
    """

    __tablename__ = "tablet_weighing"
    __table_args__ = table_args(positive("tablets"), positive("total_ng"), Index(None, "lot_id", "weighed_at"))

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    tablets: Mapped[int]
    total_ng: Mapped[int]
    document: Mapped[Document]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    weighed_at: Mapped[datetime]


class PackStatisticRow(Row, kw_only=True):
    """How much powder of a lot filled `shells` capsules of a size, in nanograms together; the document is the `PackStatistic` with each weight.

    Rows from before the shells were weighed one by one have no document.
    """

    __tablename__ = "pack_statistic"
    __table_args__ = table_args(positive("shells"), positive("total_ng"), Index(None, "lot_id", "capsule_size", "measured_at"))

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    capsule_size: Mapped[str]
    shells: Mapped[int]
    total_ng: Mapped[int]
    document: Mapped[Document | None] = mapped_column(default=None)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    measured_at: Mapped[datetime]


class DeviceRow(Row, kw_only=True):
    """A balance, syringe or dropper, with its marks in the document; a dropper's is its first calibration."""

    __tablename__ = "device"
    __table_args__ = table_args(UniqueConstraint("code"))

    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    document: Mapped[Document]
    active: Mapped[bool]


class CalibrationRow(Row, kw_only=True):
    """The drops of a dropper, counted anew: the document is the whole `Dropper` with the measured pairs. The newest holds, the others stay."""

    __tablename__ = "calibration"
    __table_args__ = table_args(Index(None, "device_id", "counted_at"))

    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    document: Mapped[Document]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    counted_at: Mapped[datetime]


def keep_balances_fresh(kind: type[Session]) -> None:
    """After a movement is written, a loaded lot reads its balance anew, since the database changed it."""

    @event.listens_for(kind, "after_flush")
    def note(session: Session, _context: UOWTransaction) -> None:
        session.info[_MOVED] = {row.lot_id for row in session.new if isinstance(row, MovementRow)}

    @event.listens_for(kind, "after_flush_postexec")
    def expire(session: Session, _context: UOWTransaction) -> None:
        for lot_id in session.info.pop(_MOVED):
            lot = session.identity_map.get(identity_key(LotRow, lot_id))
            if lot is not None:
                session.expire(lot, ["balance"])
