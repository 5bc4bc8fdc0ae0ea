"""The words of label and leaflet: standard directions, languages that say the same with the same numbers, and a dose only where the syringe has its mark."""

import re
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction

import pytest

from compounding.domain.errors import Conflict
from compounding.domain.label_text import CONTINUED, GO_UP_ONLY_IF_WELL, OPIOID_WARNING
from compounding.domain.language import ENGLISH, Language
from compounding.domain.leaflet import _mass, _shown, fillings
from compounding.domain.leaflet_words import Words, sources
from compounding.domain.plan import MeasuredStep
from compounding.domain.policy import Policy, Translation
from compounding.domain.prescription import Moment
from compounding.domain.quantity import Mass, Volume
from compounding.domain.sig import Direction, _standard
from compounding.domain.translation import preferred, why_not
from compounding.domain.weighing import Reading, Syringe, measure
from compounding.workflow.languages import languages

SLOT = re.compile(r"\{[a-z]*\}")
OTHERS = [language for code, language in languages().items() if code != ENGLISH]
SYRINGE = Syringe("s5", "5 mL by 0.1", Volume.of_ml(5), Volume.of_ml("0.1"))


def direction(standard: str = "Take {} mL by mouth at bedtime.") -> Direction:
    return Direction(1, standard, "4.5", date(2026, 12, 30), date(2027, 1, 12), dated=True)


def step(reading: Reading) -> MeasuredStep:
    return MeasuredStep(1, Mass.of_mg(1), (Moment.BEDTIME,), 1, 7, Mass.of_mg(1), reading)


def test_several_times_a_day_are_told_with_the_amount_at_each() -> None:
    """16 CCR 1707.5(a)(4): "Take 1 [form] in the morning, and 1 [form] at bedtime"."""
    morning, noon, bedtime = Moment.MORNING, Moment.NOON, Moment.BEDTIME
    assert _standard("capsule", "by mouth", (bedtime,)) == "Take {} capsule by mouth at bedtime."
    assert _standard("mL", "by mouth", (morning, bedtime)) == "Take {} mL by mouth in the morning, and {} mL at bedtime."
    assert _standard("drops", "under the tongue", (morning, noon, bedtime)) == (
        "Take {} drops under the tongue in the morning, {} drops at noon, and {} drops at bedtime."
    )


def test_days_are_told_with_the_month_in_letters_and_both_years_where_they_differ() -> None:
    assert direction().text == "Dec 30, 2026 to Jan 12, 2027: Take 4.5 mL by mouth at bedtime."
    english = languages()[ENGLISH].dates
    assert english.days(date(2026, 3, 1), date(2026, 3, 14)) == "Mar 1 to Mar 14, 2026"
    assert english.days(date(2026, 3, 1), date(2026, 3, 1)) == "Mar 1, 2026"


def test_every_sentence_of_the_leaflet_has_a_source() -> None:
    assert set(sources()) == {item.name for item in fields(Words)}
    assert all(len(source) > 20 for source in sources().values())


@pytest.mark.parametrize("language", languages().values(), ids=languages())
def test_every_sentence_of_a_language_has_the_slots_of_english_and_no_number_that_english_has_not(language: Language) -> None:
    english = languages()[ENGLISH].words
    for item in fields(Words):
        said, told = getattr(english, item.name), getattr(language.words, item.name)
        assert sorted(SLOT.findall(told)) == sorted(SLOT.findall(said)), item.name
        assert sorted(re.findall(r"\d[\d.,-]*\d|\d", told)) == sorted(re.findall(r"\d[\d.,-]*\d|\d", said)), item.name
        assert "LDN" not in told
    assert len(language.dates.months) == 12


@pytest.mark.parametrize("language", OTHERS, ids=[language.code for language in OTHERS])
def test_every_standard_direction_of_a_language_has_the_slots_of_the_english_one_and_no_digit(language: Language) -> None:
    for standard, told in language.directions.items():
        assert standard.count("{}") == told.count("{}") > 0, standard
        assert not re.search(r"\d", told), standard
        assert [unit for unit in ("mL", "mg") if unit in told] == [unit for unit in ("mL", "mg") if unit in standard]


@pytest.mark.parametrize("language", OTHERS, ids=[language.code for language in OTHERS])
def test_every_fixed_sentence_of_the_label_has_the_slots_of_the_english_one_and_the_notices_are_there(language: Language) -> None:
    for english, told in language.sentences.items():
        assert sorted(SLOT.findall(told)) == sorted(SLOT.findall(english)), english
    assert {CONTINUED, OPIOID_WARNING, GO_UP_ONLY_IF_WELL} <= set(language.sentences)


@pytest.mark.parametrize(("ml", "capacity", "expected"), [("4.5", "5", ["4.5"]), ("5", "5", ["5"]), ("12", "5", ["5", "5", "2"]), ("0.1", "1", ["0.1"])])
def test_a_dose_above_the_capacity_is_drawn_in_full_syringes_and_a_rest(ml: str, capacity: str, expected: list[str]) -> None:
    syringe = replace(SYRINGE, capacity=Volume.of_ml(capacity))
    found = fillings(step(measure(Volume.of_ml(ml), syringe)), syringe)
    assert [volume.ml for volume in found] == [Fraction(part) for part in expected]
    assert sum(volume.ml for volume in found) == Fraction(ml)
    assert len(found) == measure(Volume.of_ml(ml), syringe).draws


def test_a_dose_is_not_drawn_on_a_syringe_that_is_gone_or_has_other_marks() -> None:
    reading = measure(Volume.of_ml("4.5"), SYRINGE)
    for other in (None, replace(SYRINGE, graduation=Volume.of_ml("0.2"))):
        with pytest.raises(Conflict, match="syringe of this plan"):
            fillings(step(reading), other)


@pytest.mark.parametrize("language", OTHERS, ids=[language.code for language in OTHERS])
def test_a_language_is_printed_only_once_its_very_texts_were_reviewed_and_every_direction_has_its_sentence(language: Language) -> None:
    known, unknown = direction(), direction("Take {} drops under the tongue at noon, and {} drops at bedtime.")
    review = Translation(language.code, language.sha256, "A. Translator", date(2026, 3, 1))
    reviewed = Policy(translations=(review,))
    assert not why_not(language, (known,), reviewed)
    assert preferred(languages(), language.code, (known,), reviewed) == (language, "")
    for policy in (Policy(), Policy(translations=(replace(review, sha256="0" * 64),)), Policy(translations=(replace(review, language="xx"),))):
        assert "want the review" in why_not(language, (known,), policy)
        assert preferred(languages(), language.code, (known,), policy)[0].code == ENGLISH
    assert "no standard sentence" in why_not(language, (known, unknown), reviewed)
    changed = replace(language, sentences={**language.sentences, "Shake well.": "?"})
    assert "want the review" in why_not(changed, (known,), reviewed)


def test_a_language_without_a_file_is_english_and_says_so() -> None:
    language, reason = preferred(languages(), "vi", (direction(),), Policy())
    assert language.code == ENGLISH
    assert "printed in English only" in reason
    assert preferred(languages(), "en", (direction(),), Policy()) == (languages()["en"], "")


@pytest.mark.parametrize(
    ("mg", "said"),
    [("1.5", "1.5 mg"), ("0.1", "0.1 mg"), ("0.05", "50 mcg"), ("0.0005", "0.5 mcg"), ("36/7", "about 5.143 mg"), ("1/3000", "about 0.333 mcg")],
)
def test_what_a_dose_holds_is_told_in_micrograms_below_a_tenth_of_a_milligram_and_as_about_where_it_is_long(mg: str, said: str) -> None:
    assert _mass(Mass(Fraction(mg)), languages()[ENGLISH]) == said


def test_a_volume_of_drops_is_told_to_a_thousandth_of_a_millilitre() -> None:
    """Golden number G43: 35 drops are 2 mL, so 1 drop is 2/35 mL and 18 are 36/35."""
    english = languages()[ENGLISH]
    assert [_shown(Fraction(2 * drops, 35), "mL", english) for drops in (1, 18, 35)] == ["about 0.057 mL", "about 1.029 mL", "2 mL"]
