"""Rows of assertions that were used, and of short tokens, are used again once they have ended, so that these tables do not grow for ever."""

from alembic import op

from compounding.db import triggers

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_TABLES = {"used_assertion": (("jti_sha256",), "used_at"), "access_token": (("key_id", "token_sha256", "scopes"), "issued_at")}


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    for table, (columns, begins) in _TABLES.items():
        op.execute(triggers.dropped(dialect, table, "update"))
        op.execute(triggers.taken_over(dialect, table, columns, begins=begins, ends="expires_at"))


def downgrade() -> None:
    dialect = op.get_context().dialect.name
    for table in _TABLES:
        op.execute(triggers.dropped(dialect, table, "fixed"))
        op.execute(triggers.append_only(dialect, table)[-1])  # the others were never dropped
