"""An order that moves to another pharmacy, or came from one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.people import Actor
from compounding.domain.transfer import Direction, Remaining, Transfer
from compounding.workflow import transfers
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules


def move(bench: Bench, order_id: object, direction: Direction, *, by: Actor | None = None, days: int = 0) -> None:
    told = Transfer(direction, "Harbour Pharmacy, Portland", "555-010-0177", "RP-99", "Sam Other", bench.today + timedelta(days=days))
    bench.pharmacy.perform(ActName.PRESCRIPTION_TRANSFER, by or bench.maria, lambda act: transfers.move(act, order_id, told))


def seen(bench: Bench, order_id: object) -> transfers.TransferPage:
    return bench.pharmacy.look(LookName.PRESCRIPTIONS, bench.linh, lambda look: transfers.transfers(look, order_id))


def test_an_order_that_moved_gives_no_further_container_and_no_refill(bench: Bench) -> None:
    order_id = bench.accepted(replace(capsules(), refills=2))
    (fill,) = bench.plan(order_id, IN_CAPSULES)
    move(bench, order_id, Direction.OUT)
    shown = bench.prescription(order_id)
    assert (shown.status, shown.refills_left) == ("cancelled", 0)
    (kept,) = seen(bench, order_id).found
    assert (kept.told.pharmacy, kept.told.pharmacist, kept.remaining) == ("Harbour Pharmacy, Portland", "Sam Other", Remaining(1, 2))
    with pytest.raises(Conflict):
        bench.draw_up(fill)
    with pytest.raises(Conflict, match="only an accepted one"):
        move(bench, order_id, Direction.OUT)


def test_an_order_of_which_a_container_is_being_made_stays(bench: Bench) -> None:
    order_id = bench.accepted(capsules())
    (fill,) = bench.plan(order_id, IN_CAPSULES)
    bench.draw_up(fill)
    with pytest.raises(Conflict, match="is being worked on"):
        move(bench, order_id, Direction.OUT)
    assert bench.prescription(order_id).status == "accepted"


def test_where_an_order_came_from_is_kept_once_and_it_goes_on(bench: Bench) -> None:
    order_id = bench.receive(capsules()).id
    with pytest.raises(Forbidden):
        move(bench, order_id, Direction.IN, by=bench.linh)
    with pytest.raises(Invalid, match="still to come"):
        move(bench, order_id, Direction.IN, days=1)
    move(bench, order_id, Direction.IN)
    assert bench.prescription(order_id).status == "received"
    with pytest.raises(Conflict, match="on record already"):
        move(bench, order_id, Direction.IN)
    with pytest.raises(Conflict, match="only an accepted one"):
        move(bench, order_id, Direction.OUT)
