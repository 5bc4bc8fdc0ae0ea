"""Composes the test label of a stock: what the printer makes of a millimetre, of the safe area and of the edge can be read off it.

The scales begin at the very edge, so the first mark that is seen tells how much of the edge is lost.
"""

from typing import Final

from labels.canvas import Canvas, height_of
from labels.label import LabelDoesNotFit
from labels.media import POINTS_PER_MM, Media
from labels.paragraph import Setter, Style
from labels.sheet import Sheet, Symbol

MARKS: Final = 100  # units of the path in a millimetre
_THICKNESS: Final = 0.25  # mm: two dots at 203 dots an inch
_LENGTHS: Final = {1: 1.2, 5: 2.0, 10: 3.0}  # mm
_NUMBER_PT: Final = 6.0
_NUMBER_GAP: Final = 0.4  # mm between a mark and its number
_LINE_CAP: Final = 2.4  # mm: the strokes at both ends of the line that is measured
_CLEAR: Final = 1.6  # mm from the middle of that line to the middle of a number beside it
_WORDS_LEFT: Final = 9.0  # mm: right of the numbers
_WORDS_TOP: Final = 6.2  # mm: below them
LONGEST_LINE: Final = 50  # mm

_Box = tuple[float, float, float, float]  # left, top, width, height in mm


def measured_mm(media: Media) -> int:
    """How long the line is that a person measures: 50 mm, or as many whole centimetres as the safe area holds."""
    return min(LONGEST_LINE, int(media.width_mm - 2 * media.safe_area_mm) // 10 * 10)


def compose(setter: Setter, media: Media) -> tuple[Sheet, ...]:
    """Lay out the test label of one stock on one sheet.

    Raises:
        LabelDoesNotFit: the stock is too small for its words.
    """
    canvas = Canvas(media, setter)
    length, level = measured_mm(media), _level(media)
    boxes = [*_scale(media.width_mm), *(_turned(box) for box in _scale(media.height_mm)), *_frame(media), *_line(media, length, level)]
    path = "".join(_rectangle(box) for box in boxes)
    columns, rows = round(media.width_mm * MARKS), round(media.height_mm * MARKS)
    canvas.symbols.append(Symbol(0, 0, media.width, media.height, columns, rows, path, title=f"Scales in millimetres and a line of {length} mm"))
    _put_numbers(canvas)
    _put_words(canvas, length, level)
    return (canvas.sheet(),)


def _level(media: Media) -> float:
    """The height of the line that is measured: as low as the frame and the numbers at the left leave it room."""
    level = media.height_mm - media.safe_area_mm - _LINE_CAP / 2 - 0.8
    is_beside_numbers = (media.width_mm - measured_mm(media)) / 2 < _WORDS_LEFT - 1
    while is_beside_numbers and abs(level - round(level / 10) * 10) < _CLEAR:
        level -= 0.1
    return level


def _scale(length_mm: float) -> list[_Box]:
    """Marks along the upper edge: each millimetre, longer ones at 5 and at 10."""
    marks = []
    for place in range(1, int(length_mm - _THICKNESS) + 1):
        long = _LENGTHS[10 if place % 10 == 0 else 5 if place % 5 == 0 else 1]
        marks.append((place - _THICKNESS / 2, 0.0, _THICKNESS, long))
    return marks


def _turned(box: _Box) -> _Box:
    left, top, width, height = box
    return top, left, height, width


def _frame(media: Media) -> list[_Box]:
    """The edge of the safe area, drawn just inside of it."""
    edge, width, height = media.safe_area_mm, media.width_mm, media.height_mm
    across, down = width - 2 * edge, height - 2 * edge
    return [
        (edge, edge, across, _THICKNESS),
        (edge, height - edge - _THICKNESS, across, _THICKNESS),
        (edge, edge, _THICKNESS, down),
        (width - edge - _THICKNESS, edge, _THICKNESS, down),
    ]


def _line(media: Media, length: int, level: float) -> list[_Box]:
    """The line that is measured, from the outer side of one cap to the outer side of the other."""
    left = (media.width_mm - length) / 2
    cap = level - _LINE_CAP / 2
    return [
        (left, level - _THICKNESS / 2, length, _THICKNESS),
        (left, cap, _THICKNESS, _LINE_CAP),
        (left + length - _THICKNESS, cap, _THICKNESS, _LINE_CAP),
    ]


def _rectangle(box: _Box) -> str:
    left, top, width, height = (round(length * MARKS) for length in box)
    return f"M{left} {top}h{width}v{height}h-{width}z"


def _put_numbers(canvas: Canvas) -> None:
    """Number the centimetres of both scales, except where a number would not lie whole inside the safe area."""
    style, media = Style(_NUMBER_PT), canvas.media
    begin = (_LENGTHS[10] + _NUMBER_GAP) * POINTS_PER_MM
    for place in range(10, int(max(media.width_mm, media.height_mm)) + 1, 10):
        (line,) = canvas.setter.lines("scale", str(place), style, width=media.width)
        middle = place * POINTS_PER_MM
        if middle + line.width / 2 < canvas.left + canvas.width:
            canvas.put((line,), middle - line.width / 2, top=begin)
        if middle + line.height / 2 < canvas.bottom:
            canvas.put((line,), begin, top=middle - line.height / 2)


def _put_words(canvas: Canvas, length: int, level: float) -> None:
    media = canvas.media
    left, top = _WORDS_LEFT * POINTS_PER_MM, _WORDS_TOP * POINTS_PER_MM
    width = canvas.left + canvas.width - left - POINTS_PER_MM
    plain = Style(media.lesser_pt)
    words = (
        ("name", media.name, Style(media.lesser_pt, bold=True)),
        ("line", f"Print at actual size. The line must measure {length} mm.", plain),
        ("frame", f"The frame must be whole, {media.safe_area_mm:g} mm from each edge.", plain),
    )
    for field, text, style in words:
        lines = canvas.setter.lines(field, text, style, width=width)
        top = canvas.put(lines, left, top=top)
        if top > (level - _LINE_CAP / 2) * POINTS_PER_MM:
            raise LabelDoesNotFit(
                field,
                f"{height_of(lines):.0f} pt",
                available=f"{level:.0f} mm",
                sentence=f"{media.name} is too small for a test label.",
            )
