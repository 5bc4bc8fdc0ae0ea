"""What stays on record: who changed which row by which act, who read whose data, what it cost, and for whom."""

import json
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from uuid import UUID

import pytest
from sqlalchemy import Column, select

from compounding.db.audit import AuditRow, ReadRow
from compounding.db.audit import told as told_open
from compounding.db.base import Base
from compounding.db.inventory import LotRow, RunningBalanceRow
from compounding.db.session import reading
from compounding.db.types import instant_text
from compounding.domain.authority import ActName
from compounding.domain.errors import Forbidden
from compounding.domain.money import Money, total
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, IN_L1, capsules, titration

Row = tuple[str, str]  # table and key
BY_THE_DATABASE = {("lot", "balance")}  # kept by its triggers from the movements, which are audited
THE_RECORD_ITSELF = {"audit_entry", "read_entry", "seal", "alembic_version"}
DERIVED = {"running_balance"}  # kept likewise


def audit(bench: Bench) -> list[AuditRow]:
    with reading(bench.pharmacy.engine) as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.at, AuditRow.act_id, AuditRow.place)))


def reads(bench: Bench) -> list[ReadRow]:
    with reading(bench.pharmacy.engine) as session:
        return list(session.scalars(select(ReadRow).order_by(ReadRow.at)))


def written(column: Column[object], value: object) -> object:
    """A value as the audit writes it; what is fixed or secret as its hash."""
    if column.info.get("audit") == "hash" and isinstance(value, str | bytes):
        return "sha256:" + sha256(value.encode() if isinstance(value, str) else value).hexdigest()
    match value:
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value


def rows(bench: Bench) -> dict[Row, dict[str, object]]:
    """Every row of every table as it stands, without what is empty."""
    found = {}
    with reading(bench.pharmacy.engine) as session:
        for table in Base.metadata.sorted_tables:
            if table.name in THE_RECORD_ITSELF | DERIVED:
                continue
            (key,) = table.primary_key
            for row in session.execute(select(table)).mappings():
                kept = {column.key: written(column, row[column]) for column in table.columns if row[column] is not None}
                found[table.name, str(row[key])] = {name: value for name, value in kept.items() if (table.name, name) not in BY_THE_DATABASE}
    return found


def replayed(entries: list[AuditRow]) -> dict[Row, dict[str, object]]:
    """Every row as the audit alone tells it; each update must begin where the entry before it ended."""
    found: dict[Row, dict[str, object]] = {}
    for entry in entries:
        row = found.setdefault((entry.table_name, entry.row_key), {})
        for name, value in json.loads(entry.old or "{}").items():
            assert row.setdefault(name, value) == value
        row.update(json.loads(entry.new))
    return {key: {name: value for name, value in row.items() if value is not None and (key[0], name) not in BY_THE_DATABASE} for key, row in found.items()}


def opened(bench: Bench, found: dict[Row, dict[str, object]]) -> dict[Row, dict[str, object]]:
    """What the audit tells with what is private opened, as rows have it."""
    tables, dialect = Base.metadata.tables, bench.pharmacy.engine.dialect
    return {key: {name: told_open(tables[key[0]].columns[name], value, dialect) for name, value in row.items()} for key, row in found.items()}


def test_the_audit_alone_tells_every_row_as_it_stands(bench: Bench) -> None:
    opening, closing = bench.planned(titration(), IN_L1)
    bench.reject(bench.counted(opening))
    bench.handed_over(opening)
    bench.clock.pass_days(35)
    bench.draw_up(closing)

    stands, told = rows(bench), opened(bench, replayed(audit(bench)))
    counters = {key for key in stands if key[0] == "counter"}  # begun by the migration, so that only their changes are told
    assert {key: row for key, row in told.items() if key not in counters} == {key: row for key, row in stands.items() if key not in counters}
    assert all(stands[key]["value"] == told[key]["value"] for key in counters if key in told)
    assert running_balances(bench) == summed(audit(bench))


def running_balances(bench: Bench) -> dict[str, tuple[str, int]]:
    """Of each movement its lot and what was left after it; of each lot, what is left."""
    with reading(bench.pharmacy.engine) as session:
        running = {str(row.movement_id): (str(row.lot_id), row.balance) for row in session.scalars(select(RunningBalanceRow))}
        return running | {str(lot.id): (str(lot.id), lot.balance) for lot in session.scalars(select(LotRow))}


def summed(entries: list[AuditRow]) -> dict[str, tuple[str, int]]:
    """The same from the audit alone, by adding the movements up in their order."""
    left: dict[str, int] = {}
    found = {}
    for entry in entries:
        if entry.table_name == "movement":
            told = json.loads(entry.new)
            lot = told["lot_id"]
            left[lot] = left.get(lot, 0) + told["amount"]
            found[entry.row_key] = (lot, left[lot])
    return found | {lot: (lot, balance) for lot, balance in left.items()}


def test_every_change_names_its_act_and_who_did_it(bench: Bench) -> None:
    before, begun = len(audit(bench)), bench.clock.moment
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.handed_over(fill)
    entries = audit(bench)[before:]

    assert {(entry.act_name, entry.actor_name, entry.kind, entry.table_name) for entry in entries} >= {
        ("prescription.receive", "Linh Tran", "insert", "prescription"),
        ("prescription.receive", "Linh Tran", "insert", "patient"),
        ("prescription.accept", "Maria Garcia", "update", "prescription"),
        ("plan.make", "Linh Tran", "insert", "plan"),
        ("plan.make", "Linh Tran", "insert", "fill"),
        ("batch.plan", "Linh Tran", "insert", "batch"),
        ("batch.count", "Linh Tran", "insert", "movement"),
        ("batch.count", "Linh Tran", "insert", "weighing"),
        ("batch.count", "Linh Tran", "insert", "signature"),
        ("batch.weigh", "Linh Tran", "insert", "movement"),
        ("batch.compound", "Linh Tran", "update", "batch"),
        ("batch.release", "Maria Garcia", "update", "batch"),
        ("batch.release", "Maria Garcia", "update", "fill"),
        ("label.issue", "Linh Tran", "insert", "label"),
        ("label.issue", "Linh Tran", "insert", "label_print"),
        ("fill.check", "Maria Garcia", "insert", "signature"),
        ("fill.hand_over", "Maria Garcia", "insert", "dispense"),
        ("fill.hand_over", "Maria Garcia", "insert", "cost"),
        ("fill.hand_over", "Maria Garcia", "update", "prescription"),
    }
    assert {entry.act_name for entry in entries} <= set(ActName)
    assert {entry.actor_id for entry in entries} == {bench.linh.id, bench.maria.id}
    assert all(begun < entry.at <= bench.clock.moment for entry in entries)
    for _, of_act in groupby(sorted(entries, key=lambda entry: (str(entry.act_id), entry.place)), key=lambda entry: entry.act_id):
        assert len({(entry.act_name, entry.actor_id, entry.at) for entry in of_act}) == 1


def test_who_reads_a_patients_data_is_logged_with_the_look_and_the_moment(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.made(fill)
    seen = bench.prescription(bench.fill(fill).prescription_id)
    bench.clock.pass_days(1)
    for read, look in (
        (lambda: bench.prescription(seen.id), "prescriptions.read"),
        (lambda: bench.batch(batch), "batches.read"),
        (lambda: bench.compose(fill), "labels.read"),
        (lambda: bench.fill(fill), "prescriptions.read"),
    ):
        known, begun = {entry.id for entry in reads(bench)}, bench.clock.moment
        read()
        (entry,) = [entry for entry in reads(bench) if entry.id not in known]
        assert (entry.look_name, entry.actor_id) == (look, bench.linh.id)
        assert begun < entry.at <= bench.clock.moment
        assert (entry.patient_id, entry.prescription_id) == (seen.patient_id, seen.id)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_who_was_turned_away_has_read_and_changed_nothing(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.compounded(fill)
    before = rows(bench), len(audit(bench)), len(reads(bench))
    with pytest.raises(Forbidden):
        bench.release(batch, by=bench.linh)
    assert (rows(bench), len(audit(bench)), len(reads(bench))) == before


def test_a_month_is_shown_per_patient_and_per_batch_and_its_parts_sum_to_it(bench: Bench) -> None:
    batches = {}
    for name in ("Ann Sample", "Bob Sample"):
        (fill,) = bench.planned(capsules(name), IN_CAPSULES)
        batches[bench.handed_over(fill)] = name
    opening, closing = bench.planned(titration(), IN_L1)  # Ann Sample's second order of the month
    batches[bench.handed_over(opening)] = "Ann Sample"
    bench.clock.pass_days(35)
    bench.handed_over(closing)

    before = len(reads(bench))
    march, april = bench.month("2026-03"), bench.month("2026-04")
    assert {row.patient_id for row in reads(bench)[before:]} == {item.patient_id for item in (*march.patients, *april.patients)}
    assert {item.batch_id: item.patient for item in march.fills} == batches
    assert all(item.total == total([part.amount for part in item.parts]) for item in (*march.fills, *april.fills))
    assert march.total == total([amount for _, amount in march.parts]) == total([item.total for item in march.fills])
    for patient in march.patients:
        assert patient.total == total([item.total for item in march.fills if item.patient_id == patient.patient_id])
    assert [(item.patient, item.fills) for item in sorted(march.patients, key=lambda item: item.patient)] == [("Ann Sample", 2), ("Bob Sample", 1)]
    assert (march.fill_count, march.patient_count, march.elsewhere) == (3, 2, Money(0))
    assert (april.fill_count, april.patients[0].patient) == (1, "Ann Sample")
    assert bench.month("2026-05").total == Money(0)
