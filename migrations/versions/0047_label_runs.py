"""Runs of labels: the labels of many containers as one job, each with what became of it."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "label_run",
        sa.Column("printer_id", types.Uuid(), nullable=False),
        sa.Column("medium", types.Text(), nullable=False),
        sa.Column("first", types.Integer64(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("asked_at", types.UtcInstant(), nullable=False),
        sa.Column("said", types.Text(), nullable=False),
        sa.Column("job_id", types.Uuid(), nullable=True),
        sa.Column("ended_at", types.UtcInstant(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'working') = (ended_at IS NULL)", name=op.f("ck_label_run_ended")),
        sa.CheckConstraint("first > 0", name=op.f("ck_label_run_first_positive")),
        sa.CheckConstraint("status IN ('working', 'done', 'stopped')", name=op.f("ck_label_run_status")),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name=op.f("fk_label_run_job_id_print_job")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_label_run_person_id_person")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_label_run_printer_id_printer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_run")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_label_run_status_asked_at"), "label_run", ["status", "asked_at"], unique=False)
    op.create_table(
        "label_run_item",
        sa.Column("run_id", types.Uuid(), nullable=False),
        sa.Column("place", types.Integer64(), nullable=False),
        sa.Column("fill_id", types.Uuid(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("said", types.Text(), nullable=False),
        sa.Column("label_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'printed') = (label_id IS NOT NULL)", name=op.f("ck_label_run_item_printed_is_a_label")),
        sa.CheckConstraint("(status = 'refused') = (length(said) > 0)", name=op.f("ck_label_run_item_refused_with_a_sentence")),
        sa.CheckConstraint("place > 0", name=op.f("ck_label_run_item_place_positive")),
        sa.CheckConstraint("status IN ('waiting', 'printed', 'refused')", name=op.f("ck_label_run_item_status")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_label_run_item_fill_id_fill")),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name=op.f("fk_label_run_item_label_id_label")),
        sa.ForeignKeyConstraint(["run_id"], ["label_run.id"], name=op.f("fk_label_run_item_run_id_label_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_run_item")),
        sa.UniqueConstraint("run_id", "fill_id", name=op.f("uq_label_run_item_run_id_fill_id")),
        sa.UniqueConstraint("run_id", "place", name=op.f("uq_label_run_item_run_id_place")),
        sqlite_strict=True,
    )
    dialect = op.get_context().dialect.name
    for statement in (
        *triggers.fixed(dialect, "label_run", ("printer_id", "medium", "first", "person_id", "asked_at")),
        *triggers.written_once(dialect, "label_run", "ended_at", ("status", "ended_at", "job_id", "said")),
        *triggers.fixed(dialect, "label_run_item", ("run_id", "place", "fill_id")),
        *triggers.written_once(dialect, "label_run_item", "label_id", ("status", "label_id", "said")),
    ):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM label_run")).scalar_one():
        message = "Labels were printed by these runs: an older version would lose which. Nothing was changed."
        raise RuntimeError(message)
    op.drop_table("label_run_item")
    op.drop_table("label_run")
