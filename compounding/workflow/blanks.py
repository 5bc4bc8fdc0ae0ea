"""Blank worksheets: printed with numbers, listed, spoiled with a reason, and used when what was written on one is entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from compounding.db.batches import BatchRow
from compounding.db.blanks import BlankRow, LateEntryRow
from compounding.db.counters import next_number
from compounding.db.document import decode
from compounding.db.formulas import FormulaRow
from compounding.db.people import PersonRow
from compounding.db.records import keep_event
from compounding.db.values import approved_formulas, batch_row, formula_row
from compounding.domain.batch import BatchStatus
from compounding.domain.blank import BlankStatus, advance, check_count, read, said
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.formula import Formula
from compounding.workflow.act import Act, Look
from compounding.workflow.paging import paged

PAGE = 50  # numbers on one page


@dataclass(frozen=True, slots=True)
class Blank:
    """One number: of which formula, who printed it when, and what became of it."""

    id: UUID
    number: str
    status: BlankStatus
    formula: Formula
    printed_at: datetime
    printed_by: str
    batch_id: UUID | None
    batch_number: str
    spoiled_reason: str
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class Blanks:
    """One page of the numbers, the newest first, how many of each kind there are in all, and the formulas that may be printed."""

    found: tuple[Blank, ...]
    counts: dict[BlankStatus, int]
    formulas: tuple[Formula, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ForLate:
    """A batch whose late entry may begin, and of which formula's version its blank worksheet must be."""

    id: UUID
    number: str
    status: BatchStatus
    formula: str


def print_blanks(act: Act, code: str, count: int) -> tuple[UUID, ...]:
    """Number `count` blank worksheets of the approved version of a formula; gives their keys, by which they are printed, now or again."""
    check_count(count)
    version = next((formula.version for _, formula in approved_formulas(act.session) if formula.code == code), None)
    if version is None:
        message = "Choose a formula that is approved."
        raise Invalid("formula", message, fields={"formula": (message,)})
    formula = formula_row(act.session, code, version)
    rows = [
        BlankRow(
            number=next_number(act.session, "blank"),
            formula_id=formula.id,
            status=BlankStatus.UNUSED,
            printed_on=act.today,
            printed_at=act.at,
            person_id=act.actor.id,
        )
        for _ in range(count)
    ]
    act.session.add_all(rows)
    return tuple(row.id for row in rows)


def spoil(act: Act, blank_id: UUID, reason: str) -> None:
    """This number will not be used: torn, lost, or printed by mistake."""
    row = _row(act, blank_id, lock=True)
    if not reason:
        raise Invalid("reason", "Say what became of it.", fields={"reason": ("Say what became of it.",)})
    row.status = advance(BlankStatus(row.status), BlankStatus.SPOILED)
    row.spoiled_reason, row.settled_at, row.settler_id = reason, act.at, act.actor.id


def begin_late(act: Act, batch_id: UUID, number: str, reason: str) -> None:
    """A batch that was drawn up is entered late, from the blank worksheet of this number: each of its steps is then told with its time."""
    batch = batch_row(act.session, batch_id, lock=True)
    if batch.status != BatchStatus.PLANNED:
        raise Conflict("late", f"This batch is {batch.status.replace('_', ' ')}: a late entry begins before its first step is recorded.")
    if not reason:
        raise Invalid("late", "Say why it was made on paper.", fields={"reason": ("Say why it was made on paper.",)})
    row = act.session.scalars(select(BlankRow).where(BlankRow.number == read(number)).with_for_update()).first()
    if row is None:
        raise _not_this("No blank worksheet has this number. Scan the barcode at its head.")
    if row.status != BlankStatus.UNUSED:
        raise _not_this(f"Blank worksheet {said(row.number)} is {row.status} already. Look at it in the list of numbers.")
    if row.formula_id != batch.formula_id:
        raise _not_this(f"Blank worksheet {said(row.number)} is of another formula, or of another version of it.")
    row.status = advance(BlankStatus(row.status), BlankStatus.USED)
    row.batch_id, row.settled_at, row.settler_id = batch.id, act.at, act.actor.id
    act.session.add(LateEntryRow(batch_id=batch.id, blank_id=row.id, reason=reason, person_id=act.actor.id, entered_at=act.at))
    keep_event(act.session, batch.id, "late", reason=f"Blank worksheet {said(row.number)}: {reason}", person=act.actor, at=act.at)


def blanks(look: Look, page: int = 1) -> Blanks:
    """The numbers, none left out."""
    counts = dict(look.session.execute(select(BlankRow.status, func.count()).group_by(BlankRow.status)).all())
    page, pages = paged(sum(counts.values()), page, PAGE)
    formulas = tuple(formula for _, formula in approved_formulas(look.session))
    return Blanks(_found(look, offset=(page - 1) * PAGE), {status: counts.get(status, 0) for status in BlankStatus}, formulas, page, pages)


def blank(look: Look, blank_id: UUID) -> Blank:
    """One number; raises `Unknown`."""
    return _found(look, only=[_row(look, blank_id).id])[0]


def run_of(look: Look, blank_id: UUID) -> tuple[Blank, ...]:
    """Every number that was printed together with this one, in their order."""
    row = _row(look, blank_id)
    together = select(BlankRow.id).where(BlankRow.printed_at == row.printed_at, BlankRow.formula_id == row.formula_id)
    return tuple(reversed(_found(look, only=look.session.scalars(together).all())))


def batch_of(look: Look, batch_id: UUID) -> ForLate:
    """A batch that may be entered late; raises `Unknown`."""
    row = batch_row(look.session, batch_id)
    code, version = look.session.execute(select(FormulaRow.code, FormulaRow.version).where(FormulaRow.id == row.formula_id)).one()
    return ForLate(row.id, str(row.number), BatchStatus(row.status), f"{code}, version {version}")


def _found(look: Look, *, offset: int = 0, only: Sequence[UUID] | None = None) -> tuple[Blank, ...]:
    settler = aliased(PersonRow)
    query = (
        select(BlankRow, FormulaRow.document, PersonRow.name, settler.name, BatchRow.number)
        .join(FormulaRow, BlankRow.formula_id == FormulaRow.id)
        .join(PersonRow, BlankRow.person_id == PersonRow.id)
        .outerjoin(settler, BlankRow.settler_id == settler.id)
        .outerjoin(BatchRow, BlankRow.batch_id == BatchRow.id)
        .order_by(BlankRow.number.desc())
    )
    query = query.where(BlankRow.id.in_(only)) if only is not None else query.limit(PAGE).offset(offset)
    return tuple(
        Blank(
            id=row.id,
            number=said(row.number),
            status=BlankStatus(row.status),
            formula=decode(Formula, document),
            printed_at=row.printed_at,
            printed_by=by,
            batch_id=row.batch_id,
            batch_number=str(batch or ""),
            spoiled_reason=row.spoiled_reason or "",
            settled_at=row.settled_at,
            settled_by=settled_by or "",
        )
        for row, document, by, settled_by, batch in look.session.execute(query)
    )


def _row(look: Look, blank_id: UUID, *, lock: bool = False) -> BlankRow:
    row = look.session.get(BlankRow, blank_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise Unknown("unknown-blank", "There is no such blank worksheet.")
    return row


def _not_this(message: str) -> Invalid:
    return Invalid("blank", message, fields={"blank": (message,)})
