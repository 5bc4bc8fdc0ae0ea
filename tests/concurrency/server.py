"""The real application behind a real gunicorn of several workers, on a database of its own, with eight lots of tablets on its shelf."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID

from sqlalchemy import URL, select

from compounding.app import system_clock
from compounding.db import migrate
from compounding.db.people import PersonRow
from compounding.db.session import make_engine
from compounding.domain.authority import ActName
from compounding.domain.money import Money
from compounding.domain.people import Actor, Role, system_actor
from compounding.workflow import inventory, seed
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.inventory import Receipt
from tests.adversary import PASSWORD, PIN, people_of
from tests.application import ZONE
from tests.web.conftest import CHEAP

HOUSE = Path(__file__).parents[2]
WORKERS = 4
_SLOWEST_START = 180  # seconds, on a machine that does other things as well


@dataclass(frozen=True)
class Shelf:
    """A running pharmacy: where it answers, where its records are, and its lots with the tablets that each began with."""

    port: int
    database: URL
    lots: dict[UUID, int]


def furnish(database: URL, *, lots: int, tablets: int) -> dict[UUID, int]:
    """The demonstration with `lots` further lots of `tablets` each, released; everybody has the password and the PIN of the tests."""
    engine = make_engine(database)
    migrate.upgrade(engine)
    pharmacy = Pharmacy(engine=engine, clock=system_clock, zone=ZONE)
    seed.demonstration(pharmacy)
    pharmacy.perform(ActName.PERSON_ADD, system_actor("command line"), _known_secrets)
    people = people_of(pharmacy)
    found = {_take_in(pharmacy, people, f"RUN-{number}", tablets): tablets for number in range(1, lots + 1)}
    engine.dispose()
    return found


def _known_secrets(act: Act) -> None:
    """What a hash costs is told by the hash itself: the real cost would measure argon2 and nothing else."""
    for row in act.session.scalars(select(PersonRow)):
        row.password_hash, row.pin_hash = CHEAP.hash(PASSWORD), CHEAP.hash(PIN)


def _take_in(pharmacy: Pharmacy, people: dict[str, Actor], number: str, tablets: int) -> UUID:
    technician = next(person for person in people.values() if person.role is Role.TECHNICIAN)
    pharmacist = next(person for person in people.values() if person.role is Role.PHARMACIST)
    expires_on = system_clock().astimezone(ZONE).date() + timedelta(days=400)
    receipt = Receipt("tablet-sun-100", number, expires_on, tablets, Money.of(tablets))
    lot_id = pharmacy.perform(ActName.LOT_RECEIVE, technician, lambda act: inventory.receive(act, receipt))
    pharmacy.perform(ActName.LOT_RELEASE, pharmacist, lambda act: inventory.release(act, lot_id))
    return lot_id


@contextmanager
def serving(database: URL, lots: dict[UUID, int], place: Path, **further: str) -> Iterator[Shelf]:
    """The server, until the block ends; its words go to a file in the folder `place`. `further` are settings by their names."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--no-control-socket", "--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "1",
        "--backlog", "256", "--timeout", "120", "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "wsgi:application",
    ]  # fmt: skip
    settings = {
        "PHARMACY_DATABASE_URL": database.render_as_string(hide_password=False), "PHARMACY_SECRET_KEY": "of no worth outside of this run, and long",
        "PHARMACY_AUDIT_KEY": "of no worth outside of this run, and as long",
        "PHARMACY_DATA_KEY": "of no worth outside either, and quite as long", "PHARMACY_AUDIT_ANCHOR": str(place / "audit.anchor"),
        "PHARMACY_VAR": str(place), "PHARMACY_TIME_ZONE": str(ZONE), "PHARMACY_NAME": "Run", "PHARMACY_ADDRESS": "1 Main Street",
        "PHARMACY_PHONE": "555-010-0100", "PHARMACY_PUBLIC_URL": f"https://127.0.0.1:{port}",
        "PHARMACY_LICENCE": "none", "PHARMACY_SECOND_FACTOR": "optional", **further,
    }  # fmt: skip
    with (place / "gunicorn.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=HOUSE, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        _await(port, server, place)
        yield Shelf(port, database, lots)
    finally:
        server.terminate()
        server.wait(timeout=60)


def _await(port: int, server: subprocess.Popen[bytes], place: Path) -> None:
    last = monotonic() + _SLOWEST_START
    while monotonic() < last and server.poll() is None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            try:
                connection.request("GET", "/health")
                with closing(connection.getresponse()) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                sleep(0.1)
    raise RuntimeError(f"the server did not begin: {(place / 'gunicorn.log').read_text(encoding='utf-8')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
