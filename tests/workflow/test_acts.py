"""One act is one actor, one instant, one transaction; a look only reads, and says whose data it has read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, date, datetime
from threading import Barrier
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from compounding.db.audit import Attribution, AuditRow, ReadRow
from compounding.db.counters import CounterRow
from compounding.db.inventory import ProductRow
from compounding.db.session import make_engine, reading, writing
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Unknown
from compounding.domain.people import Actor, Role
from compounding.workflow.act import Act, Busy, Look, Pharmacy
from tests.conftest import Clock
from tests.keys import VAULT
from tests.stock import MOMENT, tablets

COUNTERS = select(CounterRow).order_by(CounterRow.name).with_for_update()
PATIENT, PRESCRIPTION = UUID(int=11), UUID(int=12)


def read_log(pharmacy: Pharmacy) -> list[ReadRow]:
    with reading(pharmacy.engine) as session:
        return list(session.scalars(select(ReadRow)))


def products(pharmacy: Pharmacy) -> list[str]:
    with reading(pharmacy.engine) as session:
        return list(session.scalars(select(ProductRow.code).order_by(ProductRow.code)))


def hold(engine: Engine) -> AbstractContextManager[object]:
    """Somebody else's act, which keeps the counters locked until it ends."""
    stack = ExitStack()
    session = stack.enter_context(writing(engine, Attribution(uuid4(), "other", uuid4(), "Other", MOMENT)))
    session.execute(COUNTERS)
    return stack


@pytest.fixture
def hasty(engine: Engine, clock: Clock) -> Iterator[Pharmacy]:
    """A pharmacy that waits almost not at all for a lock."""
    other = make_engine(engine.url, lock_wait_ms=1, vault=VAULT)
    yield Pharmacy(engine=other, clock=clock, zone=ZoneInfo("America/Los_Angeles"))
    other.dispose()


def lock_counters(act: Act) -> str:
    act.session.execute(COUNTERS)
    return "done"


def test_an_act_gives_its_answer_and_keeps_its_change(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> str:
        act.session.add(tablets("KEPT"))
        return "answer"

    assert pharmacy.perform(ActName.LOT_RECEIVE, technician, change) == "answer"
    assert products(pharmacy) == ["KEPT"]


def test_an_act_that_raises_changes_nothing(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        act.session.add(tablets())
        act.session.flush()
        raise Conflict("moved-on", "It has moved on.")

    with pytest.raises(Conflict):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    assert products(pharmacy) == []


def test_who_may_not_do_it_is_turned_away_before_anything_runs(pharmacy: Pharmacy, technician: Actor) -> None:
    ran: list[str] = []
    with pytest.raises(Forbidden):
        pharmacy.perform(ActName.BATCH_RELEASE, technician, lambda act: ran.append(str(act.id)))
    with pytest.raises(Forbidden):
        pharmacy.look(LookName.STOCK, Actor(UUID(int=7), "Clinic", "", Role.PRESCRIBER), lambda look: ran.append(str(look.id)))
    assert ran == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_day_is_the_pharmacy_s_own_and_the_clock_is_read_once(engine: Engine, technician: Actor) -> None:
    readings = iter([datetime(2026, 3, 3, 7, 59, tzinfo=UTC)])  # a minute before midnight in Los Angeles
    pharmacy = Pharmacy(engine=engine, clock=lambda: next(readings), zone=ZoneInfo("America/Los_Angeles"))

    def change(act: Act) -> tuple[datetime, date]:
        return act.at, act.today

    assert pharmacy.perform(ActName.LOT_RECEIVE, technician, change) == (datetime(2026, 3, 3, 7, 59, tzinfo=UTC), date(2026, 3, 2))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_clock_without_a_zone_is_refused(engine: Engine, technician: Actor) -> None:
    pharmacy = Pharmacy(engine=engine, clock=lambda: MOMENT.replace(tzinfo=None), zone=ZoneInfo("UTC"))
    with pytest.raises(ValueError, match="aware"):
        pharmacy.look(LookName.STOCK, technician, lambda look: look.at)


def test_an_act_that_meets_a_lock_is_tried_again_from_its_beginning(hasty: Pharmacy, engine: Engine, technician: Actor) -> None:
    other = hold(engine)
    tries: list[UUID] = []

    def change(act: Act) -> str:
        tries.append(act.id)
        if len(tries) == 3:
            other.__exit__(None, None, None)  # the other act ends
        act.session.add(tablets())
        return lock_counters(act)

    assert hasty.perform(ActName.LOT_RECEIVE, technician, change) == "done"
    assert len(tries) == 3
    assert len(set(tries)) == 1
    assert products(hasty) == ["TABLET-50"]


def test_an_act_that_always_meets_a_lock_ends_busy_and_changes_nothing(hasty: Pharmacy, engine: Engine, technician: Actor) -> None:
    tries: list[UUID] = []

    def change(act: Act) -> str:
        tries.append(act.id)
        act.session.add(tablets())
        return lock_counters(act)

    with hold(engine), pytest.raises(Busy):
        hasty.perform(ActName.LOT_RECEIVE, technician, change)
    assert len(tries) == 5
    assert products(hasty) == []
    assert hasty.perform(ActName.LOT_RECEIVE, technician, change) == "done"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_deadlock_is_tried_again(pharmacy: Pharmacy, technician: Actor) -> None:

    meet = Barrier(2)
    tries: list[str] = []

    def change(act: Act, first: str, second: str) -> None:
        tries.append(first)
        act.session.execute(text("SELECT 1 FROM counter WHERE name = :name FOR UPDATE"), {"name": first})
        if len(tries) <= 2:
            meet.wait()
        act.session.execute(text("SELECT 1 FROM counter WHERE name = :name FOR UPDATE"), {"name": second})

    def perform(names: tuple[str, str]) -> None:
        pharmacy.perform(ActName.LOT_RECEIVE, technician, lambda act: change(act, *names))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(perform, [("batch", "prescription"), ("prescription", "batch")]))
    assert len(tries) == 3


def test_a_defect_is_not_tried_again(pharmacy: Pharmacy, technician: Actor) -> None:
    tries: list[int] = []

    def change(act: Act) -> None:
        tries.append(1)
        act.session.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(DBAPIError):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    assert tries == [1]


def test_the_same_thing_twice_is_a_conflict_with_a_sentence(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        act.session.add(tablets())

    pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    with pytest.raises(Conflict) as doubled:
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    assert doubled.value.code == "somebody-was-first"


def ask_for_patient(look: Look) -> str:
    look.note_read(patient_id=PATIENT)
    look.note_read(prescription_id=PRESCRIPTION)
    look.note_read(patient_id=PATIENT)
    return "shown"


def test_whose_data_was_read_is_logged_once_for_each_look(pharmacy: Pharmacy, technician: Actor, clock: Clock) -> None:
    assert pharmacy.look(LookName.PRESCRIPTIONS, technician, ask_for_patient) == "shown"
    entries = read_log(pharmacy)
    assert {(entry.patient_id, entry.prescription_id) for entry in entries} == {(PATIENT, None), (None, PRESCRIPTION)}
    assert {(entry.look_name, entry.actor_id, entry.actor_name, entry.at) for entry in entries} == {
        ("prescriptions.read", technician.id, technician.name, clock.moment)
    }
    with reading(pharmacy.engine) as session:
        assert session.scalars(select(AuditRow)).all() == []


def test_what_an_act_reads_is_logged_in_its_own_transaction(pharmacy: Pharmacy, technician: Actor) -> None:
    def change(act: Act) -> None:
        ask_for_patient(act)
        raise Unknown("unknown", "There is no such thing.")

    with pytest.raises(Unknown):
        pharmacy.perform(ActName.LOT_RECEIVE, technician, change)
    assert read_log(pharmacy) == []
    pharmacy.perform(ActName.LOT_RECEIVE, technician, ask_for_patient)
    assert len(read_log(pharmacy)) == 2


def test_a_look_that_reads_nobody_s_data_writes_nothing(pharmacy: Pharmacy, technician: Actor) -> None:
    pharmacy.look(LookName.STOCK, technician, lambda look: look.session.scalars(select(ProductRow)).all())
    assert read_log(pharmacy) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_answer_that_cannot_be_logged_is_not_given(hasty: Pharmacy, engine: Engine, technician: Actor) -> None:
    with hold(engine), pytest.raises(Busy):
        hasty.look(LookName.PRESCRIPTIONS, technician, ask_for_patient)
    assert read_log(hasty) == []
