"""Auditors; passwords for once; sessions that the server can end; second factors, and what was tried at the door.

On SQLite a rule can only change with its table, so that `person` is written anew; others name its rows by foreign keys, which are checked at the end.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_KEPT = ("username", "name", "initials", "role", "licence", "password_hash", "pin_hash", "active", "created_at", "id")
_BEFORE = "role IN ('technician', 'pharmacist', 'pharmacist in charge', 'administrator')"
_NOW = "role IN ('technician', 'pharmacist', 'pharmacist in charge', 'administrator', 'auditor')"


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    _roles(dialect, _NOW, may_be_for_once=True)
    op.create_table(
        "session",
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("id_sha256", types.Text(), nullable=False),
        sa.Column("begun_at", types.UtcInstant(), nullable=False),
        sa.Column("ends_at", types.UtcInstant(), nullable=False),
        sa.Column("ended_at", types.UtcInstant(), nullable=True),
        sa.Column("ended_because", types.Text(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_session_ended_with_a_reason")),
        sa.CheckConstraint("begun_at < ends_at", name=op.f("ck_session_lasts")),
        sa.CheckConstraint("ended_because IN ('sign-out', 'password', 'role', 'disabled', 'factor')", name=op.f("ck_session_ended_because")),
        sa.CheckConstraint("length(id_sha256) = 64", name=op.f("ck_session_id_sha256_length")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("id_sha256", name=op.f("uq_session_id_sha256")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_session_person_id_ended_at"), "session", ["person_id", "ended_at"], unique=False)
    op.create_table(
        "factor",
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("secret", types.Text(), nullable=False),
        sa.Column("made_at", types.UtcInstant(), nullable=False),
        sa.Column("last_step", types.Integer64(), nullable=False),
        sa.Column("ended_at", types.UtcInstant(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("last_step >= 0", name=op.f("ck_factor_last_step_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_factor_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_factor_person_id"), "factor", ["person_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("factor_id", types.Uuid(), nullable=False),
        sa.Column("code_sha256", types.Text(), nullable=False),
        sa.Column("used_at", types.UtcInstant(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(code_sha256) = 64", name=op.f("ck_recovery_code_code_sha256_length")),
        sa.ForeignKeyConstraint(["factor_id"], ["factor.id"], name=op.f("fk_recovery_code_factor_id_factor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("factor_id", "code_sha256", name=op.f("uq_recovery_code_factor_id_code_sha256")),
        sqlite_strict=True,
    )
    op.create_table(
        "known_browser",
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("secret_sha256", types.Text(), nullable=False),
        sa.Column("known_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(secret_sha256) = 64", name=op.f("ck_known_browser_secret_sha256_length")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_browser_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_browser")),
        sa.UniqueConstraint("person_id", "secret_sha256", name=op.f("uq_known_browser_person_id_secret_sha256")),
        sqlite_strict=True,
    )
    op.create_table(
        "tries",
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("key_sha256", types.Text(), nullable=False),
        sa.Column("failures", types.Integer64(), nullable=False),
        sa.Column("last_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_tries_failures_not_negative")),
        sa.CheckConstraint("kind IN ('account', 'address', 'browser')", name=op.f("ck_tries_kind")),
        sa.CheckConstraint("length(key_sha256) = 64", name=op.f("ck_tries_key_sha256_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tries")),
        sa.UniqueConstraint("kind", "key_sha256", name=op.f("uq_tries_kind_key_sha256")),
        sqlite_strict=True,
    )
    for statement in (
        *triggers.fixed(dialect, "session", ("person_id", "id_sha256", "begun_at", "ends_at")),
        *triggers.written_once(dialect, "session", "ended_at", ("ended_at", "ended_because")),
        *triggers.fixed(dialect, "factor", ("person_id", "secret", "made_at")),
        *triggers.written_once(dialect, "factor", "ended_at", ("ended_at", "last_step")),
        *triggers.fixed(dialect, "recovery_code", ("factor_id", "code_sha256")),
        *triggers.written_once(dialect, "recovery_code", "used_at", ("used_at",)),
        *triggers.append_only(dialect, "known_browser"),
        *triggers.fixed(dialect, "tries", ("kind", "key_sha256")),
    ):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM person WHERE role = 'auditor'")).scalar_one():
        message = "There are auditors, whom an older version does not know. Nothing was changed."
        raise RuntimeError(message)
    if op.get_bind().execute(sa.text("SELECT count(*) FROM person WHERE one_time_until IS NOT NULL")).scalar_one():
        message = "Somebody has a password for once: an older version would take it for good. Nothing was changed."
        raise RuntimeError(message)
    for table in ("tries", "known_browser", "recovery_code", "factor", "session"):
        op.drop_table(table)
    _roles(op.get_context().dialect.name, _BEFORE, may_be_for_once=False)


def _roles(dialect: str, rule: str, *, may_be_for_once: bool) -> None:
    if dialect != "sqlite":
        op.drop_constraint(op.f("ck_person_role"), "person")
        op.create_check_constraint(op.f("ck_person_role"), "person", rule)
        if may_be_for_once:
            op.add_column("person", sa.Column("one_time_until", types.UtcInstant(), nullable=True))
        else:
            op.drop_column("person", "one_time_until")
        return
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM person")
    op.drop_table("person")  # and its triggers
    op.create_table(
        "person",
        sa.Column("username", types.Text(), nullable=False),
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("initials", types.Text(), nullable=False),
        sa.Column("role", types.Text(), nullable=False),
        sa.Column("licence", types.Text(), nullable=False),
        sa.Column("password_hash", types.Text(), nullable=False),
        sa.Column("pin_hash", types.Text(), nullable=False),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("created_at", types.UtcInstant(), nullable=False),
        *((sa.Column("one_time_until", types.UtcInstant(), nullable=True),) if may_be_for_once else ()),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(rule, name=op.f("ck_person_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("username", name=op.f("uq_person_username")),
        sqlite_strict=True,
    )
    op.execute(sa.insert(_table("person", _KEPT)).from_select(list(_KEPT), sa.select(*_table("kept", _KEPT).columns)))
    op.execute("DROP TABLE kept")
    for statement in triggers.never_deleted("sqlite", "person"):
        op.execute(statement)


def _table(name: str, names: Sequence[str]) -> sa.TableClause:
    columns: list[sa.ColumnClause[Any]] = [sa.column(column) for column in names]
    return sa.table(name, *columns)
