"""What a paper consists of once it is set: measured lines in blocks that follow each other. The engine breaks the pages.

Like a sheet of labels it knows nothing of HTML or PDF. All lengths are points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from labels.barcode import Drawing
from labels.paper import Picture, Shape
from labels.paragraph import Line


@dataclass(frozen=True, slots=True)
class SetCell:
    """One cell in lines, or with boxes before them."""

    lines: tuple[Line, ...]
    boxes: tuple[tuple[Line, ...], ...] = ()
    numeric: bool = False

    @property
    def bold(self) -> bool:
        """Whether it stands out in its row."""
        return bool(self.lines) and self.lines[0].style.bold


@dataclass(frozen=True, slots=True)
class SetRow:
    """One row and its least height."""

    cells: tuple[SetCell, ...]
    least: float

    @property
    def breakable(self) -> bool:
        """Whether a page could end within the row. Forbidding it to every row of one line costs a twelfth of the time of a paper of tables."""
        return bool(self.least) or any(len(cell.lines) > 1 or cell.boxes for cell in self.cells)


@dataclass(frozen=True, slots=True)
class SetTable:
    """A table with the widths of its columns in points; without heads it is a list of facts."""

    caption: tuple[Line, ...]
    widths: tuple[float, ...]
    head: tuple[SetCell, ...]
    rows: tuple[SetRow, ...]
    total: tuple[SetCell, ...]
    kind: str = "table"

    @property
    def written(self) -> bool:
        """Whether somebody writes in it by hand, and wants to see where a cell ends; what is only read needs no lines between its columns."""
        return self.kind == "table" and any(row.least for row in self.rows)


@dataclass(frozen=True, slots=True)
class SetText:
    """A heading ("h2", "h3"), a paragraph ("p"), a framed one ("boxed") or the word above lines to write on ("write", `count` of them)."""

    kind: str
    lines: tuple[Line, ...]
    count: int = 0
    leads: bool = False


@dataclass(frozen=True, slots=True)
class SetBoxes:
    """Boxes to tick, each with its word."""

    boxes: tuple[tuple[Line, ...], ...]
    kind: str = "boxes"


@dataclass(frozen=True, slots=True)
class SetPicture:
    """A picture whose words were measured."""

    picture: Picture
    shapes: tuple[tuple[Shape, str], ...]  # each with the family of its words
    kind: str = "picture"


@dataclass(frozen=True, slots=True)
class SetBreak:
    """A new page."""

    kind: str = "break"


SetBlock: TypeAlias = SetTable | SetText | SetBoxes | SetPicture | SetBreak


@dataclass(frozen=True, slots=True)
class SetPaper:
    """A paper ready to be drawn."""

    title: tuple[Line, ...]
    subtitle: tuple[Line, ...]
    footer: tuple[Line, ...]
    barcode: Drawing | None
    caption: str
    blocks: tuple[SetBlock, ...]


def lines_of(paper: SetPaper) -> Iterator[Line]:
    """Every line of a paper outside its pictures."""
    yield from (*paper.title, *paper.subtitle, *paper.footer)
    for block in paper.blocks:
        match block:
            case SetText():
                yield from block.lines
            case SetBoxes():
                yield from (line for word in block.boxes for line in word)
            case SetTable():
                yield from block.caption
                for cells in (block.head, *(row.cells for row in block.rows), block.total):
                    yield from (line for cell in cells for lines in (cell.lines, *cell.boxes) for line in lines)
            case _:
                pass
