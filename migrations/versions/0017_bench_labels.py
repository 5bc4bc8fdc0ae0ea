"""Labels of bench intermediates."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bench_label",
        sa.Column("question", types.Document(), nullable=False),
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("media", types.Text(), nullable=False),
        sa.Column("value", types.Document(), nullable=False),
        sa.Column("value_sha256", types.Text(), nullable=False),
        sa.Column("pdf", types.Blob(), nullable=False),
        sa.Column("pdf_sha256", types.Text(), nullable=False),
        sa.Column("template_version", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("printed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(pdf_sha256) = 64", name=op.f("ck_bench_label_pdf_sha256_length")),
        sa.CheckConstraint("length(value_sha256) = 64", name=op.f("ck_bench_label_value_sha256_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_bench_label_number_positive")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bench_label_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bench_label")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_bench_label_printed_at"), "bench_label", ["printed_at"], unique=False)
    for statement in triggers.append_only(op.get_context().dialect.name, "bench_label"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("bench_label")
