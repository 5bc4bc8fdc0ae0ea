"""One lot as its page shows it: what it is, how it came, and its ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow
from compounding.db.document import decode
from compounding.db.inventory import LotRow, MovementRow, ProductRow, RunningBalanceRow
from compounding.db.people import PersonRow
from compounding.db.purchases import PurchaseRow, ReceiptRow, SerialRow
from compounding.db.values import balances, lots, policy_in_force
from compounding.domain.errors import Unknown
from compounding.domain.inventory import Lot, Product
from compounding.domain.purchase import Origin, Purchase, Source
from compounding.domain.weighing import Balance
from compounding.workflow.act import Look
from compounding.workflow.benchmarks import Bought, of_lot
from compounding.workflow.paging import paged

_MOVEMENTS = 100  # on one page of a ledger


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a lot's ledger: how much came or (negative) went at the moment `at` (UTC), what was left after it, for which batch, and by whom."""

    amount: int
    after: int
    reason: str
    at: datetime
    batch_id: UUID | None
    batch_number: str
    person: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a lot came: the origin that was told when it was received, and the key of its invoice."""

    origin: Origin
    purchase_id: UUID | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """One lot and a page of its movements, the newest first; pages count from 1.

    `beside` is what was paid for it beside NADAC, None for what has no NDC.
    `balances` are what it may be weighed on, `single_weight` is how far a single weight may lie from the mean, as a ratio.
    """

    lot: Lot
    product_id: UUID
    product: Product
    received_on: date
    movements: tuple[Movement, ...]
    page: int
    pages: int
    today: date
    balances: tuple[Balance, ...]
    single_weight: Fraction
    expiring_days: int
    arrival: Arrival | None
    beside: Bought | None = None


def ledger(look: Look, lot_id: UUID, *, page: int = 1) -> Ledger:
    """One lot with a page of its movements; the last page when there are not so many."""
    row = look.session.get(LotRow, lot_id)
    if row is None:
        raise Unknown("unknown-lot", "There is no such lot.")
    product = decode(Product, look.session.scalars(select(ProductRow.document).where(ProductRow.id == row.product_id)).one())
    policy = policy_in_force(look.session)
    count = look.session.scalars(select(func.max(RunningBalanceRow.place)).where(RunningBalanceRow.lot_id == lot_id)).one() or 0
    page, pages = paged(count, page, _MOVEMENTS)
    (lot,) = lots(look.session, only=[lot_id])
    movements = _movements(look, lot_id, newest=count - (page - 1) * _MOVEMENTS)
    return Ledger(
        lot, row.product_id, product, row.received_on, movements, page, pages, look.today, balances(look.session), policy.single_weight, policy.expiring_days,
        _arrival(look, lot_id), of_lot(look, lot_id),
    )  # fmt: skip


def _arrival(look: Look, lot_id: UUID) -> Arrival | None:
    """How the lot came; None for one of before receipts were kept, and for one that was made here."""
    row = look.session.scalars(select(ReceiptRow).where(ReceiptRow.lot_id == lot_id)).first()
    if row is None:
        return None
    invoice = look.session.get(PurchaseRow, row.purchase_id) if row.purchase_id else None
    purchase = Purchase(invoice.wholesaler, invoice.invoice_number, invoice.invoiced_on) if invoice else None
    serials = tuple(look.session.scalars(select(SerialRow.number).where(SerialRow.lot_id == lot_id).order_by(SerialRow.number)))
    return Arrival(Origin(Source(row.source), purchase, row.manufacturer_lot, row.no_expiry, serials), row.purchase_id)


def _movements(look: Look, lot_id: UUID, *, newest: int) -> tuple[Movement, ...]:
    """A page of movements from the `newest`-th of the lot downwards, each with what was left after it."""
    rows = look.session.execute(
        select(MovementRow.amount, RunningBalanceRow.balance, MovementRow.reason, MovementRow.moved_at, BatchRow.id, BatchRow.number, PersonRow.name)
        .join(RunningBalanceRow, RunningBalanceRow.movement_id == MovementRow.id)
        .outerjoin(BatchRow, MovementRow.batch_id == BatchRow.id)
        .outerjoin(PersonRow, MovementRow.person_id == PersonRow.id)
        .where(RunningBalanceRow.lot_id == lot_id, RunningBalanceRow.place <= newest, RunningBalanceRow.place > newest - _MOVEMENTS)
        .order_by(RunningBalanceRow.place.desc())
    )
    return tuple(
        Movement(amount, after, reason, at, batch_id, str(batch_number or ""), person or "")
        for amount, after, reason, at, batch_id, batch_number, person in rows
    )
