"""Orders that came as a resource: under which number the sending system keeps each, and which entry of a Bundle it was."""

from hashlib import sha256
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, not_negative, table_args
from compounding.db.private import NameIndex


class SentOrderRow(Row, kw_only=True):
    """The number of one order in the system that sent it: there is one order for each, however often it is sent. `place` counts from 0.

    `value` is kept as a blind index, since a system may have put anything into its numbers; it is only ever looked for.
    """

    __tablename__ = "sent_order"
    __table_args__ = table_args(UniqueConstraint("client_id", "system", "value"), UniqueConstraint("prescription_id"), not_negative("place"))

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    system: Mapped[str]
    value: Mapped[str] = mapped_column(NameIndex("sent_order.value"))
    place: Mapped[int]


def wait_for(session: Session, client_id: UUID, system: str, value: str) -> None:
    """Wait until no other transaction works under this number, and let none begin before this one ends; on SQLite there is one writer anyway.

    The lock has only 64 bits of the number: two that share them wait for each other, and no more comes of it.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(sha256(f"{client_id}|{system}|{value}".encode()).digest()[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))
