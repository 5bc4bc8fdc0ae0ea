"""What prescribers' systems are told, and where."""

import sqlalchemy as sa
from alembic import op

from compounding.db import triggers, types

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_KINDS = (
    "'prescription.accepted', 'prescription.held', 'prescription.declined', 'prescription.cancelled', 'prescription.completed', "
    "'clarification.asked', 'fill.ready', 'fill.dispensed', 'fill.voided', 'review.due'"
)
_FIXED = ("client_id", "prescription_id", "fill_id", "kind", "happened_at", "document")


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("client_id", types.Uuid(), nullable=False),
        sa.Column("url", types.Text(), nullable=False),
        sa.Column("secret_version", types.Integer64(), nullable=False),
        sa.Column("active", types.Flag(), nullable=False),
        sa.Column("set_at", types.UtcInstant(), nullable=False),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint("length(url) > 0", name=op.f("ck_webhook_url_given")),
        sa.CheckConstraint("secret_version > 0", name=op.f("ck_webhook_secret_version_positive")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_webhook_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("client_id", name=op.f("uq_webhook_client_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "event",
        sa.Column("client_id", types.Uuid(), nullable=False),
        sa.Column("prescription_id", types.Uuid(), nullable=False),
        sa.Column("fill_id", types.Uuid(), nullable=True),
        sa.Column("kind", types.Text(), nullable=False),
        sa.Column("happened_at", types.UtcInstant(), nullable=False),
        sa.Column("document", types.Document(), nullable=False),
        sa.Column("status", types.Text(), nullable=False),
        sa.Column("tries", types.Integer64(), nullable=False),
        sa.Column("said", types.Document(), nullable=False),
        sa.Column("next_at", types.UtcInstant(), nullable=False),
        sa.Column("delivered_at", types.UtcInstant(), nullable=True),
        sa.Column("id", types.Uuid(), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_event_kind")),
        sa.CheckConstraint("status IN ('waiting', 'delivered', 'unasked')", name=op.f("ck_event_status")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_event_tries_not_negative")),
        sa.CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name=op.f("ck_event_delivered")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_event_client_id_client")),
        sa.ForeignKeyConstraint(["prescription_id"], ["prescription.id"], name=op.f("fk_event_prescription_id_prescription")),
        sa.ForeignKeyConstraint(["fill_id"], ["fill.id"], name=op.f("fk_event_fill_id_fill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_event_status_next_at"), "event", ["status", "next_at"], unique=False)
    op.create_index(op.f("ix_event_client_id_happened_at"), "event", ["client_id", "happened_at"], unique=False)
    op.create_index(op.f("ix_event_prescription_id_happened_at"), "event", ["prescription_id", "happened_at"], unique=False)
    reviews = sa.text("kind = 'review.due'")
    op.create_index("uq_event_review", "event", ["prescription_id"], unique=True, sqlite_where=reviews, postgresql_where=reviews)
    dialect = op.get_context().dialect.name
    for statement in (*triggers.never_deleted(dialect, "webhook"), *triggers.fixed(dialect, "event", _FIXED)):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM event WHERE status <> 'unasked'")).scalar_one():
        message = "Prescribers' systems were told of their orders, or wait to be: an older version would lose what they were told. Nothing was changed."
        raise RuntimeError(message)
    op.drop_table("event")
    op.drop_table("webhook")
