"""The ledger of a month as one value: what a signature fixes when the month is closed, and what is compared with it ever after."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as _sha256
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from compounding.db.batches import SignatureRow
from compounding.db.costs import ChargeRow, ClosingRow, CostRow
from compounding.db.document import encode, sha256
from compounding.domain.batch import Meaning
from compounding.domain.cost import CostKind, WasteCause
from compounding.domain.money import Money
from compounding.domain.month import Figures


@dataclass(frozen=True, slots=True)
class Closing:
    """Who closed a month and when; `intact` is whether its entries are still those that were signed."""

    person: str
    at: datetime
    intact: bool


def figures(session: Session, month: str) -> Figures:
    """The sums of the month as they stand, and the hash of each entry and price, so that none can be changed, added or taken away unseen."""
    counted = _sha256()
    costs = session.execute(
        select(_text(CostRow.id), CostRow.kind, CostRow.cause, CostRow.amount_micros, CostRow.active_ng, _text(CostRow.corrects_id), CostRow.document)
        .where(CostRow.month == month)
        .order_by(CostRow.recorded_at, CostRow.id)
    ).all()
    charges = session.execute(
        select(_text(ChargeRow.id), _text(ChargeRow.dispense_id), ChargeRow.amount_micros, ChargeRow.days, ChargeRow.doses, ChargeRow.document)
        .where(ChargeRow.month == month)
        .order_by(ChargeRow.recorded_at, ChargeRow.id)
    ).all()
    for row in (*costs, *charges):
        counted.update("\x1f".join(map(str, row)).encode() + b"\x1e")
    return Figures(
        month=month,
        entries=len(costs) + len(charges),
        cost=tuple((kind, Money(sum(row.amount_micros for row in costs if row.kind == kind))) for kind in CostKind),
        waste=tuple((cause, Money(sum(row.amount_micros for row in costs if row.cause == cause))) for cause in WasteCause),
        charged=Money(sum(row.amount_micros for row in charges)),
        handed_over=sum(1 if row.days > 0 else -1 for row in charges),  # one that reverses another is below zero
        entries_sha256=counted.hexdigest(),
    )


def _text(key: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]) -> ColumnElement[str]:
    """A key as the database writes it, which is as we do: a month has thousands, and making a UUID of each only to write it again took half of the time."""
    return cast(key, Text)


def closing(session: Session, month: str) -> Closing | None:
    """The closing of a month, held against its entries as they stand now; None while it is open."""
    row = session.scalars(select(ClosingRow).where(ClosingRow.month == month)).first()
    if row is None:
        return None
    signed = select(SignatureRow).where(SignatureRow.subject_id == row.id, SignatureRow.meaning == Meaning.CLOSE_MONTH)
    signature = session.scalars(signed).first()
    now = sha256(encode(figures(session, month)))
    intact = signature is not None and now == row.sha256 == sha256(row.document) == signature.content_sha256
    return Closing(signature.person_name if signature else "", row.closed_at, intact)


def months_with_entries(session: Session) -> tuple[str, ...]:
    """The months that have entries, the newest first."""
    return tuple(session.scalars(select(CostRow.month).group_by(CostRow.month).order_by(func.max(CostRow.month).desc())))
