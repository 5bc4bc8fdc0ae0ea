"""Tokens of prescribers' systems in a table of their own: several for each, named, scoped and dated.

A token that is here already is moved by `flask init`, in an act, so that the trail tells of it; until then it opens nothing.
On SQLite a column can only become empty when its table is written anew; others name its rows by foreign keys, which are checked at the end.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_COLUMNS = ("name", "token_sha256", "active", "created_at", "id")
_FIXED = ("client_id", "name", "token_sha256", "scopes", "valid_from", "created_at")


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        _client_anew(may_be_empty=True)
    else:
        op.alter_column("client", "token_sha256", nullable=True)
    op.create_table(
        "client_token",
        sa.Column("client_id", types.Uuid(), nullable=False),
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("token_sha256", types.Text(), nullable=False),
        sa.Column("scopes", types.Text(), nullable=False),
        sa.Column("valid_from", types.UtcInstant(), nullable=False),
        sa.Column("valid_until", types.UtcInstant(), nullable=False),
        sa.Column("created_at", types.UtcInstant(), nullable=False),
        sa.Column("revoked_at", types.UtcInstant(), nullable=True),
        sa.Column("last_used_on", types.LocalDate(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_client_token_name_given")),
        sa.CheckConstraint("length(scopes) > 0", name=op.f("ck_client_token_scopes_given")),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_client_token_token_sha256_length")),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_client_token_valid_for_a_time")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_token_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_client_token_token_sha256")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_client_token_client_id"), "client_token", ["client_id"], unique=False)
    for statement in (
        *triggers.never_deleted(dialect, "client_token"),
        *triggers.shrinking(dialect, "client_token", _FIXED, "valid_until"),
        *triggers.written_once(dialect, "client_token", "revoked_at", ("revoked_at",)),
    ):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM client_token")).scalar_one():
        message = "Prescribers' systems have tokens: an older version would know none of them. Nothing was changed."
        raise RuntimeError(message)
    op.drop_table("client_token")
    if op.get_context().dialect.name == "sqlite":
        _client_anew(may_be_empty=False)
    else:
        op.alter_column("client", "token_sha256", nullable=False)


def _client_anew(*, may_be_empty: bool) -> None:
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM client")
    op.drop_table("client")  # and its triggers
    op.create_table(
        "client",
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("token_sha256", types.Text(), nullable=may_be_empty),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("created_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_client_token_sha256_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_client_token_sha256")),
        sqlite_strict=True,
    )
    op.execute(sa.insert(_table("client")).from_select(list(_COLUMNS), sa.select(*_table("kept").columns)))
    op.execute("DROP TABLE kept")
    for statement in triggers.never_deleted("sqlite", "client"):
        op.execute(statement)


def _table(name: str) -> sa.TableClause:
    columns: list[sa.ColumnClause[Any]] = [sa.column(column) for column in _COLUMNS]
    return sa.table(name, *columns)
