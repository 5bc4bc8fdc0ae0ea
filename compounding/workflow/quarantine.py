"""Setting a made batch aside, by anybody at the bench and at once, and taking it up again, by a pharmacist who says why and signs.

Nothing of a batch that is set aside is labelled, checked or handed over: those acts ask for a released one.
"""

from uuid import UUID

from compounding.db.records import is_held, keep_event, lost_lots
from compounding.db.signing import sign, signed_content
from compounding.db.values import batch_row
from compounding.domain.batch import BatchStatus, Meaning, advance
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.workflow.act import Act

_MADE = frozenset({BatchStatus.COMPOUNDED, BatchStatus.VERIFIED, BatchStatus.RELEASED})


def quarantine(act: Act, batch_id: UUID, reason: str) -> None:
    """Set a batch aside that was made, released or not."""
    row = batch_row(act.session, batch_id, lock=True)
    if row.status not in _MADE:
        message = f"This batch is {row.status.replace('_', ' ')}; only one that was made is set aside. Look at it again."
        raise Conflict("batch-state", message)
    _require(reason, "Say why the batch is set aside.")
    row.status = advance(BatchStatus(row.status), BatchStatus.QUARANTINED)
    keep_event(act.session, row.id, "quarantined", reason=reason, person=act.actor, at=act.at)


def lift(act: Act, batch_id: UUID, reason: str) -> None:
    """Take a batch up again as it was before; refused where a lot of it was withdrawn or recalled meanwhile."""
    row = batch_row(act.session, batch_id, lock=True)
    if row.status != BatchStatus.QUARANTINED or not is_held(act.session, row.id):
        raise Conflict("not-held", "Nobody has set this batch aside by a quarantine that can be lifted. Look at it again.")
    _require(reason, "Say what was found, and why the batch may be used.")
    if lost := lost_lots(act.session, row.id):
        raise Unsafe("lot-lost", f"A lot of this batch is no longer available: {', '.join(lost)}. Reject the batch.")
    row.status = advance(BatchStatus.QUARANTINED, BatchStatus.RELEASED if row.verifier_id else BatchStatus.COMPOUNDED)
    keep_event(act.session, row.id, "lifted", reason=reason, person=act.actor, at=act.at)
    content = signed_content(act.session, row, Meaning.LIFT)
    sign(act.session, row.id, meaning=Meaning.LIFT, person=act.actor, content=content, at=act.at)


def _require(reason: str, message: str) -> None:
    if not reason:
        raise Invalid("reason", message, fields={"reason": (message,)})
