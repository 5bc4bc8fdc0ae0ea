"""Labels of bench intermediates, byte for byte: who printed which, when, and from which calculation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import Bytes, FixedDocument, Row, positive, sha256, table_args


class BenchLabelRow(Row, kw_only=True):
    """One printed label of an intermediate: `question` is the calculation that it follows from, `number` which of its liquids it names."""

    __tablename__ = "bench_label"
    __table_args__ = table_args(positive("number"), sha256("value_sha256"), sha256("pdf_sha256"), Index(None, "printed_at"))

    question: Mapped[FixedDocument]
    number: Mapped[int]
    media: Mapped[str]
    value: Mapped[FixedDocument]
    value_sha256: Mapped[str]
    pdf: Mapped[Bytes]
    pdf_sha256: Mapped[str]
    template_version: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime]
