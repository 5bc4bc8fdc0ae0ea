"""Who changed which row when, and who read whose data: written by the flush itself, so that nothing can be changed without it.

Every insert and update goes through one listener; an unattributed flush raises, a delete raises, and a statement that changes
rows outside a flush is refused before it reaches the database. Secrets, blobs and fixed documents stand here as their hash only, and what
is known of patients is locked here as it is in its own table. A column that is no record (`base.UNTOLD`) is not told.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Connection, Dialect, Engine, Index, UniqueConstraint, event, inspect
from sqlalchemy.orm import InstanceState, Mapped, Session, UOWTransaction, mapped_column

from compounding.db.base import Base, Row, one_of, table_args
from compounding.db.private import is_private, opened
from compounding.db.types import instant_text

ATTRIBUTION = "attribution"  # where the act stands in `Session.info`
MIGRATES = "compounding_migrates"  # the execution option of a connection that changes tables
OF_THE_TRAIL = frozenset({"audit_entry", "read_entry", "seal"})  # tables that are the trail, and are not audited again
_FLUSHING = "flushing"  # where a connection notes that the audited flush is at work
_PLACE = "audit place"
_READS = frozenset({"SELECT", "WITH", "VALUES", "PRAGMA", "SHOW", "BEGIN", "ROLLBACK", "SAVEPOINT", "RELEASE"})
_LOCK = re.compile(r"\bFOR (NO KEY )?UPDATE\b", re.IGNORECASE)
_CHANGE = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE\s+INTO|MERGE|TRUNCATE)\b", re.IGNORECASE)
Values = dict[str, object]


class Unattributed(RuntimeError):
    """A change that belongs to no act, or goes around the flush: a defect of the program, never the user's."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose act a transaction is. Name, initials and role of the person are looked up by `actor_id`; the name is kept as it was."""

    act_id: UUID
    act_name: str
    actor_id: UUID
    actor_name: str
    at: datetime


class AuditRow(Row, kw_only=True):
    """One insert or update: the row's values before and after as canonical JSON, only those that changed."""

    __tablename__ = "audit_entry"
    __table_args__ = table_args(
        UniqueConstraint("act_id", "place"),
        one_of("kind", "insert", "update"),
        CheckConstraint("(kind = 'insert') = (old IS NULL)", name="old"),
        Index(None, "table_name", "row_key"),
        Index(None, "actor_id", "at"),
        Index(None, "at"),
    )

    act_id: Mapped[UUID]
    place: Mapped[int]
    act_name: Mapped[str]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    at: Mapped[datetime]
    kind: Mapped[str]
    table_name: Mapped[str]
    row_key: Mapped[str]
    old: Mapped[str | None] = mapped_column(default=None)
    new: Mapped[str]


class ReadRow(Row, kw_only=True):
    """One look at the data of a patient or at a prescription."""

    __tablename__ = "read_entry"
    __table_args__ = table_args(
        CheckConstraint("patient_id IS NOT NULL OR prescription_id IS NOT NULL", name="subject"),
        Index(None, "look_id"),
        Index(None, "patient_id", "at"),
        Index(None, "prescription_id", "at"),
        Index(None, "actor_id", "at"),
    )

    look_id: Mapped[UUID]
    look_name: Mapped[str]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    at: Mapped[datetime]
    patient_id: Mapped[UUID | None] = mapped_column(default=None)
    prescription_id: Mapped[UUID | None] = mapped_column(default=None)


def audit_session(kind: type[Session]) -> None:
    """Attach the audit to every session of this class."""
    event.listen(kind, "before_flush", _before_flush)
    event.listen(kind, "after_flush", _after_flush)


def guard_engine(engine: Engine) -> None:
    """Refuse every statement of this engine that changes rows or tables outside an audited flush or a migration."""
    event.listen(engine, "begin", _forget_flush)
    event.listen(engine, "rollback_savepoint", _forget_flush)
    event.listen(engine, "before_cursor_execute", _refuse_change)


def _forget_flush(connection: Connection, *_savepoint: object) -> None:
    connection.info[_FLUSHING] = False  # a flush that failed before left it set


def _refuse_change(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    if connection.info.get(_FLUSHING) or connection.get_execution_options().get(MIGRATES):
        return
    if not _only_reads(statement):
        raise Unattributed("a change goes through the session of an act, so that it is audited: " + " ".join(statement.split(maxsplit=1))[:80])


@lru_cache(maxsize=2048)
def _only_reads(statement: str) -> bool:
    """Whether it changes neither rows nor tables; the program has some hundred statements, and asks them again and again."""
    words = statement.split(maxsplit=1)
    return bool(words) and words[0].upper() in _READS and not _CHANGE.search(_LOCK.sub("", statement))


def _before_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    attribution = session.info.get(ATTRIBUTION)
    if not isinstance(attribution, Attribution):
        raise Unattributed("only an act writes: use Pharmacy.perform")
    if session.deleted:
        raise Unattributed("nothing is deleted: record what became of it instead")
    session.add_all(list(_entries(session, attribution)))
    session.connection().info[_FLUSHING] = True


def _after_flush(session: Session, _context: UOWTransaction) -> None:
    session.connection().info[_FLUSHING] = False


def _entries(session: Session, attribution: Attribution) -> Iterator[AuditRow]:
    dialect = session.connection().dialect
    for row in session.new:
        if row.__tablename__ not in OF_THE_TRAIL:
            yield _entry(session, attribution, row, old=None, new=_inserted(inspect(row), dialect))
    for row in session.dirty:
        old, new = _updated(inspect(row), dialect)
        if new:
            yield _entry(session, attribution, row, old=old, new=new)


def _entry(session: Session, attribution: Attribution, row: Base, *, old: Values | None, new: Values) -> AuditRow:
    session.info[_PLACE] = place = session.info.get(_PLACE, 0) + 1
    key = inspect(row).mapper.primary_key_from_instance(row)[0]
    return AuditRow(
        act_id=attribution.act_id,
        place=place,
        act_name=attribution.act_name,
        actor_id=attribution.actor_id,
        actor_name=attribution.actor_name,
        at=attribution.at,
        kind="insert" if old is None else "update",
        table_name=row.__tablename__,
        row_key=str(key),
        old=None if old is None else _canonical(old),
        new=_canonical(new),
    )


def _inserted(state: InstanceState[Base], dialect: Dialect) -> Values:
    values = {attribute.key: getattr(state.object, attribute.key) for attribute in state.mapper.column_attrs if is_told(state.mapper.columns[attribute.key])}
    return {key: _kept(state.mapper.columns[key], value, dialect) for key, value in values.items() if value is not None}


def _updated(state: InstanceState[Base], dialect: Dialect) -> tuple[Values, Values]:
    old: Values = {}
    new: Values = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if history.added and is_told(state.mapper.columns[attribute.key]):
            if not history.deleted:
                raise Unattributed(f"{attribute.key} was set without being read: its old value would be lost")
            column = state.mapper.columns[attribute.key]
            old[attribute.key], new[attribute.key] = _kept(column, history.deleted[0], dialect), _kept(column, history.added[0], dialect)
    return old, new


def _kept(column: Column[Any], value: object, dialect: Dialect) -> object:
    """A value as the audit keeps it: as `plain`, but what is private is locked here as it is in its own table."""
    if is_private(column.type) and not _is_hashed(column):
        return column.type.process_bind_param(value, dialect)
    return plain(column, value)


def told(column: Column[Any], kept: object, dialect: Dialect) -> object:
    """What a value that the audit keeps says, as `plain` says it: what is private is opened."""
    return plain(column, opened(column.type, kept, dialect)) if is_private(column.type) and isinstance(kept, str) and not _is_hashed(column) else kept


def plain(column: Column[Any], value: object) -> object:
    """A value of `column` as JSON has it: secrets, blobs and fixed documents as their hash."""
    if _is_hashed(column) and isinstance(value, str | bytes):
        return "sha256:" + sha256(value.encode() if isinstance(value, str) else value).hexdigest()
    match value:
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value


def is_told(column: Column[Any]) -> bool:
    """Whether a column is part of the record."""
    return column.info.get("audit") != "none"


def _is_hashed(column: Column[Any]) -> bool:
    return column.info.get("audit") == "hash"


def _canonical(values: Values) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))
