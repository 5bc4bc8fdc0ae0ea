"""What is decided once stays as it was decided: a token that was revoked, a session that has ended, a glass that somebody answered for."""

import pytest
from sqlalchemy import URL, Engine
from sqlalchemy.exc import IntegrityError

from tests.db.alone import VALUES, known, past_keys_and_checks
from tests.db.test_ledger import triggers

# Of each table the column that decides, and what it takes with it.
DECIDED = {
    "blank": ("settled_at", "settler_id", "status", "batch_id", "spoiled_reason"),
    "client_key": ("retired_at",),
    "client_token": ("revoked_at",),
    "factor": ("ended_at", "last_step"),
    "glass": ("seen_at", "seen_by", "judgement"),
    "label_run": ("ended_at", "status", "job_id", "said"),
    "label_run_item": ("label_id", "status", "said"),
    "order_change": ("done_at", "person_id"),
    "owed": ("cancelled_at", "cancelled_reason", "canceller_id"),
    "print_job": ("settled_at", "status", "said", "tries", "doubled"),
    "recovery_code": ("used_at",),
    "session": ("ended_at", "ended_because"),
}


def test_every_table_of_which_something_is_decided_keeps_it(engine: Engine) -> None:
    assert {name for name in triggers(engine) if name.endswith("_once_refused")} == {f"{table}_once_refused" for table in DECIDED}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", DECIDED)
def test_what_is_decided_is_neither_taken_back_nor_decided_otherwise(database: URL, name: str) -> None:
    with past_keys_and_checks(database) as connection:
        table = known(connection, name)
        decides, *_ = DECIDED[name]
        first = {column.name: VALUES[str(column.type)][0] for column in table.columns}
        connection.execute(table.insert().values(first | {decides: None}))
        connection.execute(table.update().values({decides: first[decides]}))
        for column in DECIDED[name]:
            for value in (VALUES[str(table.columns[column].type)][1], None):
                with pytest.raises(IntegrityError, match=f"refused on {name}"):
                    connection.execute(table.update().values({column: value}))
