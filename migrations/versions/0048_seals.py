"""The seals of the trail; reads are found by their look."""

import sqlalchemy as sa
from alembic import op

import compounding.db.types
from compounding.db import triggers

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("number", compounding.db.types.Integer64(), nullable=False),
        sa.Column("act_id", compounding.db.types.Uuid(), nullable=False),
        sa.Column("at", compounding.db.types.UtcInstant(), nullable=False),
        sa.Column("entries", compounding.db.types.Document(), nullable=False),
        sa.Column("previous", compounding.db.types.Text(), nullable=False),
        sa.Column("code", compounding.db.types.Text(), nullable=False),
        sa.Column("id", compounding.db.types.Uuid(), nullable=False),
        sa.CheckConstraint("length(code) = 64", name=op.f("ck_seal_code_length")),
        sa.CheckConstraint("length(previous) = 64", name=op.f("ck_seal_previous_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_seal_number_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
        sa.UniqueConstraint("act_id", name=op.f("uq_seal_act_id")),
        sa.UniqueConstraint("number", name=op.f("uq_seal_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_read_entry_look_id"), "read_entry", ["look_id"], unique=False)
    for statement in triggers.append_only(op.get_context().dialect.name, "seal"):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM seal")).scalar_one():
        message = "The trail is sealed: an older version would break the chain. Nothing was changed."
        raise RuntimeError(message)
    op.drop_index(op.f("ix_read_entry_look_id"), table_name="read_entry")
    op.drop_table("seal")
