"""What a fill cost."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cost",
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=True),
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("patient_id", types.Uuid(), nullable=False),
        sa.Column("month", types.Text(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("amount_micros", types.Integer64(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_cost_month_length")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_cost_batch_id_batch")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_cost_fill_id_fill")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_cost_patient_id_patient")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_cost_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_cost_batch_id"), "cost", ["batch_id"], unique=False)
    op.create_index(op.f("ix_cost_fill_id"), "cost", ["fill_id"], unique=False)
    op.create_index(op.f("ix_cost_month_kind"), "cost", ["month", "kind"], unique=False)
    op.create_index(op.f("ix_cost_patient_id_month"), "cost", ["patient_id", "month"], unique=False)
    op.create_index(op.f("ix_cost_prescription_id"), "cost", ["prescription_id"], unique=False)

    dialect = op.get_context().dialect.name
    for statement in (*triggers.append_only(dialect, "cost"),):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("cost")
