"""The seals of the trail: one for each act or look that wrote, made in its own transaction, and told to a file outside of the database after it."""

import json
import logging
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session

from compounding.db.audit import Attribution, AuditRow, ReadRow
from compounding.db.base import Document, Row, positive, sha256, table_args
from compounding.db.locks import Lock, hold
from compounding.db.types import instant_text
from compounding.domain.trail import BEFORE, START, Place, Seal, entries_sha256, entry_sha256, next_seal

SEALS = "compounding_seals"  # the execution option of an engine that holds its `Seals`
_AT_ONCE = 200  # seals whose rows are read together
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seals:
    """The key of the seals, and the file that is their anchor: one line for each, only ever added to. Best on a disk that the database's owner cannot write."""

    key: bytes
    anchor: Path

    def tell(self, place: Place) -> None:
        """Add a seal to the anchor. An act is not undone for a full disk: the line is missed, and whoever runs the server is told."""
        try:
            descriptor = os.open(self.anchor, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, f"{place[0]} {place[1]}\n".encode())
            finally:
                os.close(descriptor)
        except OSError:
            _LOG.critical("The anchor of the audit trail cannot be written: seal %s is not in it.", place[0], exc_info=True)

    def told(self) -> Mapping[int, str]:
        """The code of each seal in the anchor, by its number: the first that was told, since no seal is made twice."""
        known: dict[int, str] = {}
        if self.anchor.exists():
            for line in self.anchor.read_text(encoding="ascii").splitlines():
                number, code = line.split()
                known.setdefault(int(number), code)
        return known


class SealRow(Row, kw_only=True):
    """One seal: `entries` is the JSON list of keys and hashes of the rows that its act wrote, in their order."""

    __tablename__ = "seal"
    __table_args__ = table_args(
        UniqueConstraint("number"),
        UniqueConstraint("act_id"),
        positive("number"),
        sha256("previous"),
        sha256("code"),
    )

    number: Mapped[int]
    act_id: Mapped[UUID]
    at: Mapped[datetime]
    entries: Mapped[Document]
    previous: Mapped[str]
    code: Mapped[str]


def seal(session: Session, key: bytes, attribution: Attribution) -> Place | None:
    """Seal what an act wrote, as the last thing before it commits; None where there is nothing to seal. The first seal covers all that is older."""
    session.flush()
    rows = _rows_of(session, [attribution.act_id])[attribution.act_id]
    if rows:
        hold(session, Lock.CHAIN)
    newest = session.execute(select(SealRow.number, SealRow.code).order_by(SealRow.number.desc()).limit(1)).first()
    last: Place = (0, START) if newest is None else (newest.number, newest.code)
    entries = (*(_before(session, but=rows) if newest is None else {}).items(), *rows.items())
    if not entries:
        return None
    made = next_seal(key, last, act_id=str(attribution.act_id), at=instant_text(attribution.at), entries=entries)
    session.add(
        SealRow(
            number=made.number,
            act_id=attribution.act_id,
            at=attribution.at,
            entries=json.dumps(made.entries, separators=(",", ":")),
            previous=made.previous,
            code=made.code,
        )
    )
    return made.number, made.code


def trail(session: Session) -> Iterator[tuple[Seal, Mapping[str, str]]]:
    """Each seal in its order, with the rows of its act as they are now; the first one of an older database with all that is from before."""
    for rows in session.scalars(select(SealRow).order_by(SealRow.number).execution_options(yield_per=_AT_ONCE)).partitions():
        found = _rows_of(session, [row.act_id for row in rows])
        for row in rows:
            entries = tuple((one, hashed) for one, hashed in json.loads(row.entries))
            before = _before(session, but=()) if any(one == BEFORE for one, _ in entries) else {}
            yield Seal(row.number, str(row.act_id), instant_text(row.at), entries, row.previous, row.code), before | found[row.act_id]


def told(session: Session) -> Iterator[dict[str, object]]:
    """Each seal with the whole rows of its act, as they go out to somebody who has no program."""
    for rows in session.scalars(select(SealRow).order_by(SealRow.number).execution_options(yield_per=_AT_ONCE)).partitions():
        written: dict[UUID, list[dict[str, object]]] = {row.act_id: [] for row in rows}
        for act, change in _written(session, list(written)):
            written[act].append({"table": change.__tablename__, "values": _values(change)})
        for row in rows:
            yield {
                "number": row.number, "act_id": str(row.act_id), "at": instant_text(row.at), "entries": json.loads(row.entries),
                "previous": row.previous, "code": row.code, "rows": written[row.act_id],
            }  # fmt: skip


def unsealed(session: Session) -> Iterator[tuple[str, str]]:
    """The keys of the trail's rows whose act has no seal, with their hashes."""
    for change in session.scalars(select(AuditRow).where(~exists().where(SealRow.act_id == AuditRow.act_id)).order_by(AuditRow.at, AuditRow.id)):
        yield str(change.id), _digest(change)
    for read in session.scalars(select(ReadRow).where(~exists().where(SealRow.act_id == ReadRow.look_id)).order_by(ReadRow.at, ReadRow.id)):
        yield str(read.id), _digest(read)


def _before(session: Session, *, but: Collection[str]) -> dict[str, str]:
    hashes = [hashed for one, hashed in unsealed(session) if one not in but]
    return {BEFORE: entries_sha256(hashes)} if hashes else {}


def _rows_of(session: Session, acts: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """The hashes of what these acts wrote, by their keys, in the order of `_written`."""
    found: dict[UUID, dict[str, str]] = {act: {} for act in acts}
    for act, row in _written(session, acts):
        found[act][str(row.id)] = _digest(row)
    return found


def _written(session: Session, acts: Sequence[UUID]) -> Iterator[tuple[UUID, AuditRow | ReadRow]]:
    """What these acts wrote to the trail: changes in their order, then reads."""
    for change in session.scalars(select(AuditRow).where(AuditRow.act_id.in_(acts)).order_by(AuditRow.place)):
        yield change.act_id, change
    for read in session.scalars(select(ReadRow).where(ReadRow.look_id.in_(acts)).order_by(ReadRow.id)):
        yield read.look_id, read


def _digest(row: AuditRow | ReadRow) -> str:
    return entry_sha256(row.__tablename__, _values(row))


def _values(row: AuditRow | ReadRow) -> dict[str, str | int | None]:
    return {column.key: _plain(getattr(row, column.key)) for column in type(row).__mapper__.column_attrs}


def _plain(value: UUID | datetime | str | int | None) -> str | int | None:
    match value:
        case datetime():
            return instant_text(value)
        case UUID():
            return str(value)
        case _:
            return value
