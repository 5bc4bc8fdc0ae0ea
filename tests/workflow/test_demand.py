"""Demand and batches in advance, from plans that were really made: answers, batches, hand-overs and stock decide as they stand in the database."""

from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.audit import ReadRow
from compounding.db.session import reading
from compounding.domain.authority import LookName
from compounding.domain.going_on import Going
from compounding.domain.prescription import Form
from compounding.workflow import demand
from compounding.workflow.demand import Coming
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_L1, TITRATION, order
from tests.workflow.test_going_on import say


def coming(bench: Bench) -> Coming:
    return bench.pharmacy.look(LookName.DAY, bench.linh, demand.coming)


def begun(bench: Bench, name: str) -> tuple[UUID, UUID]:
    """A titration whose first bottle, of 94.5 mL, was handed over: the order, and its second bottle of 31.5 mL in 35 days."""
    order_id = bench.accepted(order(*TITRATION, form=Form.ORAL_LIQUID, name=name))
    first, second = bench.plan(order_id, IN_L1)
    bench.handed_over(first)
    return order_id, second


def reasons(found: Coming) -> dict[str, str]:
    return {found.whose[decision.wanted.fill].patient: decision.reason for item in found.proposals for decision in item.decisions}


def test_the_bottle_of_whoever_confirmed_is_proposed_while_history_bears_it(bench: Bench) -> None:
    ann, _ = begun(bench, "Ann Sample")
    begun(bench, "Bo Waiting")
    bench.clock.pass_days(29)
    say(bench, ann, 3, Going.ON)
    found = coming(bench)
    (weeks,) = found.demand
    due = weeks.weeks[0]  # day 35 is the Monday of the week after this one
    assert (weeks.formula, due.confirmed + weeks.weeks[1].confirmed, due.unconfirmed + weeks.weeks[1].unconfirmed) == ("L1", 1, 1)
    (proposal,) = found.proposals
    assert (proposal.containers, proposal.amount, proposal.supply.handed_over, proposal.supply.in_stock) == (1, 31.5, 189, 0)
    assert [(size.container, size.containers) for size in proposal.sizes] == [("bottle-120-ml", 1)]
    assert reasons(found)["Bo Waiting"] == "the patient has not confirmed the step: ask first"
    assert reasons(found)["Ann Sample"].startswith("confirmed; used through 12 April 2026, good through ")
    bench.clock.pass_days(1)
    assert reasons(coming(bench))["Ann Sample"] == "more than the last 30 days support: 0 handed over"


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_bottle_that_has_a_batch_is_no_demand_any_more_and_one_that_is_not_wanted_none_either(bench: Bench) -> None:
    ann, _ = begun(bench, "Ann Sample")
    _, second = begun(bench, "Bo Early")
    bench.clock.pass_days(28)
    bench.draw_up(second)
    say(bench, ann, 3, Going.STAYS)
    found = coming(bench)
    assert found.demand == ()
    assert reasons(found) == {
        "Ann Sample": "the patient does not go on to this step: ask the prescriber, and plan the course again",
        "Bo Early": "it has a batch already",
    }
    assert [item.containers for item in found.proposals] == [0]


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_whose_containers_are_shown_stands_in_the_read_log(bench: Bench) -> None:
    ann, _ = begun(bench, "Ann Sample")
    coming(bench)
    with reading(bench.pharmacy.engine) as session:
        assert ann in session.scalars(select(ReadRow.prescription_id).where(ReadRow.look_name == LookName.DAY)).all()
