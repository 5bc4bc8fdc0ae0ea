"""Who changed what, and who read whose data."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("act_id", types.Uuid(), nullable=False),
        sa.Column("place", types.Integer64(), nullable=False),
        sa.Column("act_name", types.Text(), nullable=False),
        sa.Column("actor_id", types.Uuid(), nullable=False),
        sa.Column("actor_name", types.Text(), nullable=False),
        sa.Column("at", types.UtcInstant(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("table_name", types.Text(), nullable=False),
        sa.Column("row_key", types.Text(), nullable=False),
        sa.Column("old", types.Text(), nullable=True),
        sa.Column("new", types.Text(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'insert') = (old IS NULL)", name=op.f("ck_audit_entry_old")),
        sa.CheckConstraint("kind IN ('insert', 'update')", name=op.f("ck_audit_entry_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("act_id", "place", name=op.f("uq_audit_entry_act_id_place")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_audit_entry_actor_id_at"), "audit_entry", ["actor_id", "at"], unique=False)
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_table_name_row_key"), "audit_entry", ["table_name", "row_key"], unique=False)
    op.create_table(
        "read_entry",
        sa.Column("look_id", types.Uuid(), nullable=False),
        sa.Column("look_name", types.Text(), nullable=False),
        sa.Column("actor_id", types.Uuid(), nullable=False),
        sa.Column("actor_name", types.Text(), nullable=False),
        sa.Column("at", types.UtcInstant(), nullable=False),
        sa.Column("patient_id", types.Uuid(), nullable=True),
        sa.Column("prescription_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("patient_id IS NOT NULL OR prescription_id IS NOT NULL", name=op.f("ck_read_entry_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_entry")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_read_entry_actor_id_at"), "read_entry", ["actor_id", "at"], unique=False)
    op.create_index(op.f("ix_read_entry_patient_id_at"), "read_entry", ["patient_id", "at"], unique=False)
    op.create_index(op.f("ix_read_entry_prescription_id_at"), "read_entry", ["prescription_id", "at"], unique=False)

    dialect = op.get_context().dialect.name
    for statement in (*triggers.append_only(dialect, "audit_entry"), *triggers.append_only(dialect, "read_entry")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("read_entry")
    op.drop_table("audit_entry")
