"""What became known of products later: what else is in them, and how much there should be at least. The newest holds, the older stay."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Document, Row, not_negative, table_args
from compounding.db.document import decode
from compounding.db.inventory import ProductRow
from compounding.domain.inventory import Product

Excipients = Mapping[UUID, tuple[str, ...]]


class ExcipientsRow(Row, kw_only=True):
    """What is in a product beside what it is bought for: the whole list, and where it is said. Batches keep the list of their own day."""

    __tablename__ = "product_excipients"
    __table_args__ = table_args(Index(None, "product_id", "recorded_at"))

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    document: Mapped[Document]
    source: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    recorded_at: Mapped[datetime]


class StockLevelRow(Row, kw_only=True):
    """How much there should be at least of whatever stands for one thing, in its products' unit."""

    __tablename__ = "stock_level"
    __table_args__ = table_args(not_negative("least"), Index(None, "stands_for", "set_at"))

    stands_for: Mapped[str]
    least: Mapped[int]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    set_at: Mapped[datetime]


def newest_excipients(session: Session) -> Excipients:
    """The newest list of each product that was described anew."""
    rows = session.scalars(select(ExcipientsRow).order_by(ExcipientsRow.recorded_at))
    return {row.product_id: decode(tuple[str, ...], row.document) for row in rows}


def least_levels(session: Session) -> dict[str, int]:
    """The newest least level of each thing for which one was set."""
    return {row.stands_for: row.least for row in session.scalars(select(StockLevelRow).order_by(StockLevelRow.set_at))}


def product_of(row: ProductRow, described: Excipients) -> Product:
    """The product of a row, with what was learned of it since."""
    product = decode(Product, row.document)
    return replace(product, excipients=described[row.id]) if row.id in described else product


def products(session: Session) -> tuple[tuple[UUID, Product], ...]:
    """Everything that can be bought, with its key, by name."""
    described = newest_excipients(session)
    rows = session.scalars(select(ProductRow).order_by(ProductRow.name, ProductRow.code))
    return tuple((row.id, product_of(row, described)) for row in rows)
