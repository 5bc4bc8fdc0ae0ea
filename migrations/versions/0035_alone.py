"""A batch may be verified by who compounded it, where the reason for that is recorded.

On SQLite a CHECK cannot be changed, so the table is written anew, as in 0018: the keys of other tables are checked at the end of the
transaction, when its rows are there again.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_FIXED = ["number", "formula_id", "document", "sha256"]
_KEPT = (
    "number", "formula_id", "status", "made_on", "beyond_use", "document", "sha256", "record", "planned_at", "compounder_id", "verifier_id", "id",
)  # fmt: skip
_TWO = "compounder_id <> verifier_id"
_OR_ALONE = f"{_TWO} OR alone_reason IS NOT NULL"


def upgrade() -> None:
    column: sa.Column[str] = sa.Column("alone_reason", types.Text(), nullable=True)
    if op.get_bind().dialect.name == "sqlite":
        _write_anew((column,), _OR_ALONE)
    else:
        op.add_column("batch", column)
        _check(_OR_ALONE)


def downgrade() -> None:
    alone = op.get_bind().execute(sa.text("SELECT count(*) FROM batch WHERE compounder_id = verifier_id")).scalar_one()
    if alone:
        message = "A batch was verified by who compounded it: an older version cannot keep it. Nothing was changed."
        raise RuntimeError(message)
    if op.get_bind().dialect.name == "sqlite":
        _write_anew((), _TWO)
    else:
        _check(_TWO)
        op.drop_column("batch", "alone_reason")


def _check(rule: str) -> None:
    op.drop_constraint(op.f("ck_batch_two_people"), "batch", type_="check")
    op.create_check_constraint(op.f("ck_batch_two_people"), "batch", rule)


def _write_anew(more: Sequence[sa.Column[str]], rule: str) -> None:
    op.execute("DROP TRIGGER batch_delete_refused")
    op.execute("DROP TRIGGER batch_fixed_refused")
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM batch")
    op.drop_table("batch")
    op.create_table(
        "batch",
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
        *more,
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'in_process', 'compounded', 'verified', 'released', 'quarantined', 'rejected', 'recalled')", name=op.f("ck_batch_status")
        ),
        sa.CheckConstraint(rule, name=op.f("ck_batch_two_people")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_batch_sha256_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_batch_number_positive")),
        sa.ForeignKeyConstraint(["compounder_id"], ["person.id"], name=op.f("fk_batch_compounder_id_person")),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_batch_formula_id_formula")),
        sa.ForeignKeyConstraint(["verifier_id"], ["person.id"], name=op.f("fk_batch_verifier_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_batch_number")),
        sqlite_strict=True,
    )
    rows = sa.select(sa.table("kept", *map(sa.column, _KEPT)))
    op.execute(sa.insert(sa.table("batch", *map(sa.column, _KEPT))).from_select(_KEPT, rows))
    op.execute("DROP TABLE kept")
    op.create_index(op.f("ix_batch_status_planned_at"), "batch", ["status", "planned_at"], unique=False)
    for statement in triggers.fixed("sqlite", "batch", _FIXED):
        op.execute(statement)
