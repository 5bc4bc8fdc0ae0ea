"""Papers filed on lots and formulas."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("lot_id", types.Uuid(), nullable=True),
        sa.Column("formula_id", types.Uuid(), nullable=True),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("title", types.Text(), nullable=False),
        sa.Column("media_type", types.Text(), nullable=False),
        sa.Column("content", types.Blob(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("filed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(lot_id IS NULL) <> (formula_id IS NULL)", name=op.f("ck_paper_subject")),
        sa.CheckConstraint("kind IN ('certificate of analysis', 'invoice', 'assay report', 'stability study', 'other paper')", name=op.f("ck_paper_kind")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_paper_sha256_length")),
        sa.CheckConstraint("media_type IN ('application/pdf', 'image/png', 'image/jpeg')", name=op.f("ck_paper_media_type")),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_paper_formula_id_formula")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_paper_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paper_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_paper_formula_id"), "paper", ["formula_id"], unique=False)
    op.create_index(op.f("ix_paper_lot_id"), "paper", ["lot_id"], unique=False)
    op.create_table(
        "paper_superseded",
        sa.Column("paper_id", types.Uuid(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("superseded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_superseded_paper_id_paper")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paper_superseded_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_superseded")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_paper_superseded_paper_id")),
        sqlite_strict=True,
    )
    for table in ("paper", "paper_superseded"):
        for statement in triggers.append_only(op.get_context().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("paper_superseded")
    op.drop_table("paper")
