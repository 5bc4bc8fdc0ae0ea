"""Composes the patient's label: the four items in the upper half or more, all else below, what is left on further labels.

Order of what gives way when room is short: first the lesser text below the four items, then the last titration steps.
Both go on to a second numbered label in whole paragraphs, in order. The first label then says so in the place of the missing steps,
at their size, since a patient who reads only one label must not take the first step's dose for good; every step carries its own dates
for the same reason. The first steps stay on the first label: it is the one that is surely read, and they are needed first.
"""

from dataclasses import dataclass, replace
from typing import Final

from labels.canvas import Canvas, height_of
from labels.contents import Wording
from labels.continuation import continued
from labels.label import DispensingLabel, LabelDoesNotFit
from labels.lower import Lower
from labels.media import Media
from labels.paragraph import Line, Setter
from labels.sheet import Sheet

# More labels than this do not go on one bottle.
MOST_LABELS: Final = 9

_A_PAIR: Final = 2


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
        """Compose this label, and the others from what it leaves."""
        canvas = Canvas(self.wording.media, self.wording.setter)
        steps = self.wording.steps(canvas.width)
        lower = Lower(self.wording, self.total)
        shown = self._most_steps(canvas, steps, lower.least_height(canvas))
        top = self._put_items(canvas, self._items(canvas, steps, shown))
        rest = lower.put(canvas, top)
        return (canvas.sheet(), *continued(self.wording, replace(rest, steps=steps[shown:]), self.total))

    def _items(self, canvas: Canvas, steps: tuple[tuple[Line, ...], ...], shown: int) -> list[tuple[Line, ...]]:
        """Set the four items in their order; steps left out are announced in their place."""
        wording = self.wording
        purpose = wording.setter.lines("purpose", wording.label.purpose, wording.critical, width=canvas.width)
        items = [*wording.identity(wording.critical_bold, canvas.width), *steps[:shown]]
        if shown < len(steps):
            text = f"Continued on label 2 of {self.total}. Read {'both' if self.total == _A_PAIR else 'all'}."
            if not shown:
                text = f"Directions: see label 2 of {self.total}."
            told = wording.label.continued.replace("{number}", "2").replace("{total}", str(self.total))
            items += [wording.setter.lines("directions", said, wording.critical_bold, width=canvas.width) for said in (text, told)]
        return [item for item in (*items, purpose) if item]

    def _most_steps(self, canvas: Canvas, steps: tuple[tuple[Line, ...], ...], lower: float) -> int:
        """Find how many whole steps leave `lower` points for what must stand on the first label besides."""
        room = canvas.bottom - canvas.top - lower
        for shown in range(len(steps), -1, -1):
            items = self._items(canvas, steps, shown)
            if max(sum(map(height_of, items)), self.wording.media.critical_height) <= room:
                return shown
        longest = max((item for item in items if not item[0].field.startswith("directions")), key=height_of)
        raise LabelDoesNotFit(
            longest[0].field,
            f"{len(longest)} line(s)",
            available=f"{max(0, room // self.wording.critical.pitch):.0f} lines for the four items together",
            sentence=f"“{longest[0].field}” takes {len(longest)} line(s), and the first label has no room for it beside the rest. "
            "Shorten it or use larger labels.",
        )

    def _put_items(self, canvas: Canvas, items: list[tuple[Line, ...]]) -> float:
        """Put the four items, loosened where half of the label is more than they need, and return the lower edge of their box."""
        least = self.wording.media.critical_height
        spare = max(0.0, least - sum(map(height_of, items)))
        gap = min(spare / len(items), self.wording.critical.size * 0.75)
        top = canvas.top
        for item in items:
            top = canvas.put(item, canvas.left, top=top) + gap
        return max(top - gap, canvas.top + least)
