"""Labels byte for byte, and every printing."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "label",
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("version", types.Integer64(), nullable=False),
        sa.Column("media", types.Text(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("value", types.Document(), nullable=False),
        sa.Column("value_sha256", types.Text(), nullable=False),
        sa.Column("pdf", types.Blob(), nullable=False),
        sa.Column("pdf_sha256", types.Text(), nullable=False),
        sa.Column("template_version", types.Text(), nullable=False),
        sa.Column("issued_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('current', 'void')", name=op.f("ck_label_status")),
        sa.CheckConstraint("length(pdf_sha256) = 64", name=op.f("ck_label_pdf_sha256_length")),
        sa.CheckConstraint("length(value_sha256) = 64", name=op.f("ck_label_value_sha256_length")),
        sa.CheckConstraint("version > 0", name=op.f("ck_label_version_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_label_batch_id_batch")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_label_fill_id_fill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
        sa.UniqueConstraint("fill_id", "version", name=op.f("uq_label_fill_id_version")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_label_batch_id"), "label", ["batch_id"], unique=False)
    op.create_table(
        "label_print",
        sa.Column("label_id", types.Uuid(), nullable=False),
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("printed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_label_print_number_positive")),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name=op.f("fk_label_print_label_id_label")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_label_print_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_print")),
        sa.UniqueConstraint("label_id", "number", name=op.f("uq_label_print_label_id_number")),
        sqlite_strict=True,
    )

    dialect = op.get_context().dialect.name
    for statement in (
        *triggers.fixed(
            dialect, "label", ["fill_id", "batch_id", "version", "media", "value", "value_sha256", "pdf", "pdf_sha256", "template_version", "issued_at"]
        ),
        *triggers.append_only(dialect, "label_print"),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("label_print")
    op.drop_table("label")
