"""Keys that are sent many times at once to a real server of several workers: each has one effect and one answer."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Barrier
from time import monotonic, sleep

from sqlalchemy import URL, func, select

from compounding.app import system_clock
from compounding.db.idempotency import IdempotencyRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.session import make_engine, reading
from compounding.domain.authority import ActName
from compounding.domain.people import system_actor
from compounding.workflow.act import Pharmacy
from compounding.workflow.clients import add_client
from tests.api.orders import NPI, titration
from tests.application import ZONE

_PAUSE = 0.05  # seconds before a request is sent again that met another one at work
_AGAIN = frozenset({409, 429, 503})
_LETTERS = "abcdefghij"


@dataclass(frozen=True)
class Figures:
    """What a run did: how many requests got which status, how long it took, and what is wrong."""

    statuses: Mapping[int, int]
    seconds: float
    wrong: tuple[str, ...]


def token(database: URL) -> str:
    """The token of a new prescriber's system."""
    engine = make_engine(database)
    pharmacy = Pharmacy(engine=engine, clock=system_clock, zone=ZONE)
    _, made = pharmacy.perform(ActName.CLIENT_ADD, system_actor("command line"), lambda act: add_client(act, "Repeating Clinic", [NPI]))
    engine.dispose()
    return made


def run(port: int, database: URL, bearer: str, *, keys: int, hands: int) -> Figures:
    """Let `hands` send each of `keys` at the same moment, each until it has its answer."""
    together, began = Barrier(hands), monotonic()
    with ThreadPoolExecutor(hands) as pool:
        told = list(pool.map(lambda _: _send_all(port, bearer, keys, together), range(hands)))
    seconds = monotonic() - began
    statuses: Counter[int] = Counter()
    for _, counted in told:
        statuses.update(counted)
    return Figures(dict(statuses), seconds, tuple(_judge([answers for answers, _ in told], database, keys)))


def _send_all(port: int, bearer: str, keys: int, together: Barrier) -> tuple[list[bytes], Counter[int]]:
    """The answers to all keys, one after the other, each with whole headers; and every status that was met on the way."""
    answers: list[bytes] = []
    met: Counter[int] = Counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    for number in range(keys):
        body = json.dumps(_order(number))
        headers = {"Authorization": f"Bearer {bearer}", "Idempotency-Key": f"run-{number}", "Content-Type": "application/json"}
        together.wait(timeout=300)
        while True:
            try:
                connection.request("POST", "/api/v1/prescriptions", body, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, HTTPException):  # a worker that ended its connection
                met[0] += 1
                connection.close()
                continue
            met[answer.status] += 1
            if answer.status not in _AGAIN:
                break
            sleep(_PAUSE)
        answers.append(b" ".join((str(answer.status).encode(), str(answer.headers["ETag"]).encode(), str(answer.headers["Location"]).encode(), text)))
    connection.close()
    return answers, met


def _order(number: int) -> dict[str, object]:
    """An order of a patient of its own: names hold no digits."""
    order = titration()
    today = system_clock().astimezone(ZONE).date().isoformat()
    name = "".join(_LETTERS[int(digit)] for digit in str(number))
    return order | {"patient": order["patient"] | {"name": f"Ada {name}"}, "written_on": today}


def _judge(answers: Sequence[Sequence[bytes]], database: URL, keys: int) -> list[str]:
    wrong = [f"key {number}: {len(set(found))} answers" for number, found in enumerate(zip(*answers, strict=True)) if len(set(found)) != 1]
    wrong += [f"key {number}: {found[:200]!r}" for number, found in enumerate(answers[0]) if not found.startswith(b"201 ")]
    engine = make_engine(database)
    with reading(engine) as session:
        for kind in (PrescriptionRow, IdempotencyRow):
            count = session.scalars(select(func.count()).select_from(kind).where(kind.client_id.is_not(None))).one()
            wrong += [] if count == keys else [f"{count} rows of {kind.__tablename__} for {keys} keys"]
    engine.dispose()
    return wrong
