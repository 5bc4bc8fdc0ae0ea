"""An answer is kept with its headers, so that a repeated request gets the very same one."""

import sqlalchemy as sa
from alembic import op

from compounding.db import types

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("idempotency", sa.Column("headers", types.Document(), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency", "headers")
