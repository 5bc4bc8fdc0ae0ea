"""Pages of many orders ask the database as often as pages of one: what is read of each is read of all together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from compounding.domain.authority import ActName, LookName
from compounding.domain.clarification import Question, Reason
from compounding.domain.going_on import Going
from compounding.domain.prescription import Form
from compounding.workflow import clarifications, day, demand, going_on, pooling
from compounding.workflow.act import Look
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_L1, TITRATION, capsules, order
from tests.workflow.test_going_on import say

PAGES: dict[str, Callable[[Look], object]] = {
    "day": day.day,
    "demand": demand.coming,
    "to ask": lambda look: going_on.to_ask(look, longest=25),
    "pooling": pooling.proposals,
}


@contextmanager
def asked(bench: Bench) -> Iterator[list[str]]:
    """Every query that is asked in the block."""
    queries: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            queries.append(statement)

    event.listen(bench.pharmacy.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(bench.pharmacy.engine, "before_cursor_execute", note)


def queries_of(bench: Bench) -> dict[str, int]:
    counted = {}
    for name, page in PAGES.items():
        with asked(bench) as queries:
            bench.pharmacy.look(LookName.DAY, bench.linh, page)
        counted[name] = len(queries)
    return counted


def served(bench: Bench, name: str) -> None:
    """A titration whose first bottle was handed over and whose second is confirmed, and another order that is held."""
    order_id = bench.accepted(order(*TITRATION, form=Form.ORAL_LIQUID, name=name))
    bench.handed_over(bench.plan(order_id, replace(IN_L1, starts_on=bench.today))[0])
    bench.clock.pass_days(28)
    say(bench, order_id, 3, Going.ON)
    held = bench.receive(capsules(f"{name} Held")).id
    bench.pharmacy.perform(ActName.PRESCRIPTION_HOLD, bench.maria, lambda act: clarifications.ask(act, held, Question(Reason.OTHER, "Is this right?")))


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_two_orders_are_read_in_as_many_queries_as_one(bench: Bench) -> None:
    served(bench, "Ann Sample")
    one = queries_of(bench)
    served(bench, "Bo Second")
    assert queries_of(bench) == one
