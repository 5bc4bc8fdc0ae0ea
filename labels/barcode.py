"""Barcodes that a thermal printer prints and a scanner reads: whole dots, and a quiet zone.

A module that is not a whole number of dots is drawn now wider, now narrower, and is not read at 203 dots an inch.
"""

from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor
from typing import Any, Final

from zxingcpp import Barcode, BarcodeFormat, create_barcode

from labels.label import CannotPrint, Incomplete, LabelDoesNotFit

# ISO/IEC 15417: ten modules each side. ISO/IEC 16022 asks for one; two bear a print that is a little off.
_LINEAR_QUIET: Final = 10
_MATRIX_QUIET: Final = 2

# Millimetres. The narrowest bar that hand scanners read with ease is two dots of 203 an inch; for a matrix they are three.
_LINEAR_LEAST: Final = 0.25
_MATRIX_LEAST: Final = 0.33
_LINEAR_MOST: Final = 0.38

# More than 1 mm a module only takes room away from words; eight dots of 203 an inch are a little more.
_MATRIX_MOST: Final = 1.01

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
    dots_per_mm = dots_per_inch / 25.4
    linear = create_barcode(content, BarcodeFormat.Code128)
    dots = floor(width / ((len(_rows(linear)[0]) + 2 * _LINEAR_QUIET) * dot))
    if dots >= _LINEAR_LEAST * dots_per_mm and height >= _LINEAR_HEIGHT:
        return _linear(linear, min(dots, floor(_LINEAR_MOST * dots_per_mm)) * dot, height=floor(_LINEAR_HEIGHT / dot) * dot)
    matrix = _rows(create_barcode(content, BarcodeFormat.DataMatrix))
    columns, rows = len(matrix[0]), len(matrix)
    most = min(width / (columns + 2 * _MATRIX_QUIET), height / (rows + 2 * _MATRIX_QUIET))
    dots = min(floor(most / dot), floor(_MATRIX_MOST * dots_per_mm))
    if dots < _MATRIX_LEAST * dots_per_mm:
        raise LabelDoesNotFit(
            "barcode",
            f"{(columns + 2 * _MATRIX_QUIET) * ceil(_MATRIX_LEAST * dots_per_mm) / dots_per_mm:.1f} mm",
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
