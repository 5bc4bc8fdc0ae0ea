"""Master formulas and policy, in versions."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "formula",
        sa.Column("code", types.Text(), nullable=False),
        sa.Column("version", types.Integer64(), nullable=False),
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("author_id", types.Uuid(), nullable=True),
        sa.Column("approver_id", types.Uuid(), nullable=True),
        sa.Column("approved_at", types.UtcInstant(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("status = 'draft' OR approved_at IS NOT NULL", name=op.f("ck_formula_approved")),
        sa.CheckConstraint("status IN ('draft', 'approved', 'retired')", name=op.f("ck_formula_status")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_formula_sha256_length")),
        sa.CheckConstraint("version > 0", name=op.f("ck_formula_version_positive")),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_formula_approver_id_person")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_formula_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formula")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_formula_code_version")),
        sqlite_strict=True,
    )
    op.create_table(
        "policy",
        sa.Column("version", types.Integer64(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("approver_id", types.Uuid(), nullable=True),
        sa.Column("approved_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_policy_sha256_length")),
        sa.CheckConstraint("version > 0", name=op.f("ck_policy_version_positive")),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_policy_approver_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("version", name=op.f("uq_policy_version")),
        sqlite_strict=True,
    )

    dialect = op.get_context().dialect.name
    for statement in (*triggers.fixed(dialect, "formula", ["code", "version", "document", "sha256"]), *triggers.append_only(dialect, "policy")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("policy")
    op.drop_table("formula")
