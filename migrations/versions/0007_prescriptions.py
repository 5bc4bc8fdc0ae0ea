"""Patients, prescriptions and reviews."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "patient",
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("match_key", types.Text(), nullable=False),
        sa.Column("birth_date", types.LocalDate(), nullable=False),
        sa.Column("created_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
        sa.UniqueConstraint("match_key", "birth_date", name=op.f("uq_patient_match_key_birth_date")),
        sqlite_strict=True,
    )
    op.create_table(
        "prescription",
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("patient_id", types.Uuid(), nullable=False),
        sa.Column("prescriber_npi", types.Text(), nullable=False),
        sa.Column("prescriber_name", types.Text(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("form", types.Text(), nullable=False),
        sa.Column("received_at", types.UtcInstant(), nullable=False),
        sa.Column("received_on", types.LocalDate(), nullable=False),
        sa.Column("written_on", types.LocalDate(), nullable=False),
        sa.Column("client_id", types.Uuid(), nullable=True),
        sa.Column("literal", types.Document(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("refills_left", types.Integer64(), nullable=False),
        sa.Column("supersedes_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("form IN ('oral_liquid', 'oral_drops', 'capsule')", name=op.f("ck_prescription_form")),
        sa.CheckConstraint("status IN ('received', 'accepted', 'held', 'declined', 'completed', 'cancelled')", name=op.f("ck_prescription_status")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_prescription_sha256_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_prescription_number_positive")),
        sa.CheckConstraint("refills_left >= 0", name=op.f("ck_prescription_refills_left_not_negative")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_prescription_client_id_client")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_prescription_patient_id_patient")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["prescription.id"], name=op.f("fk_prescription_supersedes_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription")),
        sa.UniqueConstraint("number", name=op.f("uq_prescription_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_prescription_client_id"), "prescription", ["client_id"], unique=False)
    op.create_index(op.f("ix_prescription_patient_id_written_on"), "prescription", ["patient_id", "written_on"], unique=False)
    op.create_index(op.f("ix_prescription_status_received_at"), "prescription", ["status", "received_at"], unique=False)
    op.create_index(op.f("ix_prescription_supersedes_id"), "prescription", ["supersedes_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("prescription_id", types.Uuid(), nullable=True),
        sa.Column("patient_id", types.Uuid(), nullable=False),
        sa.Column("reviewed_on", types.LocalDate(), nullable=False),
        sa.Column("outcome", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_review_patient_id_patient")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_person_id_person")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_review_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_review_patient_id_reviewed_on"), "review", ["patient_id", "reviewed_on"], unique=False)

    dialect = op.get_context().dialect.name
    for statement in (
        *triggers.never_deleted(dialect, "patient"),
        *triggers.fixed(dialect, "prescription", ["number", "patient_id", "received_at", "client_id", "literal", "document", "sha256"]),
        *triggers.append_only(dialect, "review"),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("review")
    op.drop_table("prescription")
    op.drop_table("patient")
