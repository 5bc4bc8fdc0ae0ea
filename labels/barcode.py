"""Barcodes that a thermal printer prints and a scanner reads: whole dots, and a quiet zone.

A module that is not a whole number of dots is drawn now wider, now narrower, and is not read at 203 dots an inch.
"""

from dataclasses import dataclass
from itertools import groupby
from math import floor
from typing import Any, Final

from zxingcpp import Barcode, BarcodeFormat, create_barcode

from labels.label import CannotPrint, Incomplete, LabelDoesNotFit

# ISO/IEC 15417: ten modules each side. ISO/IEC 16022 asks for one; two bear a print that is a little off.
_LINEAR_QUIET: Final = 10
_MATRIX_QUIET: Final = 2

# 0.25 mm at 203 dots an inch, the narrowest bar that hand scanners read with ease; for a matrix 0.375 mm.
_LINEAR_DOTS: Final = 2
_MATRIX_DOTS: Final = 3

# More than 1 mm a module only takes room away from words.
_MOST_DOTS: Final = 8

_LINEAR_HEIGHT: Final = 18.0  # points, a quarter of an inch

LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Drawing:
    """A symbol without its quiet zone: `path` is SVG path data in modules, sizes are in points."""

    format: str
    columns: int
    rows: int
    width: float
    height: float
    quiet_above: float
    path: str


def draw(content: str, dots_per_inch: int, *, width: float, height: float) -> Drawing:
    """Draw what `content` says as large as whole dots allow within a box in points, quiet zone included.

    Code 128 where it has room, since every scanner reads it; else Data Matrix, the smallest that zxing-cpp writes.

    Raises:
        CannotPrint: a character that is not printable ASCII.
        LabelDoesNotFit: no symbol of readable size fits.
    """
    _refuse_unencodable(content)
    dot = 72 / dots_per_inch
    linear = create_barcode(content, BarcodeFormat.Code128)
    dots = floor(width / ((len(_rows(linear)[0]) + 2 * _LINEAR_QUIET) * dot))
    if dots >= _LINEAR_DOTS and height >= _LINEAR_HEIGHT:
        return _linear(linear, min(dots, _MATRIX_DOTS) * dot, height=floor(_LINEAR_HEIGHT / dot) * dot)
    matrix = _rows(create_barcode(content, BarcodeFormat.DataMatrix))
    columns, rows = len(matrix[0]), len(matrix)
    most = min(width / (columns + 2 * _MATRIX_QUIET), height / (rows + 2 * _MATRIX_QUIET))
    dots = min(floor(most / dot), _MOST_DOTS)
    if dots < _MATRIX_DOTS:
        raise LabelDoesNotFit(
            "barcode",
            f"{(columns + 2 * _MATRIX_QUIET) * _MATRIX_DOTS * dot / 72 * 25.4:.1f} mm",
            available=f"{min(width, height) / 72 * 25.4:.1f} mm",
            sentence="The barcode holds too much to be readable on this label. Use a shorter number or larger labels.",
        )
    return Drawing(
        format="DataMatrix",
        columns=columns,
        rows=rows,
        width=columns * dots * dot,
        height=rows * dots * dot,
        quiet_above=_MATRIX_QUIET * dots * dot,
        path=_path(matrix),
    )


def _linear(symbol: Barcode, module: float, *, height: float) -> Drawing:
    bars = _rows(symbol)[:1]
    return Drawing(
        format="Code128",
        columns=len(bars[0]),
        rows=1,
        width=len(bars[0]) * module,
        height=height,
        quiet_above=0,
        path=_path(bars),
    )


def _rows(symbol: Barcode) -> list[list[int]]:
    """Give the shades of the modules, row by row: 0 is dark."""
    image: Any = symbol.to_image(scale=1, add_quiet_zones=False)  # has the buffer protocol, which its types do not say
    shades = memoryview(image)
    height, width = shades.shape or (0, 0)
    flat = shades.tobytes()
    return [list(flat[row * width : (row + 1) * width]) for row in range(height)]


def _path(rows: list[list[int]]) -> str:
    """Join dark neighbours in a row into one rectangle each."""
    parts: list[str] = []
    for y, row in enumerate(rows):
        start = 0
        for is_light, run in groupby(row, key=bool):
            length = len(list(run))
            if not is_light:
                parts.append(f"M{start} {y}h{length}v1h-{length}z")
            start += length
    return "".join(parts)


def _refuse_unencodable(content: str) -> None:
    if not content:
        raise Incomplete("barcode", "an Rx or batch number", available="nothing", sentence="The barcode is empty.")
    for character in content:
        if not " " <= character <= "~":
            raise CannotPrint(
                "barcode",
                f"U+{ord(character):04X}",
                available="printable ASCII",
                sentence="The barcode may hold only plain letters, digits and signs of ASCII.",
            )
    if len(content) > LONGEST:
        raise LabelDoesNotFit(
            "barcode",
            f"{len(content)} characters",
            available=f"{LONGEST} characters",
            sentence=f"The barcode may hold at most {LONGEST} characters.",
        )
