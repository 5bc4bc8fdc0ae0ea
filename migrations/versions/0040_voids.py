"""A hand-over that was recorded wrongly is voided: at most one of a fill stands, what was asked for it is reversed, and it may come back once more.

On SQLite the rule that a fill has one hand-over can only go with its table, so that one is written anew, as is that of what was asked;
on both databases the latter, since nothing names its rows by a foreign key.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_HANDED = ("fill_id", "batch_id", "prescription_id", "patient_id", "handed_at", "handed_on", "first_dose_on", "document", "person_id", "id")
_ASKED = ("dispense_id", "fill_id", "patient_id", "month", "amount_micros", "days", "doses", "document", "recorded_at", "id")
_SIGNS = (
    "(reverses_id IS NULL AND amount_micros >= 0 AND days > 0 AND doses > 0) OR (reverses_id IS NOT NULL AND amount_micros <= 0 AND days < 0 AND doses < 0)"
)
_COPIES = {
    "dispense": "CREATE TEMPORARY TABLE kept AS SELECT * FROM dispense",
    "charge": "CREATE TEMPORARY TABLE kept AS SELECT * FROM charge",
}
_RETURN = sa.text("kind = 'return'")


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    whereabouts = sa.CheckConstraint("voided IN ('here', 'left')", name=op.f("ck_dispense_voided"))
    if dialect == "sqlite":
        _dispense_anew(sa.Column("voided", types.Text(), nullable=True), whereabouts)
    else:
        op.drop_constraint(op.f("uq_dispense_fill_id"), "dispense")
        op.add_column("dispense", sa.Column("voided", types.Text(), nullable=True))
        op.create_check_constraint(op.f("ck_dispense_voided"), "dispense", "voided IN ('here', 'left')")
        for name in ("delete", "truncate", "update"):
            op.execute(triggers.dropped(dialect, "dispense", name))
    standing = sa.text("voided IS NULL")
    op.create_index("uq_dispense_fill_id_standing", "dispense", ["fill_id"], unique=True, sqlite_where=standing, postgresql_where=standing)
    op.create_index(op.f("ix_dispense_fill_id"), "dispense", ["fill_id"], unique=False)
    op.create_table(
        "void",
        sa.Column("dispense_id", types.Uuid(), nullable=False),
        sa.Column("whereabouts", types.Text(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("voided_on", types.LocalDate(), nullable=False),
        sa.Column("voided_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_void_reason_given")),
        sa.CheckConstraint("whereabouts IN ('here', 'left')", name=op.f("ck_void_whereabouts")),
        sa.ForeignKeyConstraint(["dispense_id"], ["dispense.id"], name=op.f("fk_void_dispense_id_dispense")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_void_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_void")),
        sa.UniqueConstraint("dispense_id", name=op.f("uq_void_dispense_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_void_voided_on"), "void", ["voided_on"], unique=False)
    for statement in (*triggers.voiding_functions(dialect), *triggers.voids(dialect)):
        op.execute(statement)
    _charge_anew(
        sa.Column("reverses_id", types.Uuid(), nullable=True),
        sa.CheckConstraint(_SIGNS, name=op.f("ck_charge_below_zero_reverses")),
        sa.ForeignKeyConstraint(["reverses_id"], ["charge.id"], name=op.f("fk_charge_reverses_id_charge")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_charge_reverses_id")),
    )
    first = sa.text("reverses_id IS NULL")
    op.create_index("uq_charge_dispense_id", "charge", ["dispense_id"], unique=True, sqlite_where=first, postgresql_where=first)
    op.drop_index("uq_setback_fill_id_return", "setback")
    op.create_index("uq_setback_return", "setback", ["fill_id", "batch_id"], unique=True, sqlite_where=_RETURN, postgresql_where=_RETURN)


def downgrade() -> None:
    dialect = op.get_context().dialect.name
    if op.get_bind().execute(sa.text("SELECT count(*) FROM void")).scalar_one():
        message = "A hand-over was voided: an older version would count it. Nothing was changed."
        raise RuntimeError(message)
    op.drop_index("uq_setback_return", "setback")
    op.create_index("uq_setback_fill_id_return", "setback", ["fill_id"], unique=True, sqlite_where=_RETURN, postgresql_where=_RETURN)
    _charge_anew(
        sa.CheckConstraint("days > 0", name=op.f("ck_charge_days_positive")),
        sa.CheckConstraint("doses > 0", name=op.f("ck_charge_doses_positive")),
        sa.CheckConstraint("amount_micros >= 0", name=op.f("ck_charge_amount_micros_not_negative")),
        sa.UniqueConstraint("dispense_id", name=op.f("uq_charge_dispense_id")),
    )
    op.drop_table("void")
    if dialect == "sqlite":
        _dispense_anew(sa.UniqueConstraint("fill_id", name=op.f("uq_dispense_fill_id")))
    else:
        op.execute("DROP TRIGGER dispense_voided ON dispense")
        for name in ("delete", "truncate", "fixed"):
            op.execute(triggers.dropped(dialect, "dispense", name))
        op.drop_index(op.f("ix_dispense_fill_id"), "dispense")
        op.drop_index("uq_dispense_fill_id_standing", "dispense")
        op.drop_column("dispense", "voided")
        op.create_unique_constraint(op.f("uq_dispense_fill_id"), "dispense", ["fill_id"])
    for statement in (*triggers.drop_voiding_functions(dialect), *triggers.append_only(dialect, "dispense")):
        op.execute(statement)


def _dispense_anew(*added: sa.schema.SchemaItem) -> None:
    """Others name its rows by foreign keys: those are checked at the end of the transaction, when the rows are there again."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    _put_away("dispense")
    op.create_table(
        "dispense",
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("patient_id", types.Uuid(), nullable=False),
        sa.Column("handed_at", types.UtcInstant(), nullable=False),
        sa.Column("handed_on", types.LocalDate(), nullable=False),
        sa.Column("first_dose_on", types.LocalDate(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_dispense_batch_id_batch")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_dispense_fill_id_fill")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_dispense_patient_id_patient")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dispense_person_id_person")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_dispense_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispense")),
        *added,
        sqlite_strict=True,
    )
    _take_back("dispense", _HANDED)
    for columns in (("batch_id",), ("patient_id", "handed_on"), ("prescription_id",)):
        op.create_index(op.f(f"ix_dispense_{'_'.join(columns)}"), "dispense", list(columns), unique=False)


def _charge_anew(*added: sa.schema.SchemaItem) -> None:
    dialect = op.get_context().dialect.name
    _put_away("charge")
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
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_charge_month_length")),
        sa.ForeignKeyConstraint(["dispense_id"], ["dispense.id"], name=op.f("fk_charge_dispense_id_dispense")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_charge_fill_id_fill")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_charge_patient_id_patient")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        *added,
        sqlite_strict=True,
    )
    _take_back("charge", _ASKED)
    for columns in (("month",), ("fill_id",), ("patient_id", "month")):
        op.create_index(op.f(f"ix_charge_{'_'.join(columns)}"), "charge", list(columns), unique=False)
    for statement in (*triggers.append_only(dialect, "charge"), *triggers.closed(dialect, "charge")):
        op.execute(statement)


def _put_away(table: str) -> None:
    op.execute(_COPIES[table])
    op.drop_table(table)  # and its triggers and indexes


def _take_back(table: str, names: Sequence[str]) -> None:
    op.execute(sa.insert(_table(table, names)).from_select(list(names), sa.select(*_table("kept", names).columns)))
    op.execute("DROP TABLE kept")


def _table(name: str, names: Sequence[str]) -> sa.TableClause:
    columns: list[sa.ColumnClause[Any]] = [sa.column(column) for column in names]
    return sa.table(name, *columns)
