"""The engine and the transaction: settings that are read back, one way to write, one way to look, the one commit.

SQLite: a deferred transaction that later writes loses updates or fails, so an act begins with BEGIN IMMEDIATE and a look is
read only. WAL with synchronous FULL keeps what was acknowledged when the power fails. PostgreSQL: READ COMMITTED with row locks
for acts (a hot row is six times faster so than SERIALIZABLE), one snapshot for a look.

What a statement was given (names, birth dates) is hidden from the text of its errors, which goes to the log.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from compounding.db.audit import ATTRIBUTION, MIGRATES, Attribution, audit_session, guard_engine
from compounding.db.inventory import keep_balances_fresh
from compounding.db.outbox import keep_events
from compounding.db.private import Vault, give_vault
from compounding.db.seals import SEALS, Seals, seal

WRITES = "compounding_writes"  # the execution option of an engine whose transactions change rows
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_POSTGRESQL_BUSY = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock timeout


class AuditedSession(Session):
    """The only kind of session that can write."""


keep_events(AuditedSession)  # first, so that events are audited like everything else
audit_session(AuditedSession)
keep_balances_fresh(AuditedSession)


def make_engine(url: str | URL, *, seals: Seals | None = None, vault: Vault | None = None, lock_wait_ms: int = 2000) -> Engine:
    """An engine whose connections prove their settings when they are opened.

    `url` is `sqlite:////path/to/file` or `postgresql://...`; `lock_wait_ms` is how long one statement waits for a lock. With `seals` each
    transaction seals what it wrote, and with a `vault` what is known of patients is locked at rest; a pharmacy at work always has both.
    Raises `ValueError` for another database, and for SQLite in memory, which keeps nothing.
    """
    address = make_url(url)
    match address.get_backend_name():
        case "sqlite" if address.database and address.database != ":memory:":
            engine = _sqlite_engine(address, lock_wait_ms)
        case "postgresql":
            engine = _postgresql_engine(address, lock_wait_ms)
        case _:
            raise ValueError("the database is a SQLite file (sqlite:////path/to/file) or PostgreSQL (postgresql://...)")
    guard_engine(engine)
    give_vault(engine, vault)
    engine.update_execution_options(**{SEALS: seals})
    return engine


@contextmanager
def writing(engine: Engine, attribution: Attribution) -> Iterator[Session]:
    """A session whose changes belong to `attribution`: kept as a whole when the block ends, forgotten as a whole when it raises."""
    options = {WRITES: True}
    with AuditedSession(engine.execution_options(**options), expire_on_commit=False) as session:
        session.info[ATTRIBUTION] = attribution
        yield session
        seals: Seals | None = engine.get_execution_options().get(SEALS)
        sealed = seal(session, seals.key, attribution) if seals else None
        session.commit()
        if seals and sealed:
            seals.tell(sealed)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one moment of the database and can change nothing."""
    snapshot = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with AuditedSession(engine.execution_options(**snapshot), expire_on_commit=False, autoflush=False) as session:
        yield session


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is tried again: a lock, a deadlock, a serialization failure."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_BUSY
    return getattr(error.orig, "sqlstate", None) in _POSTGRESQL_BUSY


def _sqlite_engine(address: URL, lock_wait_ms: int) -> Engine:
    engine = create_engine(address, hide_parameters=True, connect_args={"isolation_level": None})
    wanted: dict[str, str | int] = {
        "busy_timeout": lock_wait_ms,
        "journal_mode": "wal",
        "synchronous": 2,  # FULL: NORMAL loses acknowledged commits on power loss
        "foreign_keys": 1,
        "recursive_triggers": 1,  # without it INSERT OR REPLACE goes around the append-only triggers
    }

    @event.listens_for(engine, "connect")
    def prove(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for name, value in wanted.items():
            cursor.execute(f"PRAGMA {name} = {value}")
            _same(name, value, cursor.execute(f"PRAGMA {name}").fetchone()[0])
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = bool(options.get(WRITES) or options.get(MIGRATES))
        connection.exec_driver_sql(f"PRAGMA query_only = {int(not writes)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(address: URL, lock_wait_ms: int) -> Engine:
    settings = f"-c timezone=UTC -c lock_timeout={lock_wait_ms}"
    engine = create_engine(address.set(drivername="postgresql+psycopg"), hide_parameters=True, connect_args={"options": settings})

    @event.listens_for(engine, "connect")
    def prove(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for name, value in {"TimeZone": "UTC", "server_encoding": "UTF8", "synchronous_commit": "on"}.items():
            cursor.execute(f"SHOW {name}")
            found = cursor.fetchone()
            _same(name, value, found and found[0])
        cursor.close()
        connection.rollback()

    return engine


def _same(name: str, wanted: object, found: object) -> None:
    if found != wanted:
        raise RuntimeError(f"the database does not keep {name} = {wanted} (it says {found}); it cannot be used like this")
