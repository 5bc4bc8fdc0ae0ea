"""Setbacks: containers made again, filled or given wrongly, brought back and destroyed."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setback",
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("cause", types.Text(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("amount", types.Integer64(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("found_by", types.Text(), nullable=False),
        sa.Column("reached_patient", types.Flag(), nullable=True),
        sa.Column("done", types.Text(), nullable=False),
        sa.Column("happened_on", types.LocalDate(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("destroyed_at", types.UtcInstant(), nullable=True),
        sa.Column("destroyer_id", types.Uuid(), nullable=True),
        sa.Column("witness_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'return') = (status <> 'recorded')", name=op.f("ck_setback_only_a_return_comes_back")),
        sa.CheckConstraint("(status = 'destroyed') = (destroyed_at IS NOT NULL)", name=op.f("ck_setback_destroyed")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_setback_amount_positive")),
        sa.CheckConstraint("cause IN ('spill', 'rejected', 'beyond-use date', 'expired', 'QC', 'remake', 'return')", name=op.f("ck_setback_cause")),
        sa.CheckConstraint("destroyer_id <> witness_id", name=op.f("ck_setback_two_people")),
        sa.CheckConstraint("kind <> 'misfill' OR (found_by <> '' AND done <> '' AND reached_patient IS NOT NULL)", name=op.f("ck_setback_misfill_told")),
        sa.CheckConstraint("kind IN ('remake', 'misfill', 'return')", name=op.f("ck_setback_kind")),
        sa.CheckConstraint("status IN ('recorded', 'returned', 'destroyed')", name=op.f("ck_setback_status")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_setback_batch_id_batch")),
        sa.ForeignKeyConstraint(["destroyer_id"], ["person.id"], name=op.f("fk_setback_destroyer_id_person")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_setback_fill_id_fill")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_setback_person_id_person")),
        sa.ForeignKeyConstraint(["witness_id"], ["person.id"], name=op.f("fk_setback_witness_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setback")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_setback_fill_id"), "setback", ["fill_id"], unique=False)
    op.create_index(op.f("ix_setback_batch_id"), "setback", ["batch_id"], unique=False)
    op.create_index(op.f("ix_setback_happened_on_cause"), "setback", ["happened_on", "cause"], unique=False)
    once = sa.text("kind = 'return'")
    op.create_index("uq_setback_fill_id_return", "setback", ["fill_id"], unique=True, sqlite_where=once, postgresql_where=once)
    fixed = ["fill_id", "batch_id", "kind", "cause", "amount", "reason", "found_by", "reached_patient", "done", "happened_on", "recorded_at", "person_id"]
    for statement in triggers.fixed(op.get_context().dialect.name, "setback", fixed):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("setback")
