"""Hand-overs."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dispense",
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("patient_id", types.Uuid(), nullable=False),
        sa.Column("handed_at", types.UtcInstant(), nullable=False),
        sa.Column("handed_on", types.LocalDate(), nullable=False),
        sa.Column("first_dose_on", types.LocalDate(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_dispense_batch_id_batch")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_dispense_fill_id_fill")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_dispense_patient_id_patient")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dispense_person_id_person")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_dispense_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispense")),
        sa.UniqueConstraint("fill_id", name=op.f("uq_dispense_fill_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_dispense_batch_id"), "dispense", ["batch_id"], unique=False)
    op.create_index(op.f("ix_dispense_patient_id_handed_on"), "dispense", ["patient_id", "handed_on"], unique=False)
    op.create_index(op.f("ix_dispense_prescription_id"), "dispense", ["prescription_id"], unique=False)

    dialect = op.get_context().dialect.name
    for statement in (*triggers.append_only(dialect, "dispense"),):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("dispense")
