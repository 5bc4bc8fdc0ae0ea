"""Products, lots, the ledger of movements, measured weights and devices."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product",
        sa.Column("code", types.Text(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("labeler", types.Text(), nullable=False),
        sa.Column("ndc", types.Text(), nullable=True),
        sa.Column("unit", types.Text(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("unit IN ('tablet', 'ng', 'nL', 'piece')", name=op.f("ck_product_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("code", name=op.f("uq_product_code")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_product_ndc"), "product", ["ndc"], unique=False)
    op.create_table(
        "lot",
        sa.Column("product_id", types.Uuid(), nullable=False),
        sa.Column("lot_number", types.Text(), nullable=False),
        sa.Column("expires_on", types.LocalDate(), nullable=False),
        sa.Column("received_on", types.LocalDate(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("invoice_micros", types.Integer64(), nullable=False),
        sa.Column("invoice_quantity", types.Integer64(), nullable=False),
        sa.Column("balance", types.Integer64(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('quarantined', 'available', 'withdrawn', 'recalled')", name=op.f("ck_lot_status")),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_lot_balance_not_negative")),
        sa.CheckConstraint("invoice_micros >= 0", name=op.f("ck_lot_invoice_micros_not_negative")),
        sa.CheckConstraint("invoice_quantity > 0", name=op.f("ck_lot_invoice_quantity_positive")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_lot_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("product_id", "lot_number", name=op.f("uq_lot_product_id_lot_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_lot_product_id_status_expires_on"), "lot", ["product_id", "status", "expires_on"], unique=False)
    op.create_table(
        "movement",
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("amount", types.Integer64(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=True),
        sa.Column("reverses_id", types.Uuid(), nullable=True),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("moved_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_movement_amount_not_zero")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_movement_batch_id_batch")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_movement_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_movement_person_id_person")),
        sa.ForeignKeyConstraint(["reverses_id"], ["movement.id"], name=op.f("fk_movement_reverses_id_movement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_movement_reverses_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_movement_batch_id"), "movement", ["batch_id"], unique=False)
    op.create_index(op.f("ix_movement_lot_id_moved_at"), "movement", ["lot_id", "moved_at"], unique=False)
    op.create_table(
        "tablet_weighing",
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("tablets", types.Integer64(), nullable=False),
        sa.Column("total_ng", types.Integer64(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("weighed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("tablets > 0", name=op.f("ck_tablet_weighing_tablets_positive")),
        sa.CheckConstraint("total_ng > 0", name=op.f("ck_tablet_weighing_total_ng_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_tablet_weighing_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tablet_weighing_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet_weighing")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_tablet_weighing_lot_id_weighed_at"), "tablet_weighing", ["lot_id", "weighed_at"], unique=False)
    op.create_table(
        "pack_statistic",
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("capsule_size", types.Text(), nullable=False),
        sa.Column("shells", types.Integer64(), nullable=False),
        sa.Column("total_ng", types.Integer64(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("measured_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("shells > 0", name=op.f("ck_pack_statistic_shells_positive")),
        sa.CheckConstraint("total_ng > 0", name=op.f("ck_pack_statistic_total_ng_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_pack_statistic_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pack_statistic_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_statistic")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_pack_statistic_lot_id_capsule_size_measured_at"), "pack_statistic", ["lot_id", "capsule_size", "measured_at"], unique=False)
    op.create_table(
        "device",
        sa.Column("code", types.Text(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("code", name=op.f("uq_device_code")),
        sqlite_strict=True,
    )

    dialect = op.get_context().dialect.name
    for statement in (
        *triggers.never_deleted(dialect, "product"),
        *triggers.never_deleted(dialect, "lot"),
        *triggers.append_only(dialect, "movement"),
        *triggers.append_only(dialect, "tablet_weighing"),
        *triggers.append_only(dialect, "pack_statistic"),
        *triggers.never_deleted(dialect, "device"),
        *triggers.balance(dialect),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("device")
    op.drop_table("pack_statistic")
    op.drop_table("tablet_weighing")
    op.drop_table("movement")
    op.drop_table("lot")
    op.drop_table("product")
