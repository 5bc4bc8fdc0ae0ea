"""Daily checks and calibrations of the balances, and the balance that each weighing was made on."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "balance_check",
        sa.Column("device_id", types.Uuid(), nullable=False),
        sa.Column("nominal_ng", types.Integer64(), nullable=False),
        sa.Column("tolerance_ng", types.Integer64(), nullable=False),
        sa.Column("reading_ng", types.Integer64(), nullable=False),
        sa.Column("passed", types.Flag(), nullable=False),
        sa.Column("checked_on", types.LocalDate(), nullable=False),
        sa.Column("checked_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("person_name", types.Text(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("nominal_ng > 0", name=op.f("ck_balance_check_nominal_ng_positive")),
        sa.CheckConstraint("tolerance_ng > 0", name=op.f("ck_balance_check_tolerance_ng_positive")),
        sa.CheckConstraint("reading_ng >= 0", name=op.f("ck_balance_check_reading_not_negative")),
        sa.CheckConstraint("passed = (reading_ng BETWEEN nominal_ng - tolerance_ng AND nominal_ng + tolerance_ng)", name=op.f("ck_balance_check_passed")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_balance_check_device_id_device")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_balance_check_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_balance_check")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_balance_check_device_id_checked_at"), "balance_check", ["device_id", "checked_at"], unique=False)
    op.create_index(op.f("ix_balance_check_checked_on"), "balance_check", ["checked_on"], unique=False)
    op.create_table(
        "balance_calibration",
        sa.Column("device_id", types.Uuid(), nullable=False),
        sa.Column("done_on", types.LocalDate(), nullable=False),
        sa.Column("due_on", types.LocalDate(), nullable=False),
        sa.Column("done_by", types.Text(), nullable=False),
        sa.Column("certificate", types.Text(), nullable=False),
        sa.Column("passed", types.Flag(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("done_on < due_on", name=op.f("ck_balance_calibration_due_later")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_balance_calibration_device_id_device")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_balance_calibration_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_balance_calibration")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_balance_calibration_device_id_recorded_at"), "balance_calibration", ["device_id", "recorded_at"], unique=False)
    dialect = op.get_context().dialect.name
    for statement in (*triggers.append_only(dialect, "balance_check"), *triggers.append_only(dialect, "balance_calibration")):
        op.execute(statement)
    op.add_column("weighing", sa.Column("device_id", types.Uuid(), nullable=True))
    op.create_index(op.f("ix_weighing_device_id"), "weighing", ["device_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_weighing_device_id"), "weighing")
    op.drop_column("weighing", "device_id")
    op.drop_table("balance_calibration")
    op.drop_table("balance_check")
