"""A draft of a formula may be corrected; once approved, by somebody else than its author, it is fixed, and one version of a code is in use."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("formula", sa.Column("retired_at", types.UtcInstant(), nullable=True))
    op.add_column("formula", sa.Column("retired_reason", types.Text(), nullable=True))
    for status in ("draft", "approved"):
        one = sa.text(f"status = '{status}'")
        op.create_index(f"uq_formula_one_{status}", "formula", ["code"], unique=True, sqlite_where=one, postgresql_where=one)
    dialect = op.get_context().dialect.name
    op.execute(triggers.dropped(dialect, "formula", "fixed"))
    for statement in triggers.drafted(dialect):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_context().dialect.name
    for name in triggers.DRAFTED:
        op.execute(triggers.dropped(dialect, "formula", name))
    for status in ("approved", "draft"):
        op.drop_index(f"uq_formula_one_{status}", "formula")
    op.drop_column("formula", "retired_reason")
    op.drop_column("formula", "retired_at")
    *_, fixed = triggers.fixed(dialect, "formula", ["code", "version", "document", "sha256"])
    op.execute(fixed)
