"""Who looked where their role has no look, and who looked at the trail."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "glass",
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("patient_id", types.Uuid(), nullable=False),
        sa.Column("rx", types.Integer64(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("broken_at", types.UtcInstant(), nullable=False),
        sa.Column("until", types.UtcInstant(), nullable=False),
        sa.Column("seen_at", types.UtcInstant(), nullable=True),
        sa.Column("seen_by", types.Uuid(), nullable=True),
        sa.Column("judgement", types.Text(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL) AND (seen_at IS NULL) = (judgement IS NULL)", name=op.f("ck_glass_seen_by_somebody")),
        sa.CheckConstraint("broken_at < until", name=op.f("ck_glass_open_for_a_time")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_glass_reason_given")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_glass_patient_id_patient")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_glass_person_id_person")),
        sa.ForeignKeyConstraint(["seen_by"], ["person.id"], name=op.f("fk_glass_seen_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_glass_seen_at"), "glass", ["seen_at"], unique=False)
    op.create_table(
        "trail_reading",
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("filters", types.Text(), nullable=False),
        sa.Column("shown", types.Integer64(), nullable=False),
        sa.Column("read_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trail_reading_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_reading")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_trail_reading_read_at"), "trail_reading", ["read_at"], unique=False)
    dialect = op.get_context().dialect.name
    for statement in (
        *triggers.fixed(dialect, "glass", ("person_id", "patient_id", "rx", "reason", "broken_at", "until")),
        *triggers.written_once(dialect, "glass", "seen_at", ("seen_at", "seen_by", "judgement")),
        *triggers.append_only(dialect, "trail_reading"),
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in ("glass", "trail_reading"):
        if op.get_bind().execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one():
            message = "Somebody broke the glass or read the trail: an older version would lose that. Nothing was changed."
            raise RuntimeError(message)
    op.drop_table("trail_reading")
    op.drop_table("glass")
