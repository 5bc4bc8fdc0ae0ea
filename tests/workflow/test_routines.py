"""Training gates compounding and verifying; cleaning is logged; a batch begins on a clear line."""

import pytest

from compounding.domain.authority import ActName, LookName
from compounding.domain.batch import Meaning
from compounding.domain.cleaning import Area
from compounding.domain.competency import COMPOUNDING, Topic
from compounding.domain.errors import Conflict, Forbidden, Invalid
from compounding.domain.people import Actor
from compounding.workflow import batches, routines
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules


def train(bench: Bench, person: Actor, *topics: Topic) -> None:
    bench.pharmacy.perform(
        ActName.TRAINING_RECORD,
        bench.maria,
        lambda act: routines.train(act, person.id, topics, done_on=act.today, assessor="Maria Garcia", how="watched at the bench"),
    )


def person(bench: Bench, name: str) -> routines.PersonView:
    found = bench.pharmacy.look(LookName.UPKEEP, bench.linh, routines.staff)
    return next(item for item in found.people if item.name == name)


def test_whoever_is_past_a_day_compounds_nothing_until_it_is_shown_again(bench: Bench) -> None:
    batch = bench.draw_up(bench.planned(capsules(), IN_CAPSULES)[0])
    bench.count(batch)
    bench.clock.pass_days(366)
    with pytest.raises(Conflict, match="hand hygiene was due again on 2 March 2027"):
        bench.weigh(batch, bench.batch(batch).open_lines[0])
    assert set(person(bench, "Linh Tran").missing) == set(COMPOUNDING)
    train(bench, bench.linh, *COMPOUNDING)
    assert person(bench, "Linh Tran").missing == ()
    with pytest.raises(Conflict, match="calibration"):  # past the people, the balance is asked
        bench.weigh(batch, bench.batch(batch).open_lines[0])


def test_a_pharmacist_past_a_day_verifies_nothing(bench: Bench) -> None:
    batch = bench.compounded(bench.planned(capsules(), IN_CAPSULES)[0])
    bench.clock.pass_days(366)
    with pytest.raises(Conflict, match="checks in process and final verification was due again on 2 March 2027"):
        bench.release(batch)


def test_only_who_is_in_charge_or_administers_records_training(bench: Bench) -> None:
    with pytest.raises(Forbidden):
        bench.pharmacy.perform(
            ActName.TRAINING_RECORD,
            bench.james,
            lambda act: routines.train(act, bench.james.id, [Topic.GARBING], done_on=act.today, assessor="James", how="himself"),
        )
    with pytest.raises(Invalid, match="Tick what was shown"):
        train(bench, bench.linh)


def test_a_batch_begins_when_the_compounder_found_the_line_clear_and_signed_so(bench: Bench) -> None:
    batch = bench.draw_up(bench.planned(capsules(), IN_CAPSULES)[0])
    with pytest.raises(Conflict, match="no other product"):
        bench.pharmacy.perform(ActName.BATCH_COUNT, bench.linh, lambda act: batches.count(act, batch, 3, bench.james))
    assert bench.batch(batch).signatures == ()
    bench.count(batch)
    assert (Meaning.LINE_CLEAR, "Linh Tran") in {(item.meaning, item.name) for item in bench.batch(batch).signatures}


def test_a_cleaning_is_kept_with_what_and_by_whom(bench: Bench) -> None:
    bench.pharmacy.perform(ActName.CLEANING_RECORD, bench.linh, lambda act: routines.clean(act, {Area.FLOORS, Area.SURFACES}, "70 % isopropyl alcohol"))
    found = bench.pharmacy.look(LookName.UPKEEP, bench.linh, routines.cleanings)
    assert [duty.area for duty in found.due] == [Area.SHELVES]
    assert {(row.cleaned.area, row.cleaned.agent, row.cleaned.by) for row in found.log} == {
        (Area.FLOORS, "70 % isopropyl alcohol", "Linh Tran"), (Area.SURFACES, "70 % isopropyl alcohol", "Linh Tran"),
    }  # fmt: skip
    bench.clock.pass_days(1)
    assert len(bench.pharmacy.look(LookName.UPKEEP, bench.linh, routines.cleanings).due) == 3
    with pytest.raises(Invalid, match="Tick what was cleaned"):
        bench.pharmacy.perform(ActName.CLEANING_RECORD, bench.linh, lambda act: routines.clean(act, set(), "water"))
