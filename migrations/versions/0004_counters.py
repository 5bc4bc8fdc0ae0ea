"""Numbers that people read aloud."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    counter = op.create_table(
        "counter",
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("value", types.Integer64(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
        sqlite_strict=True,
    )

    op.bulk_insert(counter, [{"name": "prescription", "value": 100_000}, {"name": "batch", "value": 1_000}])

    dialect = op.get_context().dialect.name
    for statement in (*triggers.never_deleted(dialect, "counter"),):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("counter")
