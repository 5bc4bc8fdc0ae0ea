"""The single weights behind a pack statistic; empty where the shells were weighed together before."""

import sqlalchemy as sa
from alembic import op

from compounding.db import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pack_statistic", sa.Column("document", types.Document(), nullable=True))


def downgrade() -> None:
    op.drop_column("pack_statistic", "document")
