"""A row that stands alone on SQLite, past foreign keys and checks, so that one rule at a time is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, MetaData, Table, create_engine, text

# Two values of each type, of which the second differs from the first.
VALUES = {"TEXT": ("x", "y"), "INTEGER": (1, 2), "BLOB": (b"x", b"y")}


@contextmanager
def past_keys_and_checks(address: str | URL) -> Iterator[Connection]:
    """A connection to a file of SQLite on which only the triggers refuse."""
    engine = create_engine(address)  # one that holds no foreign keys
    with engine.begin() as connection:
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        yield connection
    engine.dispose()


def known(connection: Connection, name: str) -> Table:
    """A table as it is in this file, whatever version that has."""
    return Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
