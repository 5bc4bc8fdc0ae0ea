"""An oral syringe drawn to one of its marks, in proportion: every mark of its scale stands where it stands on the real one.

All lengths are points; the scale runs from zero at the nozzle to the capacity, and the liquid ends where the plunger's edge is.
"""

from fractions import Fraction
from typing import Final

from labels.paper import Ink, Marks, Picture, Rectangle, Shape, Stroke, Words

SCALE: Final = 400.0  # from zero to the capacity: 4 points from mark to mark of the finest usual one, 1 mL by 0.01
LEFT: Final = 34.0  # where zero is
_NOZZLE: Final = 24.0
_BARREL: Final = 30.0  # its height
_SHORT: Final = 8.0
_LONG: Final = 14.0
_PLUNGER: Final = 8.0  # the thickness of its head
_ROD: Final = 60.0  # what of its rod is seen at the capacity
_CLOSE: Final = 50  # marks from which only each tenth bears a number, else each fifth
_FEW: Final = 12  # marks up to which each bears one

WIDTH: Final = LEFT + SCALE + _ROD + 16


def draw(capacity: Fraction, graduation: Fraction, volume: Fraction, *, words: str, size: float, title: str) -> Picture:
    """The syringe of `capacity` filled to `volume`, a mark at every `graduation`, all in mL.

    `words` of `size` points stand over the plunger's edge, and `title` tells the picture to who does not see it.

    Raises:
        ValueError: the volume is not on a mark, or more than the syringe holds.
    """
    if not 0 < volume <= capacity or (volume / graduation).denominator != 1:
        message = f"{volume} mL is not on a mark of a syringe of {capacity} mL by {graduation} mL"
        raise ValueError(message)
    top, numbers = 1.7 * size, 0.8 * size
    edge = _across(volume, capacity)
    middle, bottom, end = top + _BARREL / 2, top + _BARREL, LEFT + SCALE + _PLUNGER + 4
    shapes: list[Shape] = [
        Rectangle(LEFT - _NOZZLE, middle - 4, _NOZZLE, 8, Ink.WHITE, Ink.BLACK),
        Rectangle(LEFT, top, end - LEFT, _BARREL, Ink.WHITE, Ink.BLACK),
        Rectangle(LEFT, top, edge - LEFT, _BARREL, Ink.AMBER, Ink.BLACK),
        Rectangle(edge, top, _PLUNGER, _BARREL, Ink.BLACK),
        Stroke(((edge + _PLUNGER, middle), (end + _ROD - 12, middle)), Ink.BLACK, 5),
        Stroke(((end + _ROD - 12, middle - 13), (end + _ROD - 12, middle + 13)), Ink.BLACK, 4),
        Stroke(((edge, 1.15 * size), (edge, top)), Ink.BLACK, 1.5),
        *_scale(capacity, graduation, bottom, numbers),
        _said(words, edge, size),
    ]
    return Picture(title, WIDTH, bottom + 1.4 * numbers + 2, tuple(shapes))


def _across(volume: Fraction, capacity: Fraction) -> float:
    return LEFT + float(Fraction(SCALE) * volume / capacity)


def _scale(capacity: Fraction, graduation: Fraction, bottom: float, size: float) -> list[Shape]:
    """The marks, at the lower edge of the barrel, and numbers below the long ones."""
    marks = int(capacity / graduation)
    every = 10 if marks >= _CLOSE else 5 if marks > _FEW else 1
    places = [graduation * number for number in range(marks + 1)]
    short = tuple(_mark(place, capacity, bottom, _SHORT) for number, place in enumerate(places) if number % every)
    long = tuple(_mark(place, capacity, bottom, _LONG) for place in places[::every])
    numbers = [Words(_numeral(place), _across(place, capacity), bottom + 2 + size, size, anchor="middle") for place in places[::every]]
    return [*((Marks(short, Ink.BLACK, 0.6),) if short else ()), Marks(long, Ink.BLACK, 0.9), *numbers]


def _mark(place: Fraction, capacity: Fraction, bottom: float, length: float) -> tuple[float, float, float, float]:
    x = _across(place, capacity)
    return x, bottom, x, bottom - length


def _said(words: str, edge: float, size: float) -> Words:
    """The words of the dose over the edge of the plunger, to the side where there is room."""
    anchor = "start" if edge < LEFT + SCALE / 2 else "end"
    return Words(words, edge + (-4 if anchor == "start" else 4), 0.95 * size, size, bold=True, anchor=anchor)


def _numeral(value: Fraction) -> str:
    """A number of the scale without a zero at its end; a graduation has at most four decimals."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
