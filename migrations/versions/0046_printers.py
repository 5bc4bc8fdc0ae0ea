"""Printers as staff set them, and print jobs: written with the print that they send, so that none is lost."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_FIXED = ("printer_id", "kind", "label_print_id", "pdf", "pdf_sha256", "medium", "about", "person_id", "asked_at")


def upgrade() -> None:
    op.create_table(
        "printer",
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("medium", types.Text(), nullable=False),
        sa.Column("right_um", types.Integer64(), nullable=False),
        sa.Column("down_um", types.Integer64(), nullable=False),
        sa.Column("way", types.Text(), nullable=False),
        sa.Column("address", types.Text(), nullable=False),
        sa.Column("for_containers", types.Flag(), nullable=False),
        sa.Column("for_batches", types.Flag(), nullable=False),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(way = 'browser') = (address = '')", name=op.f("ck_printer_address_unless_browser")),
        sa.CheckConstraint("down_um BETWEEN -10000 AND 10000", name=op.f("ck_printer_down_um_bound")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_printer_named")),
        sa.CheckConstraint("right_um BETWEEN -10000 AND 10000", name=op.f("ck_printer_right_um_bound")),
        sa.CheckConstraint("way IN ('browser', 'socket', 'ipp')", name=op.f("ck_printer_way")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("name", name=op.f("uq_printer_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "print_job",
        sa.Column("printer_id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("label_print_id", types.Uuid(), nullable=True),
        sa.Column("pdf", types.Blob(), nullable=True),
        sa.Column("pdf_sha256", types.Text(), nullable=False),
        sa.Column("medium", types.Text(), nullable=False),
        sa.Column("about", types.Text(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("tries", types.Integer64(), nullable=False),
        sa.Column("said", types.Text(), nullable=False),
        sa.Column("doubled", types.Flag(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("asked_at", types.UtcInstant(), nullable=False),
        sa.Column("next_at", types.UtcInstant(), nullable=False),
        sa.Column("settled_at", types.UtcInstant(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'label') = (label_print_id IS NOT NULL)", name=op.f("ck_print_job_label_of_a_print")),
        sa.CheckConstraint("(kind = 'label') = (pdf IS NULL)", name=op.f("ck_print_job_bytes_of_the_label_or_its_own")),
        sa.CheckConstraint("(status IN ('shown', 'sent', 'cancelled')) = (settled_at IS NOT NULL)", name=op.f("ck_print_job_settled")),
        sa.CheckConstraint("kind IN ('label', 'batch', 'test', 'sheet')", name=op.f("ck_print_job_kind")),
        sa.CheckConstraint("length(pdf_sha256) = 64", name=op.f("ck_print_job_pdf_sha256_length")),
        sa.CheckConstraint(
            "status IN ('shown', 'waiting', 'sending', 'sent', 'unsure', 'failed', 'cancelled')",
            name=op.f("ck_print_job_status"),
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_print_job_tries_not_negative")),
        sa.ForeignKeyConstraint(["label_print_id"], ["label_print.id"], name=op.f("fk_print_job_label_print_id_label_print")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_print_job_person_id_person")),
        sa.ForeignKeyConstraint(["printer_id"], ["printer.id"], name=op.f("fk_print_job_printer_id_printer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
        sa.UniqueConstraint("label_print_id", name=op.f("uq_print_job_label_print_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_print_job_asked_at"), "print_job", ["asked_at"], unique=False)
    op.create_index(op.f("ix_print_job_printer_id_status_asked_at"), "print_job", ["printer_id", "status", "asked_at"], unique=False)
    op.create_index(op.f("ix_print_job_status_next_at"), "print_job", ["status", "next_at"], unique=False)
    dialect = op.get_context().dialect.name
    settled = ("status", "settled_at", "said", "tries", "doubled")
    for statement in (
        *triggers.never_deleted(dialect, "printer"),
        *triggers.fixed(dialect, "print_job", _FIXED),
        *triggers.written_once(dialect, "print_job", "settled_at", settled),
    ):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM print_job")).scalar_one():
        message = "Labels were printed on these printers: an older version would lose on which. Nothing was changed."
        raise RuntimeError(message)
    op.drop_table("print_job")
    op.drop_table("printer")
