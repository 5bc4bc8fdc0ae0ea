"""The label stock that can be printed on. A new size is one entry in `MEDIA`.

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

    def __post_init__(self) -> None:
        """Refuse an entry whose text would be too small or too near to the edge, or that is too small for a patient."""
        if self.lesser_pt < LESSER_MINIMUM_PT or self.safe_area_mm < SAFE_AREA_MINIMUM_MM:
            message = f"{self.id}: text under {LESSER_MINIMUM_PT} pt, or nearer than {SAFE_AREA_MINIMUM_MM} mm to the edge"
            raise ValueError(message)
        if Purpose.DISPENSING in self.purposes and not self.holds_the_four_items():
            message = f"{self.id}: half of it cannot hold the four items at {CRITICAL_MINIMUM_PT} pt"
            raise ValueError(message)

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


_BOTH: Final = frozenset(Purpose)
_STAFF: Final = frozenset({Purpose.BATCH})

MEDIA: Final[dict[str, Media]] = {
    media.id: media
    for media in (
        Media("thermal-4x2", "Thermal, 4 x 2 inch", 101.6, 50.8, 2, 203, _BOTH, 12, 7),
        Media("thermal-4x3", "Thermal, 4 x 3 inch", 101.6, 76.2, 2, 203, _BOTH, 12, 7),
        Media("thermal-4x6", "Thermal, 4 x 6 inch, large print", 101.6, 152.4, 2.5, 203, _BOTH, 16, 8),
        Media("thermal-3x2", "Thermal, 3 x 2 inch", 76.2, 50.8, 2, 203, _STAFF, 11, 8),
        Media("thermal-2.25x1.25", "Thermal, 2.25 x 1.25 inch", 57.15, 31.75, 1.5, 203, _STAFF, 9, 6.5),
        Media("roll-89x36", "Roll, 89 x 36 mm", 89, 36, 2, 300, _STAFF, 10, 7.5),
        Media("roll-70x35", "Roll, 70 x 35 mm", 70, 35, 2, 300, _STAFF, 10, 7),
    )
}
