"""Whether a patient goes on to the next step: who is asked and when, what was said, and that nothing is made or handed over against it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.audit import AuditRow
from compounding.db.demand import StepAnswerRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.going_on import Going, Said, Way
from compounding.domain.people import Actor
from compounding.domain.prescription import Form
from compounding.domain.quantity import Mass
from compounding.workflow import going_on
from compounding.workflow.going_on import Coming, ToAsk
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES as CAPSULES
from tests.workflow.orders import IN_L1, capsules, order, titration

SQLITE = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def say(bench: Bench, order_id: UUID, step: int, going: Going, *, ago: int = 0, way: Way = Way.PHONE, by: Actor | None = None) -> None:
    told = Said(step, going, way, bench.today - timedelta(days=ago))
    bench.pharmacy.perform(ActName.PRESCRIPTION_GO_ON, by or bench.linh, lambda act: going_on.record(act, order_id, told))


def coming(bench: Bench, order_id: UUID) -> tuple[Coming, ...]:
    return bench.pharmacy.look(LookName.PRESCRIPTIONS, bench.linh, lambda look: going_on.coming(look, order_id))


def to_ask(bench: Bench) -> ToAsk:
    return bench.pharmacy.look(LookName.DAY, bench.linh, lambda look: going_on.to_ask(look, longest=12))


def begun(bench: Bench) -> tuple[UUID, UUID, UUID]:
    """A titration whose first bottle was handed over: the order, and its two fills."""
    order_id = bench.accepted(titration())
    first, second = bench.plan(order_id, IN_L1)
    bench.handed_over(first)
    return order_id, first, second


def test_an_answer_is_kept_with_who_when_and_how_and_is_audited(bench: Bench) -> None:
    order_id, *_ = begun(bench)
    say(bench, order_id, 3, Going.ON, way=Way.COUNTER)
    (step,) = coming(bench, order_id)
    assert (step.step, step.dose, step.begins_on, step.make_by) == (3, Mass.of_mg("4.5"), bench.today + timedelta(days=35), bench.today + timedelta(days=35))
    assert step.answer == Said(3, Going.ON, Way.COUNTER, bench.today)
    with reading(bench.pharmacy.engine) as session:
        row = session.scalars(select(StepAnswerRow)).one()
        assert (row.prescription_id, row.person_id, row.going, row.way) == (order_id, bench.linh.id, "on", "counter")
        (entry,) = session.scalars(select(AuditRow).where(AuditRow.table_name == "step_answer"))
        assert entry.act_name == ActName.PRESCRIPTION_GO_ON


@SQLITE
def test_a_later_answer_takes_the_place_of_an_earlier_one_which_stays_on_record(bench: Bench) -> None:
    order_id, *_ = begun(bench)
    say(bench, order_id, 3, Going.STAYS)
    bench.clock.pass_days(1)
    say(bench, order_id, 3, Going.ON)
    assert [step.answer.going for step in coming(bench, order_id) if step.answer] == [Going.ON]
    with reading(bench.pharmacy.engine) as session:
        assert session.scalars(select(StepAnswerRow.going).order_by(StepAnswerRow.recorded_at)).all() == ["stays", "on"]


@SQLITE
def test_patients_are_asked_a_week_before_the_bottle_of_the_next_step_is_made(bench: Bench) -> None:
    order_id, *_ = begun(bench)
    bench.clock.pass_days(27)
    assert to_ask(bench) == ToAsk(7, 0, (), ())
    bench.clock.pass_days(1)
    found = to_ask(bench)
    assert (found.count, [(item.prescription_id, item.step, item.patient) for item in found.steps]) == (1, [(order_id, 3, "Ann Sample")])
    say(bench, order_id, 3, Going.ON)
    assert to_ask(bench).count == 0


@SQLITE
@pytest.mark.parametrize("going", [Going.STAYS, Going.BACK])
def test_a_bottle_of_a_step_that_the_patient_does_not_take_is_not_made_and_says_what_to_do(bench: Bench, going: Going) -> None:
    order_id, _, second = begun(bench)
    bench.clock.pass_days(35)
    say(bench, order_id, 3, going)
    with pytest.raises(Conflict, match="Ask the prescriber for an order of the"):
        bench.draw_up(second)
    found = to_ask(bench)
    assert (found.count, [item.answer.going for item in found.declined if item.answer]) == (0, [going])
    say(bench, order_id, 3, Going.ON)
    assert bench.draw_up(second)


@SQLITE
def test_a_bottle_that_was_made_before_the_patient_stayed_is_not_handed_over(bench: Bench) -> None:
    order_id, _, second = begun(bench)
    bench.clock.pass_days(35)
    bench.checked(second)
    say(bench, order_id, 3, Going.STAYS)
    with pytest.raises(Conflict, match="Asked about step 3, the patient stays on the dose before it"):
        bench.hand_over(second)


@SQLITE
def test_only_a_step_that_is_still_to_come_can_be_answered_on_a_day_that_was(bench: Bench) -> None:
    order_id, *_ = begun(bench)
    for step, ago, field in ((2, 0, "step"), (4, 0, "step"), (3, -1, "told_on"), (3, 400, "told_on")):
        with pytest.raises(Invalid) as refused:
            say(bench, order_id, step, Going.ON, ago=ago)
        assert set(refused.value.fields) == {field}
    single = bench.accepted(capsules("Bo Single"))
    bench.plan(single, CAPSULES)
    with pytest.raises(Conflict, match="No later step"):
        say(bench, single, 2, Going.ON)
    with pytest.raises(Conflict, match="received"):
        say(bench, bench.receive(order(("1.5", 14), ("3", 14), form=Form.ORAL_LIQUID, name="Cy Waiting")).id, 2, Going.ON)


@SQLITE
def test_whoever_goes_on_to_a_later_step_goes_on_to_those_before_it(bench: Bench) -> None:
    climb = bench.accepted(order(*((dose, 35) for dose in ("1.5", "3", "4.5")), form=Form.ORAL_LIQUID))
    first, *_ = bench.plan(climb, IN_L1)
    bench.handed_over(first)
    assert [step.step for step in coming(bench, climb)] == [2, 3]
    say(bench, climb, 3, Going.ON)
    assert [step.answer.step for step in coming(bench, climb) if step.answer] == [3, 3]
    bench.clock.pass_days(30)
    assert to_ask(bench).count == 0
