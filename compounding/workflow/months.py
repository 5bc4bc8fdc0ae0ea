"""What is done to the ledger of costs itself: waste that came with a date is taken in, a month is closed by signature, an entry is corrected by a new one."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, select

from compounding.db.batches import BatchRow, ShareRow
from compounding.db.costs import ClosingRow, CostRow
from compounding.db.document import decode, encode, sha256
from compounding.db.inventory import LotRow
from compounding.db.locks import Lock, hold
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.signing import sign
from compounding.db.values import lots
from compounding.domain.batch import BatchStatus, Meaning
from compounding.domain.cost import CostPart, WasteCause
from compounding.domain.errors import Invalid, Unknown
from compounding.domain.money import Money, total
from compounding.domain.month import month_of, refuse_closing
from compounding.domain.wording import said
from compounding.workflow.act import Act, Look
from compounding.workflow.costing import closed_months, cost_row, record_lost, record_lost_lot
from compounding.workflow.ledger import figures, months_with_entries


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger with what was corrected of it; with patient and prescription where it belongs to somebody."""

    id: UUID
    month: str
    part: CostPart
    corrections: tuple[CostPart, ...]
    patient: str = ""
    birth_date: date | None = None
    prescription_number: str = ""

    @property
    def amount(self) -> Money:
        """What it comes to with every correction."""
        return total([part.amount for part in (self.part, *self.corrections)])


def outstanding(look: Look) -> int:
    """How many lots and batches have passed their date and are not in the ledger as waste yet."""
    return len(look.session.scalars(_expired(look.today)).all()) + len(look.session.execute(_beyond_use(look.today)).all())


def gather(act: Act) -> int:
    """Take into the ledger what passed its date and reached nobody: lots that expired, batches past their beyond-use date; gives how many."""
    expired = act.session.scalars(_expired(act.today).with_for_update(of=LotRow)).all()
    for lot in lots(act.session, only=[row.id for row in expired]):
        record_lost_lot(act, lot, lot.balance, WasteCause.EXPIRED, "")
    past = act.session.execute(_beyond_use(act.today).with_for_update(of=ShareRow)).all()
    for batch, share in past:
        until = batch.beyond_use or act.today  # the query found those that have a date
        why = f"Batch {batch.number} was not handed over by {said(until)}"
        record_lost(act, batch, WasteCause.BEYOND_USE, why, on=until + timedelta(days=1), fill_id=share.fill_id)
    act.session.flush()
    return len(expired) + len(past)


def close(act: Act, month: str) -> None:
    """Close a month that is over: its figures are signed, and the ledger takes nothing more for it."""
    hold(act.session, Lock.MONTHS)  # whoever enters costs meanwhile is waited for, and then seen
    gather(act)
    refuse_closing(month, today=act.today, closed=closed_months(act.session), with_entries=months_with_entries(act.session))
    document = encode(figures(act.session, month))
    row = ClosingRow(month=month, document=document, sha256=sha256(document), person_id=act.actor.id, closed_at=act.at)
    act.session.add(row)
    sign(act.session, row.id, meaning=Meaning.CLOSE_MONTH, person=act.actor, content=document, at=act.at)


def entry(look: Look, cost_id: UUID) -> Entry:
    """One entry, whole; raises `Unknown`. A correction is shown as what it corrects."""
    row = _cost_row(look, cost_id)
    patient = look.session.get(PatientRow, row.patient_id) if row.patient_id else None
    prescription = look.session.get(PrescriptionRow, row.prescription_id) if row.prescription_id else None
    if patient is not None:
        look.note_read(patient_id=patient.id)
    corrections = look.session.scalars(select(CostRow).where(CostRow.corrects_id == row.id).order_by(CostRow.recorded_at)).all()
    return Entry(
        row.id,
        row.month,
        decode(CostPart, row.document),
        tuple(decode(CostPart, item.document) for item in corrections),
        patient.name if patient else "",
        patient.birth_date if patient else None,
        str(prescription.number) if prescription else "",
    )


def correct(act: Act, cost_id: UUID, amount: Money, reason: str) -> UUID:
    """Say that an entry should have been `amount`: the difference becomes a signed entry of the open month that names it. The entry itself stays."""
    row = _cost_row(act, cost_id)
    now = entry(act, row.id)
    difference = amount - now.amount
    if not difference.micros:
        message = f"The entry comes to {now.amount.display()} already. Enter what it should have been."
        raise Invalid("no-correction", message, fields={"amount": (message,)})
    part = CostPart(now.part.kind, difference, f"Correction of an entry of {row.month}: {reason}", now.part.cause)
    added = cost_row(
        part,
        month=month_of(act.today),
        at=act.at,
        fill_id=row.fill_id,
        batch_id=row.batch_id,
        lot_id=row.lot_id,
        prescription_id=row.prescription_id,
        patient_id=row.patient_id,
        corrects_id=row.id,
    )
    act.session.add(added)
    sign(act.session, added.id, meaning=Meaning.CORRECT_COST, person=act.actor, content=added.document, at=act.at)
    return added.id


def _cost_row(look: Look, cost_id: UUID) -> CostRow:
    row = look.session.get(CostRow, cost_id)
    if row is not None and row.corrects_id is not None:
        row = look.session.get(CostRow, row.corrects_id)
    if row is None:
        raise Unknown("unknown-cost", "There is no such entry in the ledger.")
    return row


def _expired(today: date) -> Select[LotRow]:
    """Lots that lie here past their expiry and are not in the ledger as waste."""
    known = exists().where(CostRow.lot_id == LotRow.id, CostRow.cause == WasteCause.EXPIRED)
    return select(LotRow).where(LotRow.expires_on < today, LotRow.balance > 0, ~known).order_by(LotRow.expires_on, LotRow.id)


def _beyond_use(today: date) -> Select[BatchRow, ShareRow]:
    """The shares of released batches past their date that were not handed over, and that are not in the ledger as waste."""
    entries = select(func.coalesce(func.sum(CostRow.amount_micros), 0)).where(CostRow.batch_id == BatchRow.id, CostRow.fill_id == ShareRow.fill_id)
    unknown = entries.scalar_subquery() == 0  # none, or those of a hand-over that was voided
    past = (BatchRow.status == BatchStatus.RELEASED, BatchRow.beyond_use < today, ShareRow.status == "live")
    return select(BatchRow, ShareRow).join(ShareRow, ShareRow.batch_id == BatchRow.id).where(*past, unknown).order_by(BatchRow.beyond_use, ShareRow.id)
