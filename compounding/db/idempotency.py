"""Answers already given to a prescriber's system, so that a repeated request gets the same one and does nothing twice."""

from datetime import datetime
from hashlib import sha256 as _sha256
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import HASHED, Document, Row, sha256, table_args
from compounding.db.private import Private

_SIGNED = 2**63  # advisory locks are numbered by 64 bits with a sign


class IdempotencyRow(Row, kw_only=True):
    """One answer, written in the transaction of its effect: after a crash either both are there or neither."""

    __tablename__ = "idempotency"
    __table_args__ = table_args(UniqueConstraint("client_id", "key"), sha256("request_sha256"))

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    key: Mapped[str]
    request_sha256: Mapped[str]
    status: Mapped[int]
    headers: Mapped[Document | None]
    response: Mapped[str] = mapped_column(Private("idempotency.response"), info=HASHED)
    recorded_at: Mapped[datetime]


def in_flight(session: Session, client_id: UUID, key: str) -> bool:
    """Whether another transaction works under this key right now; if none does, nobody else can until this one ends.

    Always False on SQLite, which has one writer at a time.
    """
    if session.get_bind().dialect.name != "postgresql":
        return False
    number = int.from_bytes(_sha256(client_id.bytes + key.encode()).digest()[:8], "big") - _SIGNED
    return not session.execute(select(func.pg_try_advisory_xact_lock(number))).scalar_one()
