"""Composes the lower part of a patient's first label: everything but the four items.

From above: a changed strength, white on black; salt and strength; facts to the left, cautions beside them, the barcode at the right;
the pharmacy at the foot. What must stand here: the changed strength, the discard date, the Rx number, the warning on opioids,
the pharmacy and the barcode. All else goes on to the next label where there is no room.
"""

from dataclasses import dataclass
from typing import Final

from labels.canvas import RULE, Canvas, height_of
from labels.contents import GUTTER, Row, Wording, free_line
from labels.continuation import Rest, put_columns
from labels.paragraph import Line

_GAP: Final = 2.0  # points above and below the rule
_BARCODE_WIDTH: Final = 41.0  # points; a Data Matrix of 18 modules at 5 dots with its quiet zone
_BARCODE_HEIGHT: Final = 56.0  # points; the same with two lines of its text
_BARCODE_LEAST: Final = 37.0  # points; the same at 3 dots
_FACTS_THAT_STAY: Final = 2  # the discard date and the Rx number


@dataclass(frozen=True, slots=True)
class Lower:
    """The lower part of the first of `total` labels. All lengths are points."""

    wording: Wording
    total: int

    def least_height(self, canvas: Canvas) -> float:
        """Add up what must stand here, with the gaps and the rule above it."""
        foot = height_of(self._pharmacy(self._text_width(canvas)))
        return 2 * _GAP + RULE + self._notice_height(canvas) + max(self._least_rows(canvas) + _GAP + foot, _BARCODE_LEAST)

    def put(self, canvas: Canvas, top: float) -> Rest:
        """Put everything below `top`, in the order in which it is read, and return what has no room."""
        top = canvas.bar(self.wording.notice(canvas.width), canvas.rule(top + _GAP) + _GAP)
        top += _GAP if self.wording.label.strength_notice else 0
        foot = self._wide_foot(canvas, top)
        width = canvas.width if foot else self._text_width(canvas)
        compounded = () if foot else self.wording.compounded(self._columns(canvas)[1])
        foot = foot or self._pharmacy(width)
        floor = canvas.bottom - height_of(foot)
        ground = floor if width == canvas.width else canvas.bottom
        below, salt = self._put_salt(canvas, top, floor - _GAP)
        facts, cautions = self._put_rows(canvas, below, floor - _GAP)
        canvas.put(foot, canvas.left, top=floor)
        if number := self.wording.label_number(1, self.total):
            beside = foot[: free_line(foot, number, width) - 1]
            canvas.put_aside(number, right=canvas.left + width, top=floor + height_of(beside))
        side = canvas.left + canvas.width - _BARCODE_WIDTH
        height = min(ground - top, _BARCODE_HEIGHT)
        canvas.barcode(self.wording.label.barcode, side, top=top, width=_BARCODE_WIDTH, height=height)
        return Rest(steps=(), facts=facts, cautions=(*cautions, *salt, *compounded))

    def _wide_foot(self, canvas: Canvas, top: float) -> tuple[Line, ...]:
        """Set the sentence on compounding and the pharmacy across the whole label, or nothing where the barcode needs the room."""
        lines = tuple(line for row in self.wording.compounded(canvas.width) for line in row.lines) + self._pharmacy(canvas.width)
        return lines if height_of(lines) + _GAP + _BARCODE_HEIGHT <= canvas.bottom - top else ()

    def _put_salt(self, canvas: Canvas, top: float, floor: float) -> tuple[float, tuple[Row, ...]]:
        """Put the salt across both columns, or return it set for one column where what must stand here needs the room."""
        salt = self.wording.salt(self._text_width(canvas))
        if sum(row.height for row in salt) + self._least_rows(canvas) > floor - top:
            return top, self.wording.salt(self._columns(canvas)[1])
        for row in salt:
            top = canvas.put(row.lines, canvas.left, top=top)
        return top, ()

    def _put_rows(self, canvas: Canvas, top: float, floor: float) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        left, right = self._columns(canvas)
        facts, cautions = self.wording.facts(left), self.wording.cautions(right)
        if self.wording.media.is_tall:
            first = (facts[1], facts[0], cautions[0])  # what must stand here
            rows = (*first, *cautions[1:], *facts[_FACTS_THAT_STAY:])
            return put_columns(canvas, (), rows, right=canvas.left, top=top, floor=floor)
        return put_columns(canvas, facts, cautions, right=canvas.left + left + GUTTER, top=top, floor=floor)

    def _least_rows(self, canvas: Canvas) -> float:
        left, right = self._columns(canvas)
        facts = sum(row.height for row in self.wording.facts(left)[:_FACTS_THAT_STAY])
        opioids = self.wording.cautions(right)[0].height
        return facts + opioids if self.wording.media.is_tall else max(facts, opioids)

    def _notice_height(self, canvas: Canvas) -> float:
        notice = self.wording.notice(canvas.width)
        return canvas.bar_height(notice) + _GAP if notice else 0

    def _pharmacy(self, width: float) -> tuple[Line, ...]:
        return self.wording.pharmacy(width, self.wording.label_number(1, self.total))

    def _text_width(self, canvas: Canvas) -> float:
        return canvas.width - _BARCODE_WIDTH - GUTTER

    def _columns(self, canvas: Canvas) -> tuple[float, float]:
        if self.wording.media.is_tall:
            return self._text_width(canvas), self._text_width(canvas)
        room = self._text_width(canvas) - GUTTER
        return room * self.wording.left_share, room * (1 - self.wording.left_share)
