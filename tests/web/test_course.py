"""What the rows say together, before anything is saved."""

from datetime import date
from fractions import Fraction

import pytest
from werkzeug.datastructures import MultiDict

from compounding.domain.quantity import Mass
from compounding.domain.spoken import in_words
from compounding.web.course import Course, course
from compounding.web.rows import changed

FIRST = date(2026, 3, 1)


def ready_made(key: str) -> MultiDict[str, str]:
    return changed(MultiDict(), f"fill.{key}")[0]


def of(form: MultiDict[str, str]) -> Course:
    return course(form, first=FIRST)


@pytest.mark.parametrize(
    ("key", "mg", "days", "last"),
    [  # G05, G10 and G03 of the golden numbers
        ("three", 126, 42, date(2026, 4, 11)),
        ("halves", 315, 126, date(2026, 7, 4)),
        ("quarters", Fraction("299.25"), 126, date(2026, 7, 4)),
    ],
)
def test_total_length_and_last_day_of_the_usual_regimens(key: str, mg: Fraction, days: int, last: date) -> None:
    found = of(ready_made(key))

    assert (found.total, found.days, found.last, found.whole) == (Mass.of_mg(mg), days, last, True)


def test_each_step_is_said_again_in_words_and_digits_with_its_dates() -> None:
    third = of(ready_made("three")).lines[2]

    assert (third.understood, third.first, third.last) == ("four point five milligrams, 4.5 mg", date(2026, 3, 29), date(2026, 4, 11))


def test_an_unfinished_row_hides_the_dates_after_it_and_is_not_guessed() -> None:
    form = ready_made("three")
    form["steps.1.dose"] = ".5"
    found = of(form)

    assert [line.understood for line in found.lines] == ["one point five milligrams, 1.5 mg", "", "four point five milligrams, 4.5 mg"]
    assert (found.lines[2].first, found.last, found.whole, found.total) == (None, None, False, Mass.of_mg(84))


def test_two_doses_a_day_count_twice() -> None:
    form = MultiDict([("steps.0.dose", "4.5"), ("steps.0.unit", "mg"), ("steps.0.when[]", "morning"), ("steps.0.when[]", "bedtime"), ("steps.0.days", "10")])

    assert of(form).total == Mass.of_mg(90)


def test_micrograms_are_said_as_micrograms() -> None:
    form = MultiDict([("steps.0.dose", "1"), ("steps.0.unit", "mcg"), ("steps.0.when[]", "bedtime"), ("steps.0.days", "1")])

    assert of(form).lines[0].understood == "one microgram, 1 mcg"


def test_the_picture_climbs_from_left_to_right_inside_its_axes() -> None:
    picture = of(ready_made("three")).picture

    assert picture is not None
    assert picture.outline == "M44 131H185 V86H327 V41H468"  # 1.5, 3, 4.5 of 5 mg on 150 pixels above 176; thirds of 424 from 44
    assert picture.days == ((44, "1"), (185, "15"), (327, "29"), (468, "42"))
    assert [text for _, text in picture.doses] == ["0", "1", "2", "3", "4", "5"]


def test_no_picture_without_a_finished_row() -> None:
    assert of(MultiDict()).picture is None


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("4.5", "four point five"),
        ("45", "forty-five"),
        ("0.05", "zero point zero five"),
        ("12.25", "twelve point two five"),
        ("10", "ten"),
        ("20", "twenty"),
        ("100", "one hundred"),
        ("999.999", "nine hundred and ninety-nine point nine nine nine"),
    ],
)
def test_numbers_in_words(number: str, said: str) -> None:
    assert in_words(Fraction(number)) == said
