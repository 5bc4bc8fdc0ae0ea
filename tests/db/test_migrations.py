"""The numbered versions lead to exactly the tables that the program knows, and back."""

import re
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect, text

import compounding
from compounding.db import migrate
from compounding.db.base import Base
from compounding.db.session import make_engine
from tests.db.alone import VALUES, known, past_keys_and_checks

VERSIONS = Path(compounding.__file__).parents[1] / "migrations" / "versions"
# What the version before cannot keep: a row of a table, with what makes it such a row.
LOST: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("0035", "batch", {"compounder_id": "same", "verifier_id": "same"}),
    ("0037", "cost", {}),
    ("0040", "void", {}),
    ("0042", "owed", {}),
    ("0043", "blank", {}),
    ("0046", "print_job", {}),
    ("0047", "label_run", {}),
    ("0048", "seal", {}),
    ("0049", "client_token", {}),
    ("0051", "event", {"status": "waiting"}),
    ("0052", "sent_order", {}),
    ("0053", "person", {"role": "auditor"}),
    ("0053", "person", {"one_time_until": "2026-03-02T17:00:00.000000Z"}),
    ("0054", "glass", {}),
    ("0054", "trail_reading", {}),
    ("0057", "clarification", {}),
    ("0057", "clarification_answer", {}),
    ("0057", "order_change", {}),
    ("0057", "refill_request", {}),
    ("0058", "month_paper", {}),
)


@pytest.fixture(scope="module")
def at_version(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of SQLite at each of the versions of `LOST`."""
    place = tmp_path_factory.mktemp("versions")
    engine = make_engine(f"sqlite:///{place / 'growing.db'}")
    found = {}
    for version in sorted({version for version, _, _ in LOST}):
        migrate.upgrade(engine, version)
        engine.dispose()  # and what stood in the write-ahead log is in the file
        found[version] = Path(shutil.copy(place / "growing.db", place / f"{version}.db"))
    return found


def shape(engine: Engine) -> dict[str, object]:
    """Tables and columns; in which order columns stand means nothing, and PostgreSQL puts a column that comes back last."""
    found = inspect(engine).get_multi_columns()  # of all tables at once: one after the other took a second for each version
    return {table: sorted((column["name"], str(column["type"]), column["nullable"]) for column in columns) for (_, table), columns in found.items()}


def test_the_newest_version_is_what_the_program_knows(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_checks_of_the_database_are_those_of_the_program(engine: Engine) -> None:
    found = inspect(engine)
    for name, table in Base.metadata.tables.items():
        known = {str(rule.name): _words(str(rule.sqltext)) for rule in table.constraints if isinstance(rule, CheckConstraint)}
        there = {str(rule["name"]): _words(rule["sqltext"]) for rule in found.get_check_constraints(name)}
        assert set(there) == set(known), name
        if engine.dialect.name == "sqlite":  # PostgreSQL gives a rule back in words of its own
            assert there == known


def _words(rule: str) -> str:
    return re.sub(r"\s+", " ", rule).strip()


@pytest.mark.campaign
def test_every_version_goes_up_and_down_and_up_again_to_the_same_tables(empty: Engine) -> None:
    shapes = [shape(empty)]
    for number in migrate.revisions():
        migrate.upgrade(empty, number)
        shapes.append(shape(empty))
    for before in reversed(shapes[1:-1]):
        migrate.downgrade(empty, "-1")
        assert shape(empty) == before
    migrate.downgrade(empty, "base")
    assert set(shape(empty)) == {"alembic_version"}
    migrate.upgrade(empty)
    assert shape(empty) == shapes[-1]


def test_a_version_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    migrate.upgrade(empty, "0002")
    with empty.execution_options(compounding_migrates=True).begin() as connection:
        connection.execute(text("CREATE TABLE signature (x INTEGER)"))  # in the way of 0008, which makes four tables
    before = shape(empty)
    with pytest.raises(Exception, match="signature"):
        migrate.upgrade(empty)
    assert shape(empty) == before


@pytest.mark.parametrize(("version", "table", "values"), LOST)
def test_the_way_back_is_refused_where_an_older_version_would_lose_a_record(
    at_version: dict[str, Path], tmp_path: Path, version: str, table: str, values: dict[str, str]
) -> None:
    address = f"sqlite:///{shutil.copy(at_version[version], tmp_path)}"
    _put(address, table, values)
    engine = make_engine(address)
    before = shape(engine)
    with pytest.raises(RuntimeError, match="Nothing was changed"):
        migrate.downgrade(engine, "-1")
    assert shape(engine) == before
    engine.dispose()


def _put(address: str, name: str, values: dict[str, str]) -> None:
    """Write a row past all rules, which stands alone: `values`, and something of its type in each further column that must have a value."""
    with past_keys_and_checks(address) as connection:
        for trigger in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"), {"name": name}).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        table = known(connection, name)
        anything = {column.name: VALUES[str(column.type)][0] for column in table.columns if not column.nullable}
        connection.execute(table.insert().values(anything | values))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_table_on_sqlite_is_strict(engine: Engine) -> None:
    with engine.connect() as connection:
        strict = {name: bool(flag) for name, flag in connection.execute(text("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"))}
    assert [table for table in Base.metadata.tables if not strict[table]] == []


def test_versions_are_numbered_one_after_the_other() -> None:
    files = sorted(path.name[:4] for path in VERSIONS.glob("*.py"))
    assert list(migrate.revisions()) == files == [f"{number:04d}" for number in range(1, len(files) + 1)]


def test_migrations_run_only_with_a_connection_of_ours() -> None:
    with pytest.raises(RuntimeError, match=r"compounding\.db\.migrate"):
        migrate.command.current(migrate._config())
