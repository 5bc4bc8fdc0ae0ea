"""What the bench writes down, line by line: what leaves a lot, and what was really taken. The use cases of a batch stand above this."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow, WeighingRow
from compounding.db.inventory import LotRow, MovementRow
from compounding.domain.errors import Conflict
from compounding.domain.inventory import LotStatus
from compounding.domain.people import Actor
from compounding.domain.preparation import Line, Preparation
from compounding.domain.wording import said
from compounding.workflow.act import Act


def take(act: Act, row: BatchRow, line: Line, amount: int, *, on: date) -> None:
    """Let `amount` leave the line's lot; a lot that was withdrawn since the plan, had expired or was not here yet on the day of making is refused."""
    lot = act.session.scalars(select(LotRow).where(LotRow.id == line.lot_id).with_for_update()).one()
    if lot.status != LotStatus.AVAILABLE or not lot.received_on <= on <= lot.expires_on:
        message = f"Lot {lot.lot_number} of {line.name} is {lot.status}, has expired, or was not here on {said(on)}. Reject this batch and plan it again."
        raise Conflict("lot-unusable", message)
    if lot.balance < amount:
        message = f"Lot {lot.lot_number} of {line.name} does not hold enough any more. Reject this batch and plan it again."
        raise Conflict("lot-short", message)
    act.session.add(MovementRow(lot_id=lot.id, amount=-amount, reason="batch", batch_id=row.id, person_id=act.actor.id, moved_at=act.at))


def record(act: Act, row: BatchRow, line: Line, actual: int, *, reason: str = "", witness: Actor | None = None, on: UUID | None = None) -> None:
    """Write down what was really taken for a line, by whom, on which balance, and who saw it or let it stay."""
    act.session.add(
        WeighingRow(
            batch_id=row.id,
            line=line.number,
            lot_id=line.lot_id,
            device_id=on,
            target=line.target,
            actual=actual,
            unit=line.unit,
            reason=reason,
            person_id=act.actor.id,
            witness_id=witness.id if witness else None,
            weighed_at=act.at,
        )
    )


def recorded(act: Act, row: BatchRow) -> set[int]:
    """The numbers of the lines that are written down."""
    return set(act.session.scalars(select(WeighingRow.line).where(WeighingRow.batch_id == row.id)))


def all_recorded(act: Act, row: BatchRow, preparation: Preparation) -> None:
    """Refuse to go on while a line is not written down."""
    missing = {line.number for line in preparation.lines} - recorded(act, row)
    if missing:
        names = ", ".join(line.name for line in preparation.lines if line.number in missing)
        raise Conflict("lines-open", f"Not recorded yet: {names}. Record every line first.")
