"""What becomes known of products: what else is in them, and how much there should be at least."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_excipients",
        sa.Column("product_id", types.Uuid(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("source", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_product_excipients_person_id_person")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_excipients_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_excipients")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_product_excipients_product_id_recorded_at"), "product_excipients", ["product_id", "recorded_at"], unique=False)
    op.create_table(
        "stock_level",
        sa.Column("stands_for", types.Text(), nullable=False),
        sa.Column("least", types.Integer64(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("set_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("least >= 0", name=op.f("ck_stock_level_least_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stock_level_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_level")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stock_level_stands_for_set_at"), "stock_level", ["stands_for", "set_at"], unique=False)
    for table in ("product_excipients", "stock_level"):
        for statement in triggers.append_only(op.get_context().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("stock_level")
    op.drop_table("product_excipients")
