"""What is read at the bench, word for word with its numbers, and what stands exactly on a bound there."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.bench import Answer
from compounding.domain.bench_solids import Repeatability, by_repeatability
from compounding.domain.errors import Invalid, Unsafe
from tests.domain.sums import (
    CLASS_A,
    FINE,
    TENTH,
    TODAY,
    Found,
    diluting,
    found,
    little,
    mg,
    mixing,
    ml,
    numbers,
    repeated,
    sensitive,
    stepping,
    together,
    tritured,
)

_MIXED = (
    "Mix them geometrically to 100 mg: as much diluent as is there each time, "
    "adding 2.4 mg, then 4.8 mg, then 9.6 mg, then 19.2 mg, then 38.4 mg, then 23.2 mg."
)
READ = {
    "as they are": ("What was mixed holds 11 mg of naltrexone.", "In 7 mL that is about 1.5714 mg/mL."),
    "three steps": (
        "Take 1 mL of the stock (1 mg/mL), make it up TO 100 mL and mix: it holds 1 mg, 10 mcg/mL.",
        "Take 1 mL of the dilution before (10 mcg/mL), make it up TO 100 mL and mix: it holds 10 mcg, 0.1 mcg/mL.",
        "Take 1 mL of the dilution before (0.1 mcg/mL), make it up TO 100 mL and mix: it holds 0.1 mcg, 0.001 mcg/mL.",
        "Take 30 mL of the dilution before (0.001 mcg/mL), make it up TO 100 mL and mix: it holds 0.03 mcg, 0.0003 mcg/mL.",
        "Proof: the last holds 0.0003 mcg/mL, where 0.0003 mcg/mL is wanted; it is 0 % off.",
        "30 mL is more than the syringe holds: take it in 10 draws.",
    ),
    "G22": ("Weigh no less than 120 mg on this balance.", "A weight of 190 mg may be about 3.1579 % of the weight off."),
    "G23, s": ("Weigh no less than 300 mg on this balance where the chapter's accuracy is asked.",),
    "G23, d": (
        "Weigh no less than 82 mg on this balance where the chapter's accuracy is asked.",
        "This repeats better than the balance reads: 41 mcg decides, and not 10 mcg.",
    ),
    "G24": (
        "Weigh 120 mg of the substance.",
        "Weigh 7380 mg of diluent.",
        "Mix them geometrically to 7500 mg, adding 120 mg, then 240 mg, then 480 mg, then 960 mg, then 1920 mg, then 3660 mg.",
        "Take 125 mg of the mixture.",
        "Proof: the part holds 2 mg of naltrexone, where 2 mg is wanted.",
    ),
    "G25": (
        "Weigh 135 mg of the powder of crushed tablets.",
        "Weigh 585 mg of diluent.",
        "Mix them geometrically to 720 mg, adding 135 mg, then 270 mg, then 180 mg.",
        "Take 120 mg of the mixture.",
        "Proof: the part holds 4.5 mg of naltrexone, where 4.5 mg is wanted.",
    ),
    "G26": (
        "Weigh 22.8 mg by itself: 2 mg can be weighed, so no aliquot is needed.",
        "Proof: it holds about 4.4935 mg, where 4.5 mg is wanted.",
        "The digits of the balance make it -0.14 % off.",
    ),
    "rounded": (
        "Weigh 2.4 mg of the substance and 97.6 mg of diluent.",
        _MIXED,
        "Proof: it holds 2.4 mg of naltrexone in 100 mg, 24 mg/g.",
        "The digits of the balance make it +1.68 % off.",
    ),
}


def read(told: Found) -> tuple[str, ...]:
    answer: Answer = told[1]
    return (*answer.lines, *answer.cautions)


@pytest.mark.parametrize("name", READ)
def test_the_sentences_are_these(name: str) -> None:
    assert read(found(name)) == READ[name]


def test_each_liquid_on_the_way_says_its_strength_as_a_label_would() -> None:
    _, made = stepping("0.0000003")
    assert [liquid.strength_text for liquid in made.intermediates] == ["10 mcg/mL", "0.1 mcg/mL", "0.001 mcg/mL", "0.0003 mcg/mL"]


def test_all_amounts_go_into_what_is_together() -> None:
    answer = together(("1", "3"), ("2", "4"), ("5", "6"))[1]
    whole = {working.key: working for working in answer.workings}
    assert whole["together"].inputs == (("amount 1", "3 mL"), ("amount 2", "4 mL"), ("amount 3", "6 mL"))
    assert len(whole["held"].inputs) == 6


def test_what_is_mixed_may_be_the_whole_and_not_more() -> None:
    assert numbers(together(("400", "500"), ("900", "100"), final="600")[1])["result"] == "about 483.3333 mg/mL"
    with pytest.raises(Invalid) as refused:
        together(("400", "500"), ("900", "100"), final="599.9")
    assert list(refused.value.fields) == ["final"]


def test_all_roundings_of_a_serial_dilution_together_may_reach_a_tenth_and_no_more() -> None:
    by_one = replace(FINE, capacity=ml(10), graduation=ml(1))
    _, tenth = stepping("1/22", by_one)  # 100/22 mL is 5 mL on its marks
    assert numbers(tenth.answer)["error"] == "+10 %"
    with pytest.raises(Unsafe, match="all steps together"):
        stepping("0.00003025", least=ml("0.55"))  # twice 0.55 mL, each 0.6 mL on its marks: 9.09 % and 9.09 %


def test_half_of_a_flask_may_be_taken_and_a_stock_be_used_on_its_last_day() -> None:
    assert len(stepping("0.5", least=ml(50), stock_until=TODAY)[1].intermediates) == 1
    with pytest.raises(Invalid):
        stepping("0.5", least=ml("50.1"))


def test_a_weight_is_judged_by_the_sensitivity_only_where_it_is_told() -> None:
    assert read(sensitive("6", "5")) == ("Weigh no less than 120 mg on this balance.",)
    assert sensitive("6", "5", "120")[1].cautions == ()
    assert sensitive("6", "5", "119")[1].cautions == ("119 mg is less than 120 mg: make an aliquot of it.",)


def test_a_deviation_of_just_what_is_believed_decides_itself() -> None:
    assert repeated("0.1", "0.041")[1].cautions == ()
    assert len(repeated("0.1", "0.0409")[1].cautions) == 1


def test_the_least_weight_is_weighed_alone_and_is_no_less_than_a_digit() -> None:
    assert read(little("2", TENTH))[0] == "Weigh 2 mg by itself: 2 mg can be weighed, so no aliquot is needed."
    assert numbers(little("0.1", replace(TENTH, least=mg("0.1")))[1])["weighed"] == "0.1 mg"
    worn = replace(TENTH, least=mg("0.09"))
    for ask in (lambda: little("1", worn), lambda: tritured("10", "100", balance=worn)):
        with pytest.raises(Invalid) as refused:
            ask()
        assert list(refused.value.fields) == ["least"]


def test_an_aliquot_has_a_part_twice_as_large_where_its_diluent_could_not_be_weighed() -> None:
    assert read(little("60", CLASS_A))[3] == "Take 120 mg of the mixture."  # just 120 mg of diluent
    assert read(little("100", CLASS_A))[3] == "Take 240 mg of the mixture."  # 40 mg would be too little


def test_substance_and_diluent_of_a_trituration_may_be_the_least_weight() -> None:
    assert numbers(tritured("2", "4")[1])["strength"] == "500 mg/g"
    assert numbers(tritured("250.3", "9999.9", "254")[1])["error"] == "0 %"


def test_a_trituration_is_said_to_be_above_the_bound_from_more_than_five_percent_off() -> None:
    by_one = replace(TENTH, readability=mg(1))
    at, above = (tritured(text, "100", balance=by_one)[1] for text in ("200/21", "9.52"))
    assert at.cautions == ("The digits of the balance make it +5 % off.",)
    assert above.cautions == ("The digits of the balance make it +5.04 % off. That is above the bound from which the site warns.",)
    assert numbers(at)["error"] == f"+{Fraction(5)} %"


def test_a_mark_may_be_the_whole_of_what_is_made() -> None:
    told = numbers(diluting("1", "0.99", "3", FINE)[1])
    assert (told["taken_measured"], told["diluent"], told["strength"]) == ("3 mL", "0 mL", "1 mg/mL")


def test_two_strengths_are_mixed_by_what_the_device_takes_and_exactly_without_one() -> None:
    assert read(mixing("5", "0.5", "1", "50"))[:3] == (
        "Take about 5.5556 mL of the stronger (5 mg/mL).",
        "Take about 44.4444 mL of the weaker (0.5 mg/mL), and mix: 50 mL in all.",
        "Proof: both hold 50 mg; in 50 mL that is 1 mg/mL, where 1 mg/mL is wanted.",
    )
    assert read(mixing("5", "0.5", "1", "50", FINE))[:2] == (
        "Take 5.6 mL of the stronger (5 mg/mL).",
        "Take 44.4 mL of the weaker (0.5 mg/mL), and mix: 50 mL in all.",
    )


def test_an_aliquot_says_what_the_digits_make_of_it() -> None:
    told = little("1.73", TENTH)[1]
    assert numbers(told)["error"] == "+1.16 %"
    assert told.cautions == ("The digits of the balance make it +1.16 % off.",)


def test_a_refused_aliquot_speaks_of_powder_only_where_tablets_are_crushed() -> None:
    for average, tells in (("", False), ("250", True)):
        with pytest.raises(Unsafe) as refused:
            little("0.001", TENTH, average=average)
        assert ("weights of the powder" in refused.value.sentence) is tells


@pytest.mark.parametrize(
    ("readings", "deviation"),
    [
        (("100",) * 10, "0 mg"),
        (("100.15", "99.85", "100.15", "99.85", *["100"] * 6), "0.1 mg"),  # a root that ends is not rounded
        (("100.000004", *["100"] * 9), "0.002 mcg"),  # the root of 1.6 is upwards 2 ng
    ],
)
def test_a_standard_deviation_is_rounded_upwards_to_a_nanogram(readings: tuple[str, ...], deviation: str) -> None:
    told = by_repeatability(Repeatability(readability=mg("0.1"), deviation=None, readings=tuple(map(mg, readings))))
    assert numbers(told)["deviation"] == deviation
    assert [text for _, text in told.workings[0].inputs] == [f"{reading} mg" for reading in readings]


def test_fewer_readings_than_ten_are_no_repeatability() -> None:
    with pytest.raises(Invalid) as refused:
        by_repeatability(Repeatability(readability=mg("0.1"), deviation=None, readings=(mg(100),) * 9))
    assert list(refused.value.fields) == ["readings"]
