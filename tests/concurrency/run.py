"""The run: hands that take, readers that compare while they do, and the verdict over all that was answered and all that is stored."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from time import monotonic
from uuid import UUID

from sqlalchemy import Engine, Select, func, select

from compounding.db.audit import AuditRow
from compounding.db.batches import SignatureRow
from compounding.db.inventory import LotRow, MovementRow
from compounding.db.session import make_engine, reading
from compounding.db.stock_counts import DestructionRow
from tests.concurrency.hands import STAFF, Browser, Tally, Try, read_page, take_all
from tests.concurrency.server import Shelf

READERS = 2  # of the records themselves, and as many of the pages


@dataclass(frozen=True)
class Figures:
    """What a run did: how many tablets were given, refused, asked again; how often the readers compared; how long it took; what is wrong."""

    given: int
    refused: int
    busy: int
    readings: int
    pages: int
    seconds: float
    median: float
    p99: float
    longest: float
    wrong: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Tablets given in a second."""
        return self.given / self.seconds


def run(shelf: Shelf, hands: int) -> Figures:
    """Let `hands` take everything from the lots of `shelf`; the readers go on until the last hand is done."""
    done, began = Event(), monotonic()
    with ThreadPoolExecutor(hands + 2 * READERS) as pool:
        takers = [pool.submit(take_all, shelf, number) for number in range(hands)]
        watchers = [pool.submit(_watch_records, shelf, done) for _ in range(READERS)]
        visitors = [pool.submit(_watch_pages, shelf, done, number) for number in range(READERS)]
        try:
            tallies = [taker.result() for taker in takers]
            seconds = monotonic() - began
        finally:
            done.set()
        watched, visited = ([item.result() for item in group] for group in (watchers, visitors))
    engine = make_engine(shelf.database)
    wrong = [*judge(shelf, tallies), *stored(engine, shelf, tallies), *(line for _, found in (*watched, *visited) for line in found)]
    engine.dispose()
    tries = [one for tally in tallies for one in tally.tries]
    waits = sorted(one.answered - one.asked for one in tries)
    return Figures(
        given=sum(one.given for one in tries), refused=sum(not one.given for one in tries), busy=sum(tally.busy for tally in tallies),
        readings=sum(count for count, _ in watched), pages=sum(count for count, _ in visited), seconds=seconds,
        median=waits[len(waits) // 2], p99=waits[len(waits) * 99 // 100], longest=waits[-1], wrong=tuple(wrong),
    )  # fmt: skip


def judge(shelf: Shelf, tallies: Sequence[Tally]) -> list[str]:
    """What is wrong with the answers: more or fewer given than there were, or a refusal while a tablet was there.

    A lot is only taken from, so a tablet that was asked for after a refusal had been answered, and was given, was there when it was refused.
    """
    wrong = [line for tally in tallies for line in tally.strange]
    for lot, tablets in shelf.lots.items():
        tries = [one for tally in tallies for one in tally.tries if one.lot == lot]
        given = [one for one in tries if one.given]
        if len(given) != tablets:
            wrong.append(f"lot {lot}: {len(given)} given of {tablets}")
        wrong += [f"lot {lot}: refused at {one.answered:.3f} while a later one was given" for one in tries if _is_false(one, given)]
    return wrong


def _is_false(one: Try, given: Sequence[Try]) -> bool:
    return not one.given and any(other.asked > one.answered for other in given)


def stored(engine: Engine, shelf: Shelf, tallies: Sequence[Tally]) -> list[str]:
    """What is wrong with the records: each given tablet is one movement, one destruction, two signatures, and every row has its audit entry."""
    given = Counter(one.lot for tally in tallies for one in tally.tries if one.given)
    wrong = [f"lot {lot}: {balance} left, and its movements are {total}" for lot, balance, total in _balances(engine) if balance != total or balance < 0]
    wrong += [f"lot {lot}: {balance} left after all was taken" for lot, balance, _ in _balances(engine) if lot in shelf.lots and balance]
    with reading(engine) as session:
        taken = session.execute(select(DestructionRow.lot_id, func.count()).group_by(DestructionRow.lot_id)).all()
        wrong += [f"lot {lot}: {count} destructions for {given[lot]} answers" for lot, count in taken if given[lot] != count]
        for row, each in ((DestructionRow, 1), (SignatureRow, 2)):
            rows, told = (session.scalars(query).one() for query in (select(func.count()).select_from(row), _audited(row.__tablename__)))
            if rows != told or rows != each * given.total():
                wrong.append(f"{row.__tablename__}: {rows} rows, {told} audit entries, {given.total()} given")
    return wrong


def _audited(table: str) -> Select[int]:
    return select(func.count()).select_from(AuditRow).where(AuditRow.table_name == table)


def _balances(engine: Engine) -> list[tuple[UUID, int, int]]:
    query = select(LotRow.id, LotRow.balance, func.sum(MovementRow.amount)).join(MovementRow, MovementRow.lot_id == LotRow.id)
    with reading(engine) as session:
        return [(lot, balance, total) for lot, balance, total in session.execute(query.group_by(LotRow.id, LotRow.balance))]


def _watch_records(shelf: Shelf, done: Event) -> tuple[int, list[str]]:
    """How often the records were read, and where a balance was not the sum of its movements, was below zero, or rose."""
    engine, readings, wrong, before = make_engine(shelf.database), 0, [], dict(shelf.lots)
    while not done.wait(0.1):
        readings += 1
        for lot, balance, total in _balances(engine):
            if balance != total or balance < 0 or balance > before.get(lot, balance):
                wrong.append(f"reading {readings}, lot {lot}: {balance} left, movements {total}, before it {before.get(lot)}")
            before[lot] = balance
    engine.dispose()
    return readings, wrong


def _watch_pages(shelf: Shelf, done: Event, number: int) -> tuple[int, list[str]]:
    """How often a lot's page was read, and where what is left was not what its newest entry says."""
    browser, pages, wrong, lots = Browser(shelf.port, STAFF[number % len(STAFF)]), 0, [], list(shelf.lots)
    while not done.wait(0.2):
        lot = lots[pages % len(lots)]
        found = read_page(browser, lot)
        pages += found is not None
        if found and found[0] != found[1]:
            wrong.append(f"page {pages}, lot {lot}: {found[0]} left, and {found[1]} after the newest entry")
    return pages, wrong
