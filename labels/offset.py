"""Moves what a finished PDF shows, for a printer that feeds its labels a little off. The PDF that is kept is not touched.

The page box stays the label exactly; the move goes before the content as one matrix, so that tags and fonts stay as they are.
"""

from io import BytesIO

import pikepdf

from labels.label import LabelDoesNotFit
from labels.media import POINTS_PER_MM, Media

_SLACK = 0.01  # points


def shifted(pdf: bytes, media: Media, *, right_mm: float, down_mm: float) -> bytes:
    """Give the PDF with its content moved by millimetres, to the left and upwards where they are negative; by nothing, the very same bytes.

    What was composed stays off the edge by the safe area of `media`, so a move of at most this much clips nothing.

    Raises:
        LabelDoesNotFit: the move is larger than that, or the pages are not of this stock.
    """
    for field, length in (("right", right_mm), ("down", down_mm)):
        if not abs(length) <= media.safe_area_mm:
            raise _too_far(field, length, media)
    if not right_mm and not down_mm:
        return pdf
    matrix = f"q 1 0 0 1 {right_mm * POINTS_PER_MM:.4f} {-down_mm * POINTS_PER_MM:.4f} cm\n"
    written = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            refuse_other_stock(page, media.page, media)
            page.contents_add(matrix.encode(), prepend=True)
            page.contents_add(b"\nQ")
        document.save(written, deterministic_id=True)
    return written.getvalue()


def refuse_other_stock(page: pikepdf.Page, size: tuple[float, float], media: Media) -> None:
    """Check that a page is as large as the stock wants it, in points.

    Raises:
        LabelDoesNotFit: it is not.
    """
    left, top, right, bottom = (float(edge) for edge in page.mediabox)
    if abs(right - left - size[0]) > _SLACK or abs(bottom - top - size[1]) > _SLACK:
        raise LabelDoesNotFit(
            "media",
            f"{(right - left) / POINTS_PER_MM:.1f} x {(bottom - top) / POINTS_PER_MM:.1f} mm",
            available=f"{size[0] / POINTS_PER_MM:.1f} x {size[1] / POINTS_PER_MM:.1f} mm",
            sentence=f"This was laid out for another stock than {media.name}. Choose the stock that it was laid out for.",
        )


def _too_far(field: str, length: float, media: Media) -> LabelDoesNotFit:
    return LabelDoesNotFit(
        field,
        f"{length:g} mm",
        available=f"-{media.safe_area_mm:g} to {media.safe_area_mm:g} mm",
        sentence=f"On {media.name} the print can be moved by at most {media.safe_area_mm:g} mm: more would push words off the edge.",
    )
