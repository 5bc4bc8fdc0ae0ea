"""Prices that were told before making."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quote",
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("asked_micros", types.Integer64(), nullable=False),
        sa.Column("cost_micros", types.Integer64(), nullable=False),
        sa.Column("quoted_on", types.LocalDate(), nullable=False),
        sa.Column("valid_until", types.LocalDate(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("quoted_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("asked_micros >= 0", name=op.f("ck_quote_asked_micros_not_negative")),
        sa.CheckConstraint("cost_micros >= 0", name=op.f("ck_quote_cost_micros_not_negative")),
        sa.CheckConstraint("valid_until >= quoted_on", name=op.f("ck_quote_valid_until")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_quote_sha256_length")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_quote_fill_id_fill")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quote_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_quote_fill_id_quoted_at"), "quote", ["fill_id", "quoted_at"], unique=False)
    for statement in triggers.append_only(op.get_context().dialect.name, "quote"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("quote")
