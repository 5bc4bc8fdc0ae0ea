"""Drops drawn one by one, as many as are counted, in groups of five so that an eye can count them again. All lengths are points."""

from math import cos, pi, sin
from typing import Final

from labels.paper import Ink, Picture, Polygon

_WIDTH: Final = 14.0  # of one drop with the room beside it
_GROUP: Final = 5  # drops that stand together
_BETWEEN: Final = 12.0  # groups
_ROW: Final = 20  # drops in a row
_HEIGHT: Final = 26.0  # of a row
_RADIUS: Final = 4.6
_TIP: Final = 14.0  # from the middle of a drop up to its tip
_CORNERS: Final = 24


def drops(count: int, *, words: str) -> Picture:
    """A picture of `count` drops; `words` say what it shows."""
    shapes = tuple(_drop(*_place(number)) for number in range(count))
    in_row = min(count, _ROW)
    return Picture(words, _place(in_row - 1)[0] + _WIDTH / 2 + 1, _HEIGHT * (-(-count // _ROW)), shapes)


def _place(number: int) -> tuple[float, float]:
    """Where the middle of a drop is, counted from 0."""
    row, column = divmod(number, _ROW)
    return _WIDTH / 2 + column * _WIDTH + column // _GROUP * _BETWEEN, row * _HEIGHT + 18


def _drop(x: float, y: float) -> Polygon:
    round_part = [(x + _RADIUS * cos(angle), y + _RADIUS * sin(angle)) for angle in (pi * (step / _CORNERS * 1.4 - 0.2) for step in range(_CORNERS + 1))]
    return Polygon(((x, y - _TIP), *round_part), Ink.BLUE)
