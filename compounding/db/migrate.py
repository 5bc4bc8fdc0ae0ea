"""Migrations, run from the program: the numbered versions under `migrations/`, the whole way in one transaction.

Both databases change tables inside a transaction; SQLite only when it is begun by hand, which the engine does. A migration
that fails leaves nothing behind.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from compounding.db.audit import MIGRATES

_SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`."""
    with _migrating(engine).begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to `revision`; `base` is the empty database."""
    with _migrating(engine).begin() as connection:
        command.downgrade(_config(connection), revision)


def revisions() -> tuple[str, ...]:
    """The numbers of all versions, the first one first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(reversed([script.revision for script in scripts]))


def _migrating(engine: Engine) -> Engine:
    options = {MIGRATES: True}
    return engine.execution_options(**options)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
