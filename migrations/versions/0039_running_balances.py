"""A running balance beside each movement: what is left of a lot is proved from the entry before, no longer by the sum of all of them."""

import sqlalchemy as sa
from alembic import op

from compounding.db import running, triggers, types

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_DIFFERENT = """
    SELECT count(*) FROM lot
    WHERE balance <> coalesce((SELECT balance FROM running_balance WHERE lot_id = lot.id ORDER BY place DESC LIMIT 1), 0)
"""


def upgrade() -> None:
    op.create_table(
        "running_balance",
        sa.Column("movement_id", types.Uuid(), nullable=False),
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("place", types.Integer64(), nullable=False),
        sa.Column("balance", types.Integer64(), nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_running_balance_place_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_running_balance_lot_id_lot")),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_running_balance_movement_id_movement")),
        sa.PrimaryKeyConstraint("movement_id", name=op.f("pk_running_balance")),
        sa.UniqueConstraint("lot_id", "place", name=op.f("uq_running_balance_lot_id_place")),
        sqlite_strict=True,
    )
    op.execute(running.FILL)
    if op.get_bind().execute(sa.text(_DIFFERENT)).scalar_one():
        message = "The balance of a lot is not the sum of its movements, so that no running balance leads to it. Nothing was changed."
        raise RuntimeError(message)
    dialect = op.get_context().dialect.name
    for statement in (*running.dropped(dialect), *triggers.append_only(dialect, "running_balance"), *running.kept(dialect)):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_context().dialect.name
    for statement in running.dropped(dialect):
        op.execute(statement)
    op.drop_table("running_balance")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION hold_running_balance()")
    for statement in (*triggers.balance_functions(dialect), *triggers.balance(dialect)):
        op.execute(statement)
