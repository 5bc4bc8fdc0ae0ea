"""A print job goes into the outbox in the transaction of the print that it sends: after a crash both are there or neither."""

from hashlib import sha256
from uuid import UUID

from compounding.db.labels import LabelPrintRow, LabelRow
from compounding.db.printers import PrinterRow, PrintJobRow, active_printer
from compounding.domain.errors import Invalid
from compounding.domain.print_job import JobStatus
from compounding.domain.printer import Way
from compounding.workflow.act import Act


def queue_label(act: Act, printer_id: UUID, label: LabelRow, printed: LabelPrintRow, *, about: str, by: UUID) -> UUID:
    """The job of one print of a label on a printer whose stock it was laid out for; gives its key.

    Raises `Invalid` for the field `printer` where other stock is loaded.
    """
    printer = active_printer(act.session, printer_id)
    if printer.medium != label.media:
        sentence = f"{printer.name} is loaded with other labels than this one was laid out for. Choose a printer that has them."
        raise Invalid("printer-medium", sentence, fields={"printer": (sentence,)})
    return _queued(act, printer, "label", label.pdf_sha256, about, by=by, label_print_id=printed.id)


def queue_own(act: Act, printer: PrinterRow, kind: str, pdf: bytes, *, about: str, by: UUID) -> UUID:
    """The job of something that is no label: a test, a sheet; gives its key."""
    return _queued(act, printer, kind, sha256(pdf).hexdigest(), about, by=by, pdf=pdf)


def _queued(
    act: Act, printer: PrinterRow, kind: str, digest: str, about: str, *, by: UUID, label_print_id: UUID | None = None, pdf: bytes | None = None
) -> UUID:
    shown = printer.way == Way.BROWSER
    row = PrintJobRow(
        printer_id=printer.id,
        kind=kind,
        label_print_id=label_print_id,
        pdf=pdf,
        pdf_sha256=digest,
        medium=printer.medium,
        about=about,
        status=JobStatus.SHOWN if shown else JobStatus.WAITING,
        person_id=by,
        asked_at=act.at,
        next_at=act.at,
        settled_at=act.at if shown else None,
    )
    act.session.add(row)
    return row.id
