"""When a timed step of a batch began and ended."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_time",
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("step", types.Integer64(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("started_at", types.UtcInstant(), nullable=False),
        sa.Column("ended_at", types.UtcInstant(), nullable=True),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_step_time_ends_after_it_started")),
        sa.CheckConstraint("step > 0", name=op.f("ck_step_time_step_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_step_time_batch_id_batch")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_time_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_time")),
        sa.UniqueConstraint("batch_id", "step", name=op.f("uq_step_time_batch_id_step")),
        sqlite_strict=True,
    )
    for statement in triggers.fixed(op.get_context().dialect.name, "step_time", ["batch_id", "step", "person_id", "started_at"]):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("step_time")
