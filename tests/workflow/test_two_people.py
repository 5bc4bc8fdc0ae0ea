"""Who may do what at the bench: two people stand behind every batch, and one person counts, weighs and mixes it."""

from contextlib import suppress

import pytest

from compounding.domain.authority import ACTS, ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Unknown, Unsafe
from compounding.domain.people import Actor, Role
from compounding.workflow import batches, dispenses, worksheets
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, IN_L1, capsules, titration


def test_nobody_verifies_a_batch_that_he_compounded(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.draw_up(fill)
    bench.count(batch, by=bench.maria)
    bench.weigh_all(batch, by=bench.maria)
    bench.compound(batch, by=bench.maria)

    with pytest.raises(Forbidden, match="same person"):
        bench.release(batch, by=bench.maria)
    assert bench.batch(batch).status == "compounded"
    bench.release(batch, by=bench.james)
    assert bench.batch(batch).status == "released"


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_technician_verifies_nothing_and_hands_nothing_over(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.compounded(fill)
    with pytest.raises(Forbidden):
        bench.release(batch, by=bench.linh)
    bench.release(batch)
    bench.label(fill)
    bench.check(fill)
    told = bench.told(fill)
    with pytest.raises(Forbidden):
        bench.pharmacy.perform(ActName.FILL_HAND_OVER, bench.linh, lambda act: dispenses.hand_over(act, fill, told, {}))
    assert bench.fill(fill).handed_on is None


def test_a_witness_is_somebody_else_who_works_at_the_bench(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.draw_up(fill)
    for witness in (bench.linh, Actor(bench.james.id, "Ada Administrator", "AA", Role.ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            bench.count(batch, witness=witness)
    assert bench.balance("SUN2201") == 100

    bench.count(batch)
    bench.weigh_all(batch)
    with pytest.raises(Forbidden, match="witness"):
        bench.witness(batch, witness=bench.linh)
    bench.compound(batch)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_nothing_is_compounded_whose_weights_nobody_saw_before_mixing(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.counted(fill)
    with pytest.raises(Conflict, match="Not recorded yet"):
        bench.witness(batch)
    bench.weigh_all(batch)
    finished = bench.finished(batch)
    with pytest.raises(Conflict, match="before mixing"):
        bench.pharmacy.perform(ActName.BATCH_COMPOUND, bench.linh, lambda act: batches.compound(act, batch, finished))

    bench.witness(batch)
    with pytest.raises(Conflict, match="already"):
        bench.witness(batch)
    bench.compound(batch)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_who_counted_the_tablets_weighs_and_mixes_them_too(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.counted(fill)
    with pytest.raises(Forbidden, match="Somebody else began this batch"):
        bench.weigh_all(batch, by=bench.james)
    bench.weigh_all(batch)
    with pytest.raises(Forbidden, match="Somebody else began this batch"):
        bench.compound(batch, by=bench.maria)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_the_signatures_of_a_batch_say_who_did_what(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    signed = {item.meaning: item.name for item in bench.batch(bench.made(fill)).signatures}
    assert signed == {
        "found the line clear: no other product, no label of the last batch": "Linh Tran",
        "witnessed the tablet count before crushing": "James Okafor",
        "witnessed the weights before mixing": "James Okafor",
        "compounded": "Linh Tran",
        "verified": "Maria Garcia",
        "released": "Maria Garcia",
    }


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_an_act_lets_in_the_roles_of_its_table_and_no_other(bench: Bench) -> None:
    administration = {name for name in ActName if ACTS[name] & {Role.ADMINISTRATOR, Role.AUDITOR}}  # with people and accounts, nothing clinical
    of_people = administration | {ActName.PHARMACY_SEED, ActName.CLIENT_NOTE_USE, ActName.CLIENT_MOVE}
    of_people |= {
        ActName.SESSION_BEGIN,
        ActName.SESSION_FORGIVE,
        ActName.SESSION_REFUSE,
        ActName.SESSION_USE,
        ActName.FACTOR_USE,
        ActName.EVENT_SEND,
        ActName.CLIENT_PROVE,
        ActName.CLIENT_SIGN,
    }
    of_people |= {ActName.BENCHMARK_IMPORT}  # a price list of hundreds of thousands of rows comes by the command line too
    of_people |= {ActName.JOB_SEND, ActName.RUN_PRINT, ActName.TRAIL_BEGIN}  # nobody's but the program's own
    for name in set(ActName) - of_people:
        let_in = set()
        for actor in bench.actors().values():
            with suppress(Forbidden):
                let_in.add(bench.pharmacy.perform(name, actor, lambda act: act.actor.role))
        assert let_in == ACTS[name]
        assert not let_in & {Role.SYSTEM, Role.ADMINISTRATOR, Role.AUDITOR}


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_step_is_not_taken_before_the_one_before_it(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.draw_up(fill)
    powder = bench.batch(batch).open_lines[0]
    for too_early in (
        lambda: bench.weigh(batch, powder),
        lambda: bench.compound(batch),
        lambda: bench.release(batch),
        lambda: bench.compose(fill),
        lambda: bench.pharmacy.perform(ActName.FILL_CHECK, bench.maria, lambda act: dispenses.check(act, fill, "")),
    ):
        with pytest.raises(Conflict):
            too_early()
    bench.count(batch)
    with pytest.raises(Conflict, match="Not recorded yet"):
        bench.compound(batch)
    with pytest.raises(Conflict):
        bench.draw_up(fill)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_what_does_not_exist_is_said_to_be_unknown(bench: Bench) -> None:
    nothing = bench.linh.id
    with pytest.raises(Unknown):
        bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, lambda act: worksheets.plan_batch(act, nothing, {}))
    with pytest.raises(Unknown):
        bench.batch(nothing)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_bottle_that_is_drawn_up_too_early_for_its_date_is_refused_in_a_sentence_and_not_by_an_alarm(bench: Bench) -> None:
    """42 days in two bottles: made on the first day, the second would end 35 days later, before its last dose."""
    late = bench.planned(titration(), IN_L1)[-1]
    for ask in (lambda: bench.draw_up(late), lambda: bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: worksheets.findings(look, late))):
        with pytest.raises(Unsafe, match="before the last dose") as refused:
            ask()
        assert refused.value.code == "R23"
