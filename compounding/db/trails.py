"""Which rows of all tables belong to one patient, and what the trail says of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Mapper, Session

from compounding.db.audit import OF_THE_TRAIL, AuditRow, ReadRow, told
from compounding.db.base import Base
from compounding.db.private import NameIndex, is_private, looks_locked


def keys_of_patient(session: Session, patient_id: UUID) -> set[UUID]:
    """The keys of the patient and of every row that belongs to one of the patient's orders or containers, whatever its table: by its foreign keys."""
    found: dict[str, set[UUID]] = {"patient": {patient_id}}
    for owner in ("patient", "prescription", "plan", "fill", "label", "dispense"):
        for mapper in Base.registry.mappers:
            name = str(mapper.class_.__tablename__)
            if name not in OF_THE_TRAIL and (column := _owned_by(mapper, owner)) is not None and found.get(owner):
                wanted = select(mapper.primary_key[0]).where(column.in_(found[owner]))
                found.setdefault(name, set()).update(session.scalars(wanted))
    return set().union(*found.values())


def private_columns(table: str) -> frozenset[str]:
    """The columns of a table that hold what is known of patients."""
    found = next((mapper for mapper in Base.registry.mappers if mapper.class_.__tablename__ == table), None)
    return frozenset(column.key for column in found.columns if is_private(column.type)) if found else frozenset()


def opened(session: Session, table: str, name: str, kept: str) -> str:
    """What a private value of the trail says; of what is kept as its hash or as codes, and of what does not open, that it is so."""
    column = next(mapper.columns[name] for mapper in Base.registry.mappers if mapper.class_.__tablename__ == table)
    if isinstance(column.type, NameIndex):
        return "codes by which a name is found"
    said = str(told(column, kept, session.connection().dialect))
    return "does not open: it was altered, or locked with another key" if looks_locked(said) else said


def changes(*, since: datetime | None, until: datetime | None, actor_id: UUID | None, act: str, table: str) -> Select[AuditRow]:
    """The changes of the trail, the newest first, with what is named alone."""
    wanted = select(AuditRow).order_by(AuditRow.at.desc(), AuditRow.act_id, AuditRow.place)
    return wanted.where(
        *_between(AuditRow.at, since, until), *_same(AuditRow.actor_id, actor_id), *_same(AuditRow.act_name, act), *_same(AuditRow.table_name, table)
    )


def reads(*, since: datetime | None, until: datetime | None, actor_id: UUID | None, look: str) -> Select[ReadRow]:
    """The noted reads, the newest first, with what is named alone."""
    wanted = select(ReadRow).order_by(ReadRow.at.desc(), ReadRow.look_id, ReadRow.id)
    return wanted.where(*_between(ReadRow.at, since, until), *_same(ReadRow.actor_id, actor_id), *_same(ReadRow.look_name, look))


def _owned_by(mapper: Mapper[Any], owner: str) -> ColumnElement[UUID] | None:
    return next((column for column in mapper.columns for key in column.foreign_keys if key.target_fullname == f"{owner}.id"), None)


def _between(column: InstrumentedAttribute[datetime], since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [*([column >= since] if since else []), *([column < until] if until else [])]


def _same(column: InstrumentedAttribute[UUID] | InstrumentedAttribute[str], value: object) -> list[ColumnElement[bool]]:
    return [column == value] if value else []
