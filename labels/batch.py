"""Composes the label of a batch inside the pharmacy: its status first, then what it is, then its numbers.

One label or none: staff must not look for the other half of a quarantine.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from labels.canvas import Canvas, height_of
from labels.label import BatchLabel, LabelDoesNotFit
from labels.media import Media
from labels.paragraph import Line, Setter, Style
from labels.sheet import Sheet

_GAP: Final = 2.5
_BARCODE_WIDTH: Final = 40.0  # points; a Data Matrix of 18 modules at 5 dots of 203 an inch
_BARCODE_HEIGHT: Final = 54.0  # points; the same with its text

Fact: TypeAlias = tuple[str, str, Style]  # the field, what is said, and how it is set


def compose(setter: Setter, media: Media, label: BatchLabel) -> tuple[Sheet, ...]:
    """Lay out a batch label on exactly one sheet.

    Raises:
        LabelDoesNotFit: it takes more room than there is.
    """
    canvas = Canvas(media, setter)
    headline = Style(media.critical_pt, bold=True)
    status = setter.lines("status", label.status, Style(media.critical_pt, bold=True, inverse=True), width=canvas.width - headline.size)
    top = canvas.bar(status, canvas.top) + _GAP
    top = canvas.put(setter.lines("name_and_strength", label.name_and_strength, headline, width=canvas.width), canvas.left, top=top) + _GAP / 2
    width = canvas.width - _BARCODE_WIDTH - _GAP
    side = canvas.left + width + _GAP
    put_facts(canvas, _facts(media, label), top=top, width=width)
    height = min(_BARCODE_HEIGHT, canvas.bottom - canvas.top - canvas.bar_height(status) - headline.pitch)
    canvas.barcode(label.barcode, side, top=canvas.bottom - height, width=_BARCODE_WIDTH, height=height)
    return (canvas.sheet(),)


def _facts(media: Media, label: BatchLabel) -> tuple[Fact, ...]:
    bold, plain = Style(media.lesser_pt, bold=True), Style(media.lesser_pt)
    return (
        ("batch", f"Batch {label.batch}", bold),
        ("internal_id", f"ID {label.internal_id}", plain),
        ("beyond_use", f"Beyond use: {label.beyond_use}", bold),
        ("made_on", f"Made: {label.made_on}", plain),
        ("quantity", f"Quantity: {label.quantity}", plain),
        ("storage", label.storage, plain),
    )


def put_facts(canvas: Canvas, facts: Iterable[Fact], *, top: float, width: float) -> None:
    """Put facts in rows; a short one stands at the right of the one before it where both have room.

    Raises:
        LabelDoesNotFit: they take more room than there is.
    """
    rows: list[tuple[tuple[Line, ...], tuple[Line, ...]]] = []
    for field, text, style in facts:
        lines = canvas.setter.lines(field, text, style, width=width)
        if rows and _has_room(*rows[-1], lines, width=width):
            rows[-1] = (rows[-1][0], lines)
        elif lines:
            rows.append((lines, ()))
    for row in rows:
        if top + height_of(row[0]) > canvas.bottom:
            raise _does_not_fit(row[0], top + height_of(row[0]) - canvas.bottom)
        canvas.put_aside(row[1], right=canvas.left + width, top=top)
        top = canvas.put(row[0], canvas.left, top=top)


def _has_room(row: tuple[Line, ...], beside: tuple[Line, ...], lines: tuple[Line, ...], *, width: float) -> bool:
    if beside or len(row) != 1 or len(lines) != 1:
        return False
    is_level = (row[0].above, row[0].height) == (lines[0].above, lines[0].height)
    return is_level and row[0].width + lines[0].style.size + lines[0].width <= width


def _does_not_fit(lines: tuple[Line, ...], excess: float) -> LabelDoesNotFit:
    return LabelDoesNotFit(
        lines[0].field,
        f"{excess * 25.4 / 72:.1f} mm more",
        available=f"less than {height_of(lines) * 25.4 / 72:.1f} mm",
        sentence=f"“{lines[0].field}” does not fit on this label any more. Shorten the texts or use larger labels.",
    )
