"""What has no room on the first label goes on, whole and in order, and every label says whose it is."""

from dataclasses import replace

import pytest

from labels.label import DispensingLabel, LabelDoesNotFit
from labels.media import MEDIA, Media
from labels.paragraph import Style
from labels.render import Renderer
from tests.labels.reading import FOR_PATIENTS, page_texts


@pytest.mark.parametrize("media", FOR_PATIENTS, ids=lambda media: media.id)
@pytest.mark.parametrize("name", ["label", "titration", "capsules", "eighteen_weeks"])
def test_every_word_is_printed_and_every_label_names_patient_drug_and_rx(renderer: Renderer, media: Media, name: str, request: pytest.FixtureRequest) -> None:
    value: DispensingLabel = request.getfixturevalue(name)
    printed = renderer.dispensing(value, media)
    pages = page_texts(printed.pdf)
    together = " ".join(pages)
    for text in (*value.warnings, value.salt_line, value.beyond_use, value.storage, value.compounded, value.strength_notice, value.container):
        assert text in together
    for text in (value.quantity, value.date_filled, value.batch, value.refills, value.prescriber, value.pharmacy_phone, value.licence):
        assert text in together.replace("\N{NO-BREAK SPACE}", " ")
    assert len(pages) == printed.pages
    for number, page in enumerate(pages, start=1):
        assert page.startswith(f"{value.patient} {value.drug_and_strength}")
        assert f"Rx {value.rx_number}" in page
        assert (f"Label {number} of {len(pages)}" in page) == (len(pages) > 1)


@pytest.mark.parametrize("media", FOR_PATIENTS, ids=lambda media: media.id)
def test_all_eighteen_steps_stand_once_in_order_and_the_first_label_says_that_they_go_on(
    renderer: Renderer, eighteen_weeks: DispensingLabel, media: Media
) -> None:
    pages = page_texts(renderer.dispensing(eighteen_weeks, media).pdf)
    together = " ".join(pages)
    places = [together.index(step) for step in eighteen_weeks.directions]
    assert places == sorted(places)
    assert all(together.count(step) == 1 for step in eighteen_weeks.directions)
    assert f"Continued on label 2 of {len(pages)}. Read all. {eighteen_weeks.purpose}" in pages[0]
    for page in pages:
        assert page.count("Week") == sum(step in page for step in eighteen_weeks.directions)


def test_what_must_stand_on_the_first_label_stands_there_when_room_is_shortest(renderer: Renderer, titration: DispensingLabel) -> None:
    first = page_texts(renderer.dispensing(titration, MEDIA["thermal-4x2"]).pdf)[0]
    assert "Directions: see label 2 of 3. For fibromyalgia pain" in first
    for text in (titration.strength_notice, titration.beyond_use, "Rx 100023", titration.warnings[0], titration.pharmacy_name, "(555)"):
        assert text in first.replace("\N{NO-BREAK SPACE}", " ")


def test_a_simple_liquid_and_capsules_need_one_label_of_four_by_three_inches(renderer: Renderer, label: DispensingLabel, capsules: DispensingLabel) -> None:
    assert renderer.dispensing(label, MEDIA["thermal-4x3"]).pages == 1
    assert renderer.dispensing(capsules, MEDIA["thermal-4x3"]).pages == 1


def test_a_course_of_more_labels_than_go_on_a_bottle_is_refused(renderer: Renderer, label: DispensingLabel) -> None:
    steps = tuple(f"Step {step} of the plan: Take {step} drops by mouth in the evening." for step in range(1, 41))
    with pytest.raises(LabelDoesNotFit) as refusal:
        renderer.dispensing(replace(label, directions=steps), MEDIA["thermal-4x2"])
    assert refusal.value.field == "directions"
    assert "Use larger labels" in refusal.value.sentence


def test_the_longest_legal_direction_fits_or_is_refused_by_its_number(renderer: Renderer, label: DispensingLabel) -> None:
    longest = ("Take 1.5 mL by mouth at bedtime with a little juice. " * 5)[:239] + "."
    for media in FOR_PATIENTS:
        pages = page_texts(renderer.dispensing(replace(label, directions=(longest,)), media).pdf)
        assert " ".join(longest.split()) in " ".join(pages)


@pytest.mark.parametrize("width", range(76, 200, 7))
def test_a_number_is_never_parted_from_its_unit_nor_a_day_from_its_month(renderer: Renderer, width: int) -> None:
    text = "Mar 1 to Mar 14, 2026: Take 1.5 mL by mouth for 35 days, then 3 mL, as Rx 100023 says."
    lines = renderer._setter.lines("directions 1", text, Style(8), width=width)
    assert " ".join(line.text for line in lines) == text
    assert all(line.width <= width for line in lines)
    for pair in ("Mar 1", "Mar 14, 2026:", "1.5 mL", "35 days,", "3 mL,", "Rx 100023"):
        assert any(pair in line.text for line in lines), pair
