"""What is known of patients is locked at rest.

On PostgreSQL the birth date becomes a text. Where the records have a vault, what stands in them already is locked in its place; the triggers that
keep it from being changed are set aside for that long. Lines of the trail that are older keep what they say, since they are sealed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeDecorator

from compounding.db import private, types

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_TEXTS = {
    "complaint": ("complainant", "nature", "response", "document"),
    "complaint_review": ("findings", "follow_up", "why_not"),
    "dispense": ("document",),
    "factor": ("secret",),
    "finding": ("sentence",),
    "glass": ("reason", "judgement"),
    "idempotency": ("response",),
    "label": ("value",),
    "label_run_item": ("said",),
    "leaflet": ("value",),
    "override": ("reason", "contact"),
    "owed": ("reason",),
    "patient": ("name",),
    "prescription": ("literal", "document"),
    "recall_contact": ("name",),
    "recall_try": ("note",),
    "review": ("outcome",),
    "setback": ("reason",),
    "void": ("reason",),
}
_BYTES = {"label": ("pdf",), "leaflet": ("pdf",), "print_job": ("pdf",)}


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("patient", "birth_date", type_=types.Text(), postgresql_using="birth_date::text")
    _every(locks=True)


def downgrade() -> None:
    _every(locks=False)
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("patient", "birth_date", type_=types.LocalDate(), postgresql_using="birth_date::date")


def _every(*, locks: bool) -> None:
    """Lock each value of the columns above, or open it; nothing where there is no vault."""
    if private.has_vault(op.get_bind().dialect):
        for table in sorted({*_TEXTS, *_BYTES}):
            with _unguarded(table):
                _rewrite(table, _kinds(table), locks=locks)


def _kinds(table: str) -> dict[str, TypeDecorator[Any]]:
    """The columns of a table that are locked, and of which type they become."""
    kinds: dict[str, TypeDecorator[Any]] = {name: private.Private(f"{table}.{name}") for name in _TEXTS.get(table, ())}
    kinds |= {name: private.PrivateBytes(f"{table}.{name}") for name in _BYTES.get(table, ())}
    if table == "patient":
        kinds |= {"birth_date": private.PrivateDate("patient.birth_date"), "match_key": private.NameIndex("patient.match_key")}
    return kinds


def _rewrite(table: str, kinds: dict[str, TypeDecorator[Any]], *, locks: bool) -> None:
    connection = op.get_bind()
    plain = {name: types.Blob() if isinstance(kind, private.PrivateBytes) else types.Text() for name, kind in kinds.items()}
    opened = sa.table(table, sa.column("id", types.Uuid()), *(sa.column(name, kind) for name, kind in plain.items()))
    locked = sa.table(table, sa.column("id", types.Uuid()), *(sa.column(name, kind) for name, kind in kinds.items()))
    before, after = (opened, locked) if locks else (locked, opened)
    for key in connection.scalars(sa.select(before.c.id)).all():
        values = dict(connection.execute(sa.select(*(before.c[name] for name in kinds)).where(before.c.id == key)).mappings().one())
        if table == "patient":
            born = values["birth_date"]
            values["birth_date"] = date.fromisoformat(born) if locks else born.isoformat()
            values["match_key"] = " ".join(normalize("NFKC", values["name"]).casefold().split())  # as `history.match_key` folds a name
        connection.execute(sa.update(after).where(after.c.id == key).values(values))


@contextmanager
def _unguarded(table: str) -> Iterator[None]:
    """Set the triggers of a table aside, which refuse that what was written is changed."""
    connection = op.get_bind()
    if op.get_context().dialect.name == "postgresql":
        connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    kept = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"), {"name": table}).all()
    for name, _ in kept:
        connection.execute(sa.text(f"DROP TRIGGER {name}"))
    yield
    for _, statement in kept:
        connection.exec_driver_sql(statement)
