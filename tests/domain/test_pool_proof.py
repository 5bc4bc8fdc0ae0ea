"""The second pharmacist on a shared batch: whatever is slipped into it is seen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from compounding.domain.formula import Storage
from compounding.domain.pooling import Pool, propose
from compounding.domain.quantity import Mass, Volume
from tests.domain.examples import POLICY, TODAY, bottle
from tests.domain.test_pooling import L1, POWDER, bottled, disagreements, only


def _wrong(pool: Pool) -> dict[str, Pool]:
    first, *others = pool.shares
    more = replace(pool.amounts, tablets=pool.amounts.tablets + 1)
    return {
        "another formula": replace(pool, formula="L9"),
        "another version": replace(pool, formula_version=9),
        "other minutes": replace(pool, minutes=pool.minutes + 1),
        "a tablet more": replace(pool, amounts=more),
        "more made": replace(pool, amounts=replace(pool.amounts, made=pool.amounts.made + 50)),
        "less left": replace(pool, amounts=replace(pool.amounts, left=Mass.of_mg(1))),
        "less given": replace(pool, amounts=replace(pool.amounts, dispensed=pool.amounts.dispensed - 1)),
        "other method": replace(pool, amounts=replace(pool.amounts, method=POWDER)),
        "a day longer": replace(pool, until=pool.until + timedelta(days=1)),
        "made yesterday": replace(pool, made_on=TODAY - timedelta(days=1)),
        "made too late": replace(pool, made_on=TODAY + timedelta(days=1), until=pool.until + timedelta(days=1)),
        "a share's date longer": replace(pool, shares=(replace(first, until=first.until + timedelta(days=1)), *others)),
        "a last dose past the date": replace(pool, shares=(replace(first, closes_on=first.until + timedelta(days=1)), *others)),
        "nobody to share with": replace(pool, shares=(first,)),
        "one of them twice": replace(pool, shares=(first, first, *others)),
        "more than its bottle holds": replace(pool, shares=(replace(first, container=bottle(100)), *others)),
        "kept in the warm": replace(pool, storage=Storage.ROOM),
    }


@pytest.mark.parametrize("what", _wrong(only(bottled(0, "103.5"), bottled(1, "103.5"))))
def test_the_second_pharmacist_sees(what: str) -> None:
    assert disagreements(_wrong(only(bottled(0, "103.5"), bottled(1, "103.5")))[what], L1)


def test_the_second_pharmacist_refuses_a_batch_beyond_the_graduate_and_one_made_in_the_bottle() -> None:
    wide = replace(POLICY, largest_liquid_batch=Volume.of_ml(2000))
    (pool,) = propose([bottled(number, "240") for number in range(5)], today=TODAY, policy=wide).pools
    assert disagreements(pool, L1) == ("1200 is more than one batch may be.",)

    in_bottle = replace(L1, liquid=replace(L1.liquid, made_in_container=True))
    assert any("in the bottle" in sentence for sentence in disagreements(only(bottled(0, "100"), bottled(1, "100")), in_bottle))
