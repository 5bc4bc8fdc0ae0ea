"""Less of a container than was planned may be given: its parts are fills of their own, and what is owed is kept.

On SQLite the rule that a container is one fill can only go with its table, so that one is written anew; others name its rows by foreign
keys, which are checked at the end of the transaction.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_KEPT = ("plan_id", "prescription_id", "number", "status", "make_by", "opens_on", "closes_on", "id")
_ONCE = ("plan_id", "prescription_id", "number")
_CUT = (
    "fill_id", "rest_id", "batch_id", "lot_id", "opens", "closes", "given_days", "amount", "given", "rest", "asked_by", "reason", "cut_on", "cut_at",
    "person_id",
)  # fmt: skip
_CANCELLED = (
    "(cancelled_at IS NULL AND cancelled_reason IS NULL AND canceller_id IS NULL)"
    " OR (cancelled_at IS NOT NULL AND length(cancelled_reason) > 0 AND canceller_id IS NOT NULL)"
)
_RULES = {
    "ck_fill_part_positive": "part > 0",
    "ck_fill_part_of_days": "(opens IS NULL) = (closes IS NULL)",
    "ck_fill_part_opens": "opens > 0 AND opens <= closes",
    "ck_fill_part_of_something": "part = 1 OR opens IS NOT NULL",
}


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        _fill_anew(
            sa.Column("part", types.Integer64(), nullable=False),
            sa.Column("opens", types.Integer64(), nullable=True),
            sa.Column("closes", types.Integer64(), nullable=True),
            *(sa.CheckConstraint(rule, name=op.f(name)) for name, rule in _RULES.items()),
            sa.UniqueConstraint("plan_id", "number", "part", name=op.f("uq_fill_plan_id_number_part")),
            values={"part": 1},
        )
    else:
        op.add_column("fill", sa.Column("part", types.Integer64(), nullable=False, server_default="1"))
        op.alter_column("fill", "part", server_default=None)
        op.add_column("fill", sa.Column("opens", types.Integer64(), nullable=True))
        op.add_column("fill", sa.Column("closes", types.Integer64(), nullable=True))
        for name, rule in _RULES.items():
            op.create_check_constraint(op.f(name), "fill", rule)
        op.drop_constraint(op.f("uq_fill_plan_id_number"), "fill")
        op.create_unique_constraint(op.f("uq_fill_plan_id_number_part"), "fill", ["plan_id", "number", "part"])
    op.create_table(
        "owed",
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("rest_id", types.Uuid(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=True),
        sa.Column("lot_id", types.Uuid(), nullable=True),
        sa.Column("opens", types.Integer64(), nullable=False),
        sa.Column("closes", types.Integer64(), nullable=False),
        sa.Column("given_days", types.Integer64(), nullable=False),
        sa.Column("amount", types.Integer64(), nullable=False),
        sa.Column("given", types.Integer64(), nullable=False),
        sa.Column("rest", types.Integer64(), nullable=False),
        sa.Column("asked_by", types.Text(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("cut_on", types.LocalDate(), nullable=False),
        sa.Column("cut_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("cancelled_at", types.UtcInstant(), nullable=True),
        sa.Column("cancelled_reason", types.Text(), nullable=True),
        sa.Column("canceller_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(_CANCELLED, name=op.f("ck_owed_cancelled_with_a_reason")),
        sa.CheckConstraint("asked_by IN ('stock', 'patient')", name=op.f("ck_owed_asked_by")),
        sa.CheckConstraint("fill_id <> rest_id", name=op.f("ck_owed_two_containers")),
        sa.CheckConstraint("given + rest = amount", name=op.f("ck_owed_parts_are_the_whole")),
        sa.CheckConstraint("given > 0", name=op.f("ck_owed_given_positive")),
        sa.CheckConstraint("given_days <= closes - opens", name=op.f("ck_owed_rest_serves_a_day")),
        sa.CheckConstraint("given_days > 0", name=op.f("ck_owed_given_days_positive")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_owed_reason_given")),
        sa.CheckConstraint("rest > 0", name=op.f("ck_owed_rest_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_owed_batch_id_batch")),
        sa.ForeignKeyConstraint(["canceller_id"], ["person.id"], name=op.f("fk_owed_canceller_id_person")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_owed_fill_id_fill")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_owed_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_owed_person_id_person")),
        sa.ForeignKeyConstraint(["rest_id"], ["fill.id"], name=op.f("fk_owed_rest_id_fill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed")),
        sa.UniqueConstraint("rest_id", name=op.f("uq_owed_rest_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_owed_fill_id"), "owed", ["fill_id"], unique=False)
    op.create_index(op.f("ix_owed_cut_on"), "owed", ["cut_on"], unique=False)
    op.execute(triggers.dropped(dialect, "share", "fixed"))
    for statement in (
        *triggers.day_functions(dialect),
        *triggers.no_day_twice(dialect),
        *triggers.shrinking(dialect, "share", ("batch_id", "fill_id"), "amount"),
        *triggers.fixed(dialect, "owed", _CUT),
        *triggers.written_once(dialect, "owed", "cancelled_at", ("cancelled_at", "cancelled_reason", "canceller_id")),
    ):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_context().dialect.name
    if op.get_bind().execute(sa.text("SELECT count(*) FROM owed")).scalar_one():
        message = "Less of a container was given than was planned: an older version cannot keep its parts. Nothing was changed."
        raise RuntimeError(message)
    op.drop_table("owed")
    op.execute(triggers.dropped(dialect, "share", "fixed"))
    *_, fixed = triggers.fixed(dialect, "share", ("batch_id", "fill_id", "amount"))
    op.execute(fixed)
    if dialect == "sqlite":
        _fill_anew(sa.UniqueConstraint("plan_id", "number", name=op.f("uq_fill_plan_id_number")))
        return
    op.execute("DROP TRIGGER fill_days ON fill")
    for statement in triggers.drop_day_functions(dialect):
        op.execute(statement)
    op.drop_constraint(op.f("uq_fill_plan_id_number_part"), "fill")
    op.create_unique_constraint(op.f("uq_fill_plan_id_number"), "fill", ["plan_id", "number"])
    for name in _RULES:
        op.drop_constraint(op.f(name), "fill")
    for column in ("part", "opens", "closes"):
        op.drop_column("fill", column)


def _fill_anew(*added: sa.schema.SchemaItem, values: Mapping[str, int] = MappingProxyType({})) -> None:
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM fill")
    op.drop_table("fill")  # and its triggers and indexes
    op.create_table(
        "fill",
        sa.Column("plan_id", types.Uuid(), nullable=False),
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("make_by", types.LocalDate(), nullable=False),
        sa.Column("opens_on", types.LocalDate(), nullable=False),
        sa.Column("closes_on", types.LocalDate(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('due', 'planned', 'made', 'labelled', 'checked', 'handed_over', 'cancelled')", name=op.f("ck_fill_status")),
        sa.CheckConstraint("number > 0", name=op.f("ck_fill_number_positive")),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_fill_opens_before_it_closes")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_fill_plan_id_plan")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_fill_prescription_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fill")),
        *added,
        sqlite_strict=True,
    )
    names = [*_KEPT, *values]
    op.execute(sa.insert(_table("fill", names)).from_select(names, sa.select(*_table("kept", _KEPT).columns, *map(sa.literal, values.values()))))
    op.execute("DROP TABLE kept")
    op.create_index(op.f("ix_fill_prescription_id"), "fill", ["prescription_id"], unique=False)
    op.create_index(op.f("ix_fill_status_make_by"), "fill", ["status", "make_by"], unique=False)
    for statement in triggers.fixed("sqlite", "fill", _ONCE):
        op.execute(statement)


def _table(name: str, names: Sequence[str]) -> sa.TableClause:
    columns: list[sa.ColumnClause[Any]] = [sa.column(column) for column in names]
    return sa.table(name, *columns)
