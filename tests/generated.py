"""Generated requests to every address of the API, good ones and bad ones: no 5xx, and no answer that its document does not describe.

Run: python -m tests.generated [--requests 10000] [--seed 1]
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from compounding.db import migrate
from compounding.db.session import make_engine
from compounding.domain.authority import ActName
from compounding.domain.clarification import Question, Reason
from compounding.workflow import clarifications
from tests.adversary import House
from tests.api.conftest import ORDERS
from tests.api.orders import titration

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance]
_LETTERS = "abcdefghij"
_REASON = {"reason": "a generated request"}
# Bodies that are understood, so that what is generated also reaches what lies behind the schema.
_UNDERSTOOD: Mapping[str, tuple[dict[str, Any], ...]] = {
    "cancellation": (_REASON,),
    "changes": ({**_REASON, "kind": "hold"}, {**_REASON, "kind": "resume"}, {**_REASON, "kind": "stop"}),
    "refill-requests": ({"present_dose": "4.5", "unit": "mg"},),
    "answer": ({"text": "Yes."},),
}


@dataclass(frozen=True)
class Figures:
    """What a run did: how many requests of each operation, how often which status, and what was wrong, each with its request."""

    operations: Mapping[str, int]
    statuses: Mapping[int, int]
    seconds: float
    wrong: tuple[str, ...]


class Sender:
    """Sends what is generated as the clinic."""

    def __init__(self, house: House, chance: Random) -> None:
        self.house, self._chance = house, chance
        self.statuses: Counter[int] = Counter()
        self.wrong: list[str] = []
        self._orders: list[UUID] = []
        self._questions: dict[UUID, UUID] = {}

    def send(self, case: Case) -> None:
        """Send one case as it was generated, and once more for an order that there is; hold both answers against the document."""
        self._send(case)
        self._make_sensible(case)
        self._send(case)

    def _send(self, case: Case) -> None:
        answer = case.call(headers=self.house.clinic.bearer)
        self.statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=_CHECKS)
        except (Failure, FailureGroup) as failure:
            said = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
            self.wrong.append(f"{case.method} {case.formatted_path}: {answer.status_code}: {'; '.join(str(one) for one in said)[:600]}")

    def _make_sensible(self, case: Case) -> None:
        order = self._order()
        if "prescription_id" in (case.path_parameters or {}):
            case.path_parameters["prescription_id"] = str(order)
        if "clarification_id" in (case.path_parameters or {}):
            case.path_parameters["clarification_id"] = str(self._questions[order])
        if case.method.upper() != "POST":
            return
        case.headers = {**(case.headers or {}), "Idempotency-Key": str(UUID(int=self._chance.getrandbits(128)))}
        if "prescription_id" in (case.path_parameters or {}):
            case.headers["If-Match"] = self.house.clinic.get(f"{ORDERS}/{order}").headers["ETag"]
        bodies = _UNDERSTOOD.get(case.path.rpartition("/")[2])
        if bodies and self._chance.random() < 0.5:
            case.body = self._chance.choice(bodies)
        elif case.path == ORDERS and self._chance.random() < 0.3:
            case.body = self._written()

    def _written(self) -> dict[str, Any]:
        order = titration()
        name = "".join(_LETTERS[int(digit)] for digit in str(self._chance.getrandbits(60)))
        return order | {"patient": order["patient"] | {"name": f"Ada {name}"}}

    def _order(self) -> UUID:
        """One of a few orders that are held with a question; a new one now and then."""
        if len(self._orders) < 5 or self._chance.random() < 0.1:
            key = UUID(self.house.clinic.send(self._written()).get_json()["id"])
            question = Question(Reason.OTHER, "Is this meant?")
            bench = self.house.bench
            self._questions[key] = bench.pharmacy.perform(ActName.PRESCRIPTION_HOLD, bench.maria, lambda act: clarifications.ask(act, key, question))
            self._orders.append(key)
        return self._chance.choice(self._orders[-5:])


def run(house: House, requests: int, first: int) -> Figures:
    """So many requests, spread evenly over the operations and over good and bad ones; `first` is the seed."""
    began, sender = monotonic(), Sender(house, Random(first))
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", house.app)
    operations = [found.ok() for found in schema.get_all_operations()]
    each = -(-requests // (4 * len(operations)))  # good and bad ones, each sent twice
    counted: Counter[str] = Counter()
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            counted[operation.label] += _generated(operation.as_strategy(generation_mode=mode), sender, each, first)
    return Figures(dict(counted), dict(sender.statuses), monotonic() - began, tuple(sender.wrong))


def _generated(cases: st.SearchStrategy[Case], sender: Sender, most: int, first: int) -> int:
    """Send at most `most` cases of one operation; how many requests that were. An operation without anything to get wrong has few bad ones."""
    sent = 0

    @seed(first)
    @settings(max_examples=most, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=False)
    @given(case=cases)
    def each(case: Case) -> None:
        nonlocal sent
        sent += 2
        sender.send(case)

    each()
    return sent


@contextmanager
def furnished() -> Iterator[House]:
    """A pharmacy of its own, without a bound on how often it is asked."""
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder) / "template.db"
        engine = make_engine(f"sqlite:///{schema}")
        migrate.upgrade(engine)
        engine.dispose()
        place = Path(folder) / "house"
        place.mkdir()
        house = House.opened(schema, place, api_rate=10**9)
        yield house
        house.close()


def main() -> int:
    """Run and print the figures; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.generated")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given_by = parser.parse_args()
    with furnished() as house:
        found = run(house, given_by.requests, given_by.seed)
    statuses = ", ".join(f"{count} times {status}" for status, count in sorted(found.statuses.items()))
    total = sum(found.operations.values())
    sys.stdout.write(f"{total} requests to {len(found.operations)} operations: {statuses}; {found.seconds:.0f} s, {len(found.wrong)} wrong\n")
    sys.stderr.writelines(f"{line}\n" for line in found.wrong[:40])
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
