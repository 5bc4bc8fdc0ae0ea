"""Which of the containers of a batch made for stock a fill was served with."""

import sqlalchemy as sa
from alembic import op

from compounding.db import types

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("share", sa.Column("place", types.Integer64(), nullable=True))


def downgrade() -> None:
    op.drop_column("share", "place")
