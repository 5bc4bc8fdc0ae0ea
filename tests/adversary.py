"""The demonstration pharmacy as somebody meets it who wants to get the wrong thing out of it: both doors, all of its people, and everything that is stored."""

import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Self
from uuid import UUID

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, literal_column, select, table
from werkzeug.test import TestResponse

from compounding.db.people import PersonRow
from compounding.db.session import make_engine, reading
from compounding.domain.authority import ActName
from compounding.domain.people import Actor, Role, system_actor
from compounding.domain.sign_in import IDLE
from compounding.workflow import seed
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.clients import add_client
from tests.api.conftest import System
from tests.api.orders import NPI, OTHER_NPI
from tests.application import ZONE, application, settings_of
from tests.conftest import Clock
from tests.keys import VAULT
from tests.web.conftest import Visitor
from tests.workflow.bench import Bench

PASSWORD, PIN = "correct horse battery", "271828"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the real cost proves nothing here
SECRETS = {"password_hash": _CHEAP.hash(PASSWORD), "pin_hash": _CHEAP.hash(PIN)}
_ASIDE = frozenset({"read_entry", "trail_reading", "seal", "sqlite_sequence"})  # what a page may write by being looked at
_AT_THE_DOOR = frozenset({"session", "known_browser", "tries", "client_token"})  # who came: with which browser, after how many tries, when last
Fields = Mapping[str, str | list[str]]
Rows = Mapping[str, frozenset[tuple[object, ...]]]


@dataclass(frozen=True)
class House:
    """The application on a SQLite file; a browser for each of its people, signed in, and two prescribers' systems."""

    app: Flask
    path: Path
    bench: Bench
    clinic: System
    neighbour: System
    _browsers: dict[str, tuple[FlaskClient, str, datetime]] = field(default_factory=dict)

    @classmethod
    def opened(cls, schema: Path, place: Path, *, api_rate: int = 10_000) -> Self:
        """A furnished pharmacy in the folder `place`, on a copy of the migrated database `schema`."""
        path = place / "pharmacy.sqlite"
        furnished, token, other_token = furnish(schema)
        shutil.copy(furnished, path)
        clock = Clock()
        database = URL.create("sqlite", database=str(path))
        app = application(settings_of(database, place, is_demonstration=True, api_rate=api_rate), clock)
        app.config["PROPAGATE_EXCEPTIONS"] = False  # what nobody foresaw is answered as it is to everybody
        bench = Bench.staffed(app.extensions["pharmacy"], clock, people_of(app.extensions["pharmacy"]))
        return cls(app, path, bench, System(app.test_client(), token), System(app.test_client(), other_token))

    def close(self) -> None:
        self.bench.pharmacy.engine.dispose()

    @cached_property
    def actors(self) -> dict[str, Actor]:
        return people_of(self.bench.pharmacy)

    def browser(self, username: str) -> tuple[FlaskClient, str]:
        """A browser at which somebody of the staff has signed in, and the token that its forms carry."""
        now = self.bench.clock.moment
        if username not in self._browsers or now - self._browsers[username][2] >= IDLE:
            visitor = Visitor(self.app.test_client())
            assert visitor.sign_in(username, PASSWORD).status == 302
            self._browsers[username] = visitor.client, visitor.read("/sign-in").value("csrf_token"), now
        client, token, _ = self._browsers[username]
        self._browsers[username] = client, token, now
        return client, token

    def post(self, username: str, address: str, fields: Fields) -> TestResponse:
        """What somebody of the staff gets for a form."""
        client, token = self.browser(username)
        return client.post(address, data={**fields, "csrf_token": token})

    def rows(self) -> Rows:
        """Everything that is stored, whatever the program thinks of it."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'") if name not in _ASIDE]
            return {name: frozenset(connection.execute(str(select(literal_column("*")).select_from(table(name))))) for name in tables}
        finally:
            connection.close()

    def records(self) -> Rows:
        """What is stored but for who came through the doors, and the lines of the trail that tell of it."""
        found = {name: rows for name, rows in self.rows().items() if name not in _AT_THE_DOOR}
        return {**found, "audit_entry": frozenset(row for row in found["audit_entry"] if not _AT_THE_DOOR.intersection(row))}

    def planned(self) -> dict[str, int]:
        """How much there is of everything that comes after an order."""
        rows = self.rows()
        return {table: len(rows[table]) for table in ("plan", "fill", "batch", "label", "dispense", "movement")}

    def status(self, order_id: UUID) -> str:
        return self.bench.prescription(order_id).status


def people_of(pharmacy: Pharmacy) -> dict[str, Actor]:
    """Who works here, by user name."""
    with reading(pharmacy.engine) as session:
        return {row.username: Actor(row.id, row.name, row.initials, Role(row.role)) for row in session.scalars(select(PersonRow))}


@cache
def furnish(schema: Path) -> tuple[Path, str, str]:
    """A pharmacy on a copy of the migrated database `schema`, made once: the demonstration with known passwords; the tokens of two systems."""
    path = schema.with_name("furnished.sqlite")
    shutil.copy(schema, path)
    engine = make_engine(f"sqlite:///{path}", vault=VAULT)
    clock = Clock()
    clock.moment -= timedelta(seconds=1)
    pharmacy = Pharmacy(engine=engine, clock=clock, zone=ZONE)
    seed.demonstration(pharmacy)
    clock.moment += timedelta(seconds=1)  # what is older than the chain is told in the order of its moments
    pharmacy.perform(ActName.PERSON_ADD, system_actor("command line"), _join)
    tokens = [
        pharmacy.perform(ActName.CLIENT_ADD, system_actor("command line"), lambda act, name=name, npi=npi: add_client(act, name, [npi]))[1]
        for name, npi in (("Harbour Clinic", NPI), ("Hill Practice", OTHER_NPI))
    ]
    engine.dispose()
    return path, tokens[0], tokens[1]


def _join(act: Act) -> None:
    for row in act.session.scalars(select(PersonRow)):
        row.password_hash, row.pin_hash = SECRETS["password_hash"], SECRETS["pin_hash"]
