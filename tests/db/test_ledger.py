"""What the database itself keeps, against whoever goes around the program: raw statements on a connection that may do all."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, Executable, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from compounding.db.audit import Attribution
from compounding.db.base import HASHED, Base
from compounding.db.formulas import FormulaRow
from compounding.db.inventory import LotRow, MovementRow
from compounding.db.people import ClientRow
from compounding.db.session import writing
from compounding.db.system_access import UsedAssertionRow, keep
from compounding.domain.authority import ActName
from compounding.domain.errors import Conflict
from compounding.domain.people import Actor
from compounding.workflow.act import Act, Pharmacy
from tests.stock import MOMENT, movement

APPEND_ONLY = {
    "audit_entry",
    "read_entry",
    "seal",
    "movement",
    "signature",
    "label_print",
    "leaflet",
    "leaflet_print",
    "cost",
    "weighing",
    "tablet_weighing",
    "pack_statistic",
    "calibration",
    "bench_label",
    "step_answer",
    "override",
    "finding",
    "review",
    "policy",
    "idempotency",
    "adjustment",
    "balance_calibration",
    "balance_check",
    "batch_event",
    "charge",
    "cleaning",
    "clarification",
    "clarification_answer",
    "closing",
    "month_paper",
    "complaint",
    "complaint_review",
    "destruction",
    "lot_place",
    "lot_quarantine",
    "paper",
    "paper_superseded",
    "product_excipients",
    "purchase",
    "recall_contact",
    "recall_try",
    "quote",
    "receipt",
    "refill_request",
    "running_balance",
    "serial",
    "stock_count",
    "stock_level",
    "temperature",
    "training",
    "transfer",
    "void",
    "late_entry",
    "late_step",
    "listed_price",
    "sent_order",
    "price_list",
    "known_browser",
    "trail_reading",
}
KEEPS_SECRETS = {"person", "client"}  # a password changes
FIXED = {
    "blank",
    "access_token",
    "client_key",
    "used_assertion",
    "client_token",
    "session",
    "factor",
    "recovery_code",
    "tries",
    "glass",
    "dispense",
    "owed",
    "prescription",
    "plan",
    "fill",
    "batch",
    "formula",
    "label",
    "share",
    "hold",
    "recall",
    "setback",
    "step_time",
} | {
    "client_token",
    "event",
    "session",
    "factor",
    "recovery_code",
    "tries",
    "glass",
    "label_run",
    "label_run_item",
    "order_change",
    "print_job",
}


def refused(raw: Engine, statement: str | Executable) -> str:
    with raw.connect() as connection, pytest.raises(DBAPIError) as error:
        connection.execute(text(statement) if isinstance(statement, str) else statement)
    return str(error.value.orig)


def triggers(engine: Engine) -> set[str]:
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    )
    with engine.connect() as connection:
        return set(connection.execute(text(catalogue)).scalars())


def test_no_row_of_any_table_goes_away(engine: Engine) -> None:
    kinds = ["delete"] if engine.dialect.name == "sqlite" else ["delete", "truncate"]
    assert {f"{table}_{kind}_refused" for table in Base.metadata.tables for kind in kinds} <= triggers(engine)


def test_every_ledger_is_append_only_and_every_document_fixed(engine: Engine) -> None:
    changing = {name for name in triggers(engine) if name.endswith(("_update_refused", "_fixed_refused"))}
    assert changing == {f"{table}_update_refused" for table in APPEND_ONLY} | {f"{table}_fixed_refused" for table in FIXED}


def test_every_document_with_a_hash_is_among_the_fixed_columns(engine: Engine) -> None:
    catalogue = (
        "SELECT tbl_name, sql FROM sqlite_master WHERE name LIKE '%_fixed_refused'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname LIKE '%_fixed_refused'"
    )
    with engine.connect() as connection:
        rules = {table: rule.lower() for table, rule in connection.execute(text(catalogue))}
    for name, table in Base.metadata.tables.items():
        if name not in APPEND_ONLY | KEEPS_SECRETS:
            hashed = {column.name for column in table.columns if column.info == HASHED or column.name.endswith("sha256")}
            assert [column for column in hashed if f"old.{column} " not in rules.get(name, "")] == []


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("table", ["audit_entry", "movement", "lot"])
def test_a_row_is_not_deleted(raw: Engine, table: str) -> None:
    assert f"DELETE is refused on {table}" in refused(raw, delete(Base.metadata.tables[table]))


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor_name = 'Nobody'", "UPDATE movement SET amount = 7"])
def test_an_entry_is_not_changed(raw: Engine, change: str) -> None:
    assert "UPDATE is refused" in refused(raw, change)


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_entry_is_not_replaced(raw: Engine) -> None:
    copy = "INSERT OR REPLACE INTO movement (lot_id, amount, reason, moved_at, id) SELECT lot_id, 7, reason, moved_at, id FROM movement"
    assert "DELETE is refused on movement" in refused(raw, copy)


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_table_is_not_emptied(raw: Engine) -> None:
    for table in Base.metadata.tables:
        assert "TRUNCATE is refused" in refused(raw, f"TRUNCATE {table} CASCADE")


def test_fixed_columns_stay_while_the_status_moves(raw: Engine) -> None:
    approved = FormulaRow(code="L1", version=1, name="Liquid", status="approved", document="{}", sha256="a" * 64, approved_at=MOMENT)
    with writing(raw, Attribution(uuid4(), "test", uuid4(), "Test", MOMENT)) as session:
        session.add(approved)
    with raw.begin() as connection:
        connection.execute(text("UPDATE formula SET status = 'retired'"))
    assert "UPDATE is refused on formula" in refused(raw, "UPDATE formula SET document = '[]'")
    assert "UPDATE is refused on formula" in refused(raw, "UPDATE formula SET version = 2")


def test_the_row_of_an_assertion_is_used_again_once_it_has_ended_and_not_before(raw: Engine) -> None:
    client = ClientRow(name="Harbour Clinic", active=True, created_at=MOMENT)
    with writing(raw, Attribution(uuid4(), "test", uuid4(), "Test", MOMENT)) as session:
        session.add(client)
        session.flush()
        for number in range(3):
            at = MOMENT + timedelta(minutes=5 * number)
            keep(session, UsedAssertionRow(client_id=client.id, jti_sha256=str(number) * 64, expires_at=at + timedelta(minutes=6), used_at=at), at=at)
        assert sorted(session.scalars(select(UsedAssertionRow.jti_sha256))) == ["1" * 64, "2" * 64]
    assert "UPDATE is refused on used_assertion" in refused(raw, update(UsedAssertionRow).values(jti_sha256="3" * 64, used_at=MOMENT))
    assert "UPDATE is refused on used_assertion" in refused(raw, update(UsedAssertionRow).values(client_id=uuid4()))


@pytest.mark.usefixtures("shelf")
def test_a_balance_is_the_sum_of_its_movements_and_nothing_else(raw: Engine) -> None:
    assert "sum of its movements" in refused(raw, "UPDATE lot SET balance = balance + 1")


def test_a_lot_begins_with_nothing(raw: Engine, shelf: str) -> None:
    of_product = select(LotRow.product_id).where(LotRow.id == UUID(shelf)).scalar_subquery()
    begun = insert(LotRow).values(
        id=uuid4(),
        product_id=of_product,
        lot_number="B2",
        expires_on=MOMENT.date(),
        received_on=MOMENT.date(),
        status="available",
        invoice_micros=1,
        invoice_quantity=1,
        balance=5,
    )
    assert "sum of its movements" in refused(raw, begun)


@pytest.mark.usefixtures("shelf")
def test_a_program_that_writes_a_balance_is_refused(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        act.session.scalars(select(LotRow)).one().balance = 5

    with pytest.raises(DBAPIError, match="sum of its movements"):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)


@pytest.mark.usefixtures("shelf")
def test_a_lot_is_never_below_zero(pharmacy: Pharmacy, technician: Actor) -> None:
    def take(act: Act, tablets_taken: int) -> None:
        act.session.add(movement(act.session.scalars(select(LotRow)).one(), -tablets_taken))

    pharmacy.perform(ActName.LOT_WITHDRAW, technician, lambda act: take(act, 100))
    with pytest.raises(Conflict) as short:
        pharmacy.perform(ActName.LOT_WITHDRAW, technician, lambda act: take(act, 1))
    assert short.value.code == "lot-short"


@pytest.mark.usefixtures("shelf")
def test_an_entry_is_reversed_once(pharmacy: Pharmacy, technician: Actor) -> None:
    def reverse(act: Act) -> None:
        first = act.session.scalars(select(MovementRow).where(MovementRow.reverses_id.is_(None))).one()
        back = movement(act.session.scalars(select(LotRow)).one(), -1)
        back.reverses_id = first.id
        act.session.add(back)

    pharmacy.perform(ActName.LOT_WITHDRAW, technician, reverse)
    with pytest.raises(Conflict) as doubled:
        pharmacy.perform(ActName.LOT_WITHDRAW, technician, reverse)
    assert doubled.value.code == "somebody-was-first"
