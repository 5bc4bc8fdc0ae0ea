"""A batch may serve several fills, or none: each fill's share of it, in place of the one fill that a batch named.

On SQLite a column that is a foreign key cannot be dropped, so the table is written anew. Other tables name its rows by foreign keys:
those are checked at the end of the transaction, when the rows are there again. It is not renamed, which would turn those keys to a copy.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_NANOLITRES = 1_000_000  # in a millilitre
_SHARED = {"rejected": "void"}  # the state of a share by that of its batch; others are live
_BEFORE = ["number", "fill_id", "formula_id", "document", "sha256"]
_AFTER = ["number", "formula_id", "document", "sha256"]
_KEPT = (
    "number", "formula_id", "status", "made_on", "beyond_use", "document", "sha256", "record", "planned_at", "compounder_id", "verifier_id", "id",
)  # fmt: skip


def upgrade() -> None:
    connection = op.get_bind()
    batches = _table("batch", id=types.Uuid(), fill_id=types.Uuid(), status=types.Text(), document=types.Document())
    drawn = connection.execute(sa.select(batches)).all()
    _unguard()
    op.drop_index(op.f("ix_batch_fill_id"), table_name="batch")
    if connection.dialect.name == "sqlite":
        _write_anew(*_columns(), names=_KEPT, of=sa.select(sa.table("kept", *map(sa.column, _KEPT))))
    else:
        op.drop_column("batch", "fill_id")
    _guard(_AFTER)
    op.create_table(
        "share",
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("amount", types.Integer64(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_share_amount_positive")),
        sa.CheckConstraint("status IN ('live', 'void')", name=op.f("ck_share_status")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_share_batch_id_batch")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_share_fill_id_fill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("batch_id", "fill_id", name=op.f("uq_share_batch_id_fill_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_share_fill_id"), "share", ["fill_id"], unique=False)
    live = sa.text("status = 'live'")
    op.create_index("uq_share_fill_id_live", "share", ["fill_id"], unique=True, sqlite_where=live, postgresql_where=live)
    for statement in triggers.fixed(op.get_context().dialect.name, "share", ["batch_id", "fill_id", "amount"]):
        op.execute(statement)
    shares = _table("share", id=types.Uuid(), batch_id=types.Uuid(), fill_id=types.Uuid(), amount=types.Integer64(), status=types.Text())
    moved = [
        {"id": uuid4(), "batch_id": row.id, "fill_id": row.fill_id, "amount": _amount(row.document), "status": _SHARED.get(row.status, "live")} for row in drawn
    ]
    if moved:
        op.bulk_insert(shares, moved)


def downgrade() -> None:
    connection = op.get_bind()
    shares = _table("share", batch_id=types.Uuid(), fill_id=types.Uuid())
    fills = connection.execute(sa.select(shares.c.batch_id, shares.c.fill_id)).all()
    batches = _table("batch", id=types.Uuid(), fill_id=types.Uuid())
    count = connection.execute(sa.select(sa.func.count()).select_from(batches)).scalar_one()
    if count != len(fills) or len({batch for batch, _ in fills}) != count:
        message = "A batch serves several fills, or none: an older version cannot keep it. Nothing was changed."
        raise RuntimeError(message)
    op.drop_table("share")
    _unguard()
    key = sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_batch_fill_id_fill"))
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("CREATE TEMPORARY TABLE went_to (batch_id, fill_id)"))
        _fill_in("INSERT INTO went_to VALUES (:batch, :fill)", fills)
        went_to = sa.table("went_to", sa.column("batch_id"), sa.column("fill_id"))
        kept = sa.table("kept", *map(sa.column, _KEPT))
        whole = sa.select(*kept.c, went_to.c.fill_id).join_from(kept, went_to, went_to.c.batch_id == kept.c.id)
        _write_anew(*_columns(), sa.Column("fill_id", types.Uuid(), nullable=False), key, names=(*_KEPT, "fill_id"), of=whole)
        op.execute("DROP TABLE went_to")
    else:
        op.add_column("batch", sa.Column("fill_id", types.Uuid(), nullable=True))
        _fill_in("UPDATE batch SET fill_id = :fill WHERE id = :batch", fills)
        op.alter_column("batch", "fill_id", nullable=False)
        op.create_foreign_key(op.f("fk_batch_fill_id_fill"), "batch", "fill", ["fill_id"], ["id"])
    op.create_index(op.f("ix_batch_fill_id"), "batch", ["fill_id"], unique=False)
    _guard(_BEFORE)


def _amount(document: str) -> int:
    """What the one fill gets of a batch, in whole nanolitres or capsules: only a batch of capsules has a weight of one."""
    preparation = json.loads(document)["preparation"]
    dispensed = Fraction(preparation["amounts"]["dispensed"]) * (1 if preparation.get("weight") else _NANOLITRES)
    return -(-dispensed.numerator // dispensed.denominator)


def _columns() -> tuple[sa.schema.SchemaItem, ...]:
    """The table of 0008 without its fill."""
    return (
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("formula_id", types.Uuid(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("made_on", types.LocalDate(), nullable=True),
        sa.Column("beyond_use", types.LocalDate(), nullable=True),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("record", types.Document(), nullable=True),
        sa.Column("planned_at", types.UtcInstant(), nullable=False),
        sa.Column("compounder_id", types.Uuid(), nullable=True),
        sa.Column("verifier_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'in_process', 'compounded', 'verified', 'released', 'quarantined', 'rejected', 'recalled')", name=op.f("ck_batch_status")
        ),
        sa.CheckConstraint("compounder_id <> verifier_id", name=op.f("ck_batch_two_people")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_batch_sha256_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_batch_number_positive")),
        sa.ForeignKeyConstraint(["compounder_id"], ["person.id"], name=op.f("fk_batch_compounder_id_person")),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_batch_formula_id_formula")),
        sa.ForeignKeyConstraint(["verifier_id"], ["person.id"], name=op.f("fk_batch_verifier_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_batch_number")),
    )


def _write_anew(*items: sa.schema.SchemaItem, names: Sequence[str], of: sa.Select[Any]) -> None:
    """The table once more, with these items; `of` gives its rows, from the copy of the old ones that is named kept."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM batch")
    op.drop_table("batch")  # and its triggers and indexes
    op.create_table("batch", *items, sqlite_strict=True)
    op.execute(sa.insert(sa.table("batch", *map(sa.column, names))).from_select(names, of))
    op.execute("DROP TABLE kept")
    op.create_index(op.f("ix_batch_status_planned_at"), "batch", ["status", "planned_at"], unique=False)


def _fill_in(statement: str, fills: Sequence[Any]) -> None:
    if fills:
        written = sa.text(statement).bindparams(sa.bindparam("batch", type_=types.Uuid()), sa.bindparam("fill", type_=types.Uuid()))
        op.get_bind().execute(written, [{"batch": batch, "fill": fill} for batch, fill in fills])


def _table(name: str, **columns: sa.types.TypeEngine[Any]) -> sa.TableClause:
    return sa.table(name, *(sa.column(key, kind) for key, kind in columns.items()))


def _guard(columns: Sequence[str]) -> None:
    for statement in triggers.fixed(op.get_context().dialect.name, "batch", columns):
        op.execute(statement)


def _unguard() -> None:
    on = " ON batch" if op.get_context().dialect.name == "postgresql" else ""
    for name in ("batch_delete_refused", "batch_fixed_refused", *(("batch_truncate_refused",) if on else ())):
        op.execute(f"DROP TRIGGER {name}{on}")
