"""Numbered blank worksheets for a power cut, and what was made on one and is entered late."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blank",
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("formula_id", types.Uuid(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("printed_on", types.LocalDate(), nullable=False),
        sa.Column("printed_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("batch_id", types.Uuid(), nullable=True),
        sa.Column("spoiled_reason", types.Text(), nullable=True),
        sa.Column("settled_at", types.UtcInstant(), nullable=True),
        sa.Column("settler_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(settled_at IS NULL) = (settler_id IS NULL)", name=op.f("ck_blank_settled_by_somebody")),
        sa.CheckConstraint("(status = 'unused') = (settled_at IS NULL)", name=op.f("ck_blank_settled")),
        sa.CheckConstraint("(status = 'used') = (batch_id IS NOT NULL)", name=op.f("ck_blank_used_for_a_batch")),
        sa.CheckConstraint("number > 0", name=op.f("ck_blank_number_positive")),
        sa.CheckConstraint("spoiled_reason IS NULL OR status = 'spoiled'", name=op.f("ck_blank_reason_of_a_spoiled_one")),
        sa.CheckConstraint("status <> 'spoiled' OR (spoiled_reason IS NOT NULL AND length(spoiled_reason) > 0)", name=op.f("ck_blank_spoiled_with_a_reason")),
        sa.CheckConstraint("status IN ('unused', 'used', 'spoiled')", name=op.f("ck_blank_status")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_blank_batch_id_batch")),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_blank_formula_id_formula")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_blank_person_id_person")),
        sa.ForeignKeyConstraint(["settler_id"], ["person.id"], name=op.f("fk_blank_settler_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blank")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_blank_batch_id")),
        sa.UniqueConstraint("number", name=op.f("uq_blank_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_blank_status_number"), "blank", ["status", "number"], unique=False)
    op.create_index(op.f("ix_blank_formula_id"), "blank", ["formula_id"], unique=False)
    op.create_table(
        "late_entry",
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("blank_id", types.Uuid(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("entered_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_late_entry_reason_given")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_late_entry_batch_id_batch")),
        sa.ForeignKeyConstraint(["blank_id"], ["blank.id"], name=op.f("fk_late_entry_blank_id_blank")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_late_entry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_entry")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_late_entry_batch_id")),
        sa.UniqueConstraint("blank_id", name=op.f("uq_late_entry_blank_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_late_entry_entered_at"), "late_entry", ["entered_at"], unique=False)
    op.create_table(
        "late_step",
        sa.Column("batch_id", types.Uuid(), nullable=False),
        sa.Column("step", types.Text(), nullable=False),
        sa.Column("done_on", types.LocalDate(), nullable=False),
        sa.Column("done_at", types.UtcInstant(), nullable=False),
        sa.Column("entered_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("done_at <= entered_at", name=op.f("ck_late_step_done_before_it_was_entered")),
        sa.CheckConstraint("length(step) > 0", name=op.f("ck_late_step_step_named")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_late_step_batch_id_batch")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_late_step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_step")),
        sa.UniqueConstraint("batch_id", "step", name=op.f("uq_late_step_batch_id_step")),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO counter (name, value) VALUES ('blank', 0)")
    dialect = op.get_context().dialect.name
    settled = ("status", "batch_id", "spoiled_reason", "settled_at", "settler_id")
    for statement in (
        *triggers.fixed(dialect, "blank", ("number", "formula_id", "printed_on", "printed_at", "person_id")),
        *triggers.written_once(dialect, "blank", "settled_at", settled),
        *triggers.append_only(dialect, "late_entry"),
        *triggers.append_only(dialect, "late_step"),
    ):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM blank")).scalar_one():
        message = "Numbered blank worksheets lie about: an older version would lose their numbers. Nothing was changed."
        raise RuntimeError(message)
    for table in ("late_step", "late_entry", "blank"):
        op.drop_table(table)
    dialect = op.get_context().dialect.name
    op.execute(triggers.dropped(dialect, "counter", "delete"))
    op.execute("DELETE FROM counter WHERE name = 'blank'")
    for statement in triggers.never_deleted(dialect, "counter")[:1]:
        op.execute(statement)
