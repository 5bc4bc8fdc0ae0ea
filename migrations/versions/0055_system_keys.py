"""Public keys of prescribers' systems, the assertions that were used, and the short tokens that were given for them."""

import sqlalchemy as sa
from alembic import op

import compounding.db.types
from compounding.db import triggers

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_key",
        sa.Column("client_id", compounding.db.types.Uuid(), nullable=False),
        sa.Column("kid", compounding.db.types.Text(), nullable=False),
        sa.Column("algorithm", compounding.db.types.Text(), nullable=False),
        sa.Column("jwk", compounding.db.types.Document(), nullable=False),
        sa.Column("scopes", compounding.db.types.Text(), nullable=False),
        sa.Column("created_at", compounding.db.types.UtcInstant(), nullable=False),
        sa.Column("retired_at", compounding.db.types.UtcInstant(), nullable=True),
        sa.Column("id", compounding.db.types.Uuid(), nullable=False),
        sa.CheckConstraint("algorithm IN ('ES384', 'RS384')", name=op.f("ck_client_key_algorithm")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_key_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_key")),
        sa.UniqueConstraint("client_id", "kid", name=op.f("uq_client_key_client_id_kid")),
        sqlite_strict=True,
    )
    op.create_table(
        "used_assertion",
        sa.Column("client_id", compounding.db.types.Uuid(), nullable=False),
        sa.Column("jti_sha256", compounding.db.types.Text(), nullable=False),
        sa.Column("expires_at", compounding.db.types.UtcInstant(), nullable=False),
        sa.Column("used_at", compounding.db.types.UtcInstant(), nullable=False),
        sa.Column("id", compounding.db.types.Uuid(), nullable=False),
        sa.CheckConstraint("length(jti_sha256) = 64", name=op.f("ck_used_assertion_jti_sha256_length")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_used_assertion_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_assertion")),
        sa.UniqueConstraint("client_id", "jti_sha256", name=op.f("uq_used_assertion_client_id_jti_sha256")),
        sqlite_strict=True,
    )
    op.create_table(
        "access_token",
        sa.Column("client_id", compounding.db.types.Uuid(), nullable=False),
        sa.Column("key_id", compounding.db.types.Uuid(), nullable=False),
        sa.Column("token_sha256", compounding.db.types.Text(), nullable=False),
        sa.Column("scopes", compounding.db.types.Text(), nullable=False),
        sa.Column("issued_at", compounding.db.types.UtcInstant(), nullable=False),
        sa.Column("expires_at", compounding.db.types.UtcInstant(), nullable=False),
        sa.Column("id", compounding.db.types.Uuid(), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_access_token_token_sha256_length")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_access_token_client_id_client")),
        sa.ForeignKeyConstraint(["key_id"], ["client_key.id"], name=op.f("fk_access_token_key_id_client_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_access_token_token_sha256")),
        sqlite_strict=True,
    )
    dialect = op.get_context().dialect.name
    fixed = triggers.fixed(dialect, "client_key", ("client_id", "kid", "algorithm", "jwk", "scopes", "created_at"))
    for statement in (*fixed, *triggers.append_only(dialect, "used_assertion"), *triggers.append_only(dialect, "access_token")):
        op.execute(statement)


def downgrade() -> None:
    for table in ("access_token", "used_assertion", "client_key"):
        op.drop_table(table)
