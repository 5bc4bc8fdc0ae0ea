"""A lot may be of a batch that was made for stock."""

import sqlalchemy as sa
from alembic import op

from compounding.db import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # which takes the key with the column or never
        op.execute("ALTER TABLE lot ADD COLUMN batch_id TEXT CONSTRAINT fk_lot_batch_id_batch REFERENCES batch (id)")
    else:
        op.add_column("lot", sa.Column("batch_id", types.Uuid(), nullable=True))
        op.create_foreign_key(op.f("fk_lot_batch_id_batch"), "lot", "batch", ["batch_id"], ["id"])
    op.create_index(op.f("ix_lot_batch_id"), "lot", ["batch_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_lot_batch_id"), table_name="lot")
    op.drop_column("lot", "batch_id")
