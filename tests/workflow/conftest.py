"""The demonstration pharmacy on each database, filled once and copied for each test, and who works there."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, select

from compounding.db import migrate
from compounding.db.base import Base
from compounding.db.people import PersonRow
from compounding.db.session import make_engine, reading
from compounding.domain.people import Actor, Role
from compounding.workflow import seed
from compounding.workflow.act import Pharmacy
from tests import postgresql
from tests.application import ZONE
from tests.conftest import Clock
from tests.keys import VAULT
from tests.workflow.bench import Bench


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demonstration") / "template.db"
    shutil.copy(sqlite_template, path)
    _fill(URL.create("sqlite", database=str(path)))
    return path


@dataclass(frozen=True)
class Saved:
    """A database with the demonstration in it, and the same rows as text, by table."""

    address: URL
    begin: postgresql.Beginning
    rows: dict[str, bytes]


@pytest.fixture(scope="session")
def filled_postgresql(postgresql_server: URL) -> Saved:
    """Filled once; putting its rows back is ten times faster than a database for each test."""
    address = postgresql.create_database(postgresql_server, "demonstration")
    engine = make_engine(address, vault=VAULT)
    migrate.upgrade(engine)
    engine.dispose()
    _fill(address)
    return Saved(address, postgresql.beginning(address), _copied_out(address))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.campaign])])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """A demonstration pharmacy of this test alone; choose one kind of database with `parametrize("filled", ["sqlite"], indirect=True)`."""
    if request.param == "sqlite":
        path = tmp_path / "pharmacy.db"
        shutil.copy(request.getfixturevalue("filled_sqlite"), path)
        yield URL.create("sqlite", database=str(path))
        return
    saved: Saved = request.getfixturevalue("filled_postgresql")
    yield saved.address
    postgresql.empty(saved.address, saved.begin)
    _copy_in(saved)


class TickingClock(Clock):
    """A clock that a test moves by days, and that goes on by a millisecond whenever it is read: acts have an order."""

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


@pytest.fixture
def bench(filled: URL) -> Iterator[Bench]:
    engine, clock = make_engine(filled, vault=VAULT), TickingClock()
    pharmacy = Pharmacy(engine=engine, clock=clock, zone=ZONE)
    yield _staffed(pharmacy, clock)
    engine.dispose()


@pytest.fixture
def opening(filled_sqlite: Path, tmp_path: Path) -> Callable[[], Bench]:
    """A demonstration pharmacy that nobody has touched, as often as it is asked for."""
    numbers = itertools.count()

    def opened() -> Bench:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copy(filled_sqlite, path)
        clock = Clock()
        pharmacy = Pharmacy(engine=make_engine(URL.create("sqlite", database=str(path)), vault=VAULT), clock=clock, zone=ZONE)
        return _staffed(pharmacy, clock)

    return opened


def _staffed(pharmacy: Pharmacy, clock: Clock) -> Bench:
    with reading(pharmacy.engine) as session:
        people = {row.username: Actor(row.id, row.name, row.initials, Role(row.role)) for row in session.scalars(select(PersonRow))}
    return Bench.staffed(pharmacy, clock, people)


def _fill(address: URL) -> None:
    engine = make_engine(address, vault=VAULT)
    seed.demonstration(Pharmacy(engine=engine, clock=Clock(), zone=ZONE))
    engine.dispose()


def _copied_out(address: URL) -> dict[str, bytes]:
    found = {}
    with _connected(address) as connection:
        for table in Base.metadata.sorted_tables:
            with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(table.name))) as copy:
                found[table.name] = b"".join(bytes(part) for part in copy)
    return {name: text for name, text in found.items() if text and name != "counter"}


def _copy_in(saved: Saved) -> None:
    with _connected(saved.address) as connection:
        connection.execute("SET session_replication_role = replica")  # past the triggers: what they keep is in the rows
        for name, text in saved.rows.items():
            with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as copy:
                copy.write(text)


def _connected(address: URL) -> psycopg.Connection:
    return psycopg.connect(host=str(address.query["host"]), user=address.username, dbname=address.database, autocommit=True)
