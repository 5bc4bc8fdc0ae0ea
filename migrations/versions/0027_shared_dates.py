"""The date that no fill is given a later one than, where it shares a batch."""

import sqlalchemy as sa
from alembic import op

from compounding.db import types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("share", sa.Column("no_later", types.LocalDate(), nullable=True))


def downgrade() -> None:
    op.drop_column("share", "no_later")
