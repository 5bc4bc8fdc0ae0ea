"""Beyond-use dates: the class, the study, the day of making and the soonest component."""

from dataclasses import replace
from datetime import date

import pytest

from compounding.domain.beyond_use import assigned_class, beyond_use, last_day, month_end, shelf_days
from compounding.domain.errors import Unsafe
from compounding.domain.formula import BeyondUseClass, Formula, Stability, Storage
from compounding.second.dates import good_days, last_good_day
from compounding.second.reading import Paper
from tests.domain.examples import FORMULAS, TODAY, plain, unpreserved

L1 = FORMULAS["L1"]


def study(days: int, *, storage: Storage = Storage.REFRIGERATOR, passed: bool = False) -> Stability:
    return Stability(storage, days, antimicrobial_test=passed, source="a study", stability_indicating=True)


def days_of(formula: Formula, storage: Storage = Storage.REFRIGERATOR) -> int:
    """As both implementations find it."""
    days, _ = shelf_days(formula, storage)
    assert good_days(Paper(plain(formula), 1), storage) == days
    return days


def test_a_long_study_does_not_lengthen_an_aqueous_preparation_that_was_not_tested_against_microbes() -> None:
    assert days_of(replace(L1, stability=(study(60),))) == 35


def test_a_long_study_with_the_test_lengthens_it_and_never_beyond_180_days() -> None:
    assert days_of(replace(L1, stability=(study(60, passed=True),))) == 60
    assert days_of(replace(L1, stability=(study(360, passed=True),))) == 180


def test_a_short_study_always_shortens() -> None:
    assert days_of(replace(L1, stability=(study(5),))) == 5
    assert days_of(replace(FORMULAS["C4.5"], stability=(study(90, storage=Storage.ROOM),)), Storage.ROOM) == 90


@pytest.mark.parametrize("turned", [False, True])
def test_a_short_study_decides_in_whatever_order_studies_are_listed(turned: bool) -> None:
    studies = (study(20), study(60, passed=True))
    assert days_of(replace(L1, stability=studies[::-1] if turned else studies)) == 20


def test_a_study_at_another_storage_says_nothing() -> None:
    assert days_of(L1) == 35
    assert days_of(L1, Storage.ROOM) == 30


def test_a_capsule_study_of_360_days_gives_no_more_than_180() -> None:
    assert days_of(FORMULAS["C4.5"], Storage.ROOM) == 180


def test_preserved_is_believed_only_of_a_formula_that_names_its_preservative() -> None:
    liquid = L1.liquid
    assert liquid is not None
    nameless = replace(L1, liquid=replace(liquid, preservative=None))
    assert assigned_class(nameless) is BeyondUseClass.AQUEOUS_UNPRESERVED
    assert days_of(nameless) == 14


def test_a_preservative_whose_ph_was_missed_gives_the_unpreserved_date() -> None:
    assert shelf_days(L1, Storage.REFRIGERATOR, preserved=False)[0] == 14


def test_an_unpreserved_liquid_may_not_stand_at_room_temperature() -> None:
    with pytest.raises(Unsafe) as refused:
        shelf_days(replace(unpreserved("L1"), storages=(Storage.ROOM,)), Storage.ROOM)
    assert refused.value.code == "storage"
    with pytest.raises(Unsafe):
        shelf_days(FORMULAS["C4.5"], Storage.REFRIGERATOR)


def test_the_soonest_component_limits_the_date_and_every_candidate_is_kept() -> None:
    found = beyond_use(L1, Storage.REFRIGERATOR, made_on=TODAY, components=[("water", date(2026, 3, 20)), ("tablets", date(2027, 1, 31))], made_is_day_one=True)
    assert found.until == date(2026, 3, 20)
    assert found.decided_by.name == "Expiry of water"
    assert [candidate.until for candidate in found.candidates] == [date(2026, 3, 20), date(2026, 4, 5), date(2027, 1, 31)]


def test_an_expiry_printed_as_a_month_is_its_last_day() -> None:
    assert month_end(2026, 2) == date(2026, 2, 28)
    assert month_end(2028, 2) == date(2028, 2, 29)
    assert month_end(2026, 12) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("made_on", "days", "day_one", "day_zero"),
    [
        ("2026-03-01", 14, "2026-03-14", "2026-03-15"),
        ("2026-03-01", 35, "2026-04-04", "2026-04-05"),
        ("2026-03-01", 90, "2026-05-29", "2026-05-30"),
        ("2026-03-01", 180, "2026-08-27", "2026-08-28"),
        ("2024-02-20", 14, "2024-03-04", "2024-03-05"),
    ],
)
def test_golden_39_the_day_of_making_is_day_one_or_day_zero(made_on: str, days: int, day_one: str, day_zero: str) -> None:
    made = date.fromisoformat(made_on)
    for found in (last_day, last_good_day):
        assert found(made, days, made_is_day_one=True) == date.fromisoformat(day_one)
        assert found(made, days, made_is_day_one=False) == date.fromisoformat(day_zero)
