"""Rule R31 on words and dates: each difference names both sides and holds; words that cannot be read need a reason."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.db.document import decode, encode
from compounding.domain.period import Period
from compounding.domain.prescription import Form, Moment, Order, QuantityUnit, Step, Supply, Unit
from compounding.domain.safety.finding import Finding
from compounding.domain.safety.reconciliation import amounts, lengths, read_directions
from tests.domain.safety.orders import actions, mg, only, order, ordered

FIRST = date(2026, 3, 10)


def period(start: int, days: int) -> Period:
    return Period(FIRST + timedelta(start), FIRST + timedelta(start + days - 1))


def taper(**changes: object) -> Order:
    """4, 3, 2 and 1 capsules of 1 mg a day: 5, 5, 5 and 4 days are 49."""
    steps = tuple(Step(mg(dose), Unit.MG, (Moment.BEDTIME,), days) for dose, days in ((4, 5), (3, 5), (2, 5), (1, 4)))
    text = "Take 4 capsules at bedtime for 5 days, then 3 capsules for 5 days, then 2 capsules for 5 days, then 1 capsule for 4 days"
    whole = order(form=Form.CAPSULE, steps=steps, capsule_strength=mg(1), supply=Supply(Fraction(49), QuantityUnit.CAPSULE), directions=text)
    return replace(whole, **changes)


def of_31(given_order: Order) -> list[Finding]:
    return [finding for finding in ordered(given_order) if finding.rule == "R31"]


def test_a_taper_gives_49_by_its_text_43_by_its_dates_and_51_by_its_quantity() -> None:
    dates = (period(0, 5), period(5, 4), period(9, 4), period(13, 3))  # 20 + 12 + 8 + 3
    found = of_31(taper(dates=dates, supply=Supply(Fraction(51), QuantityUnit.CAPSULE)))
    assert {finding.action.value for finding in found} == {"hold"}
    assert any("capsules: the text 49, the steps 49, the dates 43 and the quantity 51." in finding.sentence for finding in found)
    assert any("days: the text 19, the steps 19 and the dates 16." in finding.sentence for finding in found)


def test_what_agrees_is_silent() -> None:
    assert of_31(taper()) == []
    assert of_31(taper(dates=(period(0, 19),))) == []
    assert of_31(taper(dates=(period(0, 5), period(5, 5), period(10, 5), period(15, 4)))) == []


def test_words_that_cannot_be_read_are_compared_by_eye_with_a_reason() -> None:
    found = only(ordered(order("1.5", directions="1.5 mg as directed")), "R31")
    assert found.action.value == "warn"
    assert '"as directed"' in found.sentence
    other = only(ordered(order("3", directions="1.5 mg as directed")), "R31")
    assert other.facts_sha256 != found.facts_sha256, "another dose needs another look"


def test_two_doses_of_a_day_are_no_contradiction_and_need_a_reason() -> None:
    assert actions(ordered(order("1.5", directions="1.5 mg in the morning and 3 mg at bedtime for 14 days")), "R31") == ["warn"]


def test_an_order_kept_before_there_were_words_and_dates_is_still_read() -> None:
    plain = json.loads(encode(order("1.5")))
    old = {name: value for name, value in plain.items() if name not in {"directions", "dates"}}
    assert decode(Order, json.dumps(old)) == order("1.5")


@pytest.mark.parametrize(
    "text",
    [
        "4.5 mg at bedtime for 14 days",
        "1.5 mg at bedtime for 15 days",
        "1.5 mg twice a day for 14 days",
        "1.5 mg in the morning for 14 days",
        "1.5 mg under the tongue at bedtime for 14 days",
        "1.5 mg at bedtime for 14 days, then 3 mg for 14 days",
        "one 15 mg capsule (1.5 mg) at bedtime for 14 days",
    ],
)
def test_words_that_say_something_else_hold_the_order(text: str) -> None:
    given_order = order("1.5", directions=text)
    assert set(actions(ordered(given_order), "R31")) == {"hold"}


def test_dates_with_a_day_between_hold_the_order() -> None:
    found = of_31(order("1.5", "3", dates=(period(0, 14), period(15, 14))))
    assert ["do not follow day by day" in finding.sentence for finding in found] == [True]


def test_a_refill_repeats_the_last_step_without_the_words_of_the_climb() -> None:
    assert (taper().refill.directions, taper().refill.dates) == ("", ())


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=6))
def test_the_numbers_compared_are_those_of_a_count_day_by_day(parts: list[tuple[int, int, int]]) -> None:
    steps = tuple(Step(mg(dose), Unit.MG, (Moment.BEDTIME,), days) for dose, days, _ in parts)
    starts = [sum(dated for _, _, dated in parts[:number]) for number in range(len(parts))]
    dates = tuple(period(start, dated) for start, (_, _, dated) in zip(starts, parts, strict=True))
    text = ", then ".join(f"{dose} caps qhs x {days} d" for dose, days, _ in parts)
    told = taper(steps=steps, dates=dates, directions=text)
    read = read_directions(told)
    by_steps, by_dates = 0, 0
    for dose, days, dated in parts:
        for _ in range(days):
            by_steps += dose
        for _ in range(dated):
            by_dates += dose
    assert {side.who: side.amount for side in amounts(told, read)} == {"text": by_steps, "steps": by_steps, "dates": by_dates, "quantity": 49}
    assert {side.who: side.amount for side in lengths(told, read)}["dates"] == sum(dated for _, _, dated in parts)


def test_days_that_are_moved_from_one_step_to_the_next_hold_the_order() -> None:
    found = of_31(order("1.5", "3", directions="1.5 mg at bedtime for 10 days, then 3 mg for 18 days"))
    assert any("Step 1 is 1.5 mg at bedtime for 10 days by the text, and 1.5 mg at bedtime for 14 days as entered." in one.sentence for one in found)
    assert {one.action.value for one in found} == {"hold"}
