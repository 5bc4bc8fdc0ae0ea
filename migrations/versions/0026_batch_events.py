"""What happened to a batch, with its reason; and a signature keeps what it was put to."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_event",
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('quarantined', 'lifted', 'rejected', 'alone', 'late')", name=op.f("ck_batch_event_kind")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_batch_event_reason_given")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_event_batch_id_batch")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_event_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_batch_event_batch_id_at"), "batch_event", ["batch_id", "at"], unique=False)
    op.create_index(op.f("ix_batch_event_kind_at"), "batch_event", ["kind", "at"], unique=False)
    for statement in triggers.append_only(op.get_context().dialect.name, "batch_event"):
        op.execute(statement)
    op.add_column("signature", sa.Column("content", types.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("signature", "content")
    op.drop_table("batch_event")
