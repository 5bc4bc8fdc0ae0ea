"""The pictures of a course in whole pixels: nothing is too small to be seen, no words lie over others, and a plunger stands on its mark."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.formula import Storage
from compounding.domain.library import formulas, syringes
from compounding.domain.plan import Choices, Plan
from compounding.domain.planner import sketch_plan
from compounding.domain.policy import Policy
from compounding.domain.preparation import Container
from compounding.domain.prescription import Form, Moment, Regimen, Step, Unit
from compounding.domain.quantity import Mass, Volume, decimal_text
from compounding.domain.weighing import Syringe
from compounding.web.drawings import barrel
from compounding.web.plan_picture import LEFT, WIDTH, picture_of

TODAY = date(2026, 3, 2)
L2 = next(formula for formula in formulas() if formula.code == "L2")
BOTTLE = Container("bottle-480-ml", "amber bottle of 480 mL", Volume.of_ml(480), None, Volume.of_ml(0))
climbs = st.lists(st.tuples(st.integers(1, 90), st.integers(1, 40)), min_size=1, max_size=20)


def planned(*steps: tuple[str, int], lead_days: int = 0) -> Plan:
    """A course of `steps` (mg and days) in L2 on the syringe of 1 mL by 0.01."""
    regimen = Regimen(Form.ORAL_LIQUID, tuple(Step(Mass.of_mg(dose), Unit.MG, (Moment.BEDTIME,), days) for dose, days in steps))
    starts_on = TODAY + timedelta(days=lead_days)
    choices = Choices(L2, Storage.REFRIGERATOR, BOTTLE, L2.method, starts_on, syringes()[0], lead_days)
    return sketch_plan(regimen, choices, today=TODAY, policy=Policy()).course


def climbed(climb: list[tuple[int, int]]) -> Plan:
    """Doses in twentieths of a mg, which all stand on a mark."""
    return planned(*((decimal_text(Fraction(number, 20)), days) for number, days in climb))


@given(climbs)
def test_every_step_is_seen_and_no_words_lie_over_others(climb: list[tuple[int, int]]) -> None:
    plan = climbed(climb)
    picture = picture_of(plan)
    assert all(block.height >= 1 for block in picture.blocks)
    places = [(block.words_at - (52 if block.ends else 26), block.words_at + (0 if block.ends else 26)) for block in picture.blocks if block.shown]
    assert all(end <= begin for (_, end), (begin, _) in pairwise(places))
    numbers = [x for x, text in picture.days if text]
    assert all(right - left >= 30 for left, right in pairwise(numbers))


@given(climbs)
def test_each_container_ends_where_the_next_begins_and_tells_its_dates(climb: list[tuple[int, int]]) -> None:
    plan = climbed(climb)
    bars = picture_of(plan).bars
    assert [bar.x for bar in bars] == [LEFT, *(bar.x + bar.width for bar in bars[:-1])]
    assert bars[-1].x + bars[-1].width == LEFT + WIDTH
    assert all(bar.good >= bar.width for bar in bars)
    assert len({bar.y for bar in bars}) == len(plan.fills)


def test_a_hundredth_of_the_highest_dose_is_still_seen() -> None:
    assert [block.height for block in picture_of(planned(("0.05", 7), ("9", 7))).blocks] == [1, 150]


def test_the_words_say_each_dose_and_each_date() -> None:
    picture = picture_of(planned(("0.05", 20), ("4.5", 30)))
    assert picture.words == ("50 mcg a day; 4.5 mg a day; 1: opened 2 March 2026, good through 5 April 2026; 2: opened 6 April 2026, good through 10 May 2026")


@pytest.mark.parametrize("syringe", syringes(), ids=lambda syringe: syringe.code)
def test_a_plunger_stands_on_its_mark(syringe: Syringe) -> None:
    drawn = barrel(syringe)
    marks = [int(place.split()[0]) for place in f"{drawn.short}{drawn.long}".split("M")[1:]]
    count = int(syringe.capacity / syringe.graduation)
    assert len(marks) == count + 1
    assert {drawn.left + drawn.drawn_to(syringe.graduation * number) for number in range(count + 1)} == set(marks)
    assert max(marks) - min(marks) == drawn.length
    assert all(drawn.left + drawn.drawn_to(Volume.of_ml(text)) == x for x, text in drawn.numbers)
    assert all(right - left >= 28 for (left, _), (right, _) in pairwise(drawn.numbers))  # the numbers do not touch
