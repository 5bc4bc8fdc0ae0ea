"""Answers already given to a prescriber's system, so that a repeated request gets the same one and does nothing twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import FixedDocument, Row, sha256, table_args


class IdempotencyRow(Row, kw_only=True):
    """One answer, written in the transaction of its effect: after a crash either both are there or neither."""

    __tablename__ = "idempotency"
    __table_args__ = table_args(UniqueConstraint("client_id", "key"), sha256("request_sha256"))

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    key: Mapped[str]
    request_sha256: Mapped[str]
    status: Mapped[int]
    response: Mapped[FixedDocument]
    recorded_at: Mapped[datetime]
