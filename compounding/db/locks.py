"""PostgreSQL's advisory locks, which end with the transaction. SQLite has one writer at a time, and is let be."""

from enum import IntEnum

from sqlalchemy import func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session


class Lock(IntEnum):
    """What is held, with the number by which the database knows it."""

    MONTHS = 7  # the ledger's months: who enters shares them, who closes one holds them alone
    CHAIN = 8  # the end of the chain of seals
    PATIENT = 9  # one patient, by name: orders of one that come at the same moment are kept one after the other, and each sees those before it
    SENT_NUMBER = 10  # one number of a sender: the second of two that are the same waits, and then finds the first


def hold(session: Session, lock: Lock, *, shared: bool = False) -> None:
    """Hold `lock` to the end of the transaction; a `shared` one waits only for who holds it alone."""
    if session.get_bind().dialect.name == "postgresql":
        taken = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(taken(int(lock))))


def hold_value(session: Session, lock: Lock, column: InstrumentedAttribute[str], value: str) -> None:
    """Hold what stands as `value` in `column` to the end of the transaction, by 64 bits of it as it is stored: what is private stays so.

    Two values that share these bits wait for each other, and no more comes of it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(literal(value, column.type), int(lock)))))
