"""The day: four queues of fills with their age, what is held and why, what comes due, what expires; and where a scan leads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select

from compounding.db.batches import BatchRow, FillRow, PlanRow, ShareRow
from compounding.db.changes import RefillRequestRow, said_of
from compounding.db.document import decode
from compounding.db.history import is_named_so, named_so
from compounding.db.inventory import LotRow, ProductRow
from compounding.db.prescriptions import FindingRow, PatientRow, PrescriptionRow
from compounding.db.products import least_levels, products
from compounding.db.values import lots, policy_in_force
from compounding.domain.errors import Unknown
from compounding.domain.fill import FillStatus
from compounding.domain.levels import Holding, holdings
from compounding.domain.prescription import Form, Order
from compounding.workflow.act import Look

_LONGEST = 25  # entries of one queue, unless more are asked for
MOST_FOUND = 50  # orders or lots that a search shows
_RX_OR_LABEL = re.compile(r"(?:rx ?)?([0-9]{1,9})(?:-[0-9]{1,9})?", re.ASCII)  # an Rx or batch number, or both as on a label's barcode
_BEGUN = (FillStatus.PLANNED, FillStatus.MADE, FillStatus.LABELLED, FillStatus.CHECKED)
_FORMS = {Form.CAPSULE: "capsules", Form.ORAL_LIQUID: "liquid", Form.ORAL_DROPS: "drops"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do: whose it is, since when it waits or by when it is due, where it is done, and the days that a fill serves."""

    prescription_id: UUID
    prescription_number: str
    patient: str
    birth_date: date
    what: str
    since: date
    note: str
    batch_id: UUID | None = None
    serves: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: how many wait, and the oldest of them, the oldest first."""

    name: str
    count: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The four queues, the orders that are held, and the fills that come due later."""

    today: date
    queues: tuple[Queue, ...]
    held: Queue
    upcoming: Queue


@dataclass(frozen=True, slots=True)
class FoundLot:
    """A lot that was searched for, or one that expires soon."""

    id: UUID
    product: str
    labeler: str
    lot_number: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Shelf:
    """What of the stock somebody should see to: what is low, and what expires within so many days, the soonest first."""

    low: tuple[Holding, ...]
    expiring: tuple[FoundLot, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Match:
    """What a scan or some typed words mean: a prescription or batch by its number, or orders and lots to choose from."""

    prescription_id: UUID | None = None
    batch_id: UUID | None = None
    orders: tuple[Entry, ...] = ()
    lots: tuple[FoundLot, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fill:
    """What is known of a fill before its order is read."""

    number: int
    status: str
    make_by: date
    opens_on: date
    closes_on: date
    prescription_id: UUID
    batch_id: UUID | None
    batch_status: str | None


def day(look: Look, *, longest: int = _LONGEST) -> Day:
    """What there is to do today, with at most `longest` entries of each queue."""
    waiting: dict[str, list[_Fill]] = {"To make": [], "To check": [], "To hand over": []}
    for fill in _fills(look, _every_fill().where(or_(FillRow.status.in_(_BEGUN), (FillRow.status == FillStatus.DUE) & (FillRow.make_by <= look.today)))):
        waiting[_queue(fill)].append(fill)
    planned = exists().where(FillRow.prescription_id == PrescriptionRow.id, FillRow.status != FillStatus.CANCELLED)
    unplanned = _orders(look, "To make", (PrescriptionRow.status == "accepted") & (~planned | _refill_asked()), longest)
    queues = [_orders(look, "To screen", PrescriptionRow.status == "received", longest)]
    for name, fills in waiting.items():
        before = unplanned if name == unplanned.name else Queue(name, 0, ())
        entries = sorted([*before.entries, *_entries(look, fills[:longest])], key=lambda entry: (entry.since, entry.prescription_number))
        queues.append(Queue(name, before.count + len(fills), tuple(entries[:longest])))
    return Day(look.today, tuple(queues), _orders(look, "Held", PrescriptionRow.status == "held", longest), _upcoming(look, longest))


def find(look: Look, text: str) -> Match:
    """What a scan or some typed words mean: a label's barcode, an Rx or batch number, a lot number, an NDC, or the start of a name.

    A label's barcode is prescription and batch; the prescription is then meant. Raises `Unknown` when nothing is found.
    """
    wanted = " ".join(text.casefold().split())
    if numbered := _numbered(look, wanted):
        return numbered
    lots = _lots(look, wanted) if wanted else ()
    orders = _told(look, [row for row in look.session.execute(_of_patients(wanted)) if is_named_so(row[1].name, wanted)]) if wanted else ()
    if not orders and not lots:
        missed = f"Nothing was found for “{text.strip()[:60]}”." if wanted else "There was nothing to look for."
        raise Unknown("nothing-found", f"{missed} Scan a label, or type an Rx, batch or lot number, an NDC, or the start of a patient's name.")
    return Match(orders=orders, lots=lots)


def shelf(look: Look) -> Shelf:
    """What of the stock somebody should see to: what is below its least level, and the usable lots that expire soon."""
    days, known = policy_in_force(look.session).expiring_days, lots(look.session)
    held = holdings([product for _, product in products(look.session)], known, least_levels(look.session), look.today)
    usable = (LotRow.balance > 0) & (LotRow.status == "available") & (LotRow.expires_on >= look.today) & (LotRow.expires_on < look.today + timedelta(days=days))
    soon = tuple(FoundLot(*row) for row in look.session.execute(_every_lot().where(usable).limit(MOST_FOUND)))
    return Shelf(tuple(holding for holding in held if holding.is_low), soon, days)


def _numbered(look: Look, wanted: str) -> Match | None:
    number = _RX_OR_LABEL.fullmatch(wanted)
    if number is None:
        return None
    prescription = look.session.scalars(select(PrescriptionRow.id).where(PrescriptionRow.number == int(number[1]))).first()
    batch = look.session.scalars(select(BatchRow.id).where(BatchRow.number == int(number[1]))).first()
    return Match(prescription, batch) if prescription or batch else None


def _of_patients(wanted: str) -> Select[PrescriptionRow, PatientRow]:
    """Orders of the patients one of whose names begins so, the newest first."""
    return _every_order().where(named_so(wanted)).order_by(PrescriptionRow.number.desc()).limit(MOST_FOUND)


def _lots(look: Look, wanted: str) -> tuple[FoundLot, ...]:
    """The lots whose number begins so, and those of a product with this NDC, whose hyphens may be left out."""
    digits = wanted.replace("-", "")
    ndc = func.replace(ProductRow.ndc, "-", "") == digits
    number = func.lower(LotRow.lot_number).startswith(wanted, autoescape=True)
    query = _every_lot().where(or_(number, ndc) if digits.isdigit() else number)
    return tuple(FoundLot(*row) for row in look.session.execute(query.limit(MOST_FOUND)))


def _every_lot() -> Select[UUID, str, str, str, date]:
    columns = (LotRow.id, ProductRow.name, ProductRow.labeler, LotRow.lot_number, LotRow.expires_on)
    return select(*columns).join(ProductRow, LotRow.product_id == ProductRow.id).order_by(LotRow.expires_on, LotRow.lot_number)


def _every_order() -> Select[PrescriptionRow, PatientRow]:
    return select(PrescriptionRow, PatientRow).join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)


def _orders(look: Look, name: str, which: ColumnElement[bool], longest: int) -> Queue:
    """The orders in one state, which have no fill yet, the oldest first."""
    count = look.session.scalars(select(func.count()).select_from(PrescriptionRow).where(which)).one()
    rows = look.session.execute(_every_order().where(which).order_by(PrescriptionRow.received_at).limit(longest)).all()
    return Queue(name, count, _told(look, rows))


def _told(look: Look, rows: Sequence[Row[PrescriptionRow, PatientRow]]) -> tuple[Entry, ...]:
    why = _why_held(look, [row.id for row, _ in rows if row.status == "held"])
    accepted = select(PrescriptionRow.id).where(PrescriptionRow.id.in_([row.id for row, _ in rows if row.status == "accepted"]), _refill_asked())
    refills = frozenset(look.session.scalars(accepted))
    return tuple(_order(look, row, patient, why.get(row.id, "held by a pharmacist"), refills) for row, patient in rows)


def _order(look: Look, row: PrescriptionRow, patient: PatientRow, why_held: str, refills: frozenset[UUID]) -> Entry:
    look.note_read(patient_id=patient.id, prescription_id=row.id)
    note = {"held": why_held, "accepted": "to plan" if row.id not in refills else "refill asked for"}.get(row.status, row.status)
    return Entry(row.id, str(row.number), patient.name, patient.birth_date, _what(row), row.received_on, note)


def _what(row: PrescriptionRow) -> str:
    order = decode(Order, row.document)
    doses = " then ".join(str(step.dose) for step in order.steps[:3]) + (" and more" if len(order.steps) > 3 else "")
    return f"{doses}, {_FORMS[order.form]}, {order.days} days"


def _why_held(look: Look, prescription_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What pharmacy and prescriber said of each of these orders last, or else the first finding that holds it, where a rule does."""
    query = select(FindingRow.prescription_id, FindingRow.sentence).where(
        FindingRow.prescription_id.in_(prescription_ids), FindingRow.action.in_(["stop", "hold"])
    )
    found = dict(look.session.execute(query.order_by(FindingRow.found_at.desc())).all())  # the first is the last to be written
    return {**found, **said_of(look.session, prescription_ids)}


def _refill_asked() -> ColumnElement[bool]:
    """Whether a refill was asked for that no plan has met yet, and the course before it was handed over whole."""
    planned = select(func.max(PlanRow.made_at)).where(PlanRow.prescription_id == PrescriptionRow.id).scalar_subquery()
    open_fill = exists().where(FillRow.prescription_id == PrescriptionRow.id, FillRow.status.not_in((FillStatus.HANDED_OVER, FillStatus.CANCELLED)))
    return exists().where(RefillRequestRow.prescription_id == PrescriptionRow.id, RefillRequestRow.asked_at > planned) & ~open_fill


def _every_fill() -> Select[int, str, date, date, date, UUID, UUID | None, str | None]:
    return (
        select(
            FillRow.number,
            FillRow.status,
            FillRow.make_by,
            FillRow.opens_on,
            FillRow.closes_on,
            FillRow.prescription_id,
            BatchRow.id,
            BatchRow.status,
        )
        .outerjoin(ShareRow, (ShareRow.fill_id == FillRow.id) & (ShareRow.status == "live"))
        .outerjoin(BatchRow, ShareRow.batch_id == BatchRow.id)
        .where(FillRow.prescription_id.not_in(select(PrescriptionRow.id).where(PrescriptionRow.status == "held")))
        .order_by(FillRow.make_by, FillRow.prescription_id, FillRow.number)
    )


def _fills(look: Look, query: Select[int, str, date, date, date, UUID, UUID | None, str | None]) -> list[_Fill]:
    return [_Fill(*row) for row in look.session.execute(query)]


def _queue(fill: _Fill) -> str:
    """The one queue in which a fill stands: made by the bench, then checked by a pharmacist, then handed over."""
    if fill.status == FillStatus.CHECKED:
        return "To hand over"
    if fill.status in {FillStatus.MADE, FillStatus.LABELLED} or fill.batch_status == "compounded":
        return "To check"
    return "To make"


def _upcoming(look: Look, longest: int) -> Queue:
    """The fills that nobody need make today, the next first."""
    later = (FillRow.status == FillStatus.DUE) & (FillRow.make_by > look.today)
    count = look.session.scalars(select(func.count()).select_from(FillRow).where(later)).one()
    return Queue("Next bottles", count, _entries(look, _fills(look, _every_fill().where(later).limit(longest))))


def _entries(look: Look, fills: Sequence[_Fill]) -> tuple[Entry, ...]:
    """`fills` with whose they are; only the orders that are shown are read."""
    wanted = _every_order().where(PrescriptionRow.id.in_({fill.prescription_id for fill in fills}))
    orders = {row.id: (row, patient) for row, patient in look.session.execute(wanted)}
    return tuple(_entry(look, fill, *orders[fill.prescription_id]) for fill in fills)


def _entry(look: Look, fill: _Fill, row: PrescriptionRow, patient: PatientRow) -> Entry:
    look.note_read(patient_id=patient.id, prescription_id=row.id)
    status = fill.batch_status if fill.batch_status and fill.batch_status != "released" else fill.status
    what = f"fill {fill.number} of the course {_what(row)}"
    return Entry(
        prescription_id=row.id,
        prescription_number=str(row.number),
        patient=patient.name,
        birth_date=patient.birth_date,
        what=what,
        since=fill.make_by,
        note=status.replace("_", " "),
        batch_id=fill.batch_id,
        serves=(fill.opens_on, fill.closes_on),
    )
