"""Numbers that people read aloud (Rx numbers, batch numbers): one after the other, none twice."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Base, table_args


class CounterRow(Base, kw_only=True):
    """The last number given under a name."""

    __tablename__ = "counter"
    __table_args__ = table_args()

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


def next_number(session: Session, name: str) -> int:
    """The next number of `name` (`prescription`, `batch`); its row stays locked until the act ends, so a failed act leaves no gap."""
    counter = session.scalars(select(CounterRow).where(CounterRow.name == name).with_for_update()).one()
    counter.value += 1
    return counter.value
