"""What screening found, and what a pharmacist went on in spite of."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("fill_id", types.Uuid(), nullable=True),
        sa.Column("rule", types.Text(), nullable=False),
        sa.Column("stage", types.Text(), nullable=False),
        sa.Column("action", types.Text(), nullable=False),
        sa.Column("sentence", types.Text(), nullable=False),
        sa.Column("source", types.Text(), nullable=False),
        sa.Column("facts_sha256", types.Text(), nullable=False),
        sa.Column("not_before", types.LocalDate(), nullable=True),
        sa.Column("found_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(facts_sha256) = 64", name=op.f("ck_finding_facts_sha256_length")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_finding_fill_id_fill")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_finding_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_finding_fill_id"), "finding", ["fill_id"], unique=False)
    op.create_index(op.f("ix_finding_prescription_id_found_at"), "finding", ["prescription_id", "found_at"], unique=False)
    op.create_table(
        "override",
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("fill_id", types.Uuid(), nullable=True),
        sa.Column("rule", types.Text(), nullable=False),
        sa.Column("facts_sha256", types.Text(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("contact", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("signature_id", types.Uuid(), nullable=False),
        sa.Column("made_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(facts_sha256) = 64", name=op.f("ck_override_facts_sha256_length")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_override_fill_id_fill")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_override_person_id_person")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_override_prescription_id_prescription")),
        sa.ForeignKeyConstraint(["signature_id"], ["signature.id"], name=op.f("fk_override_signature_id_signature")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_override")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_override_fill_id"), "override", ["fill_id"], unique=False)
    op.create_index(op.f("ix_override_prescription_id"), "override", ["prescription_id"], unique=False)

    dialect = op.get_context().dialect.name
    for statement in (*triggers.append_only(dialect, "finding"), *triggers.append_only(dialect, "override")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("override")
    op.drop_table("finding")
