"""A lot counted against the book, the signed adjustment that follows, and stock that is destroyed before a witness."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from compounding.db.document import decode, encode
from compounding.db.inventory import LotRow, MovementRow, ProductRow
from compounding.db.people import PersonRow
from compounding.db.signing import sign
from compounding.db.stock_counts import AdjustmentRow, DestructionRow, StockCountRow
from compounding.db.values import lots, policy_in_force
from compounding.domain.batch import Meaning
from compounding.domain.cost import WasteCause
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.inventory import Lot, Product
from compounding.domain.people import Actor
from compounding.domain.stock_count import Cause, StockCount, require_adjustable, require_destructible
from compounding.workflow.act import Act, Look
from compounding.workflow.costing import record_lost_lot

_ADJUSTED, _DESTROYED = "adjusted to a count", "destroyed"  # what the ledger says, before the reason


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What is destroyed: how much in the unit of the stock, for which cause, and what the two saw."""

    amount: int
    cause: Cause
    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A count as it is shown once it was entered: beside the book, who counted when (UTC), who signed for the difference and why, if somebody did.

    `is_newest` says that nobody counted the lot since; `needs_pharmacist` that only a pharmacist may sign for the difference.
    """

    id: UUID
    count: StockCount
    counted_by: str
    counted_at: datetime
    adjusted_by: str
    reason: str
    is_newest: bool
    needs_pharmacist: bool


def shelf_lot(look: Look, lot_id: UUID) -> tuple[Lot, Product]:
    """The lot that is counted or destroyed, with its product."""
    found = lots(look.session, only=[lot_id])
    if not found:
        raise Unknown("unknown-lot", "There is no such lot.")
    document = select(ProductRow.document).join(LotRow, LotRow.product_id == ProductRow.id).where(LotRow.id == lot_id)
    return found[0], decode(Product, look.session.scalars(document).one())


def counts(look: Look, lot_id: UUID) -> tuple[Counted, ...]:
    """Every count of a lot, the newest first."""
    policy = policy_in_force(look.session)
    signer = PersonRow.__table__.alias()
    rows = look.session.execute(
        select(StockCountRow, PersonRow.name, AdjustmentRow.reason, signer.c.name)
        .join(PersonRow, StockCountRow.person_id == PersonRow.id)
        .outerjoin(AdjustmentRow, AdjustmentRow.count_id == StockCountRow.id)
        .outerjoin(signer, AdjustmentRow.person_id == signer.c.id)
        .where(StockCountRow.lot_id == lot_id)
        .order_by(StockCountRow.counted_at.desc(), StockCountRow.id)
    ).all()
    return tuple(
        Counted(
            row.id, count := StockCount(row.counted, row.book), counted_by, row.counted_at, adjusted_by or "", reason or "",
            place == 0, count.needs_pharmacist(policy),
        )
        for place, (row, counted_by, reason, adjusted_by) in enumerate(rows)
    )  # fmt: skip


def count(act: Act, lot_id: UUID, counted: int) -> UUID:
    """Record what was counted of a lot, beside what the book says at this moment; the book itself stays."""
    row = _lot_row(act, lot_id)
    found = StockCountRow(lot_id=row.id, counted=counted, book=row.balance, person_id=act.actor.id, counted_at=act.at)
    act.session.add(found)
    return found.id


def adjust(act: Act, lot_id: UUID, count_id: UUID, reason: str) -> None:
    """Let the book follow the newest count of a lot, once, by a signed entry with its reason; what moved since the count stays moved."""
    row = _lot_row(act, lot_id)
    newest = act.session.scalars(
        select(StockCountRow).where(StockCountRow.lot_id == lot_id).order_by(StockCountRow.counted_at.desc(), StockCountRow.id).limit(1)
    ).first()
    if newest is None or newest.id != count_id:
        raise Conflict("count-old", "This lot was counted again since. Look at the newest count.")
    if act.session.scalars(select(AdjustmentRow.id).where(AdjustmentRow.count_id == count_id)).first():
        raise Conflict("count-adjusted", "The book was adjusted to this count already.")
    found = StockCount(newest.counted, newest.book)
    (lot,) = lots(act.session, only=[lot_id])
    require_adjustable(found, act.actor, policy_in_force(act.session))
    move = MovementRow(lot_id=row.id, amount=found.difference, reason=f"{_ADJUSTED}: {reason}", person_id=act.actor.id, moved_at=act.at)
    adjustment = AdjustmentRow(
        count_id=count_id, movement_id=move.id, amount=found.difference, reason=reason, person_id=act.actor.id, adjusted_at=act.at
    )  # fmt: skip
    act.session.add_all([move, adjustment])
    sign(act.session, adjustment.id, meaning=Meaning.ADJUST, person=act.actor, content=encode(found), at=act.at)
    record_lost_lot(act, lot, -found.difference, WasteCause.COUNT, "The book followed a count")


def destroy(act: Act, lot_id: UUID, destroyed: Destroyed, witness: Actor) -> None:
    """Take stock off the book that two people saw destroyed; both sign. `witness` has just proved to be it."""
    if witness.id == act.actor.id:
        message = "The witness must be somebody else. Ask a second person."
        raise Invalid("destruction", message, fields={"witness.username": (message,)})
    row = _lot_row(act, lot_id)
    (lot,) = lots(act.session, only=[lot_id])
    require_destructible(lot, destroyed.cause, destroyed.amount, act.today)
    told = f"{_DESTROYED}, {destroyed.cause}, witnessed by {witness.name}: {destroyed.reason}"
    move = MovementRow(lot_id=row.id, amount=-destroyed.amount, reason=told, person_id=act.actor.id, moved_at=act.at)
    record = DestructionRow(
        lot_id=row.id, movement_id=move.id, amount=destroyed.amount, cause=destroyed.cause, reason=destroyed.reason,
        person_id=act.actor.id, witness_id=witness.id, destroyed_at=act.at,
    )  # fmt: skip
    act.session.add_all([move, record])
    record_lost_lot(act, lot, destroyed.amount, WasteCause.DESTROYED, f"Destroyed, {destroyed.cause}")
    content = encode(destroyed)
    sign(act.session, record.id, meaning=Meaning.DESTROY, person=act.actor, content=content, at=act.at)
    sign(act.session, record.id, meaning=Meaning.WITNESS_DESTRUCTION, person=witness, content=content, at=act.at)


def _lot_row(act: Act, lot_id: UUID) -> LotRow:
    row = act.session.get(LotRow, lot_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown("unknown-lot", "There is no such lot.")
    return row
