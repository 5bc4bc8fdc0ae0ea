"""A bench at work in a process of its own until its plug is pulled; and what must be true of its records whenever that happens."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import column, select, table

from compounding.db.session import make_engine
from compounding.domain.batch import Meaning
from compounding.workflow.act import Pharmacy
from tests.adversary import people_of
from tests.application import ZONE
from tests.conftest import Clock
from tests.keys import VAULT
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules

TABLETS = 3  # for thirty capsules of 4.5 mg
Done = tuple[str, str]  # what was acknowledged, and of which record
# Those too that a migration makes, or the database alone from the movements.
_UNAUDITED = frozenset({"audit_entry", "read_entry", "seal", "alembic_version", "sqlite_sequence", "counter", "running_balance"})


def bench_at(path: Path) -> Bench:
    pharmacy, clock = Pharmacy(engine=make_engine(f"sqlite:///{path}", vault=VAULT), clock=Clock(), zone=ZONE), Clock()
    return Bench.staffed(pharmacy, clock, people_of(pharmacy))


def work(path: Path, said: Connection) -> None:
    """Take orders as far as the count, one after the other, without end; say what was done as soon as it was."""
    bench = bench_at(path)
    for _ in count():
        order = capsules(f"Ann Plug {uuid4()}")
        order_id = bench.receive(replace(order, patient=replace(order.patient, allergies=("penicillin",)))).id
        said.send(("received", str(order_id)))
        bench.accept(order_id)
        said.send(("accepted", str(order_id)))
        (fill,) = bench.plan(order_id, IN_CAPSULES)
        said.send(("planned", str(fill)))
        batch = bench.draw_up(fill)
        said.send(("drawn", str(batch)))
        bench.count(batch)
        said.send(("counted", str(batch)))


def examine(path: Path, done: Sequence[Done]) -> None:
    """The file is sound, nothing that was acknowledged is lost, nothing is half there, the balances are the movements, the audit tells every row."""
    with closing(sqlite3.connect(path)) as records:
        assert records.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert records.execute("PRAGMA foreign_key_check").fetchall() == []
        _nothing_lost(records, done)
        _nothing_halved(records)
        _balanced(records)
        _audited(records)


def _nothing_lost(records: sqlite3.Connection, done: Sequence[Done]) -> None:
    orders = dict(_pairs(records, "SELECT id, status FROM prescription"))
    fills = dict(_pairs(records, "SELECT id, status FROM fill"))
    batches = dict(_pairs(records, "SELECT id, status FROM batch"))
    for what, key in done:
        match what:
            case "received":
                assert key in orders, f"order {key} is lost"
            case "accepted":
                assert orders[key] == "accepted"
            case "planned":
                assert key in fills, f"fill {key} is lost"
            case "drawn":
                assert key in batches, f"batch {key} is lost"
            case _:
                assert batches[key] == "in_process"


def _nothing_halved(records: sqlite3.Connection) -> None:
    """An order has its patient's findings, a plan its fills, a worksheet its lines, a count its tablets, its weighing and its witness: all or none."""
    batches = dict(_pairs(records, "SELECT id, status FROM batch"))
    begun = {key for key, status in batches.items() if status == "in_process"}
    assert dict(_pairs(records, "SELECT batch_id, sum(amount) FROM movement WHERE batch_id IS NOT NULL GROUP BY batch_id")) == dict.fromkeys(begun, -TABLETS)
    assert dict(_pairs(records, "SELECT batch_id, count(*) FROM weighing GROUP BY batch_id")) == dict.fromkeys(begun, 1)
    seen = records.execute("SELECT subject_id FROM signature WHERE meaning = ?", (Meaning.WITNESS_COUNT.value,))
    assert {_text(key) for (key,) in seen} == begun
    lines = set(_pairs(records, "SELECT batch_id, count(*) FROM batch_lot GROUP BY batch_id"))
    assert {key for key, _ in lines} == set(batches)
    assert len({number for _, number in lines}) <= 1
    fills = {(_text(fill), status) for fill, status in records.execute("SELECT id, status FROM fill")}
    drawn = {_text(fill) for (fill,) in records.execute("SELECT fill_id FROM share")}
    assert {fill for fill, status in fills if status == "planned"} == drawn
    assert len(fills) == records.execute("SELECT count(*) FROM plan").fetchone()[0]
    numbers = [number for (number,) in records.execute("SELECT number FROM prescription ORDER BY number")]
    assert numbers == list(range(100_001, 100_001 + len(numbers)))


def _balanced(records: sqlite3.Connection) -> None:
    kept = dict(_pairs(records, "SELECT id, balance FROM lot"))
    assert kept == dict(_pairs(records, "SELECT lot_id, sum(amount) FROM movement GROUP BY lot_id"))
    assert min(kept.values()) >= 0
    rows = "SELECT r.lot_id, r.balance, m.amount FROM running_balance r JOIN movement m ON m.id = r.movement_id ORDER BY r.lot_id, r.place"
    left: Counter[object] = Counter()
    for lot, balance, amount in records.execute(rows):
        left[lot] += amount
        assert left[lot] == balance
    assert {_text(str(lot)): amount for lot, amount in left.items()} == kept


def _audited(records: sqlite3.Connection) -> None:
    told: dict[str, dict[str, dict[str, object]]] = {}
    places: Counter[object] = Counter()
    for of, key, kind, new, act in records.execute("SELECT table_name, row_key, kind, new, act_id FROM audit_entry ORDER BY rowid"):
        places[act] += 1
        rows = told.setdefault(of, {})
        assert (kind == "insert") == (key not in rows) or of == "counter", f"{of} {key}"
        rows.setdefault(key, {}).update(json.loads(new))
    assert places == Counter(dict(records.execute("SELECT act_id, max(place) FROM audit_entry GROUP BY act_id")))
    counters = {name: row["value"] for name, row in told.get("counter", {}).items()}
    assert {name: value for name, value in records.execute("SELECT name, value FROM counter") if name in counters or value % 1000} == counters
    tables = {name for (name,) in records.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")} - _UNAUDITED
    for name in tables:
        kept = {_text(key) for (key,) in records.execute(str(select(column("id")).select_from(table(name))))}
        assert set(told.get(name, {})) == kept, name
    for name in ("prescription", "fill", "batch", "lot"):
        states = {key: row["status"] for key, row in told.get(name, {}).items()}
        assert dict(_pairs(records, str(select(column("id"), column("status")).select_from(table(name))))) == states, name


def _pairs(records: sqlite3.Connection, query: str) -> Iterator[tuple[str, int | str]]:
    return ((_text(key), value) for key, value in records.execute(query))


def _text(key: bytes | str) -> str:
    return str(UUID(bytes=key)) if isinstance(key, bytes) else str(UUID(key))
