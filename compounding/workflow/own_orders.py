"""What a prescriber's system sees of the orders that it has sent itself: found by an allow-list of filters, page by page, or one by its key."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from compounding.db.outbox import EventRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.domain.listing import After, Sort, Wanted
from compounding.workflow.act import Look
from compounding.workflow.order_views import PrescriptionView, view
from compounding.workflow.ownership import own_row


def own_prescription(look: Look, prescription_id: UUID, *, lock: bool = False) -> PrescriptionView:
    """One prescription that the asking system has sent; raises `Unknown`. `lock` where it is changed next."""
    return view(look, own_row(look, prescription_id, lock=lock))


def own_prescriptions(look: Look, wanted: Wanted) -> tuple[PrescriptionView, ...]:
    """What the asking system has sent, as far as it is wanted."""
    query = select(PrescriptionRow).where(PrescriptionRow.client_id == look.actor.id, *_filters(wanted))
    columns = (PrescriptionRow.written_on, PrescriptionRow.number) if wanted.sort.by_day else (PrescriptionRow.number,)
    ordered = query.order_by(*(column.desc() if wanted.sort.down else column for column in columns)).limit(wanted.limit)
    return tuple(view(look, row) for row in look.session.scalars(ordered).all())


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    row = PrescriptionRow
    told: list[tuple[object, Callable[[], ColumnElement[bool]]]] = [
        (wanted.status, lambda: row.status == wanted.status),
        (wanted.form, lambda: row.form == wanted.form),
        (wanted.npi, lambda: row.prescriber_npi == wanted.npi),
        (wanted.written_from, lambda: row.written_on >= wanted.written_from),
        (wanted.written_to, lambda: row.written_on <= wanted.written_to),
        (wanted.received_from, lambda: row.received_on >= wanted.received_from),
        (wanted.received_to, lambda: row.received_on <= wanted.received_to),
        (wanted.updated_since, lambda: or_(row.received_at >= wanted.updated_since, exists().where(*_news(wanted.updated_since)))),
    ]
    found = [condition() for value, condition in told if value is not None]
    return found if wanted.after is None else [*found, _behind(wanted.sort, wanted.after)]


def _news(since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    """What became of an order since then: each such thing has its event, whether it was sent to anybody or not."""
    return EventRow.prescription_id == PrescriptionRow.id, EventRow.happened_at >= since


def _behind(sort: Sort, after: After) -> ColumnElement[bool]:
    """What comes later in the list than that order, whether it is still there or not."""
    number, day = PrescriptionRow.number, PrescriptionRow.written_on
    later = number < after.number if sort.down else number > after.number
    if not sort.by_day or after.written_on is None:
        return later
    return or_(day < after.written_on if sort.down else day > after.written_on, and_(day == after.written_on, later))
