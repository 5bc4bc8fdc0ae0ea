"""Reads a finished PDF back: its pages, the box of every glyph, its pixels and its barcodes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image

from labels.media import MEDIA, Purpose
from labels.sheet import Sheet

# One stock of each size that can be a patient's: 5163 is as large as 4 x 2 inch of a roll, 5164 a little higher than 4 x 3.
FOR_PATIENTS = [media for media in MEDIA.values() if Purpose.DISPENSING in media.purposes and media.id not in {"5163", "5164"}]

DIFFERENCE = 64  # of 255 shades: a stem of one and a half dots, smeared over two, is still seen


@dataclass(frozen=True, slots=True)
class Glyph:
    """One visible character: its page, and its ink in points from the top left corner."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    return [page.get_mediabox()[2:] for page in pypdfium2.PdfDocument(pdf)]


def glyphs(pdf: bytes) -> Iterator[Glyph]:
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            left, bottom, right, top = text.get_charbox(index)
            if character.strip():
                yield Glyph(number, character, left, page.get_height() - top, right, page.get_height() - bottom)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, its lines joined by single spaces."""
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


def rasters(pdf: bytes, dots_per_inch: int = 203) -> list[Image.Image]:
    return [page.render(scale=dots_per_inch / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def glyph_numbers(pdf: bytes) -> set[int]:
    """The numbers of all glyphs that the pages show, in whatever font; 0 is the box of a missing one."""
    found: set[int] = set()
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            page.contents_coalesce()
            shown = re.findall(rb"<([0-9a-f]+)>", page.Contents.read_bytes())
            found |= {int(text[place : place + 4], 16) for text in shown for place in range(0, len(text), 4)}
    return found


def barcodes(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def is_blank(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether a part of the picture is one shade only."""
    lightest, darkest = image.crop(box).getextrema()[::-1]
    return lightest - darkest < DIFFERENCE


def margins(width: int, height: int, margin: int) -> list[tuple[int, int, int, int]]:
    """The four strips along the edges of a picture."""
    return [(0, 0, width, margin), (0, height - margin, width, height), (0, 0, margin, height), (width - margin, 0, width, height)]


def unseen(pdf: bytes, dots_per_inch: int = 203) -> list[Glyph]:
    """The characters that the text layer promises and the picture does not show."""
    pictures = rasters(pdf, dots_per_inch)
    scale = dots_per_inch / 72
    missing = []
    for glyph in glyphs(pdf):
        picture = pictures[glyph.page]
        box = (int(glyph.left * scale) - 1, int(glyph.top * scale) - 1, int(glyph.right * scale) + 2, int(glyph.bottom * scale) + 2)
        if box[2] > picture.width or box[3] > picture.height or min(box) < 0 or is_blank(picture, box):
            missing.append(glyph)
    return missing


def touching(sheet: Sheet, safe_area: float) -> list[tuple[str, str]]:
    """Pairs of texts and symbols that overlap, and whatever overlaps the margin, by the places that were composed."""
    boxes = [(text.text, text.left, text.top, text.left + text.width, text.top + text.height) for text in sheet.texts]
    boxes += [("barcode", s.left, s.top, s.left + s.width, s.top + s.height) for s in sheet.symbols]
    slack = 0.01
    pairs = []
    for index, (name, left, top, right, bottom) in enumerate(boxes):
        across = left >= safe_area - slack and right <= sheet.width - safe_area + slack
        if not (across and top >= safe_area - slack and bottom <= sheet.height - safe_area + slack):
            pairs.append((name, "margin"))
        for other, left_2, top_2, right_2, bottom_2 in boxes[index + 1 :]:
            if min(right, right_2) - max(left, left_2) > slack and min(bottom, bottom_2) - max(top, top_2) > slack:
                pairs.append((name, other))
    return pairs
