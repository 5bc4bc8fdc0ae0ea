"""Orders that came as a resource: under which number the sending system keeps each, and which entry of a Bundle it was."""

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
