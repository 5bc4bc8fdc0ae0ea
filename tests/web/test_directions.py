"""Directions as written, at the form: read on request, shown in words, and put into the rows only on a second press."""

from collections.abc import Callable

import pytest

from tests.web.conftest import Visitor
from tests.web.test_intake import ADDRESS, date_fields, order_fields

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ROWS = "/prescriptions/new/rows"
TEXT = "0.5 mg qhs x 14 d then 1 mg qhs x 14 d"


@pytest.fixture
def tess(at_work: Callable[[str], Visitor]) -> Visitor:
    return at_work("tess")


def test_the_guess_is_shown_and_nothing_is_entered_before_it_is_taken(tess: Visitor) -> None:
    shown = tess.send(ROWS, order_fields(rows="read", directions=TEXT))
    assert "Step 2: one milligram (1 mg) at bedtime for 14 days" in shown.text
    assert [shown.value(f"steps.{number}.dose") for number in range(3)] == ["1.5", "3", "4.5"]

    take = next(button.get("value", "") for button in shown.named("rows") if button.get("value", "").startswith("take."))
    entered = tess.send(ROWS, order_fields(rows=take, directions=TEXT))
    assert [entered.value(f"steps.{number}.dose") for number in range(3)] == ["0.5", "1", ""]
    assert entered.value("steps.1.days") == "14"
    assert entered.value("directions").strip() == TEXT

    changed = tess.send(ROWS, order_fields(rows=take, directions=TEXT.replace("0.5", "5")))
    assert changed.value("steps.0.dose") == "1.5", "other words than those shown are not taken"
    assert "five milligrams (5 mg)" in changed.text


def test_what_cannot_be_read_is_named(tess: Visitor) -> None:
    assert '"qod"' in tess.send(ROWS, order_fields(rows="read", directions="1.5 mg qod")).text


def test_the_words_stand_beside_the_steps_when_the_order_is_screened(tess: Visitor) -> None:
    sent = tess.send(ADDRESS, order_fields(directions="1.5 mg at bedtime\r\nfor 10 days"))
    page = tess.read(sent.headers["Location"])
    assert "Directions as written" in page.text
    assert "for 10 days" in page.text
    assert "The text tells 1.5 mg at bedtime for 10 days" in page.text


def test_the_dates_as_written_are_compared_and_empty_boxes_are_none(tess: Visitor) -> None:
    blank = {**date_fields("dates.0.first_day", "", "", ""), **date_fields("dates.0.last_day", "", "", "")}
    assert "Dated" not in tess.read(tess.send(ADDRESS, {**order_fields(), **blank}).headers["Location"]).text

    dated = {**date_fields("dates.0.first_day", "2", "3", "2026"), **date_fields("dates.0.last_day", "11", "4", "2026")}
    page = tess.read(tess.send(ADDRESS, {**order_fields(), **dated}).headers["Location"])
    assert "numbers of days: the steps 42, the dates 41 and the days' supply 42." in page.text

    half = tess.send(ADDRESS, {**order_fields(), **blank, **date_fields("dates.0.first_day", "2", "3", "2026")})
    assert half.status == 422
    assert "Enter day, month and year." in half.message("dates.0.last_day")
