"""A refrigerator out of its limits holds what stands in it, until a pharmacist decides."""

from fractions import Fraction

import pytest

from compounding.domain.authority import ActName, LookName
from compounding.domain.batch import BatchStatus
from compounding.domain.climate import Decision, Temperatures
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.domain.inventory import LotStatus
from compounding.workflow import climate
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules


def read(bench: Bench, place: str, lowest: str, highest: str) -> int:
    found = Temperatures(Fraction(lowest), Fraction(highest), Fraction(lowest))
    return bench.pharmacy.perform(ActName.TEMPERATURE_READ, bench.linh, lambda act: climate.read(act, place, found))


def seen(bench: Bench) -> climate.Climate:
    return bench.pharmacy.look(LookName.UPKEEP, bench.linh, climate.climate)


def put(bench: Bench, lot: str, place: str) -> None:
    bench.pharmacy.perform(ActName.LOT_PUT, bench.linh, lambda act: climate.put(act, lot, place))


def decide(bench: Bench, lot: str, decision: Decision, reason: str = "ten minutes, the maker allows it") -> None:
    hold = next(item for item in seen(bench).holds if f"lot {lot} " in item.what)
    bench.pharmacy.perform(ActName.EXCURSION_DECIDE, bench.maria, lambda act: climate.decide(act, hold.id, decision, reason))


def test_a_reading_within_its_limits_holds_nothing(bench: Bench) -> None:
    assert read(bench, "refrigerator", "2", "8") == 0
    assert read(bench, "room", "15", "30") == 0
    assert seen(bench).held == ()
    assert [(item.place, item.within, item.by) for item in seen(bench).log] == [("compounding room", True, "Linh Tran"), ("refrigerator", True, "Linh Tran")]


def test_what_stood_in_a_warm_refrigerator_is_held_and_nothing_of_it_is_taken(bench: Bench) -> None:
    put(bench, "SUN2201", "refrigerator")
    batch = bench.draw_up(bench.planned(capsules(), IN_CAPSULES)[0])
    assert read(bench, "refrigerator", "4", "8.1") == 1
    assert bench.lot("SUN2201").status is LotStatus.QUARANTINED
    assert bench.lot("ACC7710").status is LotStatus.AVAILABLE
    with pytest.raises(Conflict, match="quarantined"):
        bench.count(batch)
    with pytest.raises(Conflict, match="held since an excursion of temperature in refrigerator"):
        bench.release_lot(bench.lot("SUN2201").id)
    assert read(bench, "refrigerator", "4", "9") == 0  # it is held already
    decide(bench, "SUN2201", Decision.RELEASED)
    assert bench.lot("SUN2201").status is LotStatus.AVAILABLE
    bench.count(batch)


def test_a_rejected_lot_is_withdrawn_and_nobody_decides_twice(bench: Bench) -> None:
    put(bench, "SUN2201", "refrigerator")
    read(bench, "refrigerator", "-1.5", "4")
    with pytest.raises(Invalid, match="Give the reason"):
        decide(bench, "SUN2201", Decision.REJECTED, "")
    decide(bench, "SUN2201", Decision.REJECTED, "frozen")
    assert bench.lot("SUN2201").status is LotStatus.WITHDRAWN
    with pytest.raises(Conflict, match="rejected already"):
        decide(bench, "SUN2201", Decision.RELEASED)
    (hold,) = seen(bench).holds
    assert (hold.decision, hold.reason) == (Decision.REJECTED, "frozen")
    with pytest.raises(Forbidden):
        bench.pharmacy.perform(ActName.EXCURSION_DECIDE, bench.linh, lambda act: climate.decide(act, hold.id, Decision.RELEASED, "no"))


def test_a_released_batch_in_a_hot_room_is_neither_labelled_nor_handed_over(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.checked(fill)
    assert read(bench, "refrigerator", "0", "1") == 0  # capsules are kept in the room
    assert read(bench, "room", "20", "31") > 1
    assert bench.batch(batch).status is BatchStatus.QUARANTINED
    assert "compounding room: 20 to 31 °C, limits 15 to 30 °C" in {item.reason for item in seen(bench).batches}
    with pytest.raises((Conflict, Unsafe), match="not released"):
        bench.hand_over(fill)


def test_a_reading_that_is_missing_is_shown(bench: Bench) -> None:
    read(bench, "refrigerator", "3", "5")
    place = next(item for item in seen(bench).places if item.code == "refrigerator")
    assert (place.today.taken, place.today.missing, place.missing) == (1, 1, ())
    bench.clock.pass_days(2)
    place = next(item for item in seen(bench).places if item.code == "refrigerator")
    assert [day.missing for day in place.missing] == [1, 2]
    assert {item.name for item in seen(bench).due} == {"refrigerator", "compounding room"}
