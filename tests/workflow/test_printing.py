"""A label's print and its job are one thing, and a reprint is the stored bytes, whatever the program would make of it today."""

from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.document import sha256
from compounding.db.labels import LabelPrintRow, LabelRow
from compounding.db.printers import PrinterRow, PrintJobRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.people import system_actor
from compounding.domain.print_job import Answer, Outcome
from compounding.domain.printer import Offset, Printer, PrintsFor, Reach, Way
from compounding.print_queue_command import run_next
from compounding.workflow import label_runs, labels, print_jobs, printers
from compounding.workflow.act import Act
from compounding.workflow.labels import Issued
from labels import render
from labels.media import MEDIA
from tests.application import renderer
from tests.workflow.bench import PROFILE, Bench
from tests.workflow.orders import IN_CAPSULES, capsules

QUEUE = system_actor("print queue")
COUNTER = Printer("Counter 1", "thermal-4x6", Offset(), Reach(Way.SOCKET, "127.0.0.1", 9100), frozenset({PrintsFor.CONTAINERS}))


def set_up(bench: Bench) -> UUID:
    return bench.pharmacy.perform(ActName.PRINTER_SET, bench.maria, lambda act: printers.keep(act, COUNTER))


def made(bench: Bench) -> UUID:
    (fill,) = bench.planned(capsules("Ann Sample"), IN_CAPSULES)
    bench.made(fill)
    return fill


def in_a_run(bench: Bench, printer: UUID, fill: UUID) -> None:
    """The label of one container printed by a run, as the queue does it."""
    run = bench.pharmacy.perform(ActName.RUN_START, bench.linh, lambda act: label_runs.start(act, printer, [fill]))
    while run_next(bench.pharmacy, renderer(), PROFILE):
        pass
    ended = bench.pharmacy.look(LookName.PRINTERS, bench.linh, lambda look: label_runs.run(look, run))
    assert (ended.status, ended.printed, ended.job_id) == ("done", 1, None)
    with pytest.raises(Conflict, match="ended already"):
        bench.pharmacy.perform(ActName.RUN_STOP, bench.linh, lambda act: label_runs.stop(act, run))
    with pytest.raises(Invalid, match="labelled meanwhile"):
        bench.pharmacy.perform(ActName.RUN_START, bench.linh, lambda act: label_runs.start(act, printer, [fill]))


def test_a_job_is_written_with_its_print_or_not_at_all(bench: Bench) -> None:
    printer, fill = set_up(bench), made(bench)
    composed = bench.compose(fill)
    laid = bench.lay_out(composed)

    def issue(act: Act) -> Issued:
        return labels.issue(act, composed, laid, PROFILE, printer=printer)

    def fails(act: Act) -> None:
        issue(act)
        act.session.flush()
        raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError, match="power"):
        bench.pharmacy.perform(ActName.LABEL_ISSUE, bench.linh, fails)
    with reading(bench.pharmacy.engine) as session:
        assert session.scalars(select(PrintJobRow)).all() == []
        assert session.scalars(select(LabelPrintRow)).all() == []
    in_a_run(bench, printer, fill)
    with reading(bench.pharmacy.engine) as session:
        row = session.scalars(select(PrintJobRow)).one()
        assert session.get_one(LabelPrintRow, row.label_print_id).person_id == row.person_id == bench.linh.id
        assert (row.printer_id, row.status, row.medium, row.pdf_sha256, row.pdf) == (printer, "waiting", "thermal-4x6", laid.sha256, None)
        assert session.get_one(LabelPrintRow, row.label_print_id).number == 1
        assert row.about.startswith("Rx 1")
        assert "Ann" not in row.about
    sending = bench.pharmacy.perform(ActName.JOB_SEND, QUEUE, print_jobs.claim)
    assert sending is not None
    assert (sending.pdf, sending.printer) == (laid.pdf, COUNTER)
    bench.pharmacy.perform(ActName.JOB_SEND, QUEUE, lambda act: print_jobs.settle(act, sending.id, Answer(Outcome.TAKEN, "")))
    (shown,) = bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: print_jobs.jobs_of_fill(look, fill))
    assert (shown.printer, shown.number, shown.status) == ("Counter 1", 1, "sent")


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_reprint_after_a_change_of_the_template_is_the_same_bytes_with_all_that_is_recorded(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    printer, fill = set_up(bench), made(bench)
    composed = bench.compose(fill)
    laid = bench.lay_out(composed)
    label = bench.pharmacy.perform(ActName.LABEL_ISSUE, bench.linh, lambda act: labels.issue(act, composed, laid, PROFILE, printer=printer)).label_id
    monkeypatch.setattr(render, "TEMPLATE_VERSION", "as it will be next year")
    monkeypatch.setattr(render, "_points", lambda length: f"{length + 0.02:.4f}pt")
    changed = render.Renderer().dispensing(composed.value, MEDIA["thermal-4x6"])
    assert changed.pdf != laid.pdf
    again = bench.pharmacy.perform(ActName.LABEL_REPRINT, bench.linh, lambda act: labels.reprint(act, label, "it was smeared", printer=printer))
    first = bench.pharmacy.perform(ActName.JOB_SEND, QUEUE, print_jobs.claim)
    assert first is not None
    bench.pharmacy.perform(ActName.JOB_SEND, QUEUE, lambda act: print_jobs.settle(act, first.id, Answer(Outcome.TAKEN, "")))
    second = bench.pharmacy.perform(ActName.JOB_SEND, QUEUE, print_jobs.claim)
    assert second is not None
    assert second.id == again.job_id
    assert first.pdf == second.pdf == laid.pdf
    with reading(bench.pharmacy.engine) as session:
        row = session.get_one(LabelRow, label)
        assert (row.template_version, row.pdf_sha256, row.value_sha256) == (laid.template_version, laid.sha256, sha256(row.value))
        prints = session.execute(
            select(LabelPrintRow.number, LabelPrintRow.reason, LabelPrintRow.person_id, PrinterRow.name)
            .join(PrintJobRow, PrintJobRow.label_print_id == LabelPrintRow.id)
            .join(PrinterRow, PrinterRow.id == PrintJobRow.printer_id)
            .order_by(LabelPrintRow.number)
        ).all()
    assert prints == [(1, "first print", bench.linh.id, "Counter 1"), (2, "it was smeared", bench.linh.id, "Counter 1")]
