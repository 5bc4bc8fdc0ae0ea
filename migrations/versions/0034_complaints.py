"""Complaints and adverse events, and their reviews."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None
HARMS = "'none', 'minor', 'emergency', 'hospital', 'life_threatening', 'disability', 'death', 'other_serious'"


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("fill_id", types.Uuid(), nullable=True),
        sa.Column("batch_id", types.Uuid(), nullable=True),
        sa.Column("prescription_id", types.Uuid(), nullable=True),
        sa.Column("patient_id", types.Uuid(), nullable=True),
        sa.Column("received_at", types.UtcInstant(), nullable=False),
        sa.Column("complainant", types.Text(), nullable=False),
        sa.Column("nature", types.Text(), nullable=False),
        sa.Column("response", types.Text(), nullable=False),
        sa.Column("harm", types.Text(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(f"harm IN ({HARMS})", name=op.f("ck_complaint_harm")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_complaint_sha256_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_complaint_number_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_complaint_batch_id_batch")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_complaint_fill_id_fill")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_complaint_patient_id_patient")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complaint_person_id_person")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_complaint_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_complaint_batch_id"), "complaint", ["batch_id"], unique=False)
    op.create_index(op.f("ix_complaint_fill_id"), "complaint", ["fill_id"], unique=False)
    op.create_index(op.f("ix_complaint_received_at"), "complaint", ["received_at"], unique=False)
    op.create_table(
        "complaint_review",
        sa.Column("complaint_id", types.Uuid(), nullable=False),
        sa.Column("findings", types.Text(), nullable=False),
        sa.Column("follow_up", types.Text(), nullable=False),
        sa.Column("is_quality", types.Flag(), nullable=False),
        sa.Column("medwatch_on", types.LocalDate(), nullable=True),
        sa.Column("why_not", types.Text(), nullable=True),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("signature_id", types.Uuid(), nullable=False),
        sa.Column("reviewed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(medwatch_on IS NULL) = (why_not IS NOT NULL)", name=op.f("ck_complaint_review_medwatch")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_review_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complaint_review_person_id_person")),
        sa.ForeignKeyConstraint(["signature_id"], ["signature.id"], name=op.f("fk_complaint_review_signature_id_signature")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_review")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_complaint_review_complaint_id_reviewed_at"), "complaint_review", ["complaint_id", "reviewed_at"], unique=False)

    # The counter outlives a way back, since nothing is ever deleted from it.
    op.execute("INSERT INTO counter (name, value) SELECT 'complaint', 0 WHERE NOT EXISTS (SELECT 1 FROM counter WHERE name = 'complaint')")
    dialect = op.get_context().dialect.name
    for statement in (*triggers.append_only(dialect, "complaint"), *triggers.append_only(dialect, "complaint_review")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("complaint_review")
    op.drop_table("complaint")
