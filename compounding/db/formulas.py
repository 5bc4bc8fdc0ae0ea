"""Master formulas and the pharmacist's policy, each in numbered versions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import Document, FixedDocument, Row, one_of, positive, sha256, table_args


class FormulaRow(Row, kw_only=True):
    """One version of a master formula (USP <795>: Master Formulation Record).

    A draft may be corrected, and audit keeps every text of it; from its approval on it is fixed, and a change is a new version. Of a code
    one version at most is a draft, and one at most approved. Triggers keep what a CHECK cannot: the author never approves.
    """

    __tablename__ = "formula"
    __table_args__ = table_args(
        UniqueConstraint("code", "version"),
        one_of("status", "draft", "approved", "retired"),
        CheckConstraint("status = 'draft' OR approved_at IS NOT NULL", name="approved"),
        positive("version"),
        sha256("sha256"),
        *(
            Index(f"uq_formula_one_{status}", "code", unique=True, sqlite_where=text(f"status = '{status}'"), postgresql_where=text(f"status = '{status}'"))
            for status in ("draft", "approved")
        ),
    )

    code: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    status: Mapped[str]
    document: Mapped[Document]
    sha256: Mapped[str]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    retired_reason: Mapped[str | None] = mapped_column(default=None)


class PolicyRow(Row, kw_only=True):
    """One approved version of what a pharmacist decides; the highest version is in force."""

    __tablename__ = "policy"
    __table_args__ = table_args(UniqueConstraint("version"), positive("version"), sha256("sha256"))

    version: Mapped[int]
    document: Mapped[FixedDocument]
    sha256: Mapped[str]
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    approved_at: Mapped[datetime]
