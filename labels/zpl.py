"""A stored label as a graphic that a label printer understands (ZPL II `^GF`): the same bytes, rastered in black and white at its own resolution.

Source: Zebra, ZPL II Programming Guide, `^GF` and its compression scheme ("," fills the row with white, ":" repeats the row above).
"""

from typing import Final

import pypdfium2

_POINTS: Final = 72  # an inch
_HALF: Final = bytes(48 + (level < 128) for level in range(256))  # a grey of less than a half becomes the digit 1: a printed dot


def rows_of(pdf: bytes, dots_per_inch: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Each page as its width in dots and its rows, each row one number whose highest bit is its leftmost dot."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(_rows(page, dots_per_inch) for page in document)
    finally:
        document.close()


def graphics(pdf: bytes, dots_per_inch: int) -> bytes:
    """One ZPL format for each page, each exactly as large as the page."""
    return b"".join(_format(width, rows) for width, rows in rows_of(pdf, dots_per_inch))


def _rows(page: pypdfium2.PdfPage, dots_per_inch: int) -> tuple[int, tuple[int, ...]]:
    bitmap = page.render(scale=dots_per_inch / _POINTS, grayscale=True)
    levels = bytes(bitmap.buffer)
    width, stride = bitmap.width, bitmap.stride
    rows = tuple(int(levels[start : start + width].translate(_HALF), 2) for start in range(0, stride * bitmap.height, stride))
    bitmap.close()
    page.close()
    return width, rows


def _format(width: int, rows: tuple[int, ...]) -> bytes:
    across = -(-width // 8)  # bytes of a row; the dots beyond the width stay white
    parts, before = [], None
    for row in rows:
        parts.append(":" if row == before else _row(row << (across * 8 - width), across))
        before = row
    size = across * len(rows)
    return f"^XA^PW{width}^LL{len(rows)}^LH0,0^FO0,0^GFA,{size},{size},{across},{''.join(parts)}^FS^PQ1^XZ\n".encode("ascii")


def _row(row: int, across: int) -> str:
    digits = f"{row:0{across * 2}X}"
    dark = digits.rstrip("0")
    return digits if len(dark) == len(digits) else f"{dark + '0' * (len(dark) % 2)},"
