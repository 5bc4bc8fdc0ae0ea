"""Recalls, whom each has to reach, every try, and lots that were set aside again."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recall",
        sa.Column("number", types.Integer64(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("recall_class", types.Text(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("sha256", types.Text(), nullable=False),
        sa.Column("learned_at", types.UtcInstant(), nullable=True),
        sa.Column("opened_at", types.UtcInstant(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("closed_at", types.UtcInstant(), nullable=True),
        sa.Column("closed_by_id", types.Uuid(), nullable=True),
        sa.Column("closing", types.Text(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_recall_closed")),
        sa.CheckConstraint("recall_class IN ('I', 'II', 'III')", name=op.f("ck_recall_recall_class")),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_recall_status")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_recall_sha256_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_recall_number_positive")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_recall_closed_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recall_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
        sa.UniqueConstraint("number", name=op.f("uq_recall_number")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recall_status_opened_at"), "recall", ["status", "opened_at"], unique=False)
    op.create_table(
        "recall_contact",
        sa.Column("recall_id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("name", types.Text(), nullable=False),
        sa.Column("patient_id", types.Uuid(), nullable=True),
        sa.Column("npi", types.Text(), nullable=True),
        sa.Column("due_at", types.UtcInstant(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'patient') = (patient_id IS NOT NULL)", name=op.f("ck_recall_contact_patient")),
        sa.CheckConstraint("(kind = 'prescriber') = (npi IS NOT NULL)", name=op.f("ck_recall_contact_prescriber")),
        sa.CheckConstraint("kind IN ('patient', 'prescriber', 'board', 'medwatch')", name=op.f("ck_recall_contact_kind")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_recall_contact_patient_id_patient")),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_recall_contact_recall_id_recall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_contact")),
        sa.UniqueConstraint("recall_id", "npi", name=op.f("uq_recall_contact_recall_id_npi")),
        sa.UniqueConstraint("recall_id", "patient_id", name=op.f("uq_recall_contact_recall_id_patient_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recall_contact_recall_id_kind"), "recall_contact", ["recall_id", "kind"], unique=False)
    op.create_table(
        "recall_try",
        sa.Column("contact_id", types.Uuid(), nullable=False),
        sa.Column("way", types.Text(), nullable=False),
        sa.Column("result", types.Text(), nullable=False),
        sa.Column("note", types.Text(), nullable=False),
        sa.Column("returned", types.Integer64(), nullable=True),
        sa.Column("unit", types.Text(), nullable=True),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("tried_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("(result = 'returned') = (returned IS NOT NULL)", name=op.f("ck_recall_try_returned")),
        sa.CheckConstraint("result IN ('reached', 'unreached', 'returned', 'given_up')", name=op.f("ck_recall_try_result")),
        sa.CheckConstraint("unit IN ('piece', 'nL')", name=op.f("ck_recall_try_unit")),
        sa.CheckConstraint("way IN ('phone', 'letter', 'portal', 'visit', 'report')", name=op.f("ck_recall_try_way")),
        sa.CheckConstraint("(returned IS NULL) = (unit IS NULL)", name=op.f("ck_recall_try_unit_of_returned")),
        sa.CheckConstraint("returned > 0", name=op.f("ck_recall_try_returned_positive")),
        sa.ForeignKeyConstraint(["contact_id"], ["recall_contact.id"], name=op.f("fk_recall_try_contact_id_recall_contact")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recall_try_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_try")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recall_try_contact_id_tried_at"), "recall_try", ["contact_id", "tried_at"], unique=False)
    op.create_table(
        "lot_quarantine",
        sa.Column("lot_id", types.Uuid(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("placed_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_quarantine_lot_id_lot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lot_quarantine_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_quarantine")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_lot_quarantine_lot_id_placed_at"), "lot_quarantine", ["lot_id", "placed_at"], unique=False)

    # The counter outlives a way back, since nothing is ever deleted from it.
    op.execute("INSERT INTO counter (name, value) SELECT 'recall', 0 WHERE NOT EXISTS (SELECT 1 FROM counter WHERE name = 'recall')")
    dialect = op.get_context().dialect.name
    for statement in (
        *triggers.fixed(dialect, "recall", ["number", "recall_class", "reason", "document", "sha256", "learned_at", "opened_at", "person_id"]),
        *(line for table in ("recall_contact", "recall_try", "lot_quarantine") for line in triggers.append_only(dialect, table)),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("recall_try")
    op.drop_table("recall_contact")
    op.drop_table("lot_quarantine")
    op.drop_table("recall")
