"""People who work here, and prescribers' systems."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("username", types.Text(), nullable=False),
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("initials", types.Text(), nullable=False),
        sa.Column("role", types.Text(), nullable=False),
        sa.Column("licence", types.Text(), nullable=False),
        sa.Column("password_hash", types.Text(), nullable=False),
        sa.Column("pin_hash", types.Text(), nullable=False),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("created_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("role IN ('technician', 'pharmacist', 'pharmacist in charge', 'administrator')", name=op.f("ck_person_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("username", name=op.f("uq_person_username")),
        sqlite_strict=True,
    )
    op.create_table(
        "client",
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("token_sha256", types.Text(), nullable=False),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("created_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_client_token_sha256_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_client_token_sha256")),
        sqlite_strict=True,
    )
    op.create_table(
        "client_npi",
        sa.Column("client_id", types.Uuid(), nullable=False),
        sa.Column("npi", types.Text(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_npi_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_npi")),
        sa.UniqueConstraint("client_id", "npi", name=op.f("uq_client_npi_client_id_npi")),
        sqlite_strict=True,
    )

    dialect = op.get_context().dialect.name
    for statement in (*triggers.never_deleted(dialect, "person"), *triggers.never_deleted(dialect, "client"), *triggers.never_deleted(dialect, "client_npi")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("client_npi")
    op.drop_table("client")
    op.drop_table("person")
