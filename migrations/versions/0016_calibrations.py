"""Every calibration of a dropper, the newest of which holds."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibration",
        sa.Column("device_id", types.Uuid(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("counted_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_calibration_device_id_device")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calibration_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_calibration_device_id_counted_at"), "calibration", ["device_id", "counted_at"], unique=False)

    dialect = op.get_context().dialect.name
    for statement in triggers.append_only(dialect, "calibration"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("calibration")
