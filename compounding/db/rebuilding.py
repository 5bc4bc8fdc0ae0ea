"""Every row as the trail alone tells it, held against the row as it is: what was changed behind the program's back, table by table."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Dialect, select
from sqlalchemy.orm import Mapper, Session

from compounding.db.audit import OF_THE_TRAIL, AuditRow, Values, is_told, plain, told
from compounding.db.base import Base
from compounding.db.private import Unreadable
from compounding.db.seals import SealRow
from compounding.domain.trail import Fault, Harm

# What the database keeps by its own triggers, from movements, which are audited.
_KEPT_COLUMNS = frozenset({("lot", "balance")})
_KEPT_TABLES = frozenset({"running_balance"})
_BEGUN_BY_MIGRATIONS = frozenset({"counter"})  # only what was counted since is told


@dataclass(slots=True)
class _Told:
    """What the trail says of one row; `whole` when it tells it from its beginning."""

    values: Values
    whole: bool


def differences(session: Session) -> Iterator[Fault]:
    """The rows that are not what their trail says, one table after the other."""
    for mapper in sorted(Base.registry.mappers, key=_name):
        if _name(mapper) not in OF_THE_TRAIL | _KEPT_TABLES:
            yield from _of_table(session, mapper)


def _name(mapper: Mapper[Base]) -> str:
    return str(mapper.class_.__tablename__)


def _of_table(session: Session, mapper: Mapper[Base]) -> Iterator[Fault]:
    table = _name(mapper)
    known = _told(session, table)
    for key, row in _rows(session, mapper):
        said = known.pop(str(key), None)
        if said is None and table not in _BEGUN_BY_MIGRATIONS:
            yield Fault(f"{table} {key}", Harm.ROW_UNKNOWN)
        elif said is not None and (row is None or not _agrees(mapper, row, said, session.connection().dialect)):
            yield Fault(f"{table} {key}", Harm.ROW_DIFFERS)
    yield from (Fault(f"{table} {key}", Harm.ROW_GONE) for key in sorted(known))


def _rows(session: Session, mapper: Mapper[Base]) -> Sequence[tuple[object, Base | None]]:
    """Each row with its key; None for one that does not open."""
    (primary,) = mapper.primary_key
    try:
        return [(mapper.primary_key_from_instance(row)[0], row) for row in session.scalars(select(mapper.class_).order_by(primary))]
    except Unreadable:  # which of them, only one after the other tells
        return [(key, _one(session, mapper, key)) for key in session.scalars(select(primary).order_by(primary))]


def _one(session: Session, mapper: Mapper[Base], key: object) -> Base | None:
    try:
        return session.get(mapper.class_, key)
    except Unreadable:
        return None


def _told(session: Session, table: str) -> dict[str, _Told]:
    """Each row of `table` by its key, change after change in the order of the chain; what is older than the chain comes first."""
    query = select(AuditRow.row_key, AuditRow.kind, AuditRow.new).outerjoin(SealRow, SealRow.act_id == AuditRow.act_id).where(AuditRow.table_name == table)
    found: dict[str, _Told] = {}
    for key, kind, new in session.execute(query.order_by(SealRow.number.is_not(None), SealRow.number, AuditRow.at, AuditRow.act_id, AuditRow.place)):
        known = found.setdefault(key, _Told({}, whole=kind == "insert"))
        known.values.update(json.loads(new))
    return found


def _agrees(mapper: Mapper[Base], row: Base, known: _Told, dialect: Dialect) -> bool:
    for attribute in mapper.column_attrs:
        name, column = attribute.key, mapper.columns[attribute.key]
        if not is_told(column) or (_name(mapper), name) in _KEPT_COLUMNS or (name not in known.values and not known.whole):
            continue
        if json.loads(json.dumps(plain(column, getattr(row, name)))) != told(column, known.values.get(name), dialect):
            return False
    return True
