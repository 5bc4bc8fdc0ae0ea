"""Orders that moved to another pharmacy, or came from one."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("direction", types.Text(), nullable=False),
        sa.Column("pharmacy", types.Text(), nullable=False),
        sa.Column("phone", types.Text(), nullable=False),
        sa.Column("licence", types.Text(), nullable=False),
        sa.Column("pharmacist", types.Text(), nullable=False),
        sa.Column("moved_on", types.LocalDate(), nullable=False),
        sa.Column("containers", types.Integer64(), nullable=False),
        sa.Column("refills", types.Integer64(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("containers >= 0", name=op.f("ck_transfer_containers_not_negative")),
        sa.CheckConstraint("direction IN ('out', 'in')", name=op.f("ck_transfer_direction")),
        sa.CheckConstraint("refills >= 0", name=op.f("ck_transfer_refills_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_transfer_person_id_person")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_transfer_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("prescription_id", "direction", name=op.f("uq_transfer_prescription_id_direction")),
        sqlite_strict=True,
    )
    for statement in triggers.append_only(op.get_context().dialect.name, "transfer"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("transfer")
