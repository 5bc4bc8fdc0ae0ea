"""The routes of printing: what each needs, a form that it would take, and something for it to lead to."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from compounding.db.label_runs import LabelRunItemRow, LabelRunRow
from compounding.db.labels import LabelRow
from compounding.db.printers import PrinterRow, PrintJobRow
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.workflow.act import Act
from tests.adversary import Fields, House

_PRINTER: Fields = {"name": "Counter 1", "medium": "thermal-4x6", "way": "socket", "address": "socket://127.0.0.1:9100", "purposes[]": "containers"}
FORMS: Mapping[str, Fields] = {
    "labels.label": {"medium": "thermal-4x6"},
    "labels.reprint": {"reason": "smeared"},
    "printers.add": {**_PRINTER, "name": "Counter 2"},
    "printers.change": _PRINTER,
}


def printed(house: House, label_id: str) -> dict[str, str]:
    """A printer, a job that waits at it, and a run of one container."""
    house.post("maria", "/printers", _PRINTER)
    with reading(house.bench.pharmacy.engine) as session:
        printer = str(session.scalars(select(PrinterRow.id)).one())
    house.post("linh", f"/labels/{label_id}/reprint", {"reason": "smeared", "printer": printer})
    with reading(house.bench.pharmacy.engine) as session:
        job, fill = session.scalars(select(PrintJobRow.id)).one(), session.get_one(LabelRow, UUID(label_id)).fill_id
    run = house.bench.pharmacy.perform(ActName.RUN_START, house.bench.linh, lambda act: _begun(act, UUID(printer), fill))
    return {"printer_id": printer, "job_id": str(job), "run_id": str(run)}


def _begun(act: Act, printer: UUID, fill: UUID) -> UUID:
    run = LabelRunRow(printer_id=printer, medium="thermal-4x6", first=1, status="working", person_id=act.actor.id, asked_at=act.at)
    act.session.add_all([run, LabelRunItemRow(run_id=run.id, place=1, fill_id=fill, status="waiting")])
    return run.id
