"""Composes the patient's label: the four items in the upper half or more, all else below, what is left on further labels.

Order of what gives way when room is short: first the lesser text below the four items, then the last titration steps.
Both go on to a second numbered label in whole paragraphs, in order. The first label then says so in the place of the missing steps,
at their size, since a patient who reads only one label must not take the first step's dose for good; every step carries its own dates
for the same reason. The first steps stay on the first label: it is the one that is surely read, and they are needed first.
"""

from dataclasses import dataclass
from typing import Final

from labels.canvas import RULE, Canvas, height_of
from labels.contents import GUTTER, Wording
from labels.continuation import Rest, continued, put_rows
from labels.label import DispensingLabel, LabelDoesNotFit
from labels.media import Media
from labels.paragraph import Line, Setter
from labels.sheet import Sheet

# More labels than this do not go on one bottle.
MOST_LABELS: Final = 9

_GAP: Final = 2.5  # points above and below the rule
_BARCODE_WIDTH: Final = 46.0  # points; a Data Matrix of 18 modules at 5 dots with its quiet zone
_BARCODE_HEIGHT: Final = 37.0  # points; the same at 3 dots, with two lines of its text


def compose(setter: Setter, media: Media, label: DispensingLabel) -> tuple[Sheet, ...]:
    """Lay out a label on one or more sheets.

    Raises:
        LabelDoesNotFit: a field does not fit even so.
    """
    wording = Wording(setter, media, label)
    total = 1
    while total <= MOST_LABELS:
        sheets = _Front(wording, total).sheets()
        if len(sheets) <= total:
            return sheets
        total = len(sheets)
    raise LabelDoesNotFit(
        "directions",
        f"{total} labels",
        available=f"{MOST_LABELS} labels",
        sentence=f"The directions need {total} labels of this size; at most {MOST_LABELS} fit on a bottle. Use larger labels.",
    )


@dataclass(frozen=True, slots=True)
class _Front:
    """The first label of `total`."""

    wording: Wording
    total: int

    def sheets(self) -> tuple[Sheet, ...]:
        canvas = Canvas(self.wording.media, self.wording.setter)
        steps = self.wording.steps(canvas.width)
        foot = self.wording.pharmacy(canvas.width - _BARCODE_WIDTH - GUTTER, self.wording.label_number(1, self.total))
        shown = self._most_steps(canvas, steps, foot)
        items = self._items(canvas, steps, shown)
        top = self._put_items(canvas, items)
        rest = self._put_lesser(canvas, foot, top)
        rest = Rest(steps=steps[shown:], facts=rest.facts, cautions=rest.cautions)
        return (canvas.sheet(), *continued(self.wording, rest, self.total))

    def _items(self, canvas: Canvas, steps: tuple[tuple[Line, ...], ...], shown: int) -> list[tuple[Line, ...]]:
        """Set the four items in their order; steps left out are announced in their place."""
        wording = self.wording
        purpose = wording.setter.lines("purpose", wording.label.purpose, wording.critical, width=canvas.width)
        items = [*wording.identity(wording.critical_bold, canvas.width), *steps[:shown]]
        if shown < len(steps):
            text = f"Continued on label 2 of {self.total}. Read {'both' if self.total == 2 else 'all'}."
            if not shown:
                text = f"Directions: see label 2 of {self.total}."
            items.append(wording.setter.lines("directions", text, wording.critical_bold, width=canvas.width))
        return [item for item in (*items, purpose) if item]

    def _most_steps(self, canvas: Canvas, steps: tuple[tuple[Line, ...], ...], foot: tuple[Line, ...]) -> int:
        """Find how many whole steps leave room for what must stand on the first label."""
        needed = self._least_lesser(canvas, foot)
        for shown in range(len(steps), -1, -1):
            items = self._items(canvas, steps, shown)
            if sum(map(height_of, items)) + needed <= canvas.bottom - canvas.top:
                return shown
        longest = max((item for item in items if not item[0].field.startswith("directions")), key=height_of)
        raise LabelDoesNotFit(
            longest[0].field,
            f"{len(longest)} line(s)",
            available=f"{(canvas.bottom - canvas.top - needed) / self.wording.critical.pitch:.0f} lines for the four items together",
            sentence=f"“{longest[0].field}” takes {len(longest)} line(s), and the first label has no room for it beside the rest. "
            "Shorten it or use larger labels.",
        )

    def _least_lesser(self, canvas: Canvas, foot: tuple[Line, ...]) -> float:
        """Add up what must stand on the first label: notice, discard date, Rx number, opioid warning, pharmacy, barcode."""
        left, right = self._columns(canvas)
        notice = self.wording.notice(canvas.width)
        bar = height_of(notice) + 0.3 * notice[0].style.size if notice else 0
        facts = sum(row.height for row in self.wording.facts(left)[:2])
        opioids = self.wording.cautions(right)[0].height
        return 2 * _GAP + RULE + bar + max(max(facts, opioids) + _GAP + height_of(foot), _BARCODE_HEIGHT)

    def _put_items(self, canvas: Canvas, items: list[tuple[Line, ...]]) -> float:
        """Put the four items, loosened where half of the label is more than they need, and return the lower edge of their box."""
        least = self.wording.media.critical_height
        spare = max(0.0, least - sum(map(height_of, items)))
        gap = min(spare / len(items), self.wording.critical.size * 0.75)
        top = canvas.top
        for item in items:
            top = canvas.put(item, canvas.left, top=top) + gap
        return max(top - gap, canvas.top + least)

    def _put_lesser(self, canvas: Canvas, foot: tuple[Line, ...], top: float) -> Rest:
        wording = self.wording
        top = canvas.rule(top + _GAP) + _GAP
        top = canvas.bar(wording.notice(canvas.width), top)
        top += _GAP if wording.label.strength_notice else 0
        left, right = self._columns(canvas)
        side = canvas.left + canvas.width - _BARCODE_WIDTH
        canvas.barcode(wording.label.barcode, side, top=top, width=_BARCODE_WIDTH, height=canvas.bottom - top)
        floor = canvas.bottom - height_of(foot)
        end = canvas.put(foot, canvas.left, top=floor)
        number = wording.label_number(1, self.total)
        canvas.put_aside(number, right=side - GUTTER, top=end - height_of(number))
        facts = put_rows(canvas, wording.facts(left), canvas.left, top=top, floor=floor - _GAP)
        cautions = put_rows(canvas, wording.cautions(right), canvas.left + left + GUTTER, top=top, floor=floor - _GAP)
        return Rest(steps=(), facts=facts, cautions=cautions)

    def _columns(self, canvas: Canvas) -> tuple[float, float]:
        room = canvas.width - _BARCODE_WIDTH - 2 * GUTTER
        return room * self.wording.left_share, room * (1 - self.wording.left_share)
