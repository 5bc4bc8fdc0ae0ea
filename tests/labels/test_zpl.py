"""A label as a ZPL graphic: dot for dot what the stored PDF shows, at the resolution of the stock, and its barcode reads."""

import pytest
from PIL import ImageChops

from labels.label import DispensingLabel
from labels.media import MEDIA
from labels.render import Renderer
from labels.zpl import graphics
from tests.labels.reading import barcodes, rasters
from tests.wire.listeners import decoded


@pytest.mark.parametrize("medium", ["thermal-4x2", "thermal-4x6"])
def test_a_graphic_has_the_size_of_its_label_and_its_barcode_reads(renderer: Renderer, label: DispensingLabel, medium: str) -> None:
    media = MEDIA[medium]
    printed = renderer.dispensing(label, media)
    pictures = decoded(graphics(printed.pdf, media.dots_per_inch))
    assert len(pictures) == printed.pages
    inches = media.width_mm / 25.4, media.height_mm / 25.4
    assert {picture.size for picture in pictures} == {tuple(round(side * media.dots_per_inch) for side in inches)}
    assert barcodes(pictures[0]) == [label.barcode]


def test_every_dot_is_black_where_the_label_is_darker_than_half(renderer: Renderer, titration: DispensingLabel) -> None:
    pdf = renderer.dispensing(titration, MEDIA["thermal-4x3"]).pdf
    for picture, raster in zip(decoded(graphics(pdf, 203)), rasters(pdf), strict=True):
        expected = raster.point(lambda level: 255 if level >= 128 else 0)
        assert ImageChops.difference(picture, expected).getbbox() is None


def test_a_graphic_of_300_dots_is_larger_and_the_same_bytes_each_time(renderer: Renderer, label: DispensingLabel) -> None:
    pdf = renderer.dispensing(label, MEDIA["thermal-4x2"]).pdf
    assert decoded(graphics(pdf, 300))[0].size == (1200, 600)
    assert graphics(pdf, 203) == graphics(pdf, 203)
