"""The plug is pulled while the bench writes, and eight hands reach for the same thing: what was acknowledged stays, and there is one winner."""

import multiprocessing
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import SystemRandom
from shutil import copy
from threading import Barrier
from time import sleep
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from compounding.domain.money import Money
from compounding.workflow.inventory import Receipt
from tests.adversary import PASSWORD, Fields, House
from tests.plug import TABLETS, Done, bench_at, examine, work
from tests.ways_of_orders import order
from tests.ways_of_pages import HANDED, SEEN
from tests.web.conftest import Visitor
from tests.workflow.orders import FIRST_DAY, IN_CAPSULES, capsules

pytestmark = pytest.mark.campaign

ROUNDS, HANDS = 8, 8
LONGEST = 0.03  # seconds from the last acknowledgement that is waited for to the pulled plug: an act or two
BEFORE_THE_COUNT = 4  # acts: the next one writes the most, so every other plug is pulled there
CHANCE = SystemRandom()


def tablets(lot_number: str, quantity: int) -> Receipt:
    return Receipt("tablet-sun-100", lot_number, FIRST_DAY + timedelta(days=390), quantity, Money.of(quantity))


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    house = House.opened(sqlite_template, tmp_path)
    yield house
    house.close()


@pytest.fixture
def stocked(house: House) -> Path:
    """The records of a pharmacy with tablets for as many counts as there may be."""
    house.bench.take_in(tablets("MANY", 100_000), tablet_mg=250)
    house.close()
    return house.path


@pytest.fixture(scope="module")
def counted(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Done]]:
    """Records with one order brought as far as its count, and what was done."""
    house = House.opened(sqlite_template, tmp_path_factory.mktemp("counted"))
    order_id = house.bench.accepted(capsules())
    (fill,) = house.bench.plan(order_id, IN_CAPSULES)
    batch = house.bench.counted(fill)
    house.close()
    return house.path, [("accepted", str(order_id)), ("counted", str(batch))]


def worked(path: Path, *, acts: int) -> list[Done]:
    """What a bench acknowledged before its process was killed, somewhere in the acts that follow the first `acts`."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.plug"])
    heard, said = forks.Pipe(duplex=False)
    process = forks.Process(target=work, args=(path, said))
    process.start()
    said.close()
    done: list[Done] = [heard.recv() for _ in range(acts)]
    sleep(CHANCE.uniform(0, LONGEST))
    process.kill()
    process.join()
    assert process.exitcode == -9
    try:
        while True:
            done.append(heard.recv())
    except (EOFError, OSError):  # the last word may be cut off
        heard.close()
    process.close()
    return done


def test_after_every_pulled_plug_all_that_was_acknowledged_is_there_and_nothing_by_half(stocked: Path) -> None:
    done: list[Done] = []
    for number in range(ROUNDS):
        done += worked(stocked, acts=number % 6 if number % 2 else BEFORE_THE_COUNT)
        examine(stocked, done)
    assert len(done) >= ROUNDS
    assert {what for what, _ in done} == {"received", "accepted", "planned", "drawn", "counted"}

    bench = bench_at(stocked)
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.counted(fill)
    bench.pharmacy.engine.dispose()
    examine(stocked, [*done, ("counted", str(batch))])


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM movement WHERE batch_id IS NOT NULL",
        "DELETE FROM weighing",
        "DELETE FROM signature",
        "DELETE FROM batch_lot",
        "UPDATE batch SET status = 'planned'",
        "UPDATE lot SET balance = balance + 1 WHERE balance = 100",
        "UPDATE prescription SET status = 'received'",
        "DELETE FROM audit_entry WHERE table_name = 'weighing'",
        "DELETE FROM audit_entry WHERE table_name = 'counter' AND act_name = 'prescription.receive'",
        "DELETE FROM fill",
    ],
)
def test_the_examination_sees_what_a_torn_act_would_leave(counted: tuple[Path, list[Done]], tmp_path: Path, harm: str) -> None:
    whole, done = counted
    torn = Path(copy(whole, tmp_path / "torn.sqlite"))
    examine(torn, done)
    with closing(sqlite3.connect(torn)) as records:
        for (name,) in records.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            records.execute(f"DROP TRIGGER {name}")
        changed = records.execute(harm).rowcount
        records.commit()
    if changed == 0:
        pytest.fail("nothing was harmed")
    with pytest.raises((AssertionError, KeyError)):
        examine(torn, done)


def together(house: House, who: str, post: Callable[[Visitor, int], TestResponse]) -> Counter[int]:
    """What eight people at eight browsers are answered when all send at once."""
    visitors = [Visitor(house.app.test_client()) for _ in range(HANDS)]
    for visitor in visitors:
        assert visitor.sign_in(who, PASSWORD).status == 302
    start = Barrier(HANDS)

    def send(number: int) -> int:
        start.wait()
        return post(visitors[number], number).status_code

    with ThreadPoolExecutor(HANDS) as pool:
        return Counter(pool.map(send, range(HANDS)))


def sending(tokens: dict[int, str], address: Callable[[int], str], fields: Fields) -> Callable[[Visitor, int], TestResponse]:
    return lambda visitor, number: visitor.client.post(address(number), data={**fields, "csrf_token": tokens.setdefault(number, token_of(visitor))})


def token_of(visitor: Visitor) -> str:
    return visitor.read("/sign-in").value("csrf_token")


def test_of_eight_who_count_the_last_tablets_one_gets_them(house: House) -> None:
    bench = house.bench
    bench.take_in(tablets("LAST", TABLETS), tablet_mg=250)
    bench.withdraw("SUN2201", "ACC7710")
    batches = [bench.draw_up(bench.planned(capsules(f"Ann Last {number}"), IN_CAPSULES)[0]) for number in "ABCDEFGH"]

    counted: Fields = {"counted": str(TABLETS), **SEEN}
    answers = together(house, "linh", sending({}, lambda number: f"/batches/{batches[number]}/count", counted))
    assert answers == {303: 1, 409: HANDS - 1}
    assert bench.balance("LAST") == 0
    assert Counter(bench.batch(batch).status for batch in batches) == {"in_process": 1, "planned": HANDS - 1}


def test_of_eight_who_hand_the_same_bottle_over_one_does(house: House) -> None:
    bench = house.bench
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)

    assert together(house, "maria", sending({}, lambda _: f"/fills/{fill}/hand-over", HANDED)) == {303: 1, 409: HANDS - 1}
    assert len(house.rows()["dispense"]) == 1
    assert house.status(bench.fill(fill).prescription_id) == "completed"


def test_of_eight_who_plan_the_same_order_one_plan_is_current(house: House) -> None:
    bench = house.bench
    order_id = bench.accepted(capsules())

    def plan(_number: int) -> UUID:
        return bench.plan(order_id, IN_CAPSULES)[0]

    with ThreadPoolExecutor(HANDS) as pool:
        fills = list(pool.map(plan, range(HANDS)))
    assert Counter(bench.fill(fill).status for fill in fills) == {"cancelled": HANDS - 1, "due": 1}


def test_of_eight_times_the_same_request_one_order_comes(house: House) -> None:
    start, clients = Barrier(HANDS), [house.app.test_client() for _ in range(HANDS)]
    headers = {**house.clinic.bearer, "Idempotency-Key": "once"}

    def send(number: int) -> TestResponse:
        start.wait()
        return clients[number].post("/api/v1/prescriptions", json=order("Ann Once"), headers=headers)

    with ThreadPoolExecutor(HANDS) as pool:
        answers = list(pool.map(send, range(HANDS)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert len(house.rows()["prescription"]) == 1
