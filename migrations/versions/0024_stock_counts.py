"""Counts of lots, their adjustments, and what was destroyed before a witness."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_count",
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("counted", types.Integer64(), nullable=False),
        sa.Column("book", types.Integer64(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("counted_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("book >= 0", name=op.f("ck_stock_count_book_not_negative")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_counted_not_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_count_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stock_count_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stock_count_lot_id_counted_at"), "stock_count", ["lot_id", "counted_at"], unique=False)
    op.create_table(
        "adjustment",
        sa.Column("count_id", types.Uuid(), nullable=False),
        sa.Column("movement_id", types.Uuid(), nullable=False),
        sa.Column("amount", types.Integer64(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("adjusted_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_adjustment_amount_not_zero")),
        sa.ForeignKeyConstraint(["count_id"], ["stock_count.id"], name=op.f("fk_adjustment_count_id_stock_count")),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_adjustment_movement_id_movement")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_adjustment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sa.UniqueConstraint("count_id", name=op.f("uq_adjustment_count_id")),
        sa.UniqueConstraint("movement_id", name=op.f("uq_adjustment_movement_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "destruction",
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("movement_id", types.Uuid(), nullable=False),
        sa.Column("amount", types.Integer64(), nullable=False),
        sa.Column("cause", types.Text(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("witness_id", types.Uuid(), nullable=False),
        sa.Column("destroyed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_destruction_amount_positive")),
        sa.CheckConstraint("cause IN ('expired', 'withdrawn', 'recalled', 'returned', 'damaged')", name=op.f("ck_destruction_cause")),
        sa.CheckConstraint("person_id <> witness_id", name=op.f("ck_destruction_two_people")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_destruction_lot_id_lot")),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_destruction_movement_id_movement")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_destruction_person_id_person")),
        sa.ForeignKeyConstraint(["witness_id"], ["person.id"], name=op.f("fk_destruction_witness_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction")),
        sa.UniqueConstraint("movement_id", name=op.f("uq_destruction_movement_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_destruction_destroyed_at"), "destruction", ["destroyed_at"], unique=False)
    op.create_index(op.f("ix_destruction_lot_id"), "destruction", ["lot_id"], unique=False)
    for table in ("stock_count", "adjustment", "destruction"):
        for statement in triggers.append_only(op.get_context().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("destruction")
    op.drop_table("adjustment")
    op.drop_table("stock_count")
