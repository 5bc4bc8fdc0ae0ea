"""The pharmacy's pages on a database of their own, three people who work there, and a visitor who reads what a browser would."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage
from sqlalchemy import URL
from werkzeug.serving import make_server

from compounding.db import migrate
from compounding.db.document import encode, sha256
from compounding.db.formulas import PolicyRow
from compounding.db.people import PersonRow
from compounding.db.session import make_engine
from compounding.domain.authority import ActName
from compounding.domain.people import Role, system_actor
from compounding.domain.policy import Policy
from compounding.domain.sign_in import IDLE
from compounding.settings import Settings
from compounding.workflow.act import Act, Pharmacy
from tests.application import application, settings_of
from tests.conftest import Clock
from tests.keys import VAULT
from tests.web.looks import awaits_typing
from tests.web.reading import Page

Visit = Callable[..., BrowserPage]
PASSWORD, PIN = "correct horse battery", "271828"
STAFF = (
    ("tess", "Tess Technician", "TT", Role.TECHNICIAN),
    ("pat", "Pat Pharmacist", "PP", Role.PHARMACIST),
    ("ada", "Ada Administrator", "AA", Role.ADMINISTRATOR),
    ("otto", "Otto Auditor", "OA", Role.AUDITOR),
)
# What is verified is told by the hash itself; the real cost would only make the tests slow.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser: every form that is posted carries the token of the page that was read last.

    With a `clock`, whoever comes back after the session has ended signs in again, as a person would.
    """

    client: FlaskClient
    clock: Clock | None = None
    _at_work: dict[str, Any] = field(default_factory=dict)

    def read(self, address: str) -> Page:
        self._come_back()
        answer = self.client.get(address)
        return Page.of(answer)

    def send(self, address: str, fields: Mapping[str, str | list[str]], **headers: str) -> Page:
        token = self.read("/sign-in").value("csrf_token")
        answer = self.client.post(address, data={**fields, "csrf_token": token}, headers=headers)
        return Page.of(answer)

    def sign_in(self, username: str, password: str = PASSWORD, following: str = "") -> Page:
        answer = self.send("/sign-in", {"username": username, "password": password, "next": following})
        if self.clock is not None:
            self._at_work.update(who=(username, password), seen=self.clock.moment)
        return answer

    def _come_back(self) -> None:
        if self.clock is not None and self._at_work and self.clock.moment - self._at_work["seen"] >= IDLE:
            (username, password), _ = self._at_work["who"], self._at_work.clear()
            self.sign_in(username, password)
        elif self.clock is not None and self._at_work:
            self._at_work["seen"] = self.clock.moment


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people and a policy in force, made once."""
    path = tmp_path_factory.mktemp("staffed") / "template.db"
    engine = make_engine(f"sqlite:///{path}", vault=VAULT)
    migrate.upgrade(engine)
    pharmacy = Pharmacy(engine=engine, clock=Clock(), zone=ZoneInfo("America/Los_Angeles"))
    pharmacy.perform(ActName.PERSON_ADD, system_actor("command line"), _join)
    pharmacy.perform(ActName.PHARMACY_SEED, system_actor("seed"), _approve)
    engine.dispose()
    return path


def _join(act: Act) -> None:
    for username, name, initials, role in STAFF:
        secrets = {"password_hash": CHEAP.hash(PASSWORD), "pin_hash": CHEAP.hash(PIN)}
        act.session.add(PersonRow(username=username, name=name, initials=initials, role=role, licence="RPH 1", active=True, created_at=act.at, **secrets))


def _approve(act: Act) -> None:
    document = encode(Policy())
    act.session.add(PolicyRow(version=1, document=document, sha256=sha256(document), approved_at=act.at))


@pytest.fixture
def settings(database: URL, tmp_path: Path) -> Settings:
    return settings_of(database, tmp_path, is_demonstration=True)


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    app = application(settings, clock)
    yield app
    app.extensions["pharmacy"].engine.dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app.test_client())


@pytest.fixture
def at_work(app: Flask, clock: Clock) -> Callable[[str], Visitor]:
    """A person of the staff, by user name, signed in at a browser of their own."""

    def arrive(username: str) -> Visitor:
        visitor = Visitor(app.test_client(), clock)
        assert visitor.sign_in(username).status == 302
        return visitor

    return arrive


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application really serves."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A page of a real browser, each in a context of its own: user name, password, where to go, and what the context has otherwise."""
    contexts = []

    def start(username: str, password: str, following: str = "/", **options: object) -> BrowserPage:
        context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}, **options})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.fill("#username", username)
        page.fill("#password", password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/")
        if following != "/":
            page.goto(f"{address}{following}")
        awaits_typing(page)
        return page

    yield start
    for context in contexts:
        context.close()
