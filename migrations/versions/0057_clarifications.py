"""Questions to the prescriber and their answers; changes by the prescriber; refills that were asked for."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_REASONS = "'dose', 'steps', 'directions', 'quantity', 'form', 'opioid', 'interaction', 'allergy', 'condition', 'patient', 'dates', 'other'"
_KINDS = "'cancel', 'hold', 'resume', 'stop', 'step_back', 'other_form', 'order'"
_FIXED = ("prescription_id", "client_id", "kind", "reason", "effect", "replacement_id", "from_on", "changed_at")


def upgrade() -> None:
    op.create_table(
        "clarification",
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("reason", types.Text(), nullable=False),
        sa.Column("question", types.Document(), nullable=False),
        sa.Column("person_id", types.Uuid(), nullable=False),
        sa.Column("asked_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(f"reason IN ({_REASONS})", name=op.f("ck_clarification_reason")),
        sa.CheckConstraint("length(question) > 0", name=op.f("ck_clarification_question_given")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_clarification_prescription_id_prescription")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_clarification_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_clarification_prescription_id"), "clarification", ["prescription_id"], unique=False)
    op.create_table(
        "clarification_answer",
        sa.Column("clarification_id", types.Uuid(), nullable=False),
        sa.Column("client_id", types.Uuid(), nullable=False),
        sa.Column("answer", types.Document(), nullable=False),
        sa.Column("replacement_id", types.Uuid(), nullable=True),
        sa.Column("answered_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(answer) > 0 OR replacement_id IS NOT NULL", name=op.f("ck_clarification_answer_answer_given")),
        sa.ForeignKeyConstraint(["clarification_id"], ["clarification.id"], name=op.f("fk_clarification_answer_clarification_id_clarification")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_clarification_answer_client_id_client")),
        sa.ForeignKeyConstraint(["replacement_id"], ["prescription.id"], name=op.f("fk_clarification_answer_replacement_id_prescription")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification_answer")),
        sa.UniqueConstraint("clarification_id", name=op.f("uq_clarification_answer_clarification_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "order_change",
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("client_id", types.Uuid(), nullable=False),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("reason", types.Document(), nullable=False),
        sa.Column("effect", types.Document(), nullable=False),
        sa.Column("replacement_id", types.Uuid(), nullable=True),
        sa.Column("from_on", types.LocalDate(), nullable=True),
        sa.Column("changed_at", types.UtcInstant(), nullable=False),
        sa.Column("done_at", types.UtcInstant(), nullable=True),
        sa.Column("person_id", types.Uuid(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_order_change_kind")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_order_change_reason_given")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_order_change_prescription_id_prescription")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_order_change_client_id_client")),
        sa.ForeignKeyConstraint(["replacement_id"], ["prescription.id"], name=op.f("fk_order_change_replacement_id_prescription")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_order_change_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_change")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_order_change_prescription_id_changed_at"), "order_change", ["prescription_id", "changed_at"], unique=False)
    op.create_index(op.f("ix_order_change_replacement_id"), "order_change", ["replacement_id"], unique=False)
    op.create_table(
        "refill_request",
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("client_id", types.Uuid(), nullable=False),
        sa.Column("present_dose_ng", types.Integer64(), nullable=False),
        sa.Column("asked_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("present_dose_ng > 0", name=op.f("ck_refill_request_present_dose_ng_positive")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_refill_request_prescription_id_prescription")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_refill_request_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refill_request")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_refill_request_prescription_id_asked_at"), "refill_request", ["prescription_id", "asked_at"], unique=False)
    dialect = op.get_context().dialect.name
    for table in ("clarification", "clarification_answer", "refill_request"):
        for statement in triggers.append_only(dialect, table):
            op.execute(statement)
    for statement in (
        *triggers.fixed(dialect, "order_change", _FIXED),
        *triggers.written_once(dialect, "order_change", "done_at", ("done_at", "person_id")),
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in ("refill_request", "order_change", "clarification_answer", "clarification"):
        if op.get_bind().execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one():
            message = "Prescribers were asked, or have changed orders: an older version cannot keep that. Nothing was changed."
            raise RuntimeError(message)
        op.drop_table(table)
