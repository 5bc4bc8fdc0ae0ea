"""What is laid out stands whole inside its place, proved by glyph boxes and pixels and never by text extraction alone."""

from dataclasses import replace

import pytest

from labels import dispensing
from labels.label import BatchLabel, DispensingLabel, LabelDoesNotFit
from labels.media import MEDIA, Media, Purpose
from labels.render import Renderer
from labels.sheet import Text
from tests.labels.reading import FOR_PATIENTS, glyphs, is_blank, margins, page_sizes, page_texts, rasters, touching, unseen

LABELS = ["label", "titration", "capsules", "eighteen_weeks"]
TOLERANCE = 0.3  # points: a tenth of a millimetre


@pytest.fixture(params=LABELS)
def any_label(request: pytest.FixtureRequest) -> DispensingLabel:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("media", FOR_PATIENTS, ids=lambda media: media.id)
def test_the_page_is_the_label_and_every_glyph_is_seen_inside_the_safe_area(renderer: Renderer, any_label: DispensingLabel, media: Media) -> None:
    printed = renderer.dispensing(any_label, media)
    assert page_sizes(printed.pdf) == [pytest.approx((media.width_mm / 25.4 * 72, media.height_mm / 25.4 * 72), abs=0.01)] * printed.pages
    for glyph in glyphs(printed.pdf):
        assert glyph.left >= media.safe_area - TOLERANCE, glyph
        assert glyph.top >= media.safe_area - TOLERANCE, glyph
        assert glyph.right <= media.width - media.safe_area + TOLERANCE, glyph
        assert glyph.bottom <= media.height - media.safe_area + TOLERANCE, glyph
    assert unseen(printed.pdf) == []
    for picture in rasters(printed.pdf):
        margin = int(media.safe_area_mm / 25.4 * 203) - 1
        for strip in margins(picture.width, picture.height, margin):
            assert is_blank(picture, strip)


@pytest.mark.parametrize("media", [media for media in MEDIA.values() if Purpose.BATCH in media.purposes], ids=lambda media: media.id)
def test_a_batch_label_is_one_page_with_every_glyph_seen(renderer: Renderer, batch_label: BatchLabel, media: Media) -> None:
    printed = renderer.batch(batch_label, media)
    assert printed.pages == 1
    assert page_texts(printed.pdf)[0].startswith("QUARANTINE naltrexone 1 mg/mL oral liquid Batch B-2026-0012")
    assert unseen(printed.pdf, min(media.dots_per_inch, 300)) == []


def test_text_that_is_clipped_is_found_although_extraction_returns_it(renderer: Renderer) -> None:
    markup = """<html lang="en"><title>t</title><style>@page { size: 200pt 50pt; margin: 0 } body { margin: 10pt; font: 12pt/15pt Inter }
        p { width: 40pt; height: 15pt; overflow: hidden; white-space: pre }</style><p>A name that is cut</p></html>"""
    pdf = renderer._engine.pdf(markup, pages=1)
    assert "is cut" in page_texts(pdf)[0]
    assert {glyph.text for glyph in unseen(pdf)} >= {"c", "u", "t"}


def test_text_that_runs_off_the_page_is_found(renderer: Renderer) -> None:
    markup = """<html lang="en"><title>t</title><style>@page { size: 100pt 50pt; margin: 0 } p { font: 12pt/15pt Inter; white-space: pre }
        </style><p>Wolfeschlegelsteinhausenbergerdorff</p></html>"""
    pdf = renderer._engine.pdf(markup, pages=1)
    assert any(glyph.right > 100 for glyph in glyphs(pdf))
    assert unseen(pdf)


@pytest.mark.parametrize("media", FOR_PATIENTS, ids=lambda media: media.id)
def test_no_two_things_on_a_label_touch_and_none_leaves_the_safe_area(renderer: Renderer, any_label: DispensingLabel, media: Media) -> None:
    for sheet in dispensing.compose(renderer._setter, media, any_label):
        assert touching(sheet, media.safe_area) == []


@pytest.mark.parametrize("media", FOR_PATIENTS, ids=lambda media: media.id)
def test_a_line_is_as_wide_and_stands_where_it_was_measured(renderer: Renderer, media: Media, label: DispensingLabel) -> None:
    mixed = replace(label, patient="NGUYỄN Αλέξανδρος Щербаков-AVATAR", prescriber="Dr. Łukasz Ångström")
    sheet, *_ = dispensing.compose(renderer._setter, media, mixed)
    found = [glyph for glyph in glyphs(renderer.dispensing(mixed, media).pdf) if glyph.page == 0]
    for text in sheet.texts:
        inside = [g for g in found if text.top - 3 <= g.top and g.bottom <= text.top + text.height + 3 and _overlaps(g.left, g.right, text)]
        assert inside, text
        assert max(glyph.right for glyph in inside) == pytest.approx(text.left + text.width, abs=0.15 * text.size)
        baseline = text.top + renderer._fonts.baseline(text.family, bold=text.bold, size=text.size, pitch=text.height)
        flat = [glyph.bottom for glyph in inside if glyph.text in "ABDEFHIKLMNPRTXZabdehiklmnrx"]
        assert flat == [pytest.approx(baseline, abs=0.4)] * len(flat)


def test_the_four_items_come_first_in_order_in_half_of_the_label_at_twelve_points(renderer: Renderer, any_label: DispensingLabel) -> None:
    for media in FOR_PATIENTS:
        sheet, *_ = dispensing.compose(renderer._setter, media, any_label)
        four = [text for text in sheet.texts if text.field.split()[0] in {"patient", "drug_and_strength", "directions", "purpose"}]
        order = list(dict.fromkeys(text.field.split()[0] for text in four))
        assert order == ["patient", "drug_and_strength", "directions", "purpose"]
        assert min(text.size for text in four) >= 12
        others = [text for text in sheet.texts if text not in four]
        assert min(text.top for text in others) >= max(text.top + text.height for text in four)
        assert min(text.top for text in others) >= media.height / 2
        assert min(text.size for text in sheet.texts) >= 6


def test_a_medium_too_small_for_a_patient_is_refused_and_cannot_be_declared(renderer: Renderer, label: DispensingLabel) -> None:
    with pytest.raises(LabelDoesNotFit) as refusal:
        renderer.dispensing(label, MEDIA["roll-70x35"])
    assert refusal.value.field == "media"
    with pytest.raises(ValueError, match="cannot hold the four items"):
        replace(MEDIA["roll-70x35"], purposes=frozenset(Purpose), critical_pt=12)
    with pytest.raises(ValueError, match="text under"):
        replace(MEDIA["thermal-4x2"], lesser_pt=5)


def test_the_engine_is_the_one_that_was_measured() -> None:
    from weasyprint.text.ffi import harfbuzz_subset

    assert harfbuzz_subset, "libharfbuzz-subset0 is missing: labels would take three to ten times longer"


def _overlaps(left: float, right: float, text: Text) -> bool:
    return left >= text.left - 2 and right <= text.left + text.width + 2
