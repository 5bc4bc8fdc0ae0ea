"""The queue of print jobs: what waits, who sends what next, what the printer answered, and what a person then decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer

from compounding.db.label_runs import LabelRunItemRow, LabelRunRow
from compounding.db.labels import LabelPrintRow, LabelRow
from compounding.db.people import PersonRow
from compounding.db.printers import PrinterRow, PrintJobRow, printer_of
from compounding.db.values import fill_row
from compounding.domain.errors import Conflict, Unknown
from compounding.domain.print_job import LEASE, LOST, OPEN, RELOADED, STALLED, VOID, Answer, JobStatus, advance, settled
from compounding.domain.printer import Printer
from compounding.workflow.act import Act, Look

_SHOWN = 60  # jobs on the page; the open ones are all there
_OF_PRINTER = 8


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as people see it: where, what, who asked when, how it stands and what was said last."""

    id: UUID
    printer: str
    about: str
    fill_id: UUID | None
    number: int  # which print of its label; 0 for anything else
    reason: str
    status: JobStatus
    tries: int
    said: str
    doubled: bool
    person: str
    asked_at: datetime
    next_at: datetime

    @property
    def troubled(self) -> bool:
        """Whether it waits for a person."""
        return self.status in {JobStatus.FAILED, JobStatus.UNSURE}

    @property
    def on_its_way(self) -> bool:
        """Whether the queue has yet to do with it."""
        return self.status in {JobStatus.WAITING, JobStatus.SENDING}

    @property
    def may(self) -> frozenset[JobStatus]:
        """What a person may make of it."""
        return {
            JobStatus.WAITING: frozenset({JobStatus.CANCELLED}),
            JobStatus.FAILED: frozenset({JobStatus.WAITING, JobStatus.CANCELLED}),
            JobStatus.UNSURE: frozenset({JobStatus.WAITING, JobStatus.CANCELLED, JobStatus.SENT}),
        }.get(self.status, frozenset())


@dataclass(frozen=True, slots=True)
class Sending:
    """A job that was taken out of the queue to be sent now: these bytes, to this printer."""

    id: UUID
    printer: Printer
    pdf: bytes


def jobs(look: Look) -> tuple[JobView, ...]:
    """Every job that somebody or something has yet to do with, and the newest of the others; the newest first."""
    open_jobs = _views(look, select(PrintJobRow.id).where(PrintJobRow.status.in_(OPEN)))
    done = _views(look, select(PrintJobRow.id).where(~PrintJobRow.status.in_(OPEN)).order_by(PrintJobRow.asked_at.desc()).limit(_SHOWN))
    return (*open_jobs, *done)


def jobs_of_fill(look: Look, fill_id: UUID) -> tuple[JobView, ...]:
    """The jobs of one container's labels, the newest first."""
    prints = select(LabelPrintRow.id).join(LabelRow, LabelRow.id == LabelPrintRow.label_id).where(LabelRow.fill_id == fill_id)
    return _views(look, select(PrintJobRow.id).where(PrintJobRow.label_print_id.in_(prints)))


def jobs_of_printer(look: Look, printer_id: UUID) -> tuple[JobView, ...]:
    """The newest jobs of one printer."""
    return _views(look, select(PrintJobRow.id).where(PrintJobRow.printer_id == printer_id).order_by(PrintJobRow.asked_at.desc()).limit(_OF_PRINTER))


def troubled(look: Look) -> int:
    """How many jobs wait for a person."""
    return look.session.scalars(select(func.count()).select_from(PrintJobRow).where(PrintJobRow.status.in_((JobStatus.FAILED, JobStatus.UNSURE)))).one()


def is_stalled(look: Look) -> bool:
    """Whether jobs are due and nobody sends them: the queue does not run."""
    return any(next_at <= look.at - STALLED for _, next_at in _due(look))


def shown(look: Look, job_id: UUID) -> Sending:
    """The bytes of a job, for the browser that prints them; raises `Conflict` once a label of it is void."""
    row = look.session.get(PrintJobRow, job_id)
    if row is None:
        raise Unknown("unknown-job", "There is no such print job.")
    for label in _labels(look, row):
        look.note_read(prescription_id=fill_row(look.session, label.fill_id).prescription_id)
    if _is_void(look, row):
        raise Conflict("label-void", VOID)
    return _sending(look, row)


def is_due(look: Look) -> bool:
    """Whether the sender has something to do now; a question, so that a queue at rest writes nothing."""
    return _next(look) is not None or bool(_lost(look))


def claim(act: Act) -> Sending | None:
    """Take the next job out of the queue, to be sent now; None where none is due.

    A printer gets one job after the other, in the order in which they were asked for, so that labels come out in that order. A job whose
    sender did not tell in time becomes unsure first. What says something that does not hold any more is cancelled and never sent.
    """
    for lost in _lost(act):
        row = _locked(act, lost)
        if row.status == JobStatus.SENDING and row.next_at <= act.at:
            row.status, row.said = advance(JobStatus.SENDING, JobStatus.UNSURE), LOST
    key = _next(act)
    if key is None:
        return None
    row = _locked(act, key)
    if row.status != JobStatus.WAITING:
        return None  # another sender was first
    if _is_void(act, row):
        _end(act, row, JobStatus.CANCELLED, VOID)
        return None
    row.status = advance(JobStatus.WAITING, JobStatus.SENDING)
    row.tries += 1
    row.next_at = act.at + LEASE
    if row.medium != act.session.get_one(PrinterRow, row.printer_id).medium:
        row.status, row.said = advance(JobStatus.SENDING, JobStatus.FAILED), RELOADED
        return None
    return _sending(act, row)


def settle(act: Act, job_id: UUID, answer: Answer) -> JobStatus:
    """Keep what became of a job that was sent; one that was given up for lost meanwhile keeps the better knowledge."""
    row = _locked(act, job_id)
    found = settled(answer, row.tries)
    if row.status == JobStatus.UNSURE and found.status is JobStatus.SENT:
        return _end(act, row, JobStatus.SENT, found.said)
    if row.status != JobStatus.SENDING:
        return JobStatus(row.status)
    if found.status is JobStatus.SENT:
        return _end(act, row, JobStatus.SENT, found.said)
    row.status, row.said = advance(JobStatus.SENDING, found.status), found.said
    row.next_at = act.at + found.pause
    return found.status


def cancel(act: Act, job_id: UUID) -> None:
    """Nobody wants it any more; raises `Conflict` while it is being sent and once it was."""
    _end(act, _locked(act, job_id), JobStatus.CANCELLED, "")


def send_again(act: Act, job_id: UUID) -> None:
    """Send a job that failed, or that may have been printed: then it says so, since two labels may come out."""
    row = _locked(act, job_id)
    row.doubled = row.doubled or row.status == JobStatus.UNSURE
    row.status = advance(JobStatus(row.status), JobStatus.WAITING)
    row.tries, row.next_at = 0, act.at


def confirm(act: Act, job_id: UUID) -> None:
    """A person has the label in hand; raises `Conflict` unless it was unknown."""
    _end(act, _locked(act, job_id), JobStatus.SENT, "Somebody saw that it came out.")


def _end(act: Act, row: PrintJobRow, status: JobStatus, said: str) -> JobStatus:
    row.status, row.said, row.settled_at = advance(JobStatus(row.status), status), said or row.said, act.at
    return status


def _locked(act: Act, job_id: UUID) -> PrintJobRow:
    row = act.session.get(PrintJobRow, job_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown("unknown-job", "There is no such print job.")
    return row


def _lost(look: Look) -> Sequence[UUID]:
    return look.session.scalars(select(PrintJobRow.id).where(PrintJobRow.status == JobStatus.SENDING, PrintJobRow.next_at <= look.at)).all()


def _next(look: Look) -> UUID | None:
    """The oldest job that is due, of a printer that has no older one in the queue."""
    return next((key for key, _ in _due(look)), None)


def _due(look: Look) -> Iterator[tuple[UUID, datetime]]:
    """Every job that could be sent now, the oldest first, with the moment from which on it could."""
    columns = (PrintJobRow.id, PrintJobRow.printer_id, PrintJobRow.status, PrintJobRow.next_at)
    queued = select(*columns).where(PrintJobRow.status.in_((JobStatus.WAITING, JobStatus.SENDING))).order_by(PrintJobRow.asked_at, PrintJobRow.id)
    engaged: set[UUID] = set()
    for key, printer_id, status, next_at in look.session.execute(queued):
        if printer_id not in engaged and status == JobStatus.WAITING and next_at <= look.at:
            yield key, next_at
        engaged.add(printer_id)


def _labels(look: Look, row: PrintJobRow) -> Sequence[LabelRow]:
    """The labels that a job prints: one, those of a sheet, or none."""
    printed = select(LabelPrintRow.label_id).where(LabelPrintRow.id == row.label_print_id)
    on_sheets = select(LabelRunItemRow.label_id).join(LabelRunRow, LabelRunRow.id == LabelRunItemRow.run_id).where(LabelRunRow.job_id == row.id)
    which = printed if row.label_print_id is not None else on_sheets
    return look.session.scalars(select(LabelRow).where(LabelRow.id.in_(which))).all()


def _is_void(look: Look, row: PrintJobRow) -> bool:
    return any(label.status != "current" for label in _labels(look, row))


def _sending(look: Look, row: PrintJobRow) -> Sending:
    printer = look.session.get_one(PrinterRow, row.printer_id)
    pdf = row.pdf if row.pdf is not None else _labels(look, row)[0].pdf
    return Sending(row.id, printer_of(printer), pdf)


def _views(look: Look, keys: Select[UUID]) -> tuple[JobView, ...]:
    found = look.session.execute(
        select(PrintJobRow, PrinterRow.name, PersonRow.name, LabelPrintRow.number, LabelPrintRow.reason, LabelRow.fill_id)
        .join(PrinterRow, PrinterRow.id == PrintJobRow.printer_id)
        .join(PersonRow, PersonRow.id == PrintJobRow.person_id)
        .outerjoin(LabelPrintRow, LabelPrintRow.id == PrintJobRow.label_print_id)
        .outerjoin(LabelRow, LabelRow.id == LabelPrintRow.label_id)
        .where(PrintJobRow.id.in_(keys))
        .options(defer(PrintJobRow.pdf, raiseload=True))
        .order_by(PrintJobRow.asked_at.desc(), PrintJobRow.id)
    )
    return tuple(
        JobView(
            id=row.id,
            printer=printer,
            about=row.about,
            fill_id=fill_id,
            number=number or 0,
            reason=reason or "",
            status=JobStatus(row.status),
            tries=row.tries,
            said=row.said,
            doubled=row.doubled,
            person=person,
            asked_at=row.asked_at,
            next_at=row.next_at,
        )
        for row, printer, person, number, reason, fill_id in found
    )
