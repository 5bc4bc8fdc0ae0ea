"""A key that was retired stays so."""

from alembic import op

from compounding.db import triggers

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in triggers.written_once(op.get_context().dialect.name, "client_key", "retired_at", ("retired_at",)):
        op.execute(statement)


def downgrade() -> None:
    op.execute(triggers.dropped(op.get_context().dialect.name, "client_key", "once"))
