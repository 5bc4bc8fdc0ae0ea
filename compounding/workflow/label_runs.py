"""A run: the labels of many containers as one job, on sheets of labels or one after the other; what does not fit is left out and said.

Each label is laid out apart and issued in a transaction of its own, by the queue and in the name of the person who asked. So a run that is
interrupted goes on where it stood, and no container gets two labels by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow, ShareRow
from compounding.db.label_runs import LabelRunItemRow, LabelRunRow
from compounding.db.labels import LabelRow
from compounding.db.people import PersonRow
from compounding.db.prescriptions import PatientRow, PrescriptionRow
from compounding.db.printers import PrinterRow, active_printer
from compounding.db.values import fill_row
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.fill import FillStatus
from compounding.domain.people import PharmacyProfile
from compounding.domain.printer import Way
from compounding.workflow import labels
from compounding.workflow.act import Act, Look
from compounding.workflow.labels import Composed
from compounding.workflow.queueing import queue_own
from labels.label import DispensingLabel, LabelDoesNotFit, Printed
from labels.media import MEDIA, Grid, Media

MOST = 200  # containers of one run; a day of a busy counter, and a paper that one can still sort


class Renders(Protocol):
    """What lays labels out and puts them onto sheets; the application hands one over."""

    def dispensing(self, label: DispensingLabel, media: Media) -> Printed:
        """The label on this stock."""

    def sheets(self, labels: Sequence[bytes], media: Media, *, first: int = 1) -> Printed:
        """Finished labels on sheets, from this position on."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A container that is made and released and has no label yet."""

    fill_id: UUID
    number: int
    patient: str
    birth_date: date
    rx_number: str
    batch_number: str
    opens_on: date


@dataclass(frozen=True, slots=True)
class Item:
    """One container of a run and what became of it."""

    fill_id: UUID
    rx_number: str
    number: int
    status: str
    said: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run as people see it."""

    id: UUID
    printer: str
    in_browser: bool
    status: str
    said: str
    first: int
    positions: int  # of a sheet; 0 where labels come one after the other
    person: str
    asked_at: datetime
    job_id: UUID | None
    items: tuple[Item, ...]

    @property
    def settled(self) -> int:
        """How many containers are done with."""
        return sum(item.status != "waiting" for item in self.items)

    @property
    def printed(self) -> int:
        """How many got their label."""
        return sum(item.status == "printed" for item in self.items)

    @property
    def refused(self) -> tuple[Item, ...]:
        """Those that did not."""
        return tuple(item for item in self.items if item.status == "refused")


@dataclass(frozen=True, slots=True)
class Task:
    """What a run needs next: the label of one container, or its sheets."""

    run_id: UUID
    medium: str
    item_id: UUID | None = None
    fill_id: UUID | None = None
    first: int = 1
    pdfs: tuple[bytes, ...] = ()


def ready(look: Look) -> tuple[Ready, ...]:
    """Every container whose label may be printed now and was not, by the day on which it is needed."""
    found = look.session.execute(
        select(FillRow, PrescriptionRow, PatientRow, BatchRow.number)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .join(PatientRow, PrescriptionRow.patient_id == PatientRow.id)
        .join(ShareRow, (ShareRow.fill_id == FillRow.id) & (ShareRow.status == "live"))
        .join(BatchRow, (ShareRow.batch_id == BatchRow.id) & (BatchRow.status == "released"))
        .where(FillRow.status == FillStatus.MADE)
        .order_by(FillRow.opens_on, PrescriptionRow.number, FillRow.number, FillRow.part)
        .limit(MOST)
    ).all()
    for _, prescription, patient, _ in found:
        look.note_read(patient_id=patient.id, prescription_id=prescription.id)
    return tuple(
        Ready(fill.id, fill.number, patient.name, patient.birth_date, str(prescription.number), str(batch), fill.opens_on)
        for fill, prescription, patient, batch in found
    )


def start(act: Act, printer_id: UUID, fill_ids: Sequence[UUID], *, first: int = 1) -> UUID:
    """Begin a run; gives its key.

    Raises `Invalid` for `fills`, `first` or `printer`.
    """
    printer = active_printer(act.session, printer_id)
    grid = MEDIA[printer.medium].grid
    if not 1 <= len(fill_ids) <= MOST:
        raise Invalid("run-fills", "Nothing to print.", fields={"fills": (f"Tick at least one container, and at most {MOST}.",)})
    if not 1 <= first <= (grid.positions if grid else 1):
        raise Invalid("run-first", "No such place.", fields={"first": ("Choose a place of the sheet.",)})
    known = set(act.session.scalars(select(FillRow.id).where(FillRow.id.in_(fill_ids), FillRow.status == FillStatus.MADE)))
    if len(known) != len(set(fill_ids)):
        sentence = "Some of these containers were labelled meanwhile, or are not made any more. Look at the list again."
        raise Invalid("run-fills", sentence, fields={"fills": (sentence,)})
    run = LabelRunRow(printer_id=printer.id, medium=printer.medium, first=first, status="working", person_id=act.actor.id, asked_at=act.at)
    act.session.add(run)
    for place, fill_id in enumerate(dict.fromkeys(fill_ids), start=1):
        act.session.add(LabelRunItemRow(run_id=run.id, place=place, fill_id=fill_id, status="waiting"))
    return run.id


def stop(act: Act, run_id: UUID) -> None:
    """Print nothing further of it; what was printed stays. Raises `Conflict` when it has ended."""
    run = _locked(act, run_id)
    if run.status != "working":
        raise Conflict("run-ended", "This run has ended already.")
    run.status, run.ended_at, run.said = "stopped", act.at, f"Stopped by {act.actor.name}."


def run(look: Look, run_id: UUID) -> Run:
    """One run; raises `Unknown`."""
    row = look.session.get(LabelRunRow, run_id)
    if row is None:
        raise Unknown("unknown-run", "There is no such run of labels.")
    items = look.session.execute(
        select(LabelRunItemRow, FillRow, PrescriptionRow)
        .join(FillRow, LabelRunItemRow.fill_id == FillRow.id)
        .join(PrescriptionRow, FillRow.prescription_id == PrescriptionRow.id)
        .where(LabelRunItemRow.run_id == row.id)
        .order_by(LabelRunItemRow.place)
    ).all()
    for _, _, order in items:
        look.note_read(patient_id=order.patient_id, prescription_id=order.id)
    printer, grid = look.session.get_one(PrinterRow, row.printer_id), MEDIA[row.medium].grid
    return Run(
        id=row.id,
        printer=printer.name,
        in_browser=printer.way == Way.BROWSER,
        status=row.status,
        said=row.said,
        first=row.first,
        positions=grid.positions if grid else 0,
        person=look.session.get_one(PersonRow, row.person_id).name,
        asked_at=row.asked_at,
        job_id=row.job_id,
        items=tuple(Item(fill.id, str(order.number), fill.number, item.status, item.said) for item, fill, order in items),
    )


def newest(look: Look) -> tuple[tuple[UUID, str, datetime, str, int], ...]:
    """The newest runs: key, printer, when, status, and of how many containers."""
    counted = (
        select(LabelRunRow.id, PrinterRow.name, LabelRunRow.asked_at, LabelRunRow.status, func.count(LabelRunItemRow.id))
        .join(PrinterRow, PrinterRow.id == LabelRunRow.printer_id)
        .join(LabelRunItemRow, LabelRunItemRow.run_id == LabelRunRow.id)
        .group_by(LabelRunRow.id, PrinterRow.name, LabelRunRow.asked_at, LabelRunRow.status)
        .order_by(LabelRunRow.asked_at.desc())
        .limit(5)
    )
    return tuple((key, name, at, status, count) for key, name, at, status, count in look.session.execute(counted))


def next_task(look: Look) -> Task | None:
    """What the oldest run that is working needs next; None where no run works."""
    row = look.session.scalars(select(LabelRunRow).where(LabelRunRow.status == "working").order_by(LabelRunRow.asked_at, LabelRunRow.id).limit(1)).first()
    if row is None:
        return None
    waiting = select(LabelRunItemRow).where(LabelRunItemRow.run_id == row.id, LabelRunItemRow.status == "waiting").order_by(LabelRunItemRow.place).limit(1)
    item = look.session.scalars(waiting).first()
    if item is not None:
        return Task(row.id, row.medium, item.id, item.fill_id)
    kept = (
        select(LabelRow.pdf)
        .join(LabelRunItemRow, LabelRunItemRow.label_id == LabelRow.id)
        .where(LabelRunItemRow.run_id == row.id, LabelRow.status == "current")
        .order_by(LabelRunItemRow.place)
    )
    pdfs = tuple(look.session.scalars(kept)) if _is_one_file(look, row) else ()
    return Task(row.id, row.medium, first=row.first, pdfs=pdfs)


def on_sheets(renderer: Renders, task: Task) -> Printed | None:
    """The kept labels of a run on sheets, or for the browser as pages of one file; None where each is a job of its own, or there are none.

    Raises `Invalid` where they are more than a job takes.
    """
    if not task.pdfs:
        return None
    try:
        return renderer.sheets(task.pdfs, _as_sheet(MEDIA[task.medium]), first=task.first)
    except LabelDoesNotFit as refusal:
        raise Invalid("sheets", refusal.sentence) from refusal


def print_item(act: Act, task: Task, composed: Composed, printed: Printed, profile: PharmacyProfile) -> None:
    """Issue the label of one container in the name of who asked; a label printer gets it as a job of its own.

    Raises `Conflict` where the container was labelled meanwhile, the run has ended, or other labels are loaded.
    """
    run, item = _locked(act, task.run_id), _locked_item(act, task)
    if run.status != "working" or item.status != "waiting":
        return  # stopped, or another queue was first
    if fill_row(act.session, item.fill_id, lock=True).status != FillStatus.MADE:
        raise Conflict("run-labelled", "It was labelled meanwhile, or is not made any more.")
    printer = None if _is_one_file(act, run) else run.printer_id
    issued = labels.issue(act, composed, printed, profile, printer=printer, by=run.person_id)
    item.status, item.label_id = "printed", issued.label_id


def refuse_item(act: Act, task: Task, sentence: str) -> None:
    """Leave one container out and say why; the run goes on."""
    item = _locked_item(act, task)
    if item.status == "waiting":
        item.status, item.said = "refused", sentence


def finish(act: Act, task: Task, sheets: Printed | None, said: str = "") -> None:
    """End a run whose containers are all settled, and queue its sheets; an ended one stays as it is."""
    run = _locked(act, task.run_id)
    if run.status != "working":
        return
    if sheets is not None:
        about = f"{'Sheets of labels' if MEDIA[run.medium].grid else 'Labels'} for {len(task.pdfs)} containers"
        printer = act.session.get_one(PrinterRow, run.printer_id)
        if printer.medium == run.medium:
            run.job_id = queue_own(act, printer, "sheet", sheets.pdf, about=about, by=run.person_id)
        else:
            said = f"{printer.name} is loaded with other labels now. The labels are kept: print each on its own page, or load the sheets and begin anew."
    run.status, run.ended_at, run.said = "done", act.at, said


def _is_one_file(look: Look, run: LabelRunRow) -> bool:
    """Whether the labels of a run are printed together: on sheets, and by a browser, which is asked once and not for each."""
    return MEDIA[run.medium].grid is not None or look.session.get_one(PrinterRow, run.printer_id).way == Way.BROWSER


def _as_sheet(media: Media) -> Media:
    """Stock of single labels as sheets of one."""
    size = (media.width_mm, media.height_mm)
    return media if media.grid else replace(media, grid=Grid(size, 1, 1, 0, 0, *size))


def _locked(act: Act, run_id: UUID) -> LabelRunRow:
    row = act.session.get(LabelRunRow, run_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Unknown("unknown-run", "There is no such run of labels.")
    return row


def _locked_item(act: Act, task: Task) -> LabelRunItemRow:
    return act.session.get_one(LabelRunItemRow, task.item_id, with_for_update=True, populate_existing=True)
