"""The outbox: what prescribers' systems are told, written by the very flush that makes it true, so that no use case can forget it.

After a crash the effect and its event are both there or neither.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, event, select, text
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column
from sqlalchemy.orm.attributes import get_history

from compounding.db.audit import ATTRIBUTION, Attribution
from compounding.db.base import Document, FixedDocument, Row, not_negative, one_of, positive, table_args
from compounding.db.batches import FillRow
from compounding.db.changes import ClarificationRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.types import instant_text
from compounding.domain.event import OF_ORDERS, EventKind, EventStatus, of_fill
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import PrescriptionStatus


class WebhookRow(Row, kw_only=True):
    """Where one prescriber's system is told; the secret that signs follows from the deployment's key, the system and `secret_version`."""

    __tablename__ = "webhook"
    __table_args__ = table_args(UniqueConstraint("client_id"), positive("secret_version"), CheckConstraint("length(url) > 0", name="url_given"))

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    url: Mapped[str]
    secret_version: Mapped[int]
    active: Mapped[bool]
    set_at: Mapped[datetime]


class EventRow(Row, kw_only=True):
    """One event: its bytes as they are sent each time, and where its delivery stands.

    `next_at` is the moment before which it is not tried; while it is being sent, the moment by which its sender must have told.
    """

    __tablename__ = "event"
    __table_args__ = table_args(
        one_of("kind", *EventKind),
        one_of("status", *EventStatus),
        not_negative("tries"),
        CheckConstraint("(status = 'delivered') = (delivered_at IS NOT NULL)", name="delivered"),
        Index(None, "status", "next_at"),
        Index(None, "client_id", "happened_at"),
        Index(None, "prescription_id", "happened_at"),
        Index("uq_event_review", "prescription_id", unique=True, sqlite_where=text("kind = 'review.due'"), postgresql_where=text("kind = 'review.due'")),
    )

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    fill_id: Mapped[UUID | None] = mapped_column(ForeignKey("fill.id"), default=None)
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    document: Mapped[FixedDocument]
    status: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    said: Mapped[Document] = mapped_column(default="")
    next_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)


def event_row(
    session: Session, order: PrescriptionRow, kind: EventKind, at: datetime, *, fill_id: UUID | None = None, question_id: UUID | None = None
) -> EventRow | None:
    """The event of one thing that became of an order; None where no prescriber's system sent it."""
    if order.client_id is None:
        return None
    told = session.scalars(select(WebhookRow.id).where(WebhookRow.client_id == order.client_id, WebhookRow.active)).first() is not None
    keys = {"prescription_id": order.id, "fill_id": fill_id, "clarification_id": question_id}
    data = {name: str(key) for name, key in keys.items() if key is not None}
    body = json.dumps({"type": kind.value, "timestamp": instant_text(at), "data": data}, sort_keys=True, separators=(",", ":"))
    return EventRow(
        id=uuid4(),
        client_id=order.client_id,
        prescription_id=order.id,
        fill_id=fill_id,
        kind=kind,
        happened_at=at,
        document=body,
        status=EventStatus.WAITING if told else EventStatus.UNASKED,
        next_at=at,
    )


def keep_events(kind: type[Session]) -> None:
    """Let every session of this class write the events of what it writes; before its audit is attached, which then sees them too."""
    event.listen(kind, "before_flush", _before_flush)


def _before_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    attribution = session.info.get(ATTRIBUTION)
    if isinstance(attribution, Attribution):
        with session.no_autoflush:
            session.add_all(list(_events(session, attribution.at)))


def _events(session: Session, at: datetime) -> Iterator[EventRow]:
    for row in [*session.new, *session.dirty]:
        if isinstance(row, PrescriptionRow):
            found = _of_order(session, row, at)
        elif isinstance(row, FillRow):
            found = _of_fill(session, row, at)
        elif isinstance(row, ClarificationRow):
            found = event_row(session, session.get_one(PrescriptionRow, row.prescription_id), EventKind.QUESTION, at, question_id=row.id)
        else:
            continue
        if found is not None:
            yield found


def _of_order(session: Session, row: PrescriptionRow, at: datetime) -> EventRow | None:
    if not _changed(row)[0]:
        return None
    kind = OF_ORDERS.get(PrescriptionStatus(row.status))
    return event_row(session, row, kind, at) if kind else None


def _of_fill(session: Session, row: FillRow, at: datetime) -> EventRow | None:
    changed, before = _changed(row)
    kind = of_fill(FillStatus(before) if before else None, FillStatus(row.status)) if changed else None
    return event_row(session, session.get_one(PrescriptionRow, row.prescription_id), kind, at, fill_id=row.id) if kind else None


def _changed(row: PrescriptionRow | FillRow) -> tuple[bool, str | None]:
    """Whether the row comes into another state by this flush, and the one before it; None for a new row."""
    history = get_history(row, "status")
    return bool(history.added), history.deleted[0] if history.deleted else None
