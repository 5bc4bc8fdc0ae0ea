"""What a prescriber's system sends as resources and reads back: several orders in one act, each under the sender's own number."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, false, func, or_, select, true

from compounding.db.audit import AuditRow
from compounding.db.document import decode
from compounding.db.locks import Lock, hold_value
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.sent_orders import SentOrderRow
from compounding.domain.errors import Conflict
from compounding.domain.prescription import Order, PrescriptionStatus
from compounding.workflow.act import Act, Look
from compounding.workflow.order_views import PrescriptionView, version
from compounding.workflow.own_orders import own_prescription
from compounding.workflow.prescriptions import receive
from compounding.workflow.spans import Span, within

_RX_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)  # what the column can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One order as it came: the sender's number, its place in what was sent, and whether the sender minds that it is known already."""

    order: Order
    literal: str
    system: str
    value: str
    place: int
    conditional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One order as it is told: what became of it, its version by `order_views.version`, when it last changed, and what was sent, if as a resource.

    `made`: this very request made it. `place` and `literal` are None for an order that came by another door.
    """

    view: PrescriptionView
    version: str
    changed_at: datetime
    literal: str | None = None
    place: int | None = None
    made: bool = False


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number by which an order is known: our own Rx number (`is_ours`), the sender's, or either (None). None as `system` or `value` means any."""

    system: str | None
    value: str | None
    is_ours: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which own orders are wanted: each condition that is given, of the orders with a number above `after`, at most `limit`."""

    limit: int
    after: int = 0
    ids: frozenset[UUID] | None = None
    patients: frozenset[UUID] | None = None
    statuses: frozenset[PrescriptionStatus] | None = None
    numbers: tuple[Numbered, ...] | None = None
    written: tuple[Span, ...] = ()
    changed: tuple[Span, ...] = ()


def receive_all(act: Act, sent: Sequence[Sent]) -> tuple[Told, ...]:
    """Keep every order, or none: an error in one undoes them all.

    An order whose number is known is not kept again: the same order that may be known is told as it stands, and everything else is `Conflict`.
    """
    return tuple(_receive(act, item) for item in sent)


def own_order(look: Look, prescription_id: UUID) -> Told:
    """One order that the asking system has sent, by whichever door; raises `Unknown`."""
    return _told(look, [own_prescription(look, prescription_id)])[0]


def own_orders(look: Look, asked: Asked) -> tuple[int, tuple[Told, ...]]:
    """How many own orders there are like that, and those of this page, by number."""
    wanted = _where(look, select(PrescriptionRow.id), asked)
    total = look.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    page = wanted.where(PrescriptionRow.number > asked.after).order_by(PrescriptionRow.number).limit(asked.limit)
    return total, _told(look, [own_prescription(look, key) for key in look.session.scalars(page).all()])


def _receive(act: Act, sent: Sent) -> Told:
    hold_value(act.session, Lock.SENT_NUMBER, SentOrderRow.value, sent.value)
    wanted = select(SentOrderRow).where(SentOrderRow.client_id == act.actor.id, SentOrderRow.system == sent.system, SentOrderRow.value == sent.value)
    if row := act.session.scalar(wanted):
        kept = act.session.get_one(PrescriptionRow, row.prescription_id)
        if sent.conditional and decode(Order, kept.document) == sent.order:
            return own_order(act, row.prescription_id)
        differs = "another order" if sent.conditional else "an order"
        message = f"The identifier of this order already names {differs} here, which stays as it is. Give a new order a new identifier."
        raise Conflict("identifier-used", message, prescription=str(row.prescription_id))
    view = receive(act, sent.order, literal=sent.literal)
    act.session.add(SentOrderRow(prescription_id=view.id, client_id=act.actor.id, system=sent.system, value=sent.value, place=sent.place))
    act.session.flush()
    return Told(view=view, version=version(view), changed_at=act.at, literal=sent.literal, place=sent.place, made=True)


def _told(look: Look, views: Iterable[PrescriptionView]) -> tuple[Told, ...]:
    found = list(views)
    keys = [view.id for view in found]
    changes = dict(look.session.execute(_changes().where(AuditRow.row_key.in_([str(key) for key in keys]))).all())
    rows = look.session.execute(
        select(SentOrderRow.prescription_id, SentOrderRow.place, PrescriptionRow.literal)
        .join(PrescriptionRow, SentOrderRow.prescription_id == PrescriptionRow.id)
        .where(SentOrderRow.prescription_id.in_(keys))
    )
    sent = {key: (place, literal) for key, place, literal in rows}
    told = []
    for view in found:
        place, literal = sent.get(view.id, (None, None))
        told.append(Told(view=view, version=version(view), changed_at=changes[str(view.id)], literal=literal, place=place))
    return tuple(told)


def _changes() -> Select[str, datetime]:
    """When each order last changed, as the trail tells."""
    return select(AuditRow.row_key, func.max(AuditRow.at)).where(AuditRow.table_name == "prescription").group_by(AuditRow.row_key)


def _where(look: Look, query: Select[UUID], asked: Asked) -> Select[UUID]:
    row = PrescriptionRow
    query = query.where(row.client_id == look.actor.id)
    if asked.ids is not None:
        query = query.where(row.id.in_(asked.ids))
    if asked.patients is not None:
        query = query.where(row.patient_id.in_(asked.patients))
    if asked.statuses is not None:
        query = query.where(row.status.in_([status.value for status in asked.statuses]))
    for span in asked.written:
        query = query.where(within(row.written_on, span))
    if asked.numbers is not None:
        query = query.where(or_(*(_is_numbered(look, number) for number in asked.numbers)))
    if asked.changed:
        last = select(func.max(AuditRow.at)).where(AuditRow.table_name == "prescription", AuditRow.row_key == cast(row.id, Text))
        for span in asked.changed:
            query = query.where(within(last.correlate(row).scalar_subquery(), span))
    return query


def _is_numbered(look: Look, number: Numbered) -> ColumnElement[bool]:
    """Whether an order has this number."""
    sent = select(SentOrderRow.prescription_id).where(SentOrderRow.client_id == look.actor.id)
    if number.system is not None:
        sent = sent.where(SentOrderRow.system == number.system)
    if number.value is not None:
        sent = sent.where(SentOrderRow.value == number.value)
    theirs = false() if number.is_ours else PrescriptionRow.id.in_(sent)
    return theirs if number.is_ours is False else or_(theirs, _has_rx_number(number.value))


def _has_rx_number(value: str | None) -> ColumnElement[bool]:
    """Whether our own number of an order is this one, as we write it; each order has one."""
    if value is None:
        return true()
    return PrescriptionRow.number == int(value) if _RX_NUMBER.fullmatch(value) else false()
