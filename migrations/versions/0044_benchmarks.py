"""NADAC's price lists, as a benchmark beside what was paid."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price_list",
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("rows_read", types.Integer64(), nullable=False),
        sa.Column("rows_kept", types.Integer64(), nullable=False),
        sa.Column("rows_known", types.Integer64(), nullable=False),
        sa.Column("first_as_of", types.LocalDate(), nullable=False),
        sa.Column("last_as_of", types.LocalDate(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("imported_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("first_as_of <= last_as_of", name=op.f("ck_price_list_as_of")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_price_list_sha256_length")),
        sa.CheckConstraint("rows_kept + rows_known <= rows_read", name=op.f("ck_price_list_rows")),
        sa.CheckConstraint("rows_kept >= 0", name=op.f("ck_price_list_rows_kept_not_negative")),
        sa.CheckConstraint("rows_known >= 0", name=op.f("ck_price_list_rows_known_not_negative")),
        sa.CheckConstraint("rows_read > 0", name=op.f("ck_price_list_rows_read_positive")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_price_list_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_price_list_imported_at"), "price_list", ["imported_at"], unique=False)
    op.create_table(
        "listed_price",
        sa.Column("price_list_id", types.Uuid(), nullable=False),
        sa.Column("ndc", types.Text(), nullable=False),
        sa.Column("description", types.Text(), nullable=False),
        sa.Column("price_micros", types.Integer64(), nullable=False),
        sa.Column("pricing_unit", types.Text(), nullable=False),
        sa.Column("effective_on", types.LocalDate(), nullable=False),
        sa.Column("as_of", types.LocalDate(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(ndc) = 11", name=op.f("ck_listed_price_ndc_length")),
        sa.CheckConstraint("price_micros > 0", name=op.f("ck_listed_price_price_micros_positive")),
        sa.CheckConstraint("pricing_unit IN ('EA', 'ML', 'GM')", name=op.f("ck_listed_price_pricing_unit")),
        sa.ForeignKeyConstraint(["price_list_id"], ["price_list.id"], name=op.f("fk_listed_price_price_list_id_price_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_price")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_listed_price_ndc_effective_on"), "listed_price", ["ndc", "effective_on"], unique=False)
    op.create_index(op.f("ix_listed_price_price_list_id"), "listed_price", ["price_list_id"], unique=False)
    dialect = op.get_context().dialect.name
    for table in ("price_list", "listed_price"):
        for statement in triggers.append_only(dialect, table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("listed_price")
    op.drop_table("price_list")
