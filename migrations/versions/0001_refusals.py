"""The functions that refuse changes and keep balances, which PostgreSQL's triggers call."""

from alembic import op

from compounding.db import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in triggers.functions(op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in triggers.drop_functions(op.get_context().dialect.name):
        op.execute(statement)
