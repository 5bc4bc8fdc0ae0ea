"""The paper of a closed month, filed as it was printed."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "month_paper",
        sa.Column("closing_id", types.Uuid(), nullable=False),
        sa.Column("pdf", types.Blob(), nullable=False),
        sa.Column("pdf_sha256", types.Text(), nullable=False),
        sa.Column("template_version", types.Text(), nullable=False),
        sa.Column("filed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(pdf_sha256) = 64", name=op.f("ck_month_paper_pdf_sha256_length")),
        sa.ForeignKeyConstraint(["closing_id"], ["closing.id"], name=op.f("fk_month_paper_closing_id_closing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_paper")),
        sa.UniqueConstraint("closing_id", name=op.f("uq_month_paper_closing_id")),
        sqlite_strict=True,
    )
    for statement in triggers.append_only(op.get_context().dialect.name, "month_paper"):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM month_paper")).scalar_one():
        message = "The papers of closed months are filed: an older version would lose them. Nothing was changed."
        raise RuntimeError(message)
    op.drop_table("month_paper")
