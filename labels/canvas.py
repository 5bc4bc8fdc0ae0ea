"""A label being composed: lines are put at places, and it ends as a `Sheet`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from labels import barcode
from labels.media import Media
from labels.paragraph import Line, Setter, Style
from labels.sheet import Bar, Sheet, Symbol, Text, text_of

# Two dots at 203 dots an inch: one dot is lost where the head is worn.
RULE: Final = 0.7

# The black above and below inverse text, as a part of its size.
_BAR_PAD: Final = 0.3


@dataclass(slots=True)
class Canvas:
    """Collects what is drawn inside the safe area of one label. All lengths are points."""

    media: Media
    setter: Setter
    texts: list[Text] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    symbols: list[Symbol] = field(default_factory=list)

    @property
    def left(self) -> float:
        """The left edge of the safe area."""
        return self.media.safe_area

    @property
    def top(self) -> float:
        """The upper edge of the safe area."""
        return self.media.safe_area

    @property
    def width(self) -> float:
        """The width of the safe area."""
        return self.media.width - 2 * self.media.safe_area

    @property
    def bottom(self) -> float:
        """The lower edge of the safe area."""
        return self.media.height - self.media.safe_area

    def put(self, lines: Iterable[Line], left: float, *, top: float) -> float:
        """Put lines under each other and return where the next would begin."""
        for line in lines:
            self.texts.append(text_of(line, left, top=top))
            top += line.height
        return top

    def put_aside(self, lines: tuple[Line, ...], *, right: float, top: float) -> None:
        """Put lines so that each ends at `right`."""
        for line in lines:
            top = self.put((line,), right - line.width, top=top)

    def rule(self, top: float) -> float:
        """Draw a thin line across and return its lower edge."""
        self.bars.append(Bar(self.left, top, self.width, RULE))
        return top + RULE

    @staticmethod
    def bar_height(lines: tuple[Line, ...]) -> float:
        """Give the height of a bar with these lines."""
        return height_of(lines) + _BAR_PAD * lines[0].style.size

    def bar(self, lines: tuple[Line, ...], top: float) -> float:
        """Draw inverse lines on a black bar across and return its lower edge."""
        if not lines:
            return top
        size = lines[0].style.size
        self.bars.append(Bar(self.left, top, self.width, self.bar_height(lines)))
        self.put(lines, self.left + 2 * _BAR_PAD * size, top=top + _BAR_PAD * size / 2)
        return top + self.bar_height(lines)

    def barcode(self, content: str, left: float, *, top: float, width: float, height: float) -> float:
        """Draw a barcode with its text below it, both in the middle of the box, and return where the text ends.

        Raises:
            LabelDoesNotFit: the box is too small for a readable symbol.
        """
        caption = self.setter.lines("barcode", content, Style(6), width=width, anywhere=True)
        drawing = barcode.draw(content, self.media.dots_per_inch, width=width, height=height - height_of(caption))
        dot = 72 / self.media.dots_per_inch
        x = round((left + (width - drawing.width) / 2) / dot) * dot
        y = round((top + drawing.quiet_above) / dot) * dot
        self.symbols.append(Symbol(x, y, drawing.width, drawing.height, drawing.columns, drawing.rows, drawing.path))
        below = y + drawing.height + drawing.quiet_above
        for line in caption:
            self.put((line,), left + (width - line.width) / 2, top=below)
            below += line.height
        return below

    def sheet(self) -> Sheet:
        """Finish the label."""
        return Sheet(self.media.width, self.media.height, tuple(self.texts), tuple(self.bars), tuple(self.symbols))


def height_of(lines: Iterable[Line]) -> float:
    """Add up the heights of lines, in points."""
    return sum(line.height for line in lines)
