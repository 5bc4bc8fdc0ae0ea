"""Composes the second and further labels of a container: what the first had no room for, in order.

Each says again whose it is, what it is, its Rx number and its place in the set, so that a lost or mixed-up one is noticed.
"""

from dataclasses import dataclass
from typing import Final

from labels.canvas import Canvas, height_of
from labels.contents import GUTTER, Row, Wording
from labels.label import LabelDoesNotFit
from labels.paragraph import Line, Style
from labels.sheet import Sheet

_GAP: Final = 2.0  # points; three steps of two lines stand on the second 4 x 2 inch label with it


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still to be printed."""

    steps: tuple[tuple[Line, ...], ...]
    facts: tuple[Row, ...]
    cautions: tuple[Row, ...]

    def __bool__(self) -> bool:
        """Tell whether anything is left."""
        return bool(self.steps or self.facts or self.cautions)


def continued(wording: Wording, rest: Rest, total: int) -> tuple[Sheet, ...]:
    """Lay out what is left on as many labels as it takes.

    Raises:
        LabelDoesNotFit: one paragraph alone is longer than a label.
    """
    sheets: list[Sheet] = []
    while rest:
        canvas = Canvas(wording.media, wording.setter)
        left_over = _fill(canvas, wording, rest, number=len(sheets) + 2, total=total)
        if left_over == rest:
            raise _too_long(rest, canvas)
        rest = left_over
        sheets.append(canvas.sheet())
    return tuple(sheets)


def put_columns(
    canvas: Canvas, facts: tuple[Row, ...], cautions: tuple[Row, ...], *, right: float, top: float, floor: float
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Put facts to the left and cautions from `right` on, down to `floor`; return what of each did not fit.

    Facts, which are set narrower, go on under the cautions where these leave room.
    """
    facts, _ = _put_rows(canvas, facts, canvas.left, top=top, floor=floor)
    cautions, end = _put_rows(canvas, cautions, right, top=top, floor=floor)
    if not cautions:
        facts, _ = _put_rows(canvas, facts, right, top=end, floor=floor)
    return facts, cautions


def _put_rows(canvas: Canvas, rows: tuple[Row, ...], left: float, *, top: float, floor: float) -> tuple[tuple[Row, ...], float]:
    for index, row in enumerate(rows):
        if top + row.height > floor:
            return rows[index:], top
        if row.beside:
            canvas.put((row.beside,), left + row.offset, top=top)
        top = canvas.put(row.lines, left, top=top)
    return (), top


def _fill(canvas: Canvas, wording: Wording, rest: Rest, *, number: int, total: int) -> Rest:
    top = _put_heading(canvas, wording, number=number, total=total)
    steps = rest.steps
    while steps and top + height_of(steps[0]) <= canvas.bottom:
        top = canvas.put(steps[0], canvas.left, top=top) + _GAP
        steps = steps[1:]
    if steps:
        return Rest(steps, rest.facts, rest.cautions)
    if rest.steps and any(top + 2 * _GAP + rows[0].height <= canvas.bottom for rows in (rest.facts, rest.cautions) if rows):
        top = canvas.rule(top) + _GAP
    right = canvas.left + ((canvas.width - GUTTER) * wording.left_share + GUTTER if rest.facts else 0)
    facts, cautions = put_columns(canvas, rest.facts, rest.cautions, right=right, top=top, floor=canvas.bottom)
    return Rest(steps=(), facts=facts, cautions=cautions)


def _put_heading(canvas: Canvas, wording: Wording, *, number: int, total: int) -> float:
    place = wording.label_number(number, total)
    beside = max((line.width for line in place), default=0) + GUTTER
    style = Style(wording.media.lesser_pt + 2, bold=True)
    patient, drug = wording.identity(style, canvas.width - beside)
    top = canvas.put(patient, canvas.left, top=canvas.top)
    top = canvas.put(drug, canvas.left, top=top)
    label = wording.label
    number_line = f"Rx {label.rx_number}" + (f", {label.container}" if label.container else "")
    top = canvas.put(wording.setter.lines("rx_number", number_line, wording.lesser, width=canvas.width), canvas.left, top=top)
    canvas.put_aside(place, right=canvas.left + canvas.width, top=canvas.top)
    return canvas.rule(top + _GAP) + _GAP


def _too_long(rest: Rest, canvas: Canvas) -> LabelDoesNotFit:
    lines = rest.steps[0] if rest.steps else (*rest.facts, *rest.cautions)[0].lines
    return LabelDoesNotFit(
        lines[0].field,
        f"{height_of(lines) * 25.4 / 72:.0f} mm",
        available=f"less than {(canvas.bottom - canvas.top) * 25.4 / 72:.0f} mm",
        sentence=f"“{lines[0].field}” is longer than a whole label. Shorten it or use larger labels.",
    )
