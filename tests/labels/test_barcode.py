"""Barcodes are read back from the picture that a printer of 203 dots an inch makes of the PDF."""

from dataclasses import replace

import pytest

from labels import dispensing
from labels.barcode import draw
from labels.label import BatchLabel, CannotPrint, DispensingLabel, LabelDoesNotFit
from labels.media import MEDIA, Media, Purpose
from labels.render import Renderer
from tests.labels.reading import FOR_PATIENTS, barcodes, page_texts, rasters


@pytest.mark.parametrize("content", ["1", "RX100023", "RX100023-B20260012", "0123456789-0123456789-ABCDEFGH", "rx 5.0/7+x"])
@pytest.mark.parametrize("media", FOR_PATIENTS, ids=lambda media: media.id)
def test_the_barcode_of_a_patients_label_reads_back(renderer: Renderer, label: DispensingLabel, media: Media, content: str) -> None:
    pdf = renderer.dispensing(replace(label, barcode=content), media).pdf
    assert barcodes(rasters(pdf, media.dots_per_inch)[0]) == [content]
    assert content.replace(" ", "") in page_texts(pdf)[0].replace(" ", "").replace("\ufffe", "-")


def test_it_reads_back_on_the_label_with_the_least_room(renderer: Renderer, titration: DispensingLabel) -> None:
    pdf = renderer.dispensing(titration, MEDIA["thermal-4x2"]).pdf
    assert barcodes(rasters(pdf)[0]) == [titration.barcode]


@pytest.mark.parametrize("media", [media for media in MEDIA.values() if Purpose.BATCH in media.purposes], ids=lambda media: media.id)
def test_the_barcode_of_a_batch_reads_back(renderer: Renderer, batch_label: BatchLabel, media: Media) -> None:
    pdf = renderer.batch(batch_label, media).pdf
    assert barcodes(rasters(pdf, media.dots_per_inch)[0]) == [batch_label.barcode]


def test_modules_are_whole_dots_on_whole_dots_and_dark_through(renderer: Renderer, label: DispensingLabel) -> None:
    sheet, *_ = dispensing.compose(renderer._setter, MEDIA["thermal-4x2"], label)
    symbol = sheet.symbols[0]
    dot = 72 / 203
    for length in (symbol.left, symbol.top, symbol.width / symbol.columns, symbol.height / symbol.rows):
        assert length / dot == pytest.approx(round(length / dot), abs=1e-6)
    picture = rasters(renderer.dispensing(label, MEDIA["thermal-4x2"]).pdf)[0]
    left, top, right, bottom = (round(edge / dot) for edge in (symbol.left, symbol.top, symbol.left + symbol.width, symbol.top + symbol.height))
    shades = set(picture.crop((left, top, right, bottom)).tobytes())
    assert all(shade < 60 or shade > 195 for shade in shades), shades
    quiet = 2 * round(symbol.width / symbol.columns / dot)
    for strip in ((left - quiet, top, left, bottom), (right, top, right + quiet, bottom), (left, bottom, right, bottom + quiet)):
        assert min(picture.crop(strip).tobytes()) > 195


def test_code_128_is_taken_where_it_has_room_and_data_matrix_elsewhere() -> None:
    assert draw("RX1", 203, width=200, height=40).format == "Code128"
    assert draw("RX1", 203, width=41, height=40).format == "DataMatrix"


def test_a_barcode_that_would_be_unreadable_is_refused() -> None:
    with pytest.raises(LabelDoesNotFit) as refusal:
        draw("A" * 40, 203, width=20, height=20)
    assert refusal.value.field == "barcode"
    with pytest.raises(LabelDoesNotFit):
        draw("A" * 41, 203, width=500, height=500)
    for character in ("é", "\n", "\N{RIGHT-TO-LEFT OVERRIDE}"):
        with pytest.raises(CannotPrint):
            draw(f"RX{character}", 203, width=41, height=40)


@pytest.mark.parametrize("dots_per_inch", [203, 300, 600])
def test_a_module_is_as_wide_in_millimetres_on_every_printer(dots_per_inch: int) -> None:
    """A dot of an office printer is a third of a thermal head's: two of them are no bar that a scanner reads."""
    with pytest.raises(LabelDoesNotFit):
        draw("RX100023-B20260012", dots_per_inch, width=18, height=18)
    matrix, linear = (draw("RX100023", dots_per_inch, width=width, height=40) for width in (41, 200))
    assert matrix.width / matrix.columns / 72 * 25.4 >= 0.33
    assert linear.width / linear.columns / 72 * 25.4 >= 0.25
    assert (matrix.width / matrix.columns * dots_per_inch / 72) % 1 == pytest.approx(0, abs=1e-6)
