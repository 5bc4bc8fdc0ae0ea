"""The settings that keep what was acknowledged are there, on every connection, and proved."""

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from compounding.db.counters import CounterRow
from compounding.db.session import WRITES, make_engine, reading
from compounding.domain.authority import ActName
from compounding.domain.people import Actor
from compounding.workflow.act import Act, Pharmacy
from tests import postgresql
from tests.stock import tablets

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@ON_SQLITE
def test_sqlite_keeps_what_was_acknowledged_when_the_power_fails(engine: Engine) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "busy_timeout": 2000}
    for _ in range(3):
        engine.dispose()
        with engine.connect() as connection:
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
        assert found == wanted


@ON_SQLITE
def test_an_act_holds_the_write_lock_from_its_beginning(pharmacy: Pharmacy, technician: Actor) -> None:
    other = make_engine(pharmacy.engine.url, lock_wait_ms=0)

    def change(act: Act) -> str:
        act.session.scalars(select(CounterRow)).all()  # it only reads, so far
        with pytest.raises(DBAPIError) as locked, other.execution_options(**{WRITES: True}).begin():
            pass
        return str(locked.value.orig)

    assert "locked" in pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    other.dispose()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://host/name"])
def test_a_database_that_keeps_nothing_or_is_not_known_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="SQLite file"):
        make_engine(address)


@ON_POSTGRESQL
def test_postgresql_acknowledges_only_what_is_written(engine: Engine) -> None:
    with engine.connect() as connection:
        found = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in ("synchronous_commit", "TimeZone", "lock_timeout")}
    assert found == {"synchronous_commit": "on", "TimeZone": "UTC", "lock_timeout": "2s"}


@ON_POSTGRESQL
def test_a_postgresql_that_acknowledges_too_early_is_refused(engine: Engine) -> None:
    postgresql.order(engine.url, f'ALTER DATABASE "{engine.url.database}" SET synchronous_commit = off')
    try:
        with pytest.raises(RuntimeError, match="synchronous_commit"):
            make_engine(engine.url).connect()
    finally:
        postgresql.order(engine.url, f'ALTER DATABASE "{engine.url.database}" RESET synchronous_commit')


def test_a_look_sees_one_moment_of_the_records(pharmacy: Pharmacy, technician: Actor) -> None:
    count = text("SELECT count(*) FROM product")
    with reading(pharmacy.engine) as session:
        before = session.execute(count).scalar()
        pharmacy.perform(ActName.LOT_RECEIVE, technician, lambda act: act.session.add(tablets()))
        assert session.execute(count).scalar() == before == 0
    with reading(pharmacy.engine) as session:
        assert session.execute(count).scalar() == 1


def test_the_database_itself_refuses_to_write_in_a_look(engine: Engine) -> None:
    with reading(engine) as session:
        cursor = session.connection().connection.cursor()
        with pytest.raises(Exception, match=r"(?i)read.?only"):
            cursor.execute("UPDATE counter SET value = 1")
