"""Printers as they are set, and print jobs: an outbox, written in the transaction of the print that it sends."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import HASHED, Row, not_negative, one_of, sha256, table_args
from compounding.db.private import PrivateBytes
from compounding.domain.errors import Invalid
from compounding.domain.print_job import JobStatus
from compounding.domain.printer import Offset, Printer, PrintsFor, Reach, Way


class PrinterRow(Row, kw_only=True):
    """A printer; it is retired and never deleted, since jobs name it."""

    __tablename__ = "printer"
    __table_args__ = table_args(
        UniqueConstraint("name"),
        one_of("way", *Way),
        CheckConstraint("(way = 'browser') = (address = '')", name="address_unless_browser"),
        CheckConstraint("right_um BETWEEN -10000 AND 10000", name="right_um_bound"),
        CheckConstraint("down_um BETWEEN -10000 AND 10000", name="down_um_bound"),
        CheckConstraint("length(name) > 0", name="named"),
    )

    name: Mapped[str]
    medium: Mapped[str]
    right_um: Mapped[int]
    down_um: Mapped[int]
    way: Mapped[str]
    address: Mapped[str]
    for_containers: Mapped[bool]
    for_batches: Mapped[bool]
    active: Mapped[bool]


class PrintJobRow(Row, kw_only=True):
    """One print on its way to a printer. A label's bytes are those of its label; of anything else (a test, a sheet) they stand here.

    `about` names Rx, batch or container, never a patient; `next_at` is the moment before which it is not tried, and while it is being sent
    the moment by which its sender must have told.
    """

    __tablename__ = "print_job"
    __table_args__ = table_args(
        UniqueConstraint("label_print_id"),
        one_of("status", *JobStatus),
        one_of("kind", "label", "batch", "test", "sheet"),
        not_negative("tries"),
        sha256("pdf_sha256"),
        CheckConstraint("(kind = 'label') = (label_print_id IS NOT NULL)", name="label_of_a_print"),
        CheckConstraint("(kind = 'label') = (pdf IS NULL)", name="bytes_of_the_label_or_its_own"),
        CheckConstraint("(status IN ('shown', 'sent', 'cancelled')) = (settled_at IS NOT NULL)", name="settled"),
        Index(None, "status", "next_at"),
        Index(None, "printer_id", "status", "asked_at"),
        Index(None, "asked_at"),
    )

    printer_id: Mapped[UUID] = mapped_column(ForeignKey("printer.id"))
    kind: Mapped[str]
    label_print_id: Mapped[UUID | None] = mapped_column(ForeignKey("label_print.id"), default=None)
    pdf: Mapped[bytes | None] = mapped_column(PrivateBytes("print_job.pdf"), info=HASHED, default=None)
    pdf_sha256: Mapped[str]
    medium: Mapped[str]
    about: Mapped[str]
    status: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(default="")
    doubled: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    next_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(default=None)


def printer_of(row: PrinterRow) -> Printer:
    """The printer of a row."""
    purposes = {PrintsFor.CONTAINERS: row.for_containers, PrintsFor.BATCHES: row.for_batches}
    reach = Reach.of(Way(row.way), row.address)
    return Printer(row.name, row.medium, Offset(row.right_um, row.down_um), reach, frozenset(purpose for purpose, held in purposes.items() if held))


def active_printer(session: Session, printer_id: UUID) -> PrinterRow:
    """A printer that is in use; raises `Invalid` for the field `printer`."""
    row = session.get(PrinterRow, printer_id)
    if row is None or not row.active:
        sentence = "Choose the printer from the list: this one is not in use any more."
        raise Invalid("printer", sentence, fields={"printer": (sentence,)})
    return row


def active_printers(session: Session) -> tuple[PrinterRow, ...]:
    """Every printer in use, by name."""
    return tuple(session.scalars(select(PrinterRow).where(PrinterRow.active).order_by(PrinterRow.name)))
