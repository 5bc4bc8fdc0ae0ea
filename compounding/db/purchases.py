"""How lots came: the invoices, in what a lot came, and the serial numbers of its packs."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, one_of, table_args
from compounding.db.inventory import LotRow
from compounding.domain.errors import Conflict
from compounding.domain.wording import said


class PurchaseRow(Row, kw_only=True):
    """One invoice of one wholesaler. What was paid stands with each of its lots; their sum is the invoice."""

    __tablename__ = "purchase"
    __table_args__ = table_args(UniqueConstraint("wholesaler", "invoice_number"))

    wholesaler: Mapped[str]
    invoice_number: Mapped[str]
    invoiced_on: Mapped[date]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    recorded_at: Mapped[datetime]


class ReceiptRow(Row, kw_only=True):
    """How one lot came. Lots of before have none.

    `manufacturer_lot` is the original number on a repackager's container, empty otherwise; `no_expiry` says that the vendor gave none, so
    that the lot's expiry is one that was assigned here.
    """

    __tablename__ = "receipt"
    __table_args__ = table_args(UniqueConstraint("lot_id"), one_of("source", "manufacturer", "repackager"), Index(None, "purchase_id"))

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    purchase_id: Mapped[UUID | None] = mapped_column(ForeignKey("purchase.id"), default=None)
    source: Mapped[str]
    manufacturer_lot: Mapped[str]
    no_expiry: Mapped[bool]


class SerialRow(Row, kw_only=True):
    """The serial number of one pack of a lot: a number is given once for each product, so the same pack cannot come twice."""

    __tablename__ = "serial"
    __table_args__ = table_args(UniqueConstraint("product_id", "number"), Index(None, "lot_id"))

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    number: Mapped[str]


def purchase_numbered(session: Session, wholesaler: str, invoice_number: str) -> PurchaseRow | None:
    """The invoice with this number of this wholesaler, in whatever case the two were typed."""
    named = (func.lower(PurchaseRow.wholesaler) == wholesaler.lower(), func.lower(PurchaseRow.invoice_number) == invoice_number.lower())
    return session.scalars(select(PurchaseRow).where(*named)).first()


def require_new(session: Session, product_id: UUID, lot_number: str, serials: Sequence[str]) -> None:
    """Let a lot and its packs pass that never came before; raises `Conflict` (`serial-known`, `lot-known`) with the day on which they did."""
    came = select(SerialRow.number, LotRow.lot_number, LotRow.received_on).join(LotRow, SerialRow.lot_id == LotRow.id)
    pack = session.execute(came.where(SerialRow.product_id == product_id, SerialRow.number.in_(serials)).order_by(SerialRow.number)).first()
    if pack is not None:
        number, lot, day = pack
        raise Conflict("serial-known", f"The pack with serial number {number} was received with lot {lot} on {said(day)} already. Set it apart and ask.")
    twin = session.scalars(select(LotRow).where(LotRow.product_id == product_id, LotRow.lot_number == lot_number)).first()
    if twin is not None:
        message = f"Lot {lot_number} of this product was received already, on {said(twin.received_on)}. Check the package."
        raise Conflict("lot-known", message)
