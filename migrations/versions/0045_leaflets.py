"""Leaflets byte for byte, and every printing."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leaflet",
        sa.Column("label_id", types.Uuid(), nullable=False),
        sa.Column("language", types.Text(), nullable=False),
        sa.Column("large_print", types.Flag(), nullable=False),
        sa.Column("value", types.Document(), nullable=False),
        sa.Column("value_sha256", types.Text(), nullable=False),
        sa.Column("pdf", types.Blob(), nullable=False),
        sa.Column("pdf_sha256", types.Text(), nullable=False),
        sa.Column("template_version", types.Text(), nullable=False),
        sa.Column("issued_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(pdf_sha256) = 64", name=op.f("ck_leaflet_pdf_sha256_length")),
        sa.CheckConstraint("length(value_sha256) = 64", name=op.f("ck_leaflet_value_sha256_length")),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name=op.f("fk_leaflet_label_id_label")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaflet")),
        sa.UniqueConstraint("label_id", "language", "large_print", name=op.f("uq_leaflet_label_id_language_large_print")),
        sqlite_strict=True,
    )
    op.create_table(
        "leaflet_print",
        sa.Column("leaflet_id", types.Uuid(), nullable=False),
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("printed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_leaflet_print_number_positive")),
        sa.ForeignKeyConstraint(["leaflet_id"], ["leaflet.id"], name=op.f("fk_leaflet_print_leaflet_id_leaflet")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leaflet_print_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaflet_print")),
        sa.UniqueConstraint("leaflet_id", "number", name=op.f("uq_leaflet_print_leaflet_id_number")),
        sqlite_strict=True,
    )
    dialect = op.get_context().dialect.name
    for table in ("leaflet", "leaflet_print"):
        for statement in triggers.append_only(dialect, table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("leaflet_print")
    op.drop_table("leaflet")
