"""Finished labels on sheets of labels: the bytes that were kept, each in its cell, from any position on."""

from io import BytesIO

import pikepdf
import pytest

from labels.label import BatchLabel, DispensingLabel, LabelDoesNotFit
from labels.media import MEDIA, POINTS_PER_MM
from labels.offset import shifted
from labels.render import SHEETS_VERSION, Renderer
from tests.labels.reading import barcodes, glyphs, page_sizes, page_texts, rasters, unseen

MEDIUM = MEDIA["5163"]


@pytest.fixture(scope="module")
def kept(renderer: Renderer, titration: DispensingLabel) -> bytes:
    return renderer.dispensing(titration, MEDIUM).pdf


def test_labels_of_several_pages_take_the_cells_after_each_other_from_the_position_on(renderer: Renderer, kept: bytes) -> None:
    grid = MEDIUM.grid
    assert grid
    alone = list(glyphs(kept))
    pages = alone[-1].page + 1
    printed = renderer.sheets([kept] * 3, MEDIUM, first=5)
    assert printed.template_version == SHEETS_VERSION
    assert page_sizes(printed.pdf) == [pytest.approx(MEDIUM.page, abs=0.01)] * printed.pages
    expected = set()
    for copy in range(3):
        for glyph in alone:
            sheet, cell = divmod(4 + copy * pages + glyph.page, grid.positions)
            left, top = (length * POINTS_PER_MM for length in grid.corner_mm(cell + 1))
            expected.add((sheet, glyph.text, round(glyph.left + left), round(glyph.top + top)))
    found = {(glyph.page, glyph.text, round(glyph.left), round(glyph.top)) for glyph in glyphs(printed.pdf)}
    assert len(found ^ expected) < len(expected) / 50, "a rounded coordinate may fall on either side"
    assert {sheet for sheet, *_ in found} == set(range(printed.pages)) == {0, 1}
    assert unseen(printed.pdf, 300) == []


def test_a_barcode_reads_on_the_sheet_and_the_cells_before_the_position_stay_blank(renderer: Renderer, kept: bytes, titration: DispensingLabel) -> None:
    (picture, *_) = rasters(renderer.sheets([kept], MEDIUM, first=4).pdf, 300)
    assert barcodes(picture) == [titration.barcode]
    assert picture.crop((0, 0, picture.width, round(MEDIUM.grid.corner_mm(3)[1] / 25.4 * 300))).getextrema() == (255, 255)


def test_equal_labels_give_equal_sheets_and_each_keeps_its_tags(renderer: Renderer, kept: bytes) -> None:
    first, second = (renderer.sheets([kept, kept], MEDIUM, first=2) for _ in range(2))
    assert first == second
    with pikepdf.open(BytesIO(first.pdf)) as pdf, pikepdf.open(BytesIO(kept)) as label:
        assert pdf.Root.MarkInfo.Marked
        assert _spoken(pdf) == 2 * _spoken(label)
        assert _spoken(label).count("Barcode") == 1


@pytest.mark.parametrize(("first", "field"), [(0, "position"), (-1, "position"), (11, "position")])
def test_a_position_that_the_sheet_does_not_have_is_refused(renderer: Renderer, kept: bytes, first: int, field: str) -> None:
    with pytest.raises(LabelDoesNotFit, match="1 to 10") as refusal:
        renderer.sheets([kept], MEDIUM, first=first)
    assert refusal.value.field == field


def test_no_label_another_stock_a_roll_and_too_many_are_refused(renderer: Renderer, kept: bytes, batch_label: BatchLabel) -> None:
    small = renderer.batch(batch_label, MEDIA["l7160"]).pdf
    for labels, media, field in (([], MEDIUM, "labels"), ([kept, small], MEDIUM, "media"), ([kept], MEDIA["thermal-4x2"], "media")):
        with pytest.raises(LabelDoesNotFit) as refusal:
            renderer.sheets(labels, media)
        assert refusal.value.field == field
    with pytest.raises(LabelDoesNotFit, match="more than 100 sheets"):
        renderer.sheets([kept] * 334, MEDIUM)  # three cells each


def test_an_offset_moves_every_glyph_and_nothing_else(renderer: Renderer, kept: bytes) -> None:
    for pdf, media in ((kept, MEDIA["thermal-4x2"]), (renderer.sheets([kept], MEDIUM, first=3).pdf, MEDIUM)):
        moved = shifted(pdf, media, right_mm=1.25, down_mm=-2)
        assert page_sizes(moved) == page_sizes(pdf)
        assert page_texts(moved) == page_texts(pdf)
        for before, after in zip(glyphs(pdf), glyphs(moved), strict=True):
            assert after.left - before.left == pytest.approx(1.25 * POINTS_PER_MM, abs=0.01)
            assert after.top - before.top == pytest.approx(-2 * POINTS_PER_MM, abs=0.01)
        assert unseen(moved, 300) == []
        assert moved == shifted(pdf, media, right_mm=1.25, down_mm=-2)
    with pikepdf.open(BytesIO(moved)) as after, pikepdf.open(BytesIO(pdf)) as before:
        assert _spoken(after) == _spoken(before)


def test_no_offset_gives_the_very_same_bytes_and_one_beyond_the_safe_area_is_refused(kept: bytes) -> None:
    media = MEDIA["thermal-4x2"]
    assert shifted(kept, media, right_mm=0, down_mm=0) is kept
    for right, down, field in ((2.1, 0, "right"), (-2.1, 0, "right"), (0, 2.1, "down"), (0, -9, "down"), (float("nan"), 0, "right")):
        with pytest.raises(LabelDoesNotFit, match="at most 2 mm") as refusal:
            shifted(kept, media, right_mm=right, down_mm=down)
        assert refusal.value.field == field
    with pytest.raises(LabelDoesNotFit, match="another stock"):
        shifted(kept, MEDIA["thermal-3x2"], right_mm=1, down_mm=0)


def _spoken(pdf: pikepdf.Pdf) -> list[str]:
    """The kinds and alternative texts of the structure in their order, below the document."""
    found: list[str] = []

    def walk(element: pikepdf.Object) -> None:
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            found.append(str(element.get("/Alt", element.S)))
            for kid in element.K if isinstance(element.get("/K"), pikepdf.Array) else []:
                walk(kid)

    for element in pdf.Root.StructTreeRoot.K[0].K:
        walk(element)
    return found
