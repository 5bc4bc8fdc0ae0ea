"""When a session of the staff was used last: whoever is signed in while this runs signs in again."""

import sqlalchemy as sa
from alembic import op

from compounding.db import types

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("used_at", types.UtcInstant(), nullable=True))


def downgrade() -> None:
    op.drop_column("session", "used_at")
