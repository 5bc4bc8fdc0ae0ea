"""What a preparation and a shared batch say of their amounts."""

from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from compounding.domain.capsule import VOLUMES, capsules_for, displaced_fill
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Method, Storage
from compounding.domain.preparation import VESSEL, ForStock, Packed, Pool, Share, capsule_amounts, liquid_amounts, packed_in, units_of
from compounding.domain.quantity import Mass, Volume
from tests.domain.examples import FORMULAS, TODAY, VIAL, bottle
from tests.domain.stock_solutions import from_stock

L1, C45 = FORMULAS["L1"], FORMULAS["C4.5"]


def poured(ml: str) -> Pool:
    """One batch of 1 mg/mL for a fill of so many mL and two of 31.5 mL."""
    bottled = [liquid_amounts(L1, Volume.of_ml(each), Volume.of_ml(each), method=Method.WHOLE_TABLETS, container=bottle(240)) for each in (ml, "31.5", "31.5")]
    days = (TODAY, TODAY, TODAY + timedelta(days=13), TODAY + timedelta(days=34), TODAY + timedelta(days=34))
    shares = tuple(Share(UUID(int=number), amounts, *days) for number, amounts in enumerate(bottled))
    whole = liquid_amounts(L1, Volume.of_ml(ml) + Volume.of_ml(63), Volume.of_ml(ml) + Volume.of_ml(63), method=Method.WHOLE_TABLETS, container=bottle(240))
    return Pool("L1", 1, Storage.REFRIGERATOR, TODAY, TODAY, whole, shares, 20)


def test_sharing_saves_the_tablets_that_are_not_crushed_twice_and_the_minutes_of_all_batches_but_one() -> None:
    pool = poured("37")
    assert (pool.tablets_apart, pool.amounts.tablets, pool.tablets_saved, pool.minutes_saved) == (3, 2, 1, 40)
    assert (pool.left_apart, pool.amounts.left) == (Mass.of_mg(2 * Fraction("18.5") + 13), Mass.of_mg(0))


def test_tablets_are_crushed_and_stock_is_drawn() -> None:
    crushed = capsule_amounts(C45, 30, overage=0, container=VIAL)
    drawn = liquid_amounts(from_stock("L0.5", "L2"), Volume.of_ml(42), Volume.of_ml(42), method=Method.STOCK, container=bottle(60))
    assert (crushed.tablets_text, crushed.left_text) == ("3 of 50 mg, weighed powder", "Crushed and never taken")
    assert (drawn.tablets_text, drawn.left_text) == ("none, drawn from stock", "Drawn and never taken")


def test_containers_of_a_kind_are_counted_and_each_holds_its_part() -> None:
    assert packed_in([bottle(60), VIAL, bottle(60)]) == (Packed(bottle(60), 2), Packed(VIAL, 1))
    assert VESSEL.unusable == Volume.of_ml(0)  # each container that is filled from it has its own
    stocked = ForStock("C4.5", 1, VIAL, 4, Fraction(120))
    assert (stocked.each, stocked.bulk, stocked.overage) == (30, False, 0)


@pytest.mark.parametrize(("code", "amount", "units"), [("L1", "94.5", 94_500_000), ("L1", "1/3", 333_334), ("C4.5", "30", 30)])
def test_a_share_is_counted_in_whole_nanolitres_or_capsules(code: str, amount: str, units: int) -> None:
    assert units_of(FORMULAS[code], Fraction(amount)) == units


@pytest.mark.parametrize("dose", ["2", "0", "6.75"])
def test_a_dose_that_is_no_whole_number_of_capsules_is_refused(dose: str) -> None:
    assert capsules_for(Mass.of_mg(9), Mass.of_mg("4.5")) == 2
    with pytest.raises(Unsafe, match="whole capsules"):
        capsules_for(Mass.of_mg(dose), Mass.of_mg("4.5"))


def test_powder_that_does_not_fit_names_the_size_that_does_where_its_own_size_is_known() -> None:
    for size, said in (("3", "choose size 1"), ("13 for horses", "choose a larger shell")):
        with pytest.raises(Unsafe, match=said.replace("shell", "size")):
            displaced_fill(Mass.of_mg(360), Mass.of_mg(240), Mass.of_mg(225), size=size)
    assert VOLUMES["3"].ml * Fraction(3, 2) <= VOLUMES["1"].ml
