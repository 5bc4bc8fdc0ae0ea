"""Many hands on one lot and one counter: nothing is lost, nothing goes below zero, no number is given twice."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select

from compounding.db.counters import next_number
from compounding.db.inventory import LotRow, MovementRow
from compounding.db.session import make_engine, reading
from compounding.domain.authority import ActName
from compounding.domain.errors import Conflict
from compounding.domain.people import Actor, Role
from compounding.workflow.act import Act, Pharmacy
from tests.keys import VAULT
from tests.stock import lot, movement, tablets

WORKERS, TURNS = 4, 25
TECHNICIAN = Actor(UUID(int=1), "Tess", "TT", Role.TECHNICIAN)


def open_pharmacy(engine: Engine) -> Pharmacy:
    return Pharmacy(engine=engine, clock=lambda: datetime(2026, 3, 2, tzinfo=UTC), zone=ZoneInfo("UTC"))


@pytest.fixture
def shelf(pharmacy: Pharmacy) -> None:
    def receive(act: Act) -> None:
        product = tablets()
        first, second = lot(product, "A1"), lot(product, "A2")
        act.session.add_all([product, first, second, movement(first, 50), movement(second, 1000)])

    pharmacy.perform(ActName.LOT_RECEIVE, TECHNICIAN, receive)


def take(act: Act, lot_number: str, amount: int) -> None:
    """Take from a lot by an entry alone: the balance is the database's own work."""
    chosen = act.session.scalars(select(LotRow).where(LotRow.lot_number == lot_number)).one()
    act.session.add(movement(chosen, -amount))


def take_if_enough(act: Act, lot_number: str, amount: int) -> bool:
    """Read the balance, decide, write: what loses updates without the lock."""
    chosen = act.session.scalars(select(LotRow).where(LotRow.lot_number == lot_number).with_for_update()).one()
    if chosen.balance < amount:
        return False
    act.session.add(movement(chosen, -amount))
    return True


def take_turns(pharmacy: Pharmacy) -> int:
    """One worker's turns; gives how many tablets of the short lot it got."""
    got = 0
    for turn in range(TURNS):
        pharmacy.perform(ActName.LOT_WITHDRAW, TECHNICIAN, lambda act: take(act, "A2", 1))
        if turn % 2:
            got += pharmacy.perform(ActName.LOT_WITHDRAW, TECHNICIAN, lambda act: take_if_enough(act, "A1", 1))
        else:
            got += _took(pharmacy)
    return got


def _took(pharmacy: Pharmacy) -> bool:
    try:
        pharmacy.perform(ActName.LOT_WITHDRAW, TECHNICIAN, lambda act: take(act, "A1", 1))
    except Conflict as short:
        assert short.code == "lot-short"
        return False
    return True


def take_turns_at(address: str) -> int:
    engine = make_engine(address, lock_wait_ms=20_000, vault=VAULT)
    got = take_turns(open_pharmacy(engine))
    engine.dispose()
    return got


def balances(engine: Engine) -> dict[str, tuple[int, int]]:
    """Each lot's balance beside the sum of its movements."""
    query = select(LotRow.lot_number, LotRow.balance, func.sum(MovementRow.amount)).join(MovementRow, MovementRow.lot_id == LotRow.id)
    with reading(engine) as session:
        return {number: (balance, total) for number, balance, total in session.execute(query.group_by(LotRow.lot_number, LotRow.balance))}


def in_threads(address: str) -> list[int]:
    engine = make_engine(address, lock_wait_ms=20_000, vault=VAULT)
    with ThreadPoolExecutor(WORKERS) as pool:
        got = list(pool.map(take_turns, [open_pharmacy(engine)] * WORKERS))
    engine.dispose()
    return got


def in_processes(address: str) -> list[int]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(take_turns_at, [address] * WORKERS))


@pytest.mark.campaign
@pytest.mark.parametrize("work", [in_threads, in_processes])
@pytest.mark.usefixtures("shelf")
def test_no_movement_is_lost_and_no_lot_goes_below_zero(engine: Engine, work: Callable[[str], list[int]]) -> None:
    got = work(engine.url.render_as_string(hide_password=False))
    assert sum(got) == 50
    assert balances(engine) == {"A1": (0, 0), "A2": (1000 - WORKERS * TURNS, 1000 - WORKERS * TURNS)}


def test_no_number_is_given_twice(engine: Engine) -> None:
    patient = make_engine(engine.url, lock_wait_ms=20_000, vault=VAULT)
    pharmacy = open_pharmacy(patient)

    def number(_turn: int) -> int:
        return pharmacy.perform(ActName.PRESCRIPTION_RECEIVE, TECHNICIAN, lambda act: next_number(act.session, "prescription"))

    with ThreadPoolExecutor(WORKERS) as pool:
        given = list(pool.map(number, range(40)))
    assert sorted(given) == list(range(100_001, 100_041))
    patient.dispose()
