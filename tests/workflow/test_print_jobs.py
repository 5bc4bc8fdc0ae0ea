"""The queue of print jobs: sent one after the other, tried again, never lost, and doubled only where a person says so."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from compounding.db.audit import AuditRow
from compounding.db.people import PersonRow
from compounding.db.printers import PrintJobRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unknown
from compounding.domain.people import Actor, system_actor
from compounding.domain.print_job import LEASE, LOST, MOST_TRIES, RELOADED, STALLED, Answer, JobStatus, Outcome, pause_after
from compounding.domain.printer import Offset, Printer, PrintsFor, Reach, Way
from compounding.print_queue_command import send_next
from compounding.wire.connection import Patience
from compounding.workflow import print_jobs, printers
from compounding.workflow.act import Act, Pharmacy
from labels.label import BatchLabel, Printed
from labels.media import MEDIA
from tests.application import renderer
from tests.conftest import Clock
from tests.wire.listeners import Zebra

SHORT = Patience(connect=0.5, status=0.1, answer=0.5)
QUEUE = system_actor("print queue")
PDF = b"%PDF-1.7 as good as one"
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def counter(port: int = 9100, name: str = "Counter 1", medium: str = "thermal-4x3", way: Way = Way.SOCKET) -> Printer:
    reach = Reach(way) if way is Way.BROWSER else Reach(way, "127.0.0.1", port)
    return Printer(name, medium, Offset(), reach, frozenset({PrintsFor.CONTAINERS}))


@dataclass(frozen=True)
class Desk:
    """A desk with printers, a pharmacist who sets them, a technician who prints, and the queue behind them."""

    pharmacy: Pharmacy
    clock: Clock
    pharmacist: Actor
    technician: Actor

    def set_up(self, printer: Printer, key: UUID | None = None) -> UUID:
        return self.pharmacy.perform(ActName.PRINTER_SET, self.pharmacist, lambda act: printers.keep(act, printer, key))

    def printed(self, printer: UUID, pdf: bytes = PDF) -> UUID:
        medium = self.pharmacy.look(LookName.PRINTERS, self.technician, lambda look: printers.printer(look, printer)).printer.medium
        label = Printed(pdf, sha256(pdf).hexdigest(), 1, medium, "1")
        self.wait(timedelta(milliseconds=1))
        return self.pharmacy.perform(ActName.PRINTER_TEST, self.technician, lambda act: printers.test(act, printer, label))

    def claim(self) -> print_jobs.Sending | None:
        return self.pharmacy.perform(ActName.JOB_SEND, QUEUE, print_jobs.claim)

    def claimed(self) -> UUID:
        found = self.claim()
        assert found is not None
        return found.id

    def settle(self, job: UUID, outcome: Outcome, said: str = "The printer says so.") -> JobStatus:
        return self.pharmacy.perform(ActName.JOB_SEND, QUEUE, lambda act: print_jobs.settle(act, job, Answer(outcome, said)))

    def cancel(self, job: UUID) -> None:
        self.pharmacy.perform(ActName.JOB_CANCEL, self.technician, lambda act: print_jobs.cancel(act, job))

    def send_again(self, job: UUID) -> None:
        self.pharmacy.perform(ActName.JOB_SEND_AGAIN, self.technician, lambda act: print_jobs.send_again(act, job))

    def job(self, key: UUID) -> print_jobs.JobView:
        return next(item for item in self.pharmacy.look(LookName.PRINTERS, self.technician, print_jobs.jobs) if item.id == key)

    def wait(self, time: timedelta) -> None:
        self.clock.moment += time


@pytest.fixture
def pdf() -> bytes:
    texts = ("A1B2C3D4", "naltrexone 1 mg/mL oral liquid", "17", "2026-03-01", "2026-04-04", "Keep in the refrigerator.", "126 mL", "RELEASED", "100023-17")
    return renderer().batch(BatchLabel(*texts), MEDIA["thermal-4x3"]).pdf


@pytest.fixture
def desk(pharmacy: Pharmacy, clock: Clock, pharmacist: Actor, technician: Actor) -> Desk:
    def join(act: Act) -> None:
        for actor in (pharmacist, technician):
            who = {"id": actor.id, "username": actor.initials, "name": actor.name, "initials": actor.initials, "role": actor.role}
            act.session.add(PersonRow(**who, password_hash="x", pin_hash="x", licence="", active=True, created_at=act.at))

    pharmacy.perform(ActName.PERSON_ADD, system_actor("command line"), join)
    return Desk(pharmacy, clock, pharmacist, technician)


def test_what_was_sent_cannot_be_sent_again_or_changed(desk: Desk) -> None:
    job = desk.printed(desk.set_up(counter()))
    assert desk.claim() is not None
    desk.settle(job, Outcome.TAKEN)
    for change in ({"status": "waiting", "settled_at": None}, {"about": "somebody else's"}, {"said": "no"}):

        def write(act: Act, change: dict[str, object] = change) -> None:
            row = act.session.get_one(PrintJobRow, job)
            for name, value in change.items():
                setattr(row, name, value)

        with pytest.raises((Conflict, IntegrityError)):
            desk.pharmacy.perform(ActName.JOB_SEND, QUEUE, write)
    with pytest.raises(Conflict, match="cannot become waiting"):
        desk.send_again(job)


def test_a_job_pauses_longer_after_each_try_and_is_then_told_to_a_person(desk: Desk) -> None:
    job = desk.printed(desk.set_up(counter()))
    for tries in range(1, MOST_TRIES):
        assert desk.claim() is not None
        assert desk.settle(job, Outcome.NOT_NOW, "The printer says that it is paused.") is JobStatus.WAITING
        desk.wait(pause_after(tries) - timedelta(seconds=1))
        assert desk.claim() is None
        desk.wait(timedelta(seconds=1))
    assert desk.claim() is not None
    assert desk.settle(job, Outcome.NOT_NOW, "The printer says that it is paused.") is JobStatus.FAILED
    desk.wait(timedelta(days=1))
    assert desk.claim() is None
    shown = desk.job(job)
    assert (shown.status, shown.said, shown.troubled) == (JobStatus.FAILED, "The printer says that it is paused.", True)
    desk.send_again(job)
    assert desk.claim() is not None
    assert not desk.job(job).doubled


def test_pauses_double_up_to_a_minute() -> None:
    assert [pause_after(tries).seconds for tries in range(1, MOST_TRIES)] == [5, 10, 20, 40, 60, 60, 60, 60]


@on_sqlite
def test_an_unknown_answer_is_never_sent_again_by_itself(desk: Desk) -> None:
    job = desk.printed(desk.set_up(counter()))
    desk.claim()
    assert desk.settle(job, Outcome.UNKNOWN) is JobStatus.UNSURE
    desk.wait(timedelta(days=3))
    assert desk.claim() is None
    desk.send_again(job)
    assert desk.claim() is not None
    desk.settle(job, Outcome.TAKEN)
    assert desk.job(job).doubled


@on_sqlite
def test_a_person_who_has_the_label_in_hand_ends_what_was_unknown(desk: Desk) -> None:
    job = desk.printed(desk.set_up(counter()))
    desk.claim()
    desk.settle(job, Outcome.UNKNOWN)
    desk.pharmacy.perform(ActName.JOB_CONFIRM, desk.technician, lambda act: print_jobs.confirm(act, job))
    assert (desk.job(job).status, desk.job(job).doubled) == (JobStatus.SENT, False)


@on_sqlite
def test_a_sender_that_ends_in_the_middle_loses_nothing_and_doubles_nothing(desk: Desk) -> None:
    job = desk.printed(desk.set_up(counter()))
    assert desk.claim() is not None
    assert desk.claim() is None
    desk.wait(LEASE)
    assert desk.pharmacy.look(LookName.PRINTERS, QUEUE, print_jobs.is_due)
    assert desk.claim() is None
    assert (desk.job(job).status, desk.job(job).said) == (JobStatus.UNSURE, LOST)
    assert desk.settle(job, Outcome.NOT_NOW) is JobStatus.UNSURE
    assert desk.settle(job, Outcome.TAKEN) is JobStatus.SENT  # the sender was only slow


def test_of_two_senders_one_takes_a_job(desk: Desk) -> None:
    for _ in range(5):
        job, start, taken = desk.printed(desk.set_up(counter(name=f"Counter {_}"))), Barrier(2), []

        def take(start: Barrier = start, taken: list[object] = taken) -> None:
            start.wait()
            taken.append(desk.claim())

        threads = [Thread(target=take) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [found.id for found in taken if found is not None] == [job]


@on_sqlite
def test_a_printer_gets_its_jobs_in_the_order_in_which_they_were_asked_for(desk: Desk) -> None:
    first, second = desk.set_up(counter()), desk.set_up(counter(name="Counter 2"))
    jobs = [desk.printed(printer) for printer in (first, first, second)]
    taken = desk.claim()
    assert taken is not None
    assert taken.id == jobs[0]
    other = desk.claim()
    assert other is not None
    assert other.id == jobs[2]
    desk.settle(jobs[0], Outcome.NOT_NOW)
    assert desk.claim() is None  # the second of that printer waits behind the first
    desk.cancel(jobs[0])
    following = desk.claim()
    assert following is not None
    assert following.id == jobs[1]


@on_sqlite
def test_a_queue_that_nobody_runs_is_told(desk: Desk) -> None:
    def is_stalled() -> bool:
        return desk.pharmacy.look(LookName.PRINTERS, desk.technician, print_jobs.is_stalled)

    printer = desk.set_up(counter())
    job, _ = desk.printed(printer), desk.printed(printer)
    assert not is_stalled()
    desk.wait(STALLED)
    assert is_stalled()
    assert desk.claimed() == job  # the queue runs: what waits behind it is no sign of the contrary
    assert not is_stalled()


@on_sqlite
def test_a_job_that_is_being_sent_cannot_be_cancelled(desk: Desk) -> None:
    job = desk.printed(desk.set_up(counter()))
    desk.claim()
    with pytest.raises(Conflict, match="sending and cannot become cancelled"):
        desk.cancel(job)


@on_sqlite
def test_other_labels_in_the_printer_are_no_place_for_a_job(desk: Desk) -> None:
    printer = desk.set_up(counter())
    job = desk.printed(printer)
    desk.set_up(counter(medium="thermal-4x6"), printer)
    assert desk.claim() is None
    assert (desk.job(job).status, desk.job(job).said) == (JobStatus.FAILED, RELOADED)


@on_sqlite
def test_a_printer_with_open_jobs_stays_in_use(desk: Desk) -> None:
    printer = desk.set_up(counter())
    job = desk.printed(printer)
    with pytest.raises(Conflict, match="still open"):
        desk.pharmacy.perform(ActName.PRINTER_RETIRE, desk.pharmacist, lambda act: printers.retire(act, printer))
    desk.cancel(job)
    desk.pharmacy.perform(ActName.PRINTER_RETIRE, desk.pharmacist, lambda act: printers.retire(act, printer))
    with pytest.raises(Unknown):
        desk.printed(printer)


@on_sqlite
def test_a_printer_of_the_browser_shows_and_sends_nothing(desk: Desk) -> None:
    job = desk.printed(desk.set_up(counter(way=Way.BROWSER)))
    assert desk.job(job).status is JobStatus.SHOWN
    assert not desk.pharmacy.look(LookName.PRINTERS, QUEUE, print_jobs.is_due)


@on_sqlite
def test_only_a_pharmacist_sets_a_printer_and_who_did_stands_in_the_audit(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        desk.pharmacy.perform(ActName.PRINTER_SET, desk.technician, lambda act: printers.keep(act, counter()))
    key = desk.set_up(counter())
    desk.set_up(counter(port=9101), key)
    with reading(desk.pharmacy.engine) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.table_name == "printer").order_by(AuditRow.at)).all()
    assert [(row.kind, row.actor_id) for row in rows] == [("insert", desk.pharmacist.id), ("update", desk.pharmacist.id)]
    assert "9101" in rows[1].new
    with pytest.raises(Invalid, match="Another printer has this name"):
        desk.set_up(counter(name="COUNTER 1"))
    with pytest.raises(Invalid, match="too small for containers"):
        desk.set_up(counter(name="Small", medium="roll-70x35"))


@on_sqlite
def test_the_sender_brings_the_stored_label_to_the_printer(desk: Desk, pdf: bytes) -> None:
    assert send_next(desk.pharmacy, SHORT) is None
    with Zebra.listening() as zebra:
        job = desk.printed(desk.set_up(counter(zebra.port)), pdf)
        assert send_next(desk.pharmacy, SHORT) is JobStatus.SENT
        assert send_next(desk.pharmacy, SHORT) is None
    assert zebra.connections == 1
    assert len(zebra.pictures) == 1
    assert desk.job(job).tries == 1


@on_sqlite
def test_a_printer_that_is_off_gets_the_label_when_it_is_on(desk: Desk, pdf: bytes) -> None:
    with Zebra.listening() as zebra:
        port = zebra.port
    printer = desk.set_up(counter(port))
    job = desk.printed(printer, pdf)
    assert send_next(desk.pharmacy, SHORT) is JobStatus.WAITING
    assert "does not answer" in desk.job(job).said
    desk.wait(pause_after(1))
    with Zebra.listening() as zebra:
        desk.set_up(counter(zebra.port), printer)
        assert send_next(desk.pharmacy, SHORT) is JobStatus.SENT
