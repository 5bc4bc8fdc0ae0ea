"""The day: four queues of fills with their age, what is held and why, what comes due, what expires."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from compounding.db.batches import BatchRow, FillRow
from compounding.db.document import decode
from compounding.db.inventory import LotRow, ProductRow
from compounding.db.prescriptions import FindingRow, PatientRow, PrescriptionRow
from compounding.domain.errors import Unknown
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import Form, Order
from compounding.workflow.act import Look

_LONGEST = 200  # entries of one queue on the page


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do: whose it is, since when it waits, or by when it is due, and where it is done."""

    prescription_id: UUID
    prescription_number: str
    patient: str
    birth_date: date
    what: str
    since: date
    batch_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue, the oldest entry first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The four queues, the orders that are held, and the fills that come due later."""

    today: date
    queues: tuple[Queue, ...]
    held: tuple[Entry, ...]
    upcoming: tuple[Entry, ...]


def day(look: Look) -> Day:
    """What there is to do today."""
    waiting: dict[str, list[Entry]] = {name: [] for name in ("To make", "To check", "To hand over", "later")}
    waiting["To make"] += _unplanned(look)
    for name, entry in _fills(look):
        waiting[name].append(entry)
    later = waiting.pop("later")
    queues = (Queue("To screen", tuple(_orders(look, "received"))), *(Queue(name, _oldest_first(entries)) for name, entries in waiting.items()))
    return Day(look.today, queues, tuple(_orders(look, "held")), _oldest_first(later))


def find(look: Look, text: str) -> tuple[UUID | None, UUID | None, tuple[Entry, ...]]:
    """What a scan or some typed words mean: a prescription, a batch, or the orders of patients whose name begins so.

    A label's barcode is prescription and batch; the prescription is then meant. Raises `Unknown` when nothing is found.
    """
    wanted = text.strip()
    number = wanted.split("-", 1)[0]
    if number.isascii() and number.isdigit() and len(number) <= 9:
        prescription = look.session.scalars(select(PrescriptionRow.id).where(PrescriptionRow.number == int(number))).first()
        batch = look.session.scalars(select(BatchRow.id).where(BatchRow.number == int(number))).first()
        if prescription or batch:
            return prescription, batch, ()
    entries = tuple(_entries(look, _all_orders().where(PatientRow.match_key.startswith(" ".join(wanted.casefold().split()), autoescape=True))))
    if not wanted or not entries:
        raise Unknown("nothing-found", f"Nothing was found for “{wanted[:60]}”. Scan a label, or type an Rx number, a batch number or the start of a name.")
    return None, None, entries


def expiring(look: Look, *, before: date) -> tuple[tuple[str, str, date], ...]:
    """Product, lot and expiry of every usable lot that expires before `before`."""
    rows = look.session.execute(
        select(ProductRow.name, LotRow.lot_number, LotRow.expires_on)
        .join(ProductRow, LotRow.product_id == ProductRow.id)
        .where(LotRow.balance > 0, LotRow.status == "available", LotRow.expires_on < before)
        .order_by(LotRow.expires_on)
    )
    return tuple((name, number, expires_on) for name, number, expires_on in rows)


def _all_orders() -> Select[PrescriptionRow, PatientRow]:
    return (
        select(PrescriptionRow, PatientRow)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .order_by(PrescriptionRow.received_at)
        .limit(_LONGEST)
    )


def _orders(look: Look, status: str) -> list[Entry]:
    return _entries(look, _all_orders().where(PrescriptionRow.status == status))


def _entries(look: Look, query: Select[PrescriptionRow, PatientRow]) -> list[Entry]:
    return [_entry(look, row, patient) for row, patient in look.session.execute(query)]


def _entry(look: Look, row: PrescriptionRow, patient: PatientRow) -> Entry:
    look.note_read(patient_id=patient.id, prescription_id=row.id)
    order = decode(Order, row.document)
    note = _why_held(look, row.id) if row.status == "held" else row.status
    return Entry(row.id, str(row.number), patient.name, patient.birth_date, _what(order), row.received_on, note=note)


def _what(order: Order) -> str:
    form = {Form.CAPSULE: "capsules", Form.ORAL_LIQUID: "liquid", Form.ORAL_DROPS: "drops"}[order.form]
    doses = " > ".join(str(step.dose) for step in order.steps[:3]) + (" ..." if len(order.steps) > 3 else "")
    return f"{doses}, {form}, {order.days} days"


def _why_held(look: Look, prescription_id: UUID) -> str:
    sentence = look.session.scalars(
        select(FindingRow.sentence)
        .where(FindingRow.prescription_id == prescription_id, FindingRow.action.in_(["stop", "hold"]))
        .order_by(FindingRow.found_at)
        .limit(1)
    ).first()
    return sentence or "held by a pharmacist"


def _unplanned(look: Look) -> list[Entry]:
    """Accepted orders that have no fill yet."""
    planned = select(FillRow.prescription_id).where(FillRow.status != FillStatus.CANCELLED)
    entries = _entries(look, _all_orders().where(PrescriptionRow.status == "accepted", PrescriptionRow.id.not_in(planned)))
    return [Entry(item.prescription_id, item.prescription_number, item.patient, item.birth_date, item.what, item.since, note="to plan") for item in entries]


def _fills(look: Look) -> list[tuple[str, Entry]]:
    rows = look.session.execute(
        select(FillRow, PrescriptionRow, PatientRow, BatchRow)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .outerjoin(BatchRow, (BatchRow.fill_id == FillRow.id) & (BatchRow.status != "rejected"))
        .where(FillRow.status.not_in([FillStatus.HANDED_OVER, FillStatus.CANCELLED]))
        .order_by(FillRow.make_by, PrescriptionRow.number, FillRow.number)
    )
    found = []
    for fill, prescription, patient, batch in rows:
        look.note_read(patient_id=patient.id, prescription_id=prescription.id)
        note = batch.status.replace("_", " ") if batch and batch.status != "released" else fill.status.replace("_", " ")
        what = f"fill {fill.number}, {_what(decode(Order, prescription.document))}"
        entry = Entry(
            prescription.id, str(prescription.number), patient.name, patient.birth_date, what, fill.make_by,
            batch.id if batch else None, note,
        )  # fmt: skip
        found.append((_queue(fill, batch, look.today), entry))
    return found


def _queue(fill: FillRow, batch: BatchRow | None, today: date) -> str:
    """The one queue in which a fill stands: made by the bench, then checked by a pharmacist, then handed over."""
    if fill.status == FillStatus.CHECKED:
        return "To hand over"
    if fill.status in {FillStatus.MADE, FillStatus.LABELLED} or (batch and batch.status == "compounded"):
        return "To check"
    if fill.status == FillStatus.DUE and fill.make_by > today:
        return "later"
    return "To make"


def _oldest_first(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.since, entry.prescription_number))[:_LONGEST])
