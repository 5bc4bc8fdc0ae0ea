"""Reads a finished PDF back with another program than the one that wrote it, before anybody gets it.

Each line of a label must be there, in its order, as the text that was composed, with the ink of its glyphs inside its own box, unclipped;
each line of a paper must be there, between the margins. What was measured before the layout is so confirmed after it.
PDFium gives the bounds of a line as the union of its glyphs' boxes. It takes about a twentieth of the time of the rendering.
"""

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

import pypdfium2.raw as pdfium

from labels.flow import SetPaper, lines_of
from labels.label import CannotPrint, LabelDoesNotFit, RenderingDefect
from labels.media import POINTS_PER_MM
from labels.paper import Paper
from labels.papersetter import ABOVE, MARGIN
from labels.sheet import Sheet, Text

# A tenth of a millimetre: PDFium rounds a glyph's box outwards to whole thousandths of its size.
TOLERANCE: Final = 0.3  # points
TOLERANCE_OF_SIZE: Final = 0.02  # of the type's size; an accent of 18 points reads 0.31 points higher than its ink is

_FOOT: Final = 5 * POINTS_PER_MM  # blank below the footer of a paper
_LONGEST: Final = 8_192  # bytes of one line in UTF-16

# What PDFium makes of a hyphen at the end of a line.
_HYPHENS: Final = {0x0002: "-", 0xFFFE: "-"}


_Matrix: TypeAlias = tuple[float, float, float, float, float, float]

_UNMOVED: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line as it stands in the file: its text, and the bounds of its ink in points from the top left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    clipped: bool


def read(pdf: bytes) -> list[list[Drawn]]:
    """Read every piece of text on every page, in the order in which it is drawn."""
    with _opened(pdf) as document:
        return [_page(document, number) for number in range(pdfium.FPDF_GetPageCount(document))]


def confirm(pdf: bytes, sheets: Sequence[Sheet]) -> None:
    """Compare the file with the labels that were composed.

    Raises:
        CannotPrint: a field does not read as it was composed.
        LabelDoesNotFit: a line's ink lies outside of its box, or is clipped.
        RenderingDefect: there are other pages or other words than were composed.
    """
    pages = read(pdf)
    if len(pages) != len(sheets):
        message = f"{len(pages)} pages for {len(sheets)}"
        raise RenderingDefect(message)
    for drawn, sheet in zip(pages, sheets, strict=True):
        pieces = iter(drawn)
        for text in sheet.texts:
            _confirm_line(text, pieces)
        if next(pieces, None):
            message = "the label says more than was composed"
            raise RenderingDefect(message)


def confirm_paper(pdf: bytes, papers: Sequence[tuple[Paper, SetPaper]]) -> None:
    """Compare the file with the papers that were set; heads of tables and footers may stand there more often. Raises as `confirm` does."""
    size = papers[0][0].size
    found: Counter[str] = Counter()
    for page in read(pdf):
        for piece in page:
            found[_bare(piece.text)] += 1
            inside = piece.left >= MARGIN - 1 and piece.right <= size.width - MARGIN + 1 and piece.top >= ABOVE - 1 and piece.bottom <= size.height - _FOOT
            if piece.clipped or not inside:
                raise _outside("paper", piece, (MARGIN, ABOVE, size.width - MARGIN, size.height - _FOOT))
    found.subtract(_bare(line.text) for _, paper in papers for line in lines_of(paper))
    if missing := next((line.field for _, paper in papers for line in lines_of(paper) if found[_bare(line.text)] < 0), ""):
        raise _changed(missing)


def _confirm_line(text: Text, pieces: Iterator[Drawn]) -> None:
    """Take pieces until the whole line is read; a mark that is set by hand makes one of its own."""
    wanted, said = _bare(text.text), ""
    box = (text.left, text.top - text.above, text.left + text.width, text.top + text.height + text.below)
    slack = max(TOLERANCE, TOLERANCE_OF_SIZE * text.size)
    while said != wanted:
        piece = next(pieces, None)
        said = _bare(said + piece.text) if piece else ""
        if piece is None or len(said) > len(wanted):
            raise _changed(text.field)
        left, top, right, bottom = box
        across = piece.left >= left - slack and piece.right <= right + slack
        if piece.clipped or not (across and piece.top >= top - slack and piece.bottom <= bottom + slack):
            raise _outside(text.field, piece, box)


def _bare(text: str) -> str:
    """The text without its spaces, of which a line may have more or fewer at its ends, in one normal form."""
    return "".join(unicodedata.normalize("NFKC", text.translate(_HYPHENS)).split())


def _changed(field: str) -> CannotPrint:
    return CannotPrint(
        field,
        "the same letters in the file",
        available="others",
        sentence=f"“{field}” holds letters or marks that would not read the same on the label. Write it more simply.",
    )


def _outside(field: str, piece: Drawn, box: tuple[float, float, float, float]) -> LabelDoesNotFit:
    return LabelDoesNotFit(
        field,
        f"{_in_mm(piece.left, piece.top, piece.right, piece.bottom)}" + (", clipped" if piece.clipped else ""),
        available=_in_mm(*box),
        sentence=f"“{field}” would not stand whole in its place. Shorten it or use larger labels.",
    )


def _in_mm(left: float, top: float, right: float, bottom: float) -> str:
    return f"{left / POINTS_PER_MM:.2f} to {right / POINTS_PER_MM:.2f} mm across, {top / POINTS_PER_MM:.2f} to {bottom / POINTS_PER_MM:.2f} mm down"


@contextmanager
def _opened(pdf: bytes) -> Iterator[object]:
    document = pdfium.FPDF_LoadMemDocument64(pdf, len(pdf), None)
    if not document:
        message = "what was written is no PDF"
        raise RenderingDefect(message)
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _page(document: object, number: int) -> list[Drawn]:
    page = pdfium.FPDF_LoadPage(document, number)
    words = pdfium.FPDFText_LoadPage(page)
    try:
        height = pdfium.FPDF_GetPageHeightF(page)
        things = (pdfium.FPDFPage_GetObject(page, index) for index in range(pdfium.FPDFPage_CountObjects(page)))
        return [piece for thing in things for piece in _pieces(thing, words, height, _UNMOVED)]
    finally:
        pdfium.FPDFText_ClosePage(words)
        pdfium.FPDF_ClosePage(page)


def _pieces(thing: object, words: object, height: float, place: _Matrix) -> Iterator[Drawn]:
    """The texts of an object of the page, and of all that is inside of it when it is another page drawn on this one."""
    kind = pdfium.FPDFPageObj_GetType(thing)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        yield _drawn(thing, words, height, place)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(thing, matrix)
        moved = _times((matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f), place)
        for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
            yield from _pieces(pdfium.FPDFFormObj_GetObject(thing, index), words, height, moved)


def _times(first: _Matrix, second: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _drawn(thing: object, words: object, height: float, place: _Matrix) -> Drawn:
    buffer = (ctypes.c_ushort * (_LONGEST // 2))()
    length = pdfium.FPDFTextObj_GetText(thing, words, buffer, _LONGEST)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    a, b, c, d, e, f = place
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    return Drawn(
        text=bytes(buffer)[: max(0, length - 2)].decode("utf-16-le", "replace"),
        left=min(x for x, _ in corners),
        top=height - max(y for _, y in corners),
        right=max(x for x, _ in corners),
        bottom=height - min(y for _, y in corners),
        clipped=pdfium.FPDFClipPath_CountPaths(pdfium.FPDFPageObj_GetClipPath(thing)) > 0,
    )
