"""The pharmacy's pages on a database of their own, three people who work there, and a visitor who reads what a browser would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compounding import problems, web
from compounding.db import migrate
from compounding.db.document import encode, sha256
from compounding.db.formulas import PolicyRow
from compounding.db.session import make_engine
from compounding.domain.authority import ActName
from compounding.domain.people import Role, system_actor
from compounding.domain.policy import Policy
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.people import add_person
from tests.conftest import Clock
from tests.web.reading import Page

PASSWORD, PIN = "correct horse battery", "271828"
STAFF = (
    ("tess", "Tess Technician", "TT", Role.TECHNICIAN),
    ("pat", "Pat Pharmacist", "PP", Role.PHARMACIST),
    ("ada", "Ada Administrator", "AA", Role.ADMINISTRATOR),
)


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser: every form that is posted carries the token of the page that was read last."""

    client: FlaskClient

    def read(self, address: str) -> Page:
        answer = self.client.get(address)
        return Page.of(answer)

    def send(self, address: str, fields: Mapping[str, str | list[str]], **headers: str) -> Page:
        token = self.read("/sign-in").value("csrf_token")
        answer = self.client.post(address, data={**fields, "csrf_token": token}, headers=headers)
        return Page.of(answer)

    def sign_in(self, username: str, password: str = PASSWORD, following: str = "") -> Page:
        return self.send("/sign-in", {"username": username, "password": password, "next": following})


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people and a policy in force, made once: a password costs a tenth of a second, on purpose."""
    path = tmp_path_factory.mktemp("staffed") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    pharmacy = Pharmacy(engine=engine, clock=Clock(), zone=ZoneInfo("America/Los_Angeles"))
    for person in STAFF:
        pharmacy.perform(ActName.PERSON_ADD, system_actor("command line"), partial(_join, person))
    pharmacy.perform(ActName.PHARMACY_SEED, system_actor("seed"), _approve)
    engine.dispose()
    return path


def _join(person: tuple[str, str, str, Role], act: Act) -> None:
    username, name, initials, role = person
    add_person(act, username=username, name=name, initials=initials, role=role, licence="RPH 1", password=PASSWORD, pin=PIN)


def _approve(act: Act) -> None:
    document = encode(Policy())
    act.session.add(PolicyRow(version=1, document=document, sha256=sha256(document), approved_at=act.at))


@pytest.fixture
def app(pharmacy: Pharmacy) -> Flask:
    app = Flask("compounding", static_folder=None)
    app.config.update(TESTING=True, SECRET_KEY="a secret of the tests alone", DEMONSTRATION=True)
    app.extensions["pharmacy"] = pharmacy
    problems.register(app)
    web.register(app)
    return app


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app.test_client())


@pytest.fixture
def at_work(app: Flask) -> Callable[[str], Visitor]:
    """A person of the staff, by user name, signed in at a browser of their own."""

    def arrive(username: str) -> Visitor:
        visitor = Visitor(app.test_client())
        assert visitor.sign_in(username).status == 302
        return visitor

    return arrive
