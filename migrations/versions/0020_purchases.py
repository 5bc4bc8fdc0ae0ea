"""How lots came: invoices, receipts, and the serial numbers of packs."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purchase",
        sa.Column("wholesaler", types.Text(), nullable=False),
        sa.Column("invoice_number", types.Text(), nullable=False),
        sa.Column("invoiced_on", types.LocalDate(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_purchase_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
        sa.UniqueConstraint("wholesaler", "invoice_number", name=op.f("uq_purchase_wholesaler_invoice_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "receipt",
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("purchase_id", types.Uuid(), nullable=True),
        sa.Column("source", types.Text(), nullable=False),
        sa.Column("manufacturer_lot", types.Text(), nullable=False),
        sa.Column("no_expiry", types.Flag(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("source IN ('manufacturer', 'repackager')", name=op.f("ck_receipt_source")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_receipt_lot_id_lot")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_receipt_purchase_id_purchase")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_receipt_lot_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_receipt_purchase_id"), "receipt", ["purchase_id"], unique=False)
    op.create_table(
        "serial",
        sa.Column("product_id", types.Uuid(), nullable=False),
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("number", types.Text(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_serial_lot_id_lot")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_serial_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serial")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_serial_product_id_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_serial_lot_id"), "serial", ["lot_id"], unique=False)
    for table in ("purchase", "receipt", "serial"):
        for statement in triggers.append_only(op.get_context().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("serial")
    op.drop_table("receipt")
    op.drop_table("purchase")
