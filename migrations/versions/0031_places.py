"""Places, what their thermometers showed, and what is held since an excursion."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column("code", types.Text(), nullable=False),
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("storage", types.Text(), nullable=False),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("storage IN ('refrigerator', 'room temperature')", name=op.f("ck_place_storage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("code", name=op.f("uq_place_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "lot_place",
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("place_id", types.Uuid(), nullable=False),
        sa.Column("placed_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_place_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lot_place_person_id_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_lot_place_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_place")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_lot_place_lot_id_placed_at"), "lot_place", ["lot_id", "placed_at"], unique=False)
    op.create_table(
        "temperature",
        sa.Column("place_id", types.Uuid(), nullable=False),
        sa.Column("lowest", types.Integer64(), nullable=False),
        sa.Column("highest", types.Integer64(), nullable=False),
        sa.Column("now", types.Integer64(), nullable=False),
        sa.Column("low", types.Integer64(), nullable=False),
        sa.Column("high", types.Integer64(), nullable=False),
        sa.Column("within", types.Flag(), nullable=False),
        sa.Column("read_on", types.LocalDate(), nullable=False),
        sa.Column("read_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("person_name", types.Text(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("lowest <= now AND now <= highest", name=op.f("ck_temperature_in_order")),
        sa.CheckConstraint("within = (lowest >= low AND highest <= high)", name=op.f("ck_temperature_within")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_temperature_person_id_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_temperature_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_temperature")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_temperature_place_id_read_at"), "temperature", ["place_id", "read_at"], unique=False)
    op.create_index(op.f("ix_temperature_read_on"), "temperature", ["read_on"], unique=False)
    op.create_table(
        "hold",
        sa.Column("temperature_id", types.Uuid(), nullable=False),
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("was", types.Text(), nullable=False),
        sa.Column("decision", types.Text(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("held_at", types.UtcInstant(), nullable=False),
        sa.Column("decided_at", types.UtcInstant(), nullable=True),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(decision = 'held') = (decided_at IS NULL)", name=op.f("ck_hold_decided")),
        sa.CheckConstraint("was IN ('quarantined', 'available')", name=op.f("ck_hold_was")),
        sa.CheckConstraint("decision IN ('held', 'released', 'rejected')", name=op.f("ck_hold_decision")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_hold_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hold_person_id_person")),
        sa.ForeignKeyConstraint(["temperature_id"], ["temperature.id"], name=op.f("fk_hold_temperature_id_temperature")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_hold_lot_id_decision"), "hold", ["lot_id", "decision"], unique=False)
    op.create_index(op.f("ix_hold_decision"), "hold", ["decision"], unique=False)
    dialect = op.get_context().dialect.name
    for statement in (
        *triggers.never_deleted(dialect, "place"),
        *triggers.append_only(dialect, "lot_place"),
        *triggers.append_only(dialect, "temperature"),
        *triggers.fixed(dialect, "hold", ["temperature_id", "lot_id", "was", "held_at"]),
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in ("hold", "temperature", "lot_place", "place"):
        op.drop_table(table)
