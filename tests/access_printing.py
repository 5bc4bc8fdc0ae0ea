"""The routes of printing: what each needs, a form that it would take, and something for it to lead to."""

from collections.abc import Mapping

from sqlalchemy import select

from compounding.db.printers import PrinterRow, PrintJobRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from tests.adversary import Fields, House

ROUTES: Mapping[str, ActName | LookName] = {
    "labels.label": ActName.LABEL_ISSUE,
    "labels.label_pdf": LookName.LABELS,
    "labels.reprint": ActName.LABEL_REPRINT,
    "printers.index": LookName.PRINTERS,
    "printers.add": ActName.PRINTER_SET,
    "printers.printer": LookName.PRINTERS,
    "printers.change": ActName.PRINTER_SET,
    "printers.retire": ActName.PRINTER_RETIRE,
    "printers.test": ActName.PRINTER_TEST,
    "printers.here": LookName.PRINTERS,
    "print_jobs.index": LookName.PRINTERS,
    "print_jobs.pdf": LookName.LABELS,
    "print_jobs.cancel": ActName.JOB_CANCEL,
    "print_jobs.again": ActName.JOB_SEND_AGAIN,
    "print_jobs.came_out": ActName.JOB_CONFIRM,
}
_PRINTER: Fields = {"name": "Counter 1", "medium": "thermal-4x6", "way": "socket", "address": "socket://127.0.0.1:9100", "purposes[]": "containers"}
FORMS: Mapping[str, Fields] = {
    "labels.label": {"medium": "thermal-4x6"},
    "labels.reprint": {"reason": "smeared"},
    "printers.add": {**_PRINTER, "name": "Counter 2"},
    "printers.change": _PRINTER,
}


def printed(house: House, label_id: str) -> dict[str, str]:
    """A printer, and a job that waits at it."""
    house.post("maria", "/printers", _PRINTER)
    with reading(house.bench.pharmacy.engine) as session:
        printer = str(session.scalars(select(PrinterRow.id)).one())
    house.post("linh", f"/labels/{label_id}/reprint", {"reason": "smeared", "printer": printer})
    with reading(house.bench.pharmacy.engine) as session:
        return {"printer_id": printer, "job_id": str(session.scalars(select(PrintJobRow.id)).one())}
