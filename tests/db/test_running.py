"""The running balances: each follows from the one before it, nobody else writes one, and an entry costs the same however many there are."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from compounding.db import migrate
from tests.db.test_migrations import shape

ENTRY = "INSERT INTO movement (lot_id, amount, reason, moved_at, id) SELECT lot_id, :amount, reason, moved_at, :id FROM movement LIMIT 1"
OLD_SHELF = """
    INSERT INTO product (id, code, kind, name, labeler, unit, document)
    VALUES ('00000000-0000-0000-0000-000000000001', 'T', 'tablet', 'tablets', 'Maker', 'tablet', '[]');
    INSERT INTO lot (id, product_id, lot_number, expires_on, received_on, status, invoice_micros, invoice_quantity, balance)
    SELECT '00000000-0000-0000-0000-0000000000aa', id, 'USED', '2027-06-30', '2026-03-01', 'available', 1, 1, 0 FROM product;
    INSERT INTO lot (id, product_id, lot_number, expires_on, received_on, status, invoice_micros, invoice_quantity, balance)
    SELECT '00000000-0000-0000-0000-0000000000bb', id, 'BARE', '2027-06-30', '2026-03-01', 'available', 1, 1, 0 FROM product;
    INSERT INTO movement (id, lot_id, amount, reason, moved_at)
    SELECT '00000000-0000-0000-0000-000000000011', id, 100, 'received', '2026-03-01T08:00:00.000000Z' FROM lot WHERE lot_number = 'USED';
    INSERT INTO movement (id, lot_id, amount, reason, moved_at)
    SELECT '00000000-0000-0000-0000-000000000012', id, -30, 'batch', '2026-03-02T08:00:00.000000Z' FROM lot WHERE lot_number = 'USED';
    INSERT INTO movement (id, lot_id, amount, reason, moved_at)
    SELECT '00000000-0000-0000-0000-000000000013', id, 5, 'counted', '2026-03-02T08:00:00.000000Z' FROM lot WHERE lot_number = 'USED'
"""
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def changed(engine: Engine, statements: str, **values: object) -> None:
    with engine.execution_options(compounding_migrates=True).begin() as connection:
        for statement in statements.split(";"):
            connection.execute(text(statement), values)


def entered(raw: Engine, *amounts: int, statement: str = ENTRY) -> None:
    """Entries of the only lot by raw statements."""
    for amount in amounts:
        changed(raw, statement, amount=amount, id=str(uuid4()))


def running(raw: Engine) -> list[tuple[int, int]]:
    with raw.connect() as connection:
        return [(place, left) for place, left in connection.execute(text("SELECT place, balance FROM running_balance ORDER BY place"))]


@pytest.mark.usefixtures("shelf")
def test_each_movement_leaves_a_running_balance_that_follows_from_the_one_before(raw: Engine) -> None:
    entered(raw, -30, 5, -75)
    assert running(raw) == [(1, 100), (2, 70), (3, 75), (4, 0)]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE running_balance SET balance = 7",
        "DELETE FROM running_balance",
        "INSERT INTO running_balance (movement_id, lot_id, place, balance) SELECT movement_id, lot_id, 2, 200 FROM running_balance",  # counted twice
        "INSERT INTO running_balance (movement_id, lot_id, place, balance) SELECT lot_id, lot_id, 2, 105 FROM running_balance",  # of no movement
        "INSERT INTO running_balance (movement_id, lot_id, place, balance) SELECT movement_id, movement_id, 1, 100 FROM running_balance",  # another lot's
    ],
)
def test_nobody_writes_a_running_balance(raw: Engine, change: str) -> None:
    with pytest.raises(DBAPIError) as error:
        changed(raw, change)
    assert re.search(r"is refused on running_balance|follows from the one before|unique", str(error.value.orig), re.IGNORECASE)
    assert running(raw) == [(1, 100)]


def test_a_movement_without_its_running_balance_gets_only_the_right_one(raw: Engine, shelf: str) -> None:
    """With the rule of the movement taken away, that of the running balance and that of the lot still stand."""
    told = text("INSERT INTO running_balance (movement_id, lot_id, place, balance) VALUES (:lot, :lot, :place, :balance)")
    with raw.connect() as connection:
        connection.execute(text("DROP TRIGGER movement_balance" + (" ON movement" if raw.dialect.name == "postgresql" else "")))
        connection.execute(text("INSERT INTO movement (lot_id, amount, reason, moved_at, id) SELECT lot_id, -30, reason, moved_at, lot_id FROM movement"))
        for place, left in ((3, 70), (2, 71), (2, 100)):
            with pytest.raises(DBAPIError, match="follows from the one before"), connection.begin_nested():
                connection.execute(told, {"lot": shelf, "place": place, "balance": left})
        connection.execute(told, {"lot": shelf, "place": 2, "balance": 70})
        for balance in (69, 71):
            with pytest.raises(DBAPIError, match="sum of its movements"), connection.begin_nested():
                connection.execute(text("UPDATE lot SET balance = :balance"), {"balance": balance})


@pytest.mark.usefixtures("shelf")
@on_sqlite
def test_an_entry_that_ignores_conflicts_does_not_slip_below_zero(raw: Engine) -> None:
    with pytest.raises(DBAPIError, match="sum of its movements"):
        entered(raw, -101, statement=ENTRY.replace("INSERT", "INSERT OR IGNORE"))
    assert running(raw) == [(1, 100)]


@pytest.mark.usefixtures("shelf")
@on_sqlite
def test_the_thousandth_entry_of_a_lot_costs_what_the_third_did(raw: Engine) -> None:
    """Counted in steps of SQLite's own machine, which are the same on every computer."""
    steps = []
    with raw.connect() as connection:
        connection.connection.driver_connection.set_progress_handler(lambda: steps.append(1), 1)

        def cost() -> int:
            steps.clear()
            connection.execute(text("INSERT INTO movement (lot_id, amount, reason, moved_at, id) SELECT id, 1, 'received', '', hex(randomblob(16)) FROM lot"))
            return len(steps)

        costs = [cost() for _ in range(1000)]
    assert costs[-1] <= 1.1 * costs[1]


def test_running_balances_are_filled_from_the_entries_of_before_and_the_old_guard_comes_back(empty: Engine) -> None:
    migrate.upgrade(empty, "0038")
    changed(empty, OLD_SHELF)
    for _ in range(2):
        migrate.upgrade(empty, "0039")
        assert running(empty) == [(1, 100), (2, 105), (3, 75)]
        migrate.downgrade(empty, "0038")
        with pytest.raises(DBAPIError, match="sum of its movements"):
            changed(empty, "UPDATE lot SET balance = balance + 1")
    entered(empty, -75)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT balance FROM lot ORDER BY lot_number DESC")).scalars().all() == [0, 0]


def test_a_lot_that_is_not_the_sum_of_its_entries_stops_the_upgrade(empty: Engine) -> None:
    migrate.upgrade(empty, "0038")
    changed(empty, OLD_SHELF)
    changed(empty, "DROP TRIGGER lot_balance" + (" ON lot" if empty.dialect.name == "postgresql" else ""))
    changed(empty, "UPDATE lot SET balance = 1 WHERE lot_number = 'BARE'")
    before = shape(empty)
    with pytest.raises(RuntimeError, match="Nothing was changed"):
        migrate.upgrade(empty, "0039")
    assert shape(empty) == before
