"""What a finished label consists of: text, bars and a symbol, each at its place.

A sheet knows nothing of HTML or PDF, so that any back end can draw it. All lengths are points from the top left corner.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text that nobody may break again.

    `top` and `height` are those of the line with its leading; the baseline follows from the font, as CSS lays it out.
    `above` and `below` are the room beside it for accents that rise or hang further.
    """

    field: str
    text: str
    family: str
    bold: bool
    inverse: bool  # white on a bar
    size: float
    left: float
    top: float
    width: float
    height: float
    above: float = 0.0
    below: float = 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A black rectangle: a rule, or the ground of inverse text."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Symbol:
    """A barcode or a scale as one filled path; a barcode's unit is one module, drawn at whole dots of the printer.

    `title` is what it is called to who cannot see it.
    """

    left: float
    top: float
    width: float
    height: float
    columns: int
    rows: int
    path: str
    title: str = "Barcode"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One physical label."""

    width: float
    height: float
    texts: tuple[Text, ...]
    bars: tuple[Bar, ...]
    symbols: tuple[Symbol, ...]
