"""The demonstration pharmacy on each database, filled once and copied for each test, and who works there."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import URL, select

from compounding.db import migrate
from compounding.db.people import PersonRow
from compounding.db.session import make_engine, reading
from compounding.domain.people import Actor, Role
from compounding.workflow import seed
from compounding.workflow.act import Pharmacy
from tests import postgresql
from tests.conftest import DATABASES, Clock
from tests.workflow.bench import Bench

ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demonstration") / "template.db"
    shutil.copy(sqlite_template, path)
    _fill(URL.create("sqlite", database=str(path)))
    return path


@pytest.fixture(scope="session")
def filled_postgresql(postgresql_server: URL) -> URL:
    address = postgresql.create_database(postgresql_server, "demonstration")
    engine = make_engine(address)
    migrate.upgrade(engine)
    engine.dispose()
    _fill(address)
    return address


@pytest.fixture(params=DATABASES)
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """A demonstration pharmacy of this test alone; choose one kind of database with `parametrize("filled", ["sqlite"], indirect=True)`."""
    if request.param == "sqlite":
        path = tmp_path / "pharmacy.db"
        shutil.copy(request.getfixturevalue("filled_sqlite"), path)
        yield URL.create("sqlite", database=str(path))
        return
    template: URL = request.getfixturevalue("filled_postgresql")
    postgresql.order(template.set(database="postgres"), f'CREATE DATABASE copy TEMPLATE "{template.database}" STRATEGY FILE_COPY')
    yield template.set(database="copy")
    postgresql.drop_database(template.set(database="copy"))


class TickingClock(Clock):
    """A clock that a test moves by days, and that goes on by a millisecond whenever it is read: acts have an order."""

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


@pytest.fixture
def bench(filled: URL) -> Iterator[Bench]:
    engine, clock = make_engine(filled), TickingClock()
    pharmacy = Pharmacy(engine=engine, clock=clock, zone=ZONE)
    with reading(engine) as session:
        people = {row.username: Actor(row.id, row.name, row.initials, Role(row.role)) for row in session.scalars(select(PersonRow))}
    yield Bench.staffed(pharmacy, clock, people)
    engine.dispose()


def _fill(address: URL) -> None:
    engine = make_engine(address)
    seed.demonstration(Pharmacy(engine=engine, clock=Clock(), zone=ZONE))
    engine.dispose()
