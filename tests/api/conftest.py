"""The whole application on each database, a prescriber's system with a token, and a second one."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, json
from flask.testing import FlaskClient
from sqlalchemy import URL
from werkzeug.test import TestResponse

from compounding.db.document import encode, sha256
from compounding.db.formulas import PolicyRow
from compounding.domain.authority import ActName
from compounding.domain.people import system_actor
from compounding.domain.policy import Policy
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.clients import add_client
from tests.api.fhir import Answer, Door
from tests.api.orders import NPI, OTHER_NPI
from tests.application import application, settings_of
from tests.conftest import Clock

ORDERS = "/api/v1/prescriptions"
_keys = count(1)


@dataclass(frozen=True)
class System:
    """A prescriber's system: it sends what it is told to, with its own token and a new key unless told otherwise."""

    client: FlaskClient
    token: str

    def send(self, order: object, *, key: str | None = None, **headers: str) -> TestResponse:
        return self.send_text(json.dumps(order), key=key, **headers)

    def send_text(self, body: str | bytes, *, key: str | None = None, **headers: str) -> TestResponse:
        named = {"Idempotency-Key": key or f"key-{next(_keys)}", "Content-Type": "application/json", **headers}
        return self.client.post(ORDERS, data=body, headers={**self.bearer, **named})

    def change(self, address: str, body: object, *, seen: str = "", key: str | None = None, **headers: str) -> TestResponse:
        """A change of what stands at the beginning of `address`, as it is read now unless the test says what was seen of it."""
        order = "/".join(address.split("/")[:5])
        named = {"Idempotency-Key": key or f"key-{next(_keys)}", "If-Match": seen or self.get(order).headers.get("ETag", '"none"'), **headers}
        return self.client.post(address, json=body, headers={**self.bearer, **named})

    def get(self, address: str) -> TestResponse:
        return self.client.get(address, headers=self.bearer)

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def stored(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(ORDERS).get_json()["prescriptions"]
        return found


@pytest.fixture
def app(database: URL, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    yield from opened(database, clock, tmp_path)


def opened(database: URL, clock: Clock, place: Path) -> Iterator[Flask]:
    """The application on a database, with the policy that orders are screened by."""
    app = application(settings_of(database, place), clock)
    app.extensions["pharmacy"].perform(ActName.PHARMACY_SEED, system_actor("seed"), approve_defaults)
    yield app
    app.extensions["pharmacy"].engine.dispose()


def approve_defaults(act: Act) -> None:
    text = encode(Policy())
    act.session.add(PolicyRow(version=1, document=text, sha256=sha256(text), approved_at=act.at))


def system(app: Flask, name: str, *npis: str) -> System:
    pharmacy: Pharmacy = app.extensions["pharmacy"]
    _, token = pharmacy.perform(ActName.CLIENT_ADD, system_actor("command line"), lambda act: add_client(act, name, npis))
    return System(app.test_client(), token)


@pytest.fixture
def clinic(app: Flask) -> System:
    return system(app, "Harbour Clinic", NPI)


@pytest.fixture
def neighbour(app: Flask) -> System:
    return system(app, "Hill Practice", OTHER_NPI)


@pytest.fixture(scope="module")
def shared_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all the tests of a module, on SQLite; it stands on the morning of 2 March 2026."""
    place = tmp_path_factory.mktemp("house")
    shutil.copy(sqlite_template, place / "pharmacy.db")
    yield from opened(URL.create("sqlite", database=str(place / "pharmacy.db")), Clock(), place)


@pytest.fixture(scope="module")
def by_json(shared_app: Flask) -> System:
    return system(shared_app, "Harbour Clinic", NPI)


@pytest.fixture(scope="module")
def door(shared_app: Flask, by_json: System) -> Door:
    """The same system, speaking FHIR."""
    return Door(FlaskClient(shared_app, Answer), by_json.token, shared_app.extensions["pharmacy"])


@pytest.fixture(scope="module")
def other_door(shared_app: Flask) -> Door:
    return Door(FlaskClient(shared_app, Answer), system(shared_app, "Hill Practice", OTHER_NPI).token, shared_app.extensions["pharmacy"])
