"""PostgreSQL's advisory locks, which end with the transaction. SQLite has one writer at a time, and is let be."""

from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session


class Lock(IntEnum):
    """What is held, with the number by which the database knows it."""

    MONTHS = 7  # the ledger's months: who enters shares them, who closes one holds them alone
    CHAIN = 8  # the end of the chain of seals


def hold(session: Session, lock: Lock, *, shared: bool = False) -> None:
    """Hold `lock` to the end of the transaction; a `shared` one waits only for who holds it alone."""
    if session.get_bind().dialect.name == "postgresql":
        taken = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(taken(int(lock))))
