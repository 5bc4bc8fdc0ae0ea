"""Orders that came as a resource, under the sender's own number."""

import sqlalchemy as sa
from alembic import op

import compounding.db.types
from compounding.db import triggers

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_order",
        sa.Column("prescription_id", compounding.db.types.Uuid(), nullable=False),
        sa.Column("client_id", compounding.db.types.Uuid(), nullable=False),
        sa.Column("system", compounding.db.types.Text(), nullable=False),
        sa.Column("value", compounding.db.types.Text(), nullable=False),
        sa.Column("place", compounding.db.types.Integer64(), nullable=False),
        sa.Column("id", compounding.db.types.Uuid(), nullable=False),
        sa.CheckConstraint("place >= 0", name=op.f("ck_sent_order_place_not_negative")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_sent_order_client_id_client")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_sent_order_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_order")),
        sa.UniqueConstraint("client_id", "system", "value", name=op.f("uq_sent_order_client_id_system_value")),
        sa.UniqueConstraint("prescription_id", name=op.f("uq_sent_order_prescription_id")),
        sqlite_strict=True,
    )
    for statement in triggers.append_only(op.get_context().dialect.name, "sent_order"):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM sent_order")).scalar_one():
        message = "Orders came under a number of their sender: an older version would take them a second time. Nothing was changed."
        raise RuntimeError(message)
    op.drop_table("sent_order")
