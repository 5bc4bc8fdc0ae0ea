"""The label stock that can be printed on: rolls, office sheets of labels, and plain paper. A new size is one entry in `MEDIA`.

Sizes and safe areas are in millimetres, as on the box of the stock; text sizes are in points (1/72 inch).
"""

from dataclasses import dataclass
from enum import StrEnum
from math import floor
from typing import Final

POINTS_PER_MM: Final = 72 / 25.4

# White space of 25 to 30 % of the type size between lines (USP <17>).
LEADING: Final = 1.25

# 16 CCR 1707.5(a)(1): the four items in at least 50 % of the label, each in at least 12-point sans serif.
CRITICAL_MINIMUM_PT: Final = 12.0
CRITICAL_SHARE: Final = 0.5
CRITICAL_ITEMS: Final = 4

# No law gives a size for the rest; under 6 points a thermal head of 203 dots an inch closes the eye of an "e".
LESSER_MINIMUM_PT: Final = 6.0

# Feed and cutter of desk-top label printers wander by about 1 mm; anything nearer to the edge may be lost.
SAFE_AREA_MINIMUM_MM: Final = 1.5


class Purpose(StrEnum):
    """What a label is for; a size that is too small for a purpose is not offered for it."""

    DISPENSING = "dispensing"
    BATCH = "batch"
    PAPER = "papers"


# Width and height in millimetres: ISO 216, and ANSI A (8.5 x 11 inch).
A4: Final = (210.0, 297.0)
LETTER: Final = (215.9, 279.4)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the labels of an office sheet stand, in millimetres from its top left corner.

    `left_mm` and `top_mm` are the corner of the first label, `across_mm` and `down_mm` go from a label's corner to the next one's.
    """

    sheet_mm: tuple[float, float]
    columns: int
    rows: int
    left_mm: float
    top_mm: float
    across_mm: float
    down_mm: float

    @property
    def positions(self) -> int:
        """How many labels a sheet has; they are counted from 1, along the rows."""
        return self.columns * self.rows

    def corner_mm(self, position: int) -> tuple[float, float]:
        """The top left corner of the label at `position`."""
        row, column = divmod(position - 1, self.columns)
        return self.left_mm + column * self.across_mm, self.top_mm + row * self.down_mm


@dataclass(frozen=True, slots=True)
class Media:
    """One kind of label stock.

    `critical_pt` is the size of what must not be misread (for a patient the four items, for a batch its status),
    `lesser_pt` that of all else. Text is never made smaller than these.

    Raises:
        ValueError: the entry claims something that it cannot keep; found when the module is imported.
    """

    id: str
    name: str
    width_mm: float
    height_mm: float
    safe_area_mm: float
    dots_per_inch: int
    purposes: frozenset[Purpose]
    critical_pt: float
    lesser_pt: float
    grid: Grid | None = None  # for sheets of labels; the sizes above are then those of one label

    def __post_init__(self) -> None:
        """Refuse an entry whose text would be too small or too near to the edge, or that is too small for a patient."""
        if self.lesser_pt < LESSER_MINIMUM_PT or self.safe_area_mm < SAFE_AREA_MINIMUM_MM:
            message = f"{self.id}: text under {LESSER_MINIMUM_PT} pt, or nearer than {SAFE_AREA_MINIMUM_MM} mm to the edge"
            raise ValueError(message)
        if Purpose.DISPENSING in self.purposes and not self.holds_the_four_items():
            message = f"{self.id}: half of it cannot hold the four items at {CRITICAL_MINIMUM_PT} pt"
            raise ValueError(message)
        if self.grid and not self._is_on_its_sheet(self.grid):
            message = f"{self.id}: its labels overlap, or do not lie on the sheet"
            raise ValueError(message)

    def _is_on_its_sheet(self, grid: Grid) -> bool:
        right, bottom = grid.corner_mm(grid.positions)
        apart = grid.across_mm >= self.width_mm and grid.down_mm >= self.height_mm
        return apart and right + self.width_mm <= grid.sheet_mm[0] and bottom + self.height_mm <= grid.sheet_mm[1]

    @property
    def page(self) -> tuple[float, float]:
        """Width and height in points of what the printer draws in at once: the label, or the sheet with all its labels."""
        width, height = self.grid.sheet_mm if self.grid else (self.width_mm, self.height_mm)
        return width * POINTS_PER_MM, height * POINTS_PER_MM

    @property
    def width(self) -> float:
        """The whole width in points."""
        return self.width_mm * POINTS_PER_MM

    @property
    def height(self) -> float:
        """The whole height in points."""
        return self.height_mm * POINTS_PER_MM

    @property
    def safe_area(self) -> float:
        """The margin that stays blank on every side, in points."""
        return self.safe_area_mm * POINTS_PER_MM

    @property
    def critical_height(self) -> float:
        """The least height in points that the four items take inside the safe area, so that theirs is half of the label.

        Their part reaches from the upper edge of the label to its middle; the blank margin round them is part of it.
        """
        return CRITICAL_SHARE * self.height - self.safe_area

    @property
    def is_tall(self) -> bool:
        """Whether the lesser text has the height to stand in one column, which wraps less than two."""
        return self.height > self.width

    def holds_the_four_items(self) -> bool:
        """Tell whether one line for each of the four items fits into half of the label.

        A roll of 70 x 35 mm has room for three lines, one of 89 x 36 mm also (16 CCR 1707.5).
        """
        lines = floor(self.critical_height / (self.critical_pt * LEADING))
        return self.critical_pt >= CRITICAL_MINIMUM_PT and lines >= CRITICAL_ITEMS


_BOTH: Final = frozenset({Purpose.DISPENSING, Purpose.BATCH})
_STAFF: Final = frozenset({Purpose.BATCH})
_PAPER: Final = frozenset({Purpose.PAPER})

_ROLLS: Final = (
    Media("thermal-4x2", "Thermal, 4 x 2 inch", 101.6, 50.8, 2, 203, _BOTH, 12, 7),
    Media("thermal-4x3", "Thermal, 4 x 3 inch", 101.6, 76.2, 2, 203, _BOTH, 12, 7),
    Media("thermal-4x6", "Thermal, 4 x 6 inch, large print", 101.6, 152.4, 2.5, 203, _BOTH, 18, 10),
    Media("thermal-3x2", "Thermal, 3 x 2 inch", 76.2, 50.8, 2, 203, _STAFF, 11, 8),
    Media("thermal-2.25x1.25", "Thermal, 2.25 x 1.25 inch", 57.15, 31.75, 1.5, 203, _STAFF, 9, 6.5),
    Media("roll-89x36", "Roll, 89 x 36 mm", 89, 36, 2, 300, _STAFF, 10, 7.5),
    Media("roll-70x35", "Roll, 70 x 35 mm", 70, 35, 2, 300, _STAFF, 10, 7),
)

# Avery's own templates of these stocks: two sheets fed one after the other differ by about 1 mm, and their labels have no gap below.
_SHEETS: Final = (
    Media("l7160", "A4 sheet, Avery L7160, 21 of 63.5 x 38.1 mm", 63.5, 38.1, 2, 600, _STAFF, 10, 7, Grid(A4, 3, 7, 7.25, 15.15, 66, 38.1)),
    Media("l7163", "A4 sheet, Avery L7163, 14 of 99.1 x 38.1 mm", 99.1, 38.1, 2, 600, _STAFF, 10, 7.5, Grid(A4, 2, 7, 4.65, 15.15, 101.6, 38.1)),
    Media("l7165", "A4 sheet, Avery L7165, 8 of 99.1 x 67.7 mm", 99.1, 67.7, 2, 600, _BOTH, 12, 7, Grid(A4, 2, 4, 4.65, 13.1, 101.6, 67.7)),
    Media("5160", "Letter sheet, Avery 5160, 30 of 2.625 x 1 inch", 66.675, 25.4, 1.5, 600, _STAFF, 9, 6.2, Grid(LETTER, 3, 10, 4.7625, 12.7, 69.85, 25.4)),
    Media("5163", "Letter sheet, Avery 5163, 10 of 4 x 2 inch", 101.6, 50.8, 2, 600, _BOTH, 12, 7, Grid(LETTER, 2, 5, 3.96875, 12.7, 106.3625, 50.8)),
    Media("5164", "Letter sheet, Avery 5164, 6 of 4 x 3.33 inch", 101.6, 254 / 3, 2, 600, _BOTH, 12, 7, Grid(LETTER, 2, 3, 3.96875, 12.7, 106.3625, 254 / 3)),
)

# Office printers leave 4 to 6 mm blank on every side.
_OFFICE: Final = (
    Media("a4", "Paper, A4", *A4, 6, 600, _PAPER, 12, 8),
    Media("letter", "Paper, Letter", *LETTER, 6, 600, _PAPER, 12, 8),
)

MEDIA: Final[dict[str, Media]] = {media.id: media for media in (*_ROLLS, *_SHEETS, *_OFFICE)}
