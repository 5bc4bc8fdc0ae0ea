"""Containers that are made again, given wrongly, or come back."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.dispenses import SetbackRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden
from compounding.domain.fill import FillStatus
from compounding.domain.people import Actor
from compounding.domain.setback import Cause, Setback, SetbackKind, SetbackStatus
from compounding.workflow import setbacks
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules

SPILLED = Setback(SetbackKind.REMAKE, Cause.SPILL, "the vial fell and broke")
WRONG = Setback(SetbackKind.MISFILL, None, "the label of another patient", "James Okafor", reached_patient=True, done="patient called, nothing taken")
BACK = Setback(SetbackKind.RETURN, None, "the patient stopped")


def record(bench: Bench, fill: UUID, told: Setback, *, by: Actor | None = None) -> UUID:
    return bench.pharmacy.perform(ActName.FILL_SET_BACK, by or bench.maria, lambda act: setbacks.record(act, fill, told))


def destroy(bench: Bench, fill: UUID, witness: Actor) -> None:
    bench.pharmacy.perform(ActName.FILL_DESTROY, bench.linh, lambda act: setbacks.destroy(act, fill, witness))


def seen(bench: Bench, fill: UUID) -> setbacks.Setbacks:
    return bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: setbacks.setbacks(look, fill))


def test_a_container_that_broke_in_the_house_is_due_again_and_made_anew(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    first = bench.checked(fill)
    tablets = bench.balance("SUN2201")
    assert record(bench, fill, SPILLED) == fill
    assert (bench.fill(fill).status, bench.holding_labels(fill)) == (FillStatus.DUE, 0)
    assert bench.balance("SUN2201") == tablets  # what is lost stays lost
    with pytest.raises(Conflict):
        bench.hand_over(fill)
    second = bench.handed_over(fill)
    assert second != first
    (kept,) = seen(bench, fill).found
    assert (kept.told.reason, kept.cause, kept.status) == (SPILLED.reason, Cause.SPILL, SetbackStatus.RECORDED)


def test_what_was_given_wrongly_opens_another_container_with_the_same_content(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.handed_over(fill)
    order = bench.fill(fill).prescription_id
    assert bench.prescription(order).status == "completed"
    bench.clock.pass_days(2)
    another = record(bench, fill, WRONG)
    assert another != fill
    assert bench.prescription(order).status == "accepted"
    page, before = bench.fill(another), bench.fill(fill)
    assert (page.status, page.number, page.fill) == (FillStatus.DUE, before.number, before.fill)
    assert (page.opens_on, (page.closes_on - page.opens_on)) == (bench.today, before.closes_on - before.opens_on)
    assert before.status is FillStatus.HANDED_OVER
    bench.answer(order)
    bench.checked(another)


def test_what_comes_back_is_destroyed_before_a_witness_and_never_restocked(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.handed_over(fill)
    lots = {name: bench.balance(name) for name in ("SUN2201", "MCC-101", "SH3-20", "V120")}
    with pytest.raises(Conflict, match="did not come back"):
        destroy(bench, fill, bench.james)
    record(bench, fill, BACK)
    assert seen(bench, fill).waits
    with pytest.raises(Conflict, match="came back already"):
        record(bench, fill, BACK)
    with pytest.raises(Forbidden, match="same person"):
        destroy(bench, fill, bench.linh)
    destroy(bench, fill, bench.james)
    assert not seen(bench, fill).waits
    assert {name: bench.balance(name) for name in lots} == lots
    with pytest.raises(Conflict, match="destroyed already"):
        destroy(bench, fill, bench.james)
    with reading(bench.pharmacy.engine) as session:
        (row,) = session.scalars(select(SetbackRow))
    assert (row.cause, row.amount, row.witness_id) == ("return", 30, bench.james.id)


def test_nothing_is_lost_of_what_was_never_made_and_a_technician_does_not_sign_for_it(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    with pytest.raises(Conflict):
        record(bench, fill, SPILLED)
    bench.made(fill)
    with pytest.raises(Forbidden):
        record(bench, fill, SPILLED, by=bench.linh)
    assert seen(bench, fill).possible == (SetbackKind.REMAKE, SetbackKind.MISFILL)
    record(bench, fill, replace(WRONG, reached_patient=False))
    assert bench.fill(fill).status is FillStatus.DUE
