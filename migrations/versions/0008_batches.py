"""Plans, fills, batches and signatures."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("policy_version", types.Integer64(), nullable=False),
        sa.Column("formula_id", types.Uuid(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("made_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('current', 'void')", name=op.f("ck_plan_status")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_plan_sha256_length")),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_plan_formula_id_formula")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_person_id_person")),
        sa.ForeignKeyConstraint(["policy_version"], ["policy.version"], name=op.f("fk_plan_policy_version_policy")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_plan_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_plan_prescription_id_status"), "plan", ["prescription_id", "status"], unique=False)
    op.create_table(
        "fill",
        sa.Column("plan_id", types.Uuid(), nullable=False),
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("make_by", types.LocalDate(), nullable=False),
        sa.Column("opens_on", types.LocalDate(), nullable=False),
        sa.Column("closes_on", types.LocalDate(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('due', 'planned', 'made', 'labelled', 'checked', 'handed_over', 'cancelled')", name=op.f("ck_fill_status")),
        sa.CheckConstraint("number > 0", name=op.f("ck_fill_number_positive")),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_fill_opens_before_it_closes")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_fill_plan_id_plan")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_fill_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fill")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_fill_plan_id_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_fill_prescription_id"), "fill", ["prescription_id"], unique=False)
    op.create_index(op.f("ix_fill_status_make_by"), "fill", ["status", "make_by"], unique=False)
    op.create_table(
        "batch",
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("formula_id", types.Uuid(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("made_on", types.LocalDate(), nullable=True),
        sa.Column("beyond_use", types.LocalDate(), nullable=True),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("record", types.Document(), nullable=True),
        sa.Column("planned_at", types.UtcInstant(), nullable=False),
        sa.Column("compounder_id", types.Uuid(), nullable=True),
        sa.Column("verifier_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'in_process', 'compounded', 'verified', 'released', 'quarantined', 'rejected', 'recalled')", name=op.f("ck_batch_status")
        ),
        sa.CheckConstraint("compounder_id <> verifier_id", name=op.f("ck_batch_two_people")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_batch_sha256_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_batch_number_positive")),
        sa.ForeignKeyConstraint(["compounder_id"], ["person.id"], name=op.f("fk_batch_compounder_id_person")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_batch_fill_id_fill")),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_batch_formula_id_formula")),
        sa.ForeignKeyConstraint(["verifier_id"], ["person.id"], name=op.f("fk_batch_verifier_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_batch_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_batch_fill_id"), "batch", ["fill_id"], unique=False)
    op.create_index(op.f("ix_batch_status_planned_at"), "batch", ["status", "planned_at"], unique=False)
    op.create_table(
        "signature",
        sa.Column("subject_id", types.Uuid(), nullable=False),
        sa.Column("meaning", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("person_name", types.Text(), nullable=False),
        sa.Column("content_sha256", types.Text(), nullable=False),
        sa.Column("signed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_signature_content_sha256_length")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_signature_subject_id"), "signature", ["subject_id"], unique=False)

    dialect = op.get_context().dialect.name
    for statement in (
        *triggers.fixed(dialect, "plan", ["prescription_id", "document", "sha256", "policy_version", "formula_id"]),
        *triggers.fixed(dialect, "fill", ["plan_id", "prescription_id", "number"]),
        *triggers.fixed(dialect, "batch", ["number", "fill_id", "formula_id", "document", "sha256"]),
        *triggers.append_only(dialect, "signature"),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("signature")
    op.drop_table("batch")
    op.drop_table("fill")
    op.drop_table("plan")
