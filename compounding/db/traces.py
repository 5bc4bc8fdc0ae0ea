"""What went into what, read from the rows in a few queries: one for each layer of lots, never one for each row.

A lot went into a batch if the worksheet names it, something of it was weighed, or some of it left the shelf for it. A batch is in a fill
if it was handed over with it or stands on its current label; a hand-over that was voided counts where the bottle had left. A fill that
has neither is held by the batch that is made for it.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Text, TypeCoerce, Uuid, cast, exists, func, literal, or_, select, type_coerce, union
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from compounding.db.batches import BatchLotRow, BatchRow, ShareRow, WeighingRow
from compounding.db.dispenses import LEFT_THE_HOUSE, STANDS, DispenseRow
from compounding.db.inventory import LotRow, MovementRow
from compounding.db.labels import LabelRow
from compounding.db.types import KeyText
from compounding.domain.recall import Days, Graph, Key, Link, Things, back, onward, together

T = TypeVar("T")

FULLY = 40  # batches of one layer whose links are all read on the way back, since they can be drawn; a formula has ten thousand with seven each
AT_ONCE = 5000  # keys in one IN: SQLite takes 32,766, PostgreSQL 65,535
_LOTS_IN = (BatchLotRow, WeighingRow, MovementRow)


def onward_graph(session: Session, start: Things, days: Days) -> Graph:
    """As much of what went into what as a walk onwards from `start` needs; of its own lots only batches made within `days`."""
    graph, asked = Graph(became=_became(session)), frozenset[Key]()
    while wanted := together(onward(graph, start)).lots - asked:
        first, later = wanted & start.lots, wanted - start.lots
        graph |= Graph(taken=_taken(session, "lot_id", first, *made_within(days)) | _taken(session, "lot_id", later))
        asked |= wanted
    return graph | Graph(filled=_filled(session, "batch_id", together(onward(graph, start)).batches))


def back_graph(session: Session, start: Things) -> Graph:
    """As much of what went into what as a walk back from `start` needs: of many batches at once every lot, but not every link to it."""
    graph, asked = Graph(became=_became(session), filled=_filled(session, "fill_id", start.fills)), frozenset[Key]()
    while wanted := together(back(graph, start)).batches - asked:
        graph |= Graph(taken=_taken(session, "batch_id", wanted) if len(wanted) <= FULLY else _each_lot(session, wanted))
        asked |= wanted
    return graph


def made_within(days: Days) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a batch was made within `days`; one that is not made yet may still be."""
    bounds = [BatchRow.made_on >= days.since] if days.since else []
    bounds += [BatchRow.made_on <= days.until] if days.until else []
    return tuple(or_(BatchRow.made_on.is_(None), bound) for bound in bounds)


def as_key(column: ColumnExpressionArgument[UUID] | ColumnExpressionArgument[UUID | None]) -> TypeCoerce[Key]:
    """The column with its keys as text."""
    return type_coerce(column, KeyText())


def among(session: Session, column: ColumnExpressionArgument[UUID] | ColumnExpressionArgument[UUID | None], keys: Iterable[Key]) -> ColumnElement[bool]:
    """Whether the column is one of `keys`, however many: they travel as one JSON text, since ten thousand parameters cost more than their rows."""
    text = json.dumps(list(keys))
    if session.get_bind().dialect.name == "sqlite":
        return as_key(column).in_(select(func.json_each(text).table_valued("value").c.value))
    return as_key(column).in_(select(cast(func.jsonb_array_elements_text(cast(literal(text, Text()), JSONB)).column_valued("key"), Uuid)))


def in_parts(keys: Collection[T]) -> Iterator[list[T]]:
    """`keys` in lists that one statement takes."""
    left = iter(keys)
    while part := list(islice(left, AT_ONCE)):
        yield part


def _taken(session: Session, column: str, keys: Collection[Key], *of_batch: ColumnElement[bool]) -> frozenset[Link]:
    """Lot and batch where the lot or the batch is one of `keys`."""
    if not keys:
        return frozenset()
    links = union(*(select(row.lot_id, row.batch_id).where(among(session, getattr(row, column), keys), row.batch_id.is_not(None)) for row in _LOTS_IN))
    found = links.subquery()
    query = select(as_key(found.c.lot_id), as_key(found.c.batch_id))
    if of_batch:
        query = query.join(BatchRow, BatchRow.id == found.c.batch_id).where(*of_batch)
    return frozenset((lot, batch) for lot, batch in session.execute(query))


def _each_lot(session: Session, batches: Collection[Key]) -> frozenset[Link]:
    """Every lot that is in any of `batches`, with one of them, and all lots of the first ones by number."""
    inside = (select(row.batch_id).where(row.lot_id == LotRow.id, among(session, row.batch_id, batches)).limit(1).scalar_subquery() for row in _LOTS_IN)
    links = session.execute(select(as_key(LotRow.id), as_key(func.coalesce(*inside))))
    first = select(as_key(BatchRow.id)).where(among(session, BatchRow.id, batches)).order_by(BatchRow.number).limit(FULLY)
    return frozenset((lot, batch) for lot, batch in links if batch) | _taken(session, "batch_id", session.scalars(first).all())


def _became(session: Session) -> frozenset[Link]:
    """Every batch that was made for stock with the lot that it became: few, so all of them at once."""
    made_here = select(as_key(LotRow.batch_id), as_key(LotRow.id)).where(LotRow.batch_id.is_not(None))
    return frozenset((batch, lot) for batch, lot in session.execute(made_here) if batch)


def _filled(session: Session, column: str, keys: Collection[Key]) -> frozenset[Link]:
    """Batch and fill where the batch or the fill is one of `keys`."""
    current = LabelRow.status == "current"
    given = exists().where(DispenseRow.fill_id == ShareRow.fill_id, STANDS)
    labelled = exists().where(LabelRow.fill_id == ShareRow.fill_id, current)
    shared = ShareRow.status == "live", ~given, ~labelled
    if not keys:
        return frozenset()
    links = (
        select(as_key(row.batch_id), as_key(row.fill_id)).where(among(session, getattr(row, column), keys), *which)
        for row, which in ((DispenseRow, (LEFT_THE_HOUSE,)), (LabelRow, (current,)), (ShareRow, shared))
    )
    return frozenset((batch, fill) for batch, fill in session.execute(union(*links)))
