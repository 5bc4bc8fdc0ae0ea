"""Papers filed on a lot or a formula: their bytes as they came, and which of them another has taken the place of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import Bytes, Row, one_of, sha256, table_args
from compounding.domain.paper import MediaType, PaperKind


class PaperRow(Row, kw_only=True):
    """One file, of one lot or one version of a formula; it is written once and never goes away."""

    __tablename__ = "paper"
    __table_args__ = table_args(
        CheckConstraint("(lot_id IS NULL) <> (formula_id IS NULL)", name="subject"),
        one_of("kind", *PaperKind),
        one_of("media_type", *MediaType),
        sha256("sha256"),
        Index(None, "lot_id"),
        Index(None, "formula_id"),
    )

    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"), default=None)
    formula_id: Mapped[UUID | None] = mapped_column(ForeignKey("formula.id"), default=None)
    kind: Mapped[str]
    title: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[Bytes]
    sha256: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime]


class PaperSupersededRow(Row, kw_only=True):
    """That a paper does not count any more, once and with its reason; the paper itself stays."""

    __tablename__ = "paper_superseded"
    __table_args__ = table_args(UniqueConstraint("paper_id"))

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("paper.id"))
    reason: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    superseded_at: Mapped[datetime]
