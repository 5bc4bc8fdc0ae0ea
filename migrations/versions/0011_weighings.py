"""Lots of a batch, and every reading of an instrument."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_lot",
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("line", types.Integer64(), nullable=False),
        sa.Column("amount", types.Integer64(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_batch_lot_amount_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_lot_batch_id_batch")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_batch_lot_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_lot")),
        sa.UniqueConstraint("batch_id", "line", "lot_id", name=op.f("uq_batch_lot_batch_id_line_lot_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_batch_lot_lot_id"), "batch_lot", ["lot_id"], unique=False)
    op.create_table(
        "weighing",
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("line", types.Integer64(), nullable=False),
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("target", types.Integer64(), nullable=False),
        sa.Column("actual", types.Integer64(), nullable=False),
        sa.Column("unit", types.Text(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("witness_id", types.Uuid(), nullable=True),
        sa.Column("weighed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("unit IN ('tablet', 'ng', 'nL', 'piece')", name=op.f("ck_weighing_unit")),
        sa.CheckConstraint("actual >= 0", name=op.f("ck_weighing_actual_not_negative")),
        sa.CheckConstraint("person_id <> witness_id", name=op.f("ck_weighing_two_people")),
        sa.CheckConstraint("target > 0", name=op.f("ck_weighing_target_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_weighing_batch_id_batch")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_weighing_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_weighing_person_id_person")),
        sa.ForeignKeyConstraint(["witness_id"], ["person.id"], name=op.f("fk_weighing_witness_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighing")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_weighing_batch_id_line"), "weighing", ["batch_id", "line"], unique=False)
    op.create_index(op.f("ix_weighing_lot_id"), "weighing", ["lot_id"], unique=False)

    dialect = op.get_context().dialect.name
    for statement in (*triggers.never_deleted(dialect, "batch_lot"), *triggers.append_only(dialect, "weighing")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("weighing")
    op.drop_table("batch_lot")
