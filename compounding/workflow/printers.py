"""The printers of the pharmacy: set by a pharmacist, chosen at each screen, tried with a label of rulers."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select

from compounding.db.printers import PrinterRow, PrintJobRow, active_printer, active_printers, printer_of
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.print_job import OPEN
from compounding.domain.printer import Printer, PrintsFor, Way
from compounding.workflow.act import Act, Look
from compounding.workflow.queueing import queue_own
from labels.label import Printed
from labels.media import MEDIA, Media, Purpose

_PURPOSES = {PrintsFor.CONTAINERS: Purpose.DISPENSING, PrintsFor.BATCHES: Purpose.BATCH}

_SET = ("name", "medium", "right_um", "down_um", "way", "address", "for_containers", "for_batches")


class RendersRulers(Protocol):
    """What lays a ruler label out; the application hands one over."""

    def ruler(self, media: Media) -> Printed:
        """A label of rulers on this stock."""


@dataclass(frozen=True, slots=True)
class PrinterView:
    """A printer in use, with the name of what is loaded and how many jobs have yet to be done with."""

    id: UUID
    printer: Printer
    medium_name: str
    open_jobs: int

    @property
    def on_sheets(self) -> bool:
        """Whether sheets of labels are loaded, which are printed as a job of many and never one by one."""
        return bool(self.columns)

    @property
    def columns(self) -> int:
        """How many labels stand beside each other on a sheet; 0 where none is loaded."""
        grid = MEDIA[self.printer.medium].grid
        return grid.columns if grid else 0

    @property
    def positions(self) -> int:
        """How many labels a sheet has; 0 where none is loaded."""
        grid = MEDIA[self.printer.medium].grid
        return grid.positions if grid else 0

    @property
    def in_browser(self) -> bool:
        """Whether its prints open in the browser."""
        return self.printer.reach.way is Way.BROWSER


def stock() -> tuple[tuple[str, str], ...]:
    """Every label stock that can be loaded: its id and its name."""
    return tuple((item.id, item.name) for item in MEDIA.values() if item.purposes & {*_PURPOSES.values()})


def printers(look: Look, purpose: PrintsFor | None = None) -> tuple[PrinterView, ...]:
    """Every printer in use, by name; with a purpose, those that serve it."""
    waiting = select(PrintJobRow.printer_id, func.count()).where(PrintJobRow.status.in_(OPEN)).group_by(PrintJobRow.printer_id)
    counts = {row[0]: row[1] for row in look.session.execute(waiting)}
    views = tuple(PrinterView(row.id, printer_of(row), MEDIA[row.medium].name, counts.get(row.id, 0)) for row in active_printers(look.session))
    return tuple(view for view in views if purpose is None or purpose in view.printer.purposes)


def printer(look: Look, printer_id: UUID) -> PrinterView:
    """One printer in use; raises `Unknown`."""
    for view in printers(look):
        if view.id == printer_id:
            return view
    raise Unknown("unknown-printer", "There is no such printer.")


def chosen(look: Look, printer_id: UUID) -> PrinterView:
    """The printer that somebody prints on; raises `Invalid` for the field `printer` where it is not in use."""
    active_printer(look.session, printer_id)
    return printer(look, printer_id)


def keep(act: Act, told: Printer, printer_id: UUID | None = None) -> UUID:
    """Keep a printer as it was told, a new one or one that is in use; gives its key.

    Raises `Invalid` for a name that another has, for stock that cannot serve what the printer is for, and without any purpose.
    """
    _require_fit(told)
    twin = act.session.scalars(select(PrinterRow).where(func.lower(PrinterRow.name) == told.name.lower(), PrinterRow.id != printer_id)).first()
    if twin is not None:
        sentence = "Another printer has this name." if twin.active else "A printer that was taken out of use had this name."
        raise Invalid("printer-name", sentence, fields={"name": (f"{sentence} Write another one.",)})
    told_row = PrinterRow(
        name=told.name,
        medium=told.medium,
        right_um=told.offset.right_um,
        down_um=told.offset.down_um,
        way=told.reach.way,
        address=told.reach.address,
        for_containers=PrintsFor.CONTAINERS in told.purposes,
        for_batches=PrintsFor.BATCHES in told.purposes,
        active=True,
    )
    if printer_id is None:
        act.session.add(told_row)
        return told_row.id
    row = _row(act, printer_id)
    for name in _SET:
        setattr(row, name, getattr(told_row, name))
    return row.id


def retire(act: Act, printer_id: UUID) -> None:
    """Take a printer out of use; raises `Conflict` while jobs of it are open."""
    row = _row(act, printer_id)
    if act.session.scalars(select(PrintJobRow.id).where(PrintJobRow.printer_id == row.id, PrintJobRow.status.in_(OPEN))).first():
        raise Conflict("printer-busy", "Print jobs of this printer are still open. Let them print or cancel them first.", where="/jobs")
    row.active = False


def ruler(look: Look, printer_id: UUID, renderer: RendersRulers) -> Printed:
    """The test label for what is loaded in a printer, laid out before anything is written; raises `Unknown`."""
    return renderer.ruler(MEDIA[printer(look, printer_id).printer.medium])


def test(act: Act, printer_id: UUID, printed: Printed) -> UUID:
    """Queue the test label; gives the job's key. Raises `Conflict` where other stock was loaded meanwhile."""
    row = active_printer(act.session, printer_id)
    if row.medium != printed.media:
        raise Conflict("printer-changed", "The printer was set anew meanwhile. Print the test label again.")
    return queue_own(act, row, "test", printed.pdf, about="Test label", by=act.actor.id)


def print_batch_label(act: Act, printer_id: UUID, number: str, printed: Printed) -> UUID:
    """Queue the label of the batch with this number; gives the job's key. Raises `Conflict` where other stock was loaded meanwhile."""
    row = active_printer(act.session, printer_id)
    if row.medium != printed.media:
        raise Conflict("printer-changed", "The printer was set anew meanwhile. Print the label again.")
    return queue_own(act, row, "batch", printed.pdf, about=f"Batch {number}", by=act.actor.id)


def _row(act: Act, printer_id: UUID) -> PrinterRow:
    row = act.session.get(PrinterRow, printer_id, with_for_update=True, populate_existing=True)
    if row is None or not row.active:
        raise Unknown("unknown-printer", "There is no such printer.")
    return row


def _require_fit(told: Printer) -> None:
    if told.medium not in dict(stock()):
        raise Invalid("medium", "Choose the label stock.", fields={"medium": ("Choose the label stock from the list.",)})
    media = MEDIA[told.medium]
    for field, length in (("right", told.offset.right_um), ("down", told.offset.down_um)):
        if abs(length) > media.safe_area_mm * 1000:
            sentence = f"{media.name} has a blank margin of {media.safe_area_mm} mm: write at most that, or the print would be cut."
            raise Invalid("offset", sentence, fields={field: (sentence,)})
    if not told.purposes:
        raise Invalid("purposes", "Say what it prints.", fields={"purposes": ("Tick what this printer is for.",)})
    unfit = [purpose for purpose in PrintsFor if purpose in told.purposes and _PURPOSES[purpose] not in media.purposes]
    if unfit:
        sentence = f"Labels of {media.name} are too small for {unfit[0]}. Choose larger ones, or leave that out."
        raise Invalid("purposes", sentence, fields={"purposes": (sentence,)})
