"""A cost may be that of a batch or a lot that reached nobody; what was asked for a hand-over; and months that are closed.

The table of costs is written anew, since SQLite cannot make a column of it optional. Nothing names its rows by a foreign key.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_KEPT = ("fill_id", "batch_id", "prescription_id", "patient_id", "month", "kind", "amount_micros", "document", "recorded_at", "id")
_INDEXES = (("batch_id",), ("fill_id",), ("month", "kind"), ("patient_id", "month"), ("prescription_id",))


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    added: tuple[sa.schema.SchemaItem, ...] = (
        sa.Column("lot_id", types.Uuid(), nullable=True),
        sa.Column("cause", types.Text(), nullable=True),
        sa.Column("active_ng", types.Integer64(), nullable=True),
        sa.Column("corrects_id", types.Uuid(), nullable=True),
        sa.CheckConstraint("fill_id IS NOT NULL OR batch_id IS NOT NULL OR lot_id IS NOT NULL", name=op.f("ck_cost_subject")),
        sa.ForeignKeyConstraint(["corrects_id"], ["cost.id"], name=op.f("fk_cost_corrects_id_cost")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_cost_lot_id_lot")),
    )
    _write_anew(*added, for_fills_only=False)
    op.create_index(op.f("ix_cost_lot_id"), "cost", ["lot_id"], unique=False)
    op.create_index(op.f("ix_cost_corrects_id"), "cost", ["corrects_id"], unique=False)
    op.create_table(
        "charge",
        sa.Column("dispense_id", types.Uuid(), nullable=False),
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("patient_id", types.Uuid(), nullable=False),
        sa.Column("month", types.Text(), nullable=False),
        sa.Column("amount_micros", types.Integer64(), nullable=False),
        sa.Column("days", types.Integer64(), nullable=False),
        sa.Column("doses", types.Integer64(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_charge_days_positive")),
        sa.CheckConstraint("doses > 0", name=op.f("ck_charge_doses_positive")),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_charge_month_length")),
        sa.CheckConstraint("amount_micros >= 0", name=op.f("ck_charge_amount_micros_not_negative")),
        sa.ForeignKeyConstraint(["dispense_id"], ["dispense.id"], name=op.f("fk_charge_dispense_id_dispense")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_charge_fill_id_fill")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_charge_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("dispense_id", name=op.f("uq_charge_dispense_id")),
        sqlite_strict=True,
    )
    for columns in (("month",), ("fill_id",), ("patient_id", "month")):
        op.create_index(op.f(f"ix_charge_{'_'.join(columns)}"), "charge", list(columns), unique=False)
    op.create_table(
        "closing",
        sa.Column("month", types.Text(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("closed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_closing_month_length")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_closing_sha256_length")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_closing_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("month", name=op.f("uq_closing_month")),
        sqlite_strict=True,
    )
    guards = [*triggers.append_only(dialect, "charge"), *triggers.append_only(dialect, "closing"), *triggers.closing_functions(dialect)]
    for statement in (*guards, *triggers.closed(dialect, "cost"), *triggers.closed(dialect, "charge")):
        op.execute(statement)


def downgrade() -> None:
    orphans = op.get_bind().execute(sa.text("SELECT count(*) FROM cost WHERE fill_id IS NULL")).scalar_one()
    if orphans:
        message = "The ledger holds costs of batches or lots that reached nobody: an older version cannot keep them. Nothing was changed."
        raise RuntimeError(message)
    dialect = op.get_context().dialect.name
    op.drop_table("charge")
    _write_anew(for_fills_only=True)
    for statement in triggers.drop_closing_functions(dialect):
        op.execute(statement)
    op.drop_table("closing")


def _write_anew(*added: sa.schema.SchemaItem, for_fills_only: bool) -> None:
    """The table once more with `added`; a temporary copy holds its rows meanwhile."""
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM cost")
    op.drop_table("cost")  # and its triggers and indexes
    optional = not for_fills_only
    op.create_table(
        "cost",
        sa.Column("fill_id", types.Uuid(), nullable=optional),
        sa.Column("batch_id", types.Uuid(), nullable=True),
        sa.Column("prescription_id", types.Uuid(), nullable=optional),
        sa.Column("patient_id", types.Uuid(), nullable=optional),
        sa.Column("month", types.Text(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("amount_micros", types.Integer64(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("recorded_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_cost_month_length")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_cost_batch_id_batch")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_cost_fill_id_fill")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_cost_patient_id_patient")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_cost_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost")),
        *added,
        sqlite_strict=True,
    )
    if for_fills_only:  # an older version knows no waste of a fill that reached nobody: it counts to the fill's own patient there
        op.execute("UPDATE kept SET prescription_id = (SELECT prescription_id FROM fill WHERE fill.id = kept.fill_id) WHERE prescription_id IS NULL")
        op.execute("UPDATE kept SET patient_id = (SELECT patient_id FROM prescription WHERE prescription.id = kept.prescription_id) WHERE patient_id IS NULL")
    op.execute(sa.insert(_table("cost")).from_select(_KEPT, sa.select(*_table("kept").columns)))
    op.execute("DROP TABLE kept")
    if optional:
        op.execute("UPDATE cost SET cause = 'tablet remainder' WHERE kind = 'wasted tablet rest'")
    for columns in _INDEXES:
        op.create_index(op.f(f"ix_cost_{'_'.join(columns)}"), "cost", list(columns), unique=False)
    for statement in triggers.append_only(op.get_context().dialect.name, "cost"):
        op.execute(statement)


def _table(name: str) -> sa.TableClause:
    columns: list[sa.ColumnClause[Any]] = [sa.column(column) for column in _KEPT]
    return sa.table(name, *columns)
