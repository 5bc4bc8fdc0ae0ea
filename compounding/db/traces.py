"""What went into what, read from the rows in a few queries: one for each layer of lots, never one for each row.

A lot went into a batch if the worksheet names it, something of it was weighed, or some of it left the shelf for it. A batch is in a fill
if it was handed over with it or stands on its current label; a hand-over that was voided counts where the bottle had left. A fill that
has neither is held by the batch that is made for it.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from compounding.db.batches import BatchLotRow, BatchRow, ShareRow, WeighingRow
from compounding.db.dispenses import LEFT_THE_HOUSE, STANDS, DispenseRow
from compounding.db.inventory import LotRow, MovementRow
from compounding.db.labels import LabelRow
from compounding.domain.recall import Days, Graph, Link, Things, back, onward, together

AT_ONCE = 5000  # keys in one IN: SQLite takes 32,766, PostgreSQL 65,535
_LOTS_IN = (BatchLotRow, WeighingRow, MovementRow)


def onward_graph(session: Session, start: Things, days: Days) -> Graph:
    """As much of what went into what as a walk onwards from `start` needs; of its own lots only batches made within `days`."""
    graph, asked = Graph(became=_became(session)), frozenset[UUID]()
    while wanted := together(onward(graph, start)).lots - asked:
        first, later = wanted & start.lots, wanted - start.lots
        graph |= Graph(taken=_taken(session, "lot_id", first, *made_within(days)) | _taken(session, "lot_id", later))
        asked |= wanted
    return graph | Graph(filled=_filled(session, "batch_id", together(onward(graph, start)).batches))


def back_graph(session: Session, start: Things) -> Graph:
    """As much of what went into what as a walk back from `start` needs."""
    graph, asked = Graph(became=_became(session), filled=_filled(session, "fill_id", start.fills)), frozenset[UUID]()
    while wanted := together(back(graph, start)).batches - asked:
        graph |= Graph(taken=_taken(session, "batch_id", wanted))
        asked |= wanted
    return graph


def made_within(days: Days) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a batch was made within `days`; one that is not made yet may still be."""
    bounds = [BatchRow.made_on >= days.since] if days.since else []
    bounds += [BatchRow.made_on <= days.until] if days.until else []
    return tuple(or_(BatchRow.made_on.is_(None), bound) for bound in bounds)


def in_parts(keys: Collection[UUID]) -> Iterator[list[UUID]]:
    """`keys` in lists that one statement takes."""
    left = iter(sorted(keys))
    while part := list(islice(left, AT_ONCE)):
        yield part


def _taken(session: Session, column: str, keys: Collection[UUID], *of_batch: ColumnElement[bool]) -> frozenset[Link]:
    """Lot and batch where the lot or the batch is one of `keys`."""
    found: set[Link] = set()
    for part in in_parts(keys):
        links = union(*(select(row.lot_id, row.batch_id).where(_column(row, column).in_(part), row.batch_id.is_not(None)) for row in _LOTS_IN)).subquery()
        query = select(links.c.lot_id, links.c.batch_id)
        if of_batch:
            query = query.join(BatchRow, BatchRow.id == links.c.batch_id).where(*of_batch)
        found |= {(lot, batch) for lot, batch in session.execute(query)}
    return frozenset(found)


def _became(session: Session) -> frozenset[Link]:
    """Every batch that was made for stock with the lot that it became: few, so all of them at once."""
    made_here = select(LotRow.batch_id, LotRow.id).where(LotRow.batch_id.is_not(None))
    return frozenset((batch, lot) for batch, lot in session.execute(made_here) if batch)


def _filled(session: Session, column: str, keys: Collection[UUID]) -> frozenset[Link]:
    """Batch and fill where the batch or the fill is one of `keys`."""
    current = LabelRow.status == "current"
    given = exists().where(DispenseRow.fill_id == ShareRow.fill_id, STANDS)
    labelled = exists().where(LabelRow.fill_id == ShareRow.fill_id, current)
    found: set[Link] = set()
    for part in in_parts(keys):
        links = union(
            select(DispenseRow.batch_id, DispenseRow.fill_id).where(_column(DispenseRow, column).in_(part), LEFT_THE_HOUSE),
            select(LabelRow.batch_id, LabelRow.fill_id).where(_column(LabelRow, column).in_(part), current),
            select(ShareRow.batch_id, ShareRow.fill_id).where(_column(ShareRow, column).in_(part), ShareRow.status == "live", ~given, ~labelled),
        )
        found |= {(batch, fill) for batch, fill in session.execute(links)}
    return frozenset(found)


def _column(row: type, name: str) -> InstrumentedAttribute[UUID]:
    found: InstrumentedAttribute[UUID] = getattr(row, name)
    return found
