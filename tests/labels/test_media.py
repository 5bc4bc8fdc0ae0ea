"""Every stock keeps what its entry claims: the printer's page exactly, cells at their pitch, and a test label that can be measured."""

from dataclasses import replace
from itertools import pairwise

import pytest

from labels import ruler
from labels.label import BatchLabel, DispensingLabel
from labels.media import MEDIA, POINTS_PER_MM, Media, Purpose
from labels.render import Renderer
from tests.labels.reading import glyphs, page_sizes, page_texts, rasters, unseen

STOCKS = pytest.mark.parametrize("media", MEDIA.values(), ids=lambda media: media.id)
SHEETS = [media for media in MEDIA.values() if media.grid]

# What the box of each stock says: labels on a sheet, across and down.
BOXES = {"l7160": (3, 7), "l7163": (2, 7), "l7165": (2, 4), "5160": (3, 10), "5163": (2, 5), "5164": (2, 3)}
PATIENTS = {"thermal-4x2", "thermal-4x3", "thermal-4x6", "l7165", "5163", "5164"}


def test_only_stocks_that_hold_the_four_items_are_offered_for_a_patient() -> None:
    assert {media.id for media in MEDIA.values() if Purpose.DISPENSING in media.purposes} == PATIENTS
    assert {media.id for media in MEDIA.values() if Purpose.PAPER in media.purposes} == {"a4", "letter"}
    assert all(media.critical_pt >= 12 for media in MEDIA.values() if Purpose.DISPENSING in media.purposes)


def test_a_sheet_has_the_labels_that_its_box_names_in_the_middle_of_the_paper() -> None:
    assert {media.id: (media.grid.columns, media.grid.rows) for media in SHEETS if media.grid} == BOXES
    for media in SHEETS:
        assert media.grid
        right, bottom = media.grid.corner_mm(media.grid.positions)
        assert right + media.width_mm + media.grid.left_mm == pytest.approx(media.grid.sheet_mm[0], abs=0.02)
        assert bottom + media.height_mm + media.grid.top_mm == pytest.approx(media.grid.sheet_mm[1], abs=0.02)


def test_labels_that_overlap_or_leave_their_sheet_cannot_be_declared() -> None:
    media = MEDIA["5163"]
    assert media.grid
    for grid in (replace(media.grid, across_mm=101), replace(media.grid, rows=6), replace(media.grid, left_mm=10)):
        with pytest.raises(ValueError, match="overlap, or do not lie"):
            replace(media, grid=grid)


@STOCKS
def test_the_test_label_is_the_page_exactly_and_names_its_stock(renderer: Renderer, media: Media) -> None:
    printed = renderer.ruler(media)
    assert page_sizes(printed.pdf) == [pytest.approx(media.page, abs=0.01)]
    assert page_texts(printed.pdf)[0].count(media.name) == (media.grid.positions if media.grid else 1)
    assert unseen(printed.pdf, media.dots_per_inch // 2 if media.dots_per_inch == 600 else media.dots_per_inch) == []


@pytest.mark.parametrize("media", [MEDIA["thermal-4x2"], MEDIA["thermal-2.25x1.25"], MEDIA["roll-70x35"]], ids=lambda media: media.id)
def test_a_millimetre_of_the_scale_and_the_line_measure_what_they_say(renderer: Renderer, media: Media) -> None:
    """Measured on a raster of 40 dots a millimetre."""
    picture = rasters(renderer.ruler(media).pdf, 1016)[0].point(lambda shade: 0 if shade < 128 else 255)
    for scale, length in ((picture.crop((0, 10, picture.width, 11)), media.width_mm), (picture.crop((10, 0, 11, picture.height)), media.height_mm)):
        dark = [index for index, shade in enumerate(scale.tobytes()) if not shade]
        starts = [dark[0], *(after for before, after in pairwise(dark) if after > before + 1)]
        marks = [(start + 5) / 40 for start in starts]
        assert marks[: int(length) - 1] == [pytest.approx(place, abs=0.05) for place in range(1, int(length))]
    level = round(ruler._level(media) * 40)
    line = [x for x in range(round(media.safe_area_mm * 40) + 40, picture.width - round(media.safe_area_mm * 40) - 40) if not picture.getpixel((x, level))]
    assert (line[-1] - line[0] + 1) / 40 == pytest.approx(ruler.measured_mm(media), abs=0.05)
    assert ruler.measured_mm(media) == 50


@pytest.mark.parametrize("media", SHEETS, ids=lambda media: media.id)
def test_on_a_sheet_every_cell_holds_its_label_at_its_pitch(renderer: Renderer, media: Media) -> None:
    assert media.grid
    alone = sorted((g.text, g.left, g.top) for g in glyphs(renderer._print(ruler.compose(renderer._setter, media), media, title="Test label").pdf))
    cells: dict[int, list[tuple[str, float, float]]] = {}
    corners = [tuple(length * POINTS_PER_MM for length in media.grid.corner_mm(position)) for position in range(1, media.grid.positions + 1)]
    for glyph in glyphs(renderer.ruler(media).pdf):
        position, (left, top) = max((at, corner) for at, corner in enumerate(corners) if corner[0] <= glyph.left and corner[1] <= glyph.top)
        cells.setdefault(position, []).append((glyph.text, glyph.left - left, glyph.top - top))
    assert len(cells) == media.grid.positions
    for inside in cells.values():
        assert [text for text, *_ in sorted(inside)] == [text for text, *_ in alone]
        assert sum(left for _, left, _ in inside) / len(inside) == pytest.approx(sum(left for _, left, _ in alone) / len(alone), abs=0.02)
        assert sum(top for *_, top in inside) / len(inside) == pytest.approx(sum(top for *_, top in alone) / len(alone), abs=0.02)


@pytest.mark.parametrize("media", SHEETS, ids=lambda media: media.id)
def test_a_batch_label_fits_every_sheet(renderer: Renderer, batch_label: BatchLabel, media: Media) -> None:
    assert unseen(renderer.batch(batch_label, media).pdf, 300) == []


@pytest.mark.parametrize("media", [media for media in SHEETS if Purpose.DISPENSING in media.purposes], ids=lambda media: media.id)
def test_a_patients_label_fits_every_sheet_that_is_offered_for_one(renderer: Renderer, label: DispensingLabel, media: Media) -> None:
    printed = renderer.dispensing(label, media)
    assert page_sizes(printed.pdf) == [pytest.approx((media.width, media.height), abs=0.01)] * printed.pages
    assert unseen(printed.pdf, 300) == []
