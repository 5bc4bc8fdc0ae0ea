"""Papers of A4 or Letter size as plain values: records, worksheets, letters, lists. The renderer turns one into a PDF.

A paper is finished text, as a label is: nothing here computes, formats a number or translates.
It has no page numbers of its own: the renderer counts, repeats the heads of tables on each page and the footer under each.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from labels.media import A4 as A4_MM
from labels.media import LETTER as LETTER_MM
from labels.media import POINTS_PER_MM

MOST_PAGES: Final = 100  # a document of 1,000 pages took 367 MB
LONGEST_PARAGRAPH: Final = 4_000  # characters; a page holds about as many
LONGEST_CELL: Final = 2_000


class PaperSize(Enum):
    """The sheets of an office printer; width and height in millimetres."""

    A4 = A4_MM
    LETTER = LETTER_MM

    @property
    def width(self) -> float:
        """The width in points."""
        return self.value[0] * POINTS_PER_MM

    @property
    def height(self) -> float:
        """The height in points."""
        return self.value[1] * POINTS_PER_MM


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 stands under the title of the paper, level 2 under level 1. It stays with what follows it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `clinical` says that it holds doses or directions and is read for notation that people misread.

    `field` names it in a refusal; without one it is counted. `leads` says that it stays with what follows it, as a heading does.
    """

    text: str
    bold: bool = False
    boxed: bool = False  # with a thick frame round it: what must be seen first
    clinical: bool = False
    field: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes to tick, each with its word; in a table's cell or as a block of its own."""

    words: tuple[str, ...]


Cell: TypeAlias = str | Boxes


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: `share` is its part of the width beside the others'.

    `numeric` sets it right, in digits of one width, and never breaks it: a number in two halves is read wrongly.
    `clinical` reads its cells for notation that people misread; readings of instruments ("675.0") are none.
    """

    head: str
    share: float = 1.0
    numeric: bool = False
    clinical: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; its heads are repeated on each page. An empty cell is a place to write in.

    `row_mm` is the least height of a row, for handwriting; `total` stands below a thick rule, once.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_mm: float = 0.0
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what is said of each, under each other; `share` is the part of the width that the names take. Empty: a place to write in."""

    rows: tuple[tuple[str, str], ...]
    share: float = 0.28
    row_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class WritingLines:
    """Lines to write on, under a word that says what."""

    label: str
    count: int = 1


class Ink(Enum):
    """The colours of a picture; each differs from the others in grey too."""

    BLACK = "#000000"
    DARK = "#595959"
    MIDDLE = "#a6a6a6"
    LIGHT = "#e6e6e6"
    WHITE = "#ffffff"
    RED = "#a3201a"
    AMBER = "#e0a030"
    BLUE = "#1d4f91"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A filled rectangle, `outline` round it where there is one; points from the top left of the picture."""

    left: float
    top: float
    width: float
    height: float
    ink: Ink = Ink.LIGHT
    outline: Ink | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through at least two points, as thick as `width` points."""

    points: tuple[tuple[float, float], ...]
    ink: Ink = Ink.BLACK
    width: float = 0.7


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words in a picture: `left` and the `baseline` in points; `anchor` is start, middle or end."""

    text: str
    left: float
    baseline: float
    size: float = 8.0
    bold: bool = False
    anchor: str = "start"
    ink: Ink = Ink.BLACK


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled shape with at least three corners."""

    points: tuple[tuple[float, float], ...]
    ink: Ink = Ink.BLACK


@dataclass(frozen=True, slots=True)
class Marks:
    """Lines of one kind that do not touch, each from a point to another (left, top, left, top); one drawing, however many they are."""

    lines: tuple[tuple[float, float, float, float], ...]
    ink: Ink = Ink.BLACK
    width: float = 0.7


Shape: TypeAlias = Rectangle | Stroke | Marks | Polygon | Words


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of plain shapes, which stays on one page; `title` says what it shows to who cannot see it."""

    title: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Boxes | Table | Facts | WritingLines | Picture | NewPage


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `kind` alone goes into the file's metadata: plain words such as "Compounding record", never a name or a number.

    `title` stands at the head with `subtitle` below it, `barcode` at their right ("" for none), `footer` under each page.
    """

    kind: str
    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    footer: str = ""
    barcode: str = ""
    size: PaperSize = PaperSize.LETTER
    body_pt: float = 10.0  # 10 for records, 12 for letters
    foot_pt: float = 8.0
    language: str = "en"  # BCP 47; a reader of the screen pronounces by it
    paging: tuple[str, str] = ("Page ", " of ")  # what stands before the number of the page, and before that of all pages; letters only
