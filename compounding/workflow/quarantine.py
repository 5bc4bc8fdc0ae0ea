"""Setting a made batch aside, by anybody at the bench and at once; taking it up again, or rejecting it, by a pharmacist who says why and signs.

Nothing of a batch that is set aside is labelled, checked or handed over: those acts ask for a released one.
"""

from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, ShareRow
from compounding.db.document import decode
from compounding.db.inventory import LotRow
from compounding.db.labels import void_labels
from compounding.db.records import is_held, keep_event, lost_lots
from compounding.db.signing import sign, signed_content
from compounding.db.values import batch_row, fill_rows
from compounding.domain.batch import BatchStatus, Meaning, Record, advance
from compounding.domain.cost import WasteCause
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.fill import advance as advance_fill
from compounding.domain.inventory import LotStatus
from compounding.workflow.act import Act
from compounding.workflow.costing import record_lost

_MADE = frozenset({BatchStatus.COMPOUNDED, BatchStatus.VERIFIED, BatchStatus.RELEASED})


def quarantine(act: Act, batch_id: UUID, reason: str) -> None:
    """Set a batch aside that was made, released or not."""
    row = batch_row(act.session, batch_id, lock=True)
    if row.status not in _MADE:
        message = f"This batch is {row.status.replace('_', ' ')}; only one that was made is set aside. Look at it again."
        raise Conflict("batch-state", message)
    _require(reason, "Say why the batch is set aside.")
    row.status = advance(BatchStatus(row.status), BatchStatus.QUARANTINED)
    for lot in act.session.scalars(select(LotRow).where(LotRow.batch_id == row.id, LotRow.status == LotStatus.AVAILABLE).with_for_update()):
        lot.status = LotStatus.QUARANTINED  # what was made for stock goes with its batch
    keep_event(act.session, row.id, "quarantined", reason=reason, person=act.actor, at=act.at)


def lift(act: Act, batch_id: UUID, reason: str) -> None:
    """Take a batch up again as it was before; refused where a lot of it was withdrawn or recalled meanwhile.

    The lot that it became, if it was made for stock, is released by itself: it may be held for something else too.
    """
    row = batch_row(act.session, batch_id, lock=True)
    if row.status != BatchStatus.QUARANTINED or not is_held(act.session, row.id):
        raise Conflict("not-held", "Nobody has set this batch aside by a quarantine that can be lifted. Look at it again.")
    _require(reason, "Say what was found, and why the batch may be used.")
    if row.record and not all(item.present for item in decode(Record, row.record).finished.found):
        raise Unsafe("trait", "The finished item lacks what the formula expects of it. Reject the batch and make it again.")
    if lost := lost_lots(act.session, row.id):
        raise Unsafe("lot-lost", f"A lot of this batch is no longer available: {', '.join(lost)}. Reject the batch.")
    row.status = advance(BatchStatus.QUARANTINED, BatchStatus.RELEASED if row.verifier_id else BatchStatus.COMPOUNDED)
    keep_event(act.session, row.id, "lifted", reason=reason, person=act.actor, at=act.at)
    _sign(act, row, Meaning.LIFT)


def reject(act: Act, batch_id: UUID, reason: str) -> None:
    """Reject a batch; what it took stays taken, and each of its fills that is still in the house is due again, its label void; its lot is withdrawn."""
    row = batch_row(act.session, batch_id, lock=True)
    row.status = advance(BatchStatus(row.status), BatchStatus.REJECTED)
    if not reason:
        raise Invalid("reason", "Say why the batch is rejected.", fields={"reason": ("Say why the batch is rejected.",)})
    here = {fill.id: fill for fill in fill_rows(act.session, row.id, lock=True) if fill.status != FillStatus.HANDED_OVER}
    for share in act.session.scalars(select(ShareRow).where(ShareRow.batch_id == row.id, ShareRow.fill_id.in_(here))):
        share.status = "void"
    void_labels(act.session, here)
    for fill in here.values():
        fill.status = advance_fill(FillStatus(fill.status), FillStatus.DUE)
    for lot in act.session.scalars(select(LotRow).where(LotRow.batch_id == row.id).with_for_update()):
        lot.status = LotStatus.WITHDRAWN
    keep_event(act.session, row.id, "rejected", reason=reason, person=act.actor, at=act.at)
    _sign(act, row, Meaning.REJECT)
    lost: tuple[UUID | None, ...] = tuple(sorted(here)) or (None,)  # what was handed over stays the cost of its hand-over
    for fill_id in lost:
        record_lost(act, row, WasteCause.REJECTED, f"Batch {row.number} was rejected", on=act.today, fill_id=fill_id)


def _require(reason: str, message: str) -> None:
    if not reason:
        raise Invalid("reason", message, fields={"reason": (message,)})


def _sign(act: Act, row: BatchRow, meaning: Meaning) -> None:
    sign(act.session, row.id, meaning=meaning, person=act.actor, content=signed_content(act.session, row, meaning), at=act.at)
