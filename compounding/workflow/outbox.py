"""The outbox at work: what is due, who sends what next, what the receiver answered; and the reviews that become due as time passes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.outbox import EventRow, WebhookRow, event_row
from compounding.db.people import ClientRow, client_named
from compounding.db.prescriptions import PrescriptionRow, ReviewRow
from compounding.db.values import policy_in_force
from compounding.domain.event import HOLDS_UP, LEASE, Delivery, EventKind, EventStatus, pause_after
from compounding.workflow.act import Act, Look

_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a system is told, and by which version of its secret, which may have been made just now."""

    client_id: UUID
    url: str
    secret_version: int
    is_new_secret: bool = False


@dataclass(frozen=True, slots=True)
class WebhookView:
    """Where a system is told, as a person sees it: whether it still wants to be, how many events wait, and what it answered last."""

    url: str
    active: bool
    set_at: datetime
    waiting: int
    said: str


@dataclass(frozen=True, slots=True)
class Sending:
    """An event that is to be sent now: its id, its bytes, and where to."""

    id: UUID
    body: str
    to: Webhook


def set_webhook(act: Act, name: str, url: str, *, new_secret: bool) -> Webhook:
    """Tell the prescriber's system `name` (or of this id) of its orders at `url` from now on, which the caller has looked at; raises `Invalid`."""
    client_id = client_named(act.session, name)
    row = act.session.scalars(select(WebhookRow).where(WebhookRow.client_id == client_id)).first()
    is_new = row is None or new_secret
    if row is None:
        row = WebhookRow(client_id=client_id, url=url, secret_version=1, active=True, set_at=act.at)
        act.session.add(row)
    else:
        row.url, row.active, row.set_at = url, True, act.at
        row.secret_version += new_secret
    return replace(_webhook(row), is_new_secret=is_new)


def webhook_of(look: Look, client_id: UUID) -> WebhookView | None:
    """Where a system is told; None where it is not."""
    row = look.session.scalars(select(WebhookRow).where(WebhookRow.client_id == client_id)).first()
    if row is None:
        return None
    waiting = select(func.count()).where(EventRow.client_id == client_id, EventRow.status == EventStatus.WAITING)
    last = select(EventRow.said).where(EventRow.client_id == client_id, EventRow.tries > 0).order_by(EventRow.happened_at.desc(), EventRow.id).limit(1)
    return WebhookView(row.url, row.active, row.set_at, look.session.scalar(waiting) or 0, look.session.scalar(last) or "")


def is_due(look: Look) -> bool:
    """Whether the sender has something to do now; a question, so that an outbox at rest writes nothing."""
    return next(_due(look), None) is not None


def claim(act: Act) -> Sending | None:
    """Take the next event to be sent now; None where none is due. A sender that does not tell in time gives it back by that alone."""
    key = next(_due(act), None)
    if key is None:
        return None
    row = act.session.get_one(EventRow, key, with_for_update=True, populate_existing=True)
    if row.status != EventStatus.WAITING or row.next_at > act.at:
        return None  # another sender was first
    row.tries += 1
    row.next_at = act.at + LEASE
    hook = act.session.scalars(select(WebhookRow).where(WebhookRow.client_id == row.client_id)).one()
    return Sending(row.id, row.document, _webhook(hook))


def settle(act: Act, event_id: UUID, answer: Delivery) -> EventStatus:
    """Keep what became of one try; what was not taken waits, each time longer, and is never given up."""
    row = act.session.get_one(EventRow, event_id, with_for_update=True, populate_existing=True)
    if row.status == EventStatus.DELIVERED:
        return EventStatus.DELIVERED  # by another sender, who took this one for lost
    row.said = answer.said
    if answer.taken:
        row.status, row.delivered_at = EventStatus.DELIVERED, act.at
    else:
        row.next_at = act.at + pause_after(row.tries)
    if answer.gone:
        act.session.scalars(select(WebhookRow).where(WebhookRow.client_id == row.client_id)).one().active = False
    return EventStatus(row.status)


def reviews_due(look: Look) -> tuple[UUID, ...]:
    """The orders whose patients' three-month review is due (rule R16) and whose prescriber was not told yet."""
    since = look.today - timedelta(days=policy_in_force(look.session).review_due_day)
    begun = select(DispenseRow.patient_id).where(STANDS).group_by(DispenseRow.patient_id).having(func.min(DispenseRow.first_dose_on) <= since)
    told = select(EventRow.prescription_id).where(EventRow.kind == EventKind.REVIEW)
    reviewed = select(ReviewRow.patient_id)
    query = select(PrescriptionRow.id).where(
        PrescriptionRow.client_id.is_not(None),
        PrescriptionRow.status.in_(("accepted", "completed")),
        PrescriptionRow.patient_id.in_(begun),
        PrescriptionRow.patient_id.not_in(reviewed),
        PrescriptionRow.id.not_in(told),
    )
    return tuple(look.session.scalars(query.order_by(PrescriptionRow.number)))


def tell_reviews(act: Act) -> int:
    """Tell the prescribers whose patients' review is due, once for each order; how many."""
    found = reviews_due(act)
    for key in found:
        told = event_row(act.session, act.session.get_one(PrescriptionRow, key), EventKind.REVIEW, act.at)
        if told is not None:
            act.session.add(told)
    return len(found)


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook(row.client_id, row.url, row.secret_version)


def _due(look: Look) -> Iterator[UUID]:
    """What each receiver gets next, if that is due: one event after the other, in the order in which things happened.

    One that was refused often does not hold up those behind it; so many of those are looked at.
    """
    told = select(WebhookRow.client_id).join(ClientRow, ClientRow.id == WebhookRow.client_id).where(WebhookRow.active, ClientRow.active)
    for client_id in look.session.scalars(told.order_by(WebhookRow.set_at)).all():
        waiting = select(EventRow.id, EventRow.tries, EventRow.next_at).where(EventRow.status == EventStatus.WAITING, EventRow.client_id == client_id)
        for key, tries, next_at in look.session.execute(waiting.order_by(EventRow.happened_at, EventRow.id).limit(_LOOKED_AT)):
            if next_at <= look.at:
                yield key
            if tries < HOLDS_UP:
                break
