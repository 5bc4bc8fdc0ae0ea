"""NADAC's lists that were imported, and the prices that they gave for packages known here. Nothing of it is a cost; nothing of it changes."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, not_negative, one_of, positive, sha256, table_args
from compounding.domain.benchmark import Listed, PricingUnit
from compounding.domain.money import Money


class PriceListRow(Row, kw_only=True):
    """One import: the hash of the file, how many rows it had, how many prices were kept and how many were known before; between which lists' days it ran.

    `person_id` is empty where the command line imported it.
    """

    __tablename__ = "price_list"
    __table_args__ = table_args(
        sha256("sha256"),
        positive("rows_read"),
        not_negative("rows_kept"),
        not_negative("rows_known"),
        CheckConstraint("rows_kept + rows_known <= rows_read", name="rows"),
        CheckConstraint("first_as_of <= last_as_of", name="as_of"),
        Index(None, "imported_at"),
    )

    sha256: Mapped[str]
    rows_read: Mapped[int]
    rows_kept: Mapped[int]
    rows_known: Mapped[int]
    first_as_of: Mapped[date]
    last_as_of: Mapped[date]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    imported_at: Mapped[datetime]


class ListedPriceRow(Row, kw_only=True):
    """One price of a list, in millionths of the currency for one unit of the package with these eleven digits."""

    __tablename__ = "listed_price"
    __table_args__ = table_args(
        CheckConstraint("length(ndc) = 11", name="ndc_length"),
        positive("price_micros"),
        one_of("pricing_unit", *PricingUnit),
        Index(None, "ndc", "effective_on"),
        Index(None, "price_list_id"),
    )

    price_list_id: Mapped[UUID] = mapped_column(ForeignKey("price_list.id"))
    ndc: Mapped[str]
    description: Mapped[str]
    price_micros: Mapped[int]
    pricing_unit: Mapped[str]
    effective_on: Mapped[date]
    as_of: Mapped[date]


def listed_prices(session: Session, ndcs: Collection[str]) -> dict[str, list[Listed]]:
    """What is known of each of these packages, in the order in which it became known."""
    rows = session.scalars(
        select(ListedPriceRow)
        .join(PriceListRow, ListedPriceRow.price_list_id == PriceListRow.id)
        .where(ListedPriceRow.ndc.in_(ndcs))
        .order_by(PriceListRow.imported_at, ListedPriceRow.as_of, ListedPriceRow.id)
    )
    found: dict[str, list[Listed]] = {}
    for row in rows:
        listed = Listed(row.ndc, row.description, Money(row.price_micros), PricingUnit(row.pricing_unit), row.effective_on, row.as_of)
        found.setdefault(row.ndc, []).append(listed)
    return found
