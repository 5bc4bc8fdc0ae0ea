"""What a finished label consists of: text, bars and a symbol, each at its place.

A sheet knows nothing of HTML or PDF, so that any back end can draw it. All lengths are points from the top left corner.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from labels.paragraph import Line


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

    @property
    def style(self) -> "Style":
        """What it has in common with others that look the same: family, weight, ground, size and height of the line."""
        return self.family, self.bold, self.inverse, self.size, self.height

    def leads_to(self, other: "Text") -> bool:
        """Whether the other is the next line of the same column in the same style, so that both can be drawn at once."""
        is_even = not (self.above or self.below or other.above or other.below)
        return is_even and self.style == other.style and self.left == other.left and abs(self.top + self.height - other.top) < _SAME


Style: TypeAlias = tuple[str, bool, bool, float, float]

_SAME = 1e-6  # points; sums of lengths differ in their last digits


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

    @property
    def runs(self) -> list[list[Text]]:
        """The texts in their order, those together that can be drawn at once: a third of the pieces."""
        runs: list[list[Text]] = []
        for text in self.texts:
            if runs and runs[-1][-1].leads_to(text):
                runs[-1].append(text)
            else:
                runs.append([text])
        return runs


def styles(sheets: Iterable[Sheet]) -> dict[Style, int]:
    """Number the styles of these sheets."""
    return {style: number for number, style in enumerate(dict.fromkeys(text.style for sheet in sheets for text in sheet.texts))}


def text_of(line: Line, left: float, *, top: float) -> Text:
    """A measured line at its place; `top` is where it begins, with the room above it that its accents need."""
    return Text(
        field=line.field,
        text=line.text,
        family=line.family,
        bold=line.style.bold,
        inverse=line.style.inverse,
        size=line.style.size,
        left=left,
        top=top + line.above,
        width=line.width,
        height=line.style.pitch,
        above=line.above,
        below=line.below,
    )
