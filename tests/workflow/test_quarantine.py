"""A batch that was made is set aside by anybody, at once; nothing of it leaves until a pharmacist has lifted that or rejected it."""

import pytest

from compounding.domain.authority import ActName
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.workflow import batches, dispenses
from tests.workflow.aside import details, lift, set_aside
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules


def test_a_released_batch_is_set_aside_by_a_technician_and_comes_back_by_a_pharmacists_signature(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.made(fill)
    set_aside(bench, batch)
    assert bench.batch(batch).status == "quarantined"
    assert details(bench, batch).held
    with pytest.raises(Conflict):
        bench.compose(fill)
    with pytest.raises(Forbidden):
        lift(bench, batch, by=bench.linh)
    lift(bench, batch)
    assert bench.batch(batch).status == "released"
    found = details(bench, batch)
    assert not found.held
    assert [(event.kind, event.reason, event.by) for event in found.events] == [
        ("quarantined", "a cap was loose", "Linh Tran"),
        ("lifted", "every cap was closed again", "Maria Garcia"),
    ]
    assert found.signatures[-1].meaning == "lifted the quarantine"
    assert found.broken == ()
    bench.label(fill)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_nothing_of_a_quarantined_batch_is_checked_or_handed_over(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.made(fill)
    bench.label(fill)
    scanned = bench.compose(fill).value.barcode
    set_aside(bench, batch)
    with pytest.raises(Unsafe, match="not released"):
        bench.check(fill, scanned)
    lift(bench, batch)
    bench.check(fill, scanned)
    told = bench.told(fill)
    set_aside(bench, batch)
    with pytest.raises(Unsafe, match="not released"):
        bench.pharmacy.perform(ActName.FILL_HAND_OVER, bench.maria, lambda act: dispenses.hand_over(act, fill, told, {}))
    assert bench.fill(fill).handed_on is None


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_compounded_batch_that_is_set_aside_is_neither_released_nor_compounded_again(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.weighed(fill)
    with pytest.raises(Conflict, match="only one that was made"):
        set_aside(bench, batch)
    bench.compound(batch)
    finished = bench.finished(batch)
    with pytest.raises(Invalid, match="Say why"):
        set_aside(bench, batch, "")
    set_aside(bench, batch)
    with pytest.raises(Conflict, match="set aside"):
        bench.release(batch)
    with pytest.raises(Conflict, match="only a batch in process"):
        bench.pharmacy.perform(ActName.BATCH_COMPOUND, bench.linh, lambda act: batches.compound(act, batch, finished))
    with pytest.raises(Conflict, match="quarantined"):
        set_aside(bench, batch)
    with pytest.raises(Invalid, match="Say what was found"):
        lift(bench, batch, "")
    lift(bench, batch)
    assert bench.batch(batch).status == "compounded"
    bench.release(batch)
    with pytest.raises(Conflict, match="Nobody has set"):
        lift(bench, batch)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_lot_withdrawn_meanwhile_keeps_the_batch_aside_and_rejecting_it_makes_its_container_due_again(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.made(fill)
    label = bench.label(fill)
    set_aside(bench, batch)
    bench.withdraw("SUN2201")
    with pytest.raises(Unsafe, match="SUN2201"):
        lift(bench, batch)
    bench.reject(batch)
    assert bench.batch(batch).status == "rejected"
    assert bench.fill(fill).status == "due"
    with pytest.raises(Conflict, match="void"):
        bench.reprint(label)
