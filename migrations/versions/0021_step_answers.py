"""What patients said about going on to the next step."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "step_answer",
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("step", types.Integer64(), nullable=False),
        sa.Column("going", types.Text(), nullable=False),
        sa.Column("way", types.Text(), nullable=False),
        sa.Column("told_on", types.LocalDate(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("going IN ('on', 'stays', 'back')", name=op.f("ck_step_answer_going")),
        sa.CheckConstraint("way IN ('phone', 'counter')", name=op.f("ck_step_answer_way")),
        sa.CheckConstraint("step > 1", name=op.f("ck_step_answer_step_after_the_first")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_answer_person_id_person")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_step_answer_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_answer")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_step_answer_prescription_id_recorded_at"), "step_answer", ["prescription_id", "recorded_at"], unique=False)
    for statement in triggers.append_only(op.get_context().dialect.name, "step_answer"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("step_answer")
