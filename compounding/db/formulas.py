"""Master formulas and the pharmacist's policy, each in numbered versions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import FixedDocument, Row, one_of, positive, sha256, table_args


class FormulaRow(Row, kw_only=True):
    """One version of a master formula (USP <795>: Master Formulation Record); its document is fixed from the first day, a change is a new version."""

    __tablename__ = "formula"
    __table_args__ = table_args(
        UniqueConstraint("code", "version"),
        one_of("status", "draft", "approved", "retired"),
        CheckConstraint("status = 'draft' OR approved_at IS NOT NULL", name="approved"),
        positive("version"),
        sha256("sha256"),
    )

    code: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    status: Mapped[str]
    document: Mapped[FixedDocument]
    sha256: Mapped[str]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)


class PolicyRow(Row, kw_only=True):
    """One approved version of what a pharmacist decides; the highest version is in force."""

    __tablename__ = "policy"
    __table_args__ = table_args(UniqueConstraint("version"), positive("version"), sha256("sha256"))

    version: Mapped[int]
    document: Mapped[FixedDocument]
    sha256: Mapped[str]
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    approved_at: Mapped[datetime]
