"""Answers already given to prescribers' systems."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency",
        sa.Column("client_id", types.Uuid(), nullable=False),
        sa.Column("key", types.Text(), nullable=False),
        sa.Column("request_sha256", types.Text(), nullable=False),
        sa.Column("status", types.Integer64(), nullable=False),
        sa.Column("response", types.Document(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(request_sha256) = 64", name=op.f("ck_idempotency_request_sha256_length")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_idempotency_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency")),
        sa.UniqueConstraint("client_id", "key", name=op.f("uq_idempotency_client_id_key")),
        sqlite_strict=True,
    )

    dialect = op.get_context().dialect.name
    for statement in (*triggers.append_only(dialect, "idempotency"),):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("idempotency")
