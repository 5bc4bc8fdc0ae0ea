"""What stands in which place, and what is held since an excursion."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import BatchRow
from compounding.db.inventory import LotRow
from compounding.db.upkeep import HoldRow, LotPlaceRow, PlaceRow, TemperatureRow
from compounding.db.values import fill_rows, plan_of
from compounding.domain.climate import Decision, refuse_held
from compounding.domain.formula import Storage

_GONE = ("handed_over", "cancelled")


def refuse_held_lot(session: Session, lot_id: UUID) -> None:
    """Refuse a lot on which nobody has decided since an excursion."""
    names = (
        select(PlaceRow.name)
        .join(TemperatureRow, TemperatureRow.place_id == PlaceRow.id)
        .join(HoldRow, HoldRow.temperature_id == TemperatureRow.id)
        .where(HoldRow.decision == Decision.HELD, HoldRow.lot_id == lot_id)
    )
    refuse_held(tuple(dict.fromkeys(session.scalars(names))))


def lots_in(session: Session, place: PlaceRow) -> tuple[LotRow, ...]:
    """The lots that stand in a place with something left and are not held already.

    One whose place nobody recorded counts to every room; one that was made here counts to every place, since it may be kept in any.
    """
    held = set(session.scalars(select(HoldRow.lot_id).where(HoldRow.decision == Decision.HELD)))
    placed = {row.lot_id: row.place_id for row in session.scalars(select(LotPlaceRow).order_by(LotPlaceRow.placed_at))}
    rows = session.scalars(select(LotRow).where(LotRow.balance > 0, LotRow.status.in_(["available", "quarantined"])).order_by(LotRow.id).with_for_update())
    anywhere = place.storage == Storage.ROOM
    return tuple(row for row in rows if row.id not in held and placed.get(row.id, place.id if anywhere or row.batch_id else None) == place.id)


def batches_in(session: Session, place: PlaceRow) -> tuple[BatchRow, ...]:
    """The finished batches that are kept so, are not set aside already, and are not wholly gone."""
    rows = session.scalars(select(BatchRow).where(BatchRow.status.in_(["compounded", "released"])).order_by(BatchRow.id).with_for_update())
    return tuple(row for row in rows if _kept_here(session, row, place.storage))


def _kept_here(session: Session, row: BatchRow, storage: str) -> bool:
    here = [fill for fill in fill_rows(session, row.id) if fill.status not in _GONE]
    return bool(here) and plan_of(session, here[0]).storage == storage
