"""Who was found competent in what, and what was cleaned."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training",
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("topic", types.Text(), nullable=False),
        sa.Column("done_on", types.LocalDate(), nullable=False),
        sa.Column("due_on", types.LocalDate(), nullable=False),
        sa.Column("assessor", types.Text(), nullable=False),
        sa.Column("how", types.Text(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("recorder_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("done_on < due_on", name=op.f("ck_training_due_later")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_person_id_person")),
        sa.ForeignKeyConstraint(["recorder_id"], ["person.id"], name=op.f("fk_training_recorder_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_training_person_id_topic_recorded_at"), "training", ["person_id", "topic", "recorded_at"], unique=False)
    op.create_table(
        "cleaning",
        sa.Column("area", types.Text(), nullable=False),
        sa.Column("agent", types.Text(), nullable=False),
        sa.Column("cleaned_on", types.LocalDate(), nullable=False),
        sa.Column("cleaned_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("person_name", types.Text(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("area IN ('work surfaces', 'floors', 'walls, ceilings and shelves')", name=op.f("ck_cleaning_area")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cleaning_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cleaning")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_cleaning_area_cleaned_at"), "cleaning", ["area", "cleaned_at"], unique=False)
    dialect = op.get_context().dialect.name
    for statement in (*triggers.append_only(dialect, "training"), *triggers.append_only(dialect, "cleaning")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("cleaning")
    op.drop_table("training")
