"""Composes the label of a batch inside the pharmacy: its status first, then what it is, then its numbers.

One label or none: staff must not look for the other half of a quarantine.
"""

from typing import Final

from labels.canvas import Canvas, height_of
from labels.label import BatchLabel, LabelDoesNotFit
from labels.media import Media
from labels.paragraph import Line, Setter, Style
from labels.sheet import Sheet

_GAP: Final = 2.5
_LINEAR_ROOM: Final = 18.0 + 8.0  # points: a Code 128 and its text
_MATRIX_ROOM: Final = 46.0


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
    width = canvas.width - _MATRIX_ROOM - _GAP
    side = canvas.left + width + _GAP
    for lines in _facts(setter, media, label, width):
        top = canvas.put(lines, canvas.left, top=top)
        if top > canvas.bottom:
            raise _does_not_fit(lines, top - canvas.bottom)
    height = min(_MATRIX_ROOM + 8, canvas.bottom - canvas.top)
    canvas.barcode(label.barcode, side, top=canvas.bottom - height, width=_MATRIX_ROOM, height=height)
    return (canvas.sheet(),)


def _facts(setter: Setter, media: Media, label: BatchLabel, width: float) -> list[tuple[Line, ...]]:
    bold, plain = Style(media.lesser_pt, bold=True), Style(media.lesser_pt)
    rows = (
        ("batch", f"Batch {label.batch}", bold),
        ("beyond_use", f"Beyond use: {label.beyond_use}", bold),
        ("made_on", f"Made: {label.made_on}", plain),
        ("quantity", f"Quantity: {label.quantity}", plain),
        ("storage", label.storage, plain),
        ("internal_id", f"ID {label.internal_id}", plain),
    )
    return [setter.lines(field, text, style, width=width) for field, text, style in rows if text]


def _does_not_fit(lines: tuple[Line, ...], excess: float) -> LabelDoesNotFit:
    return LabelDoesNotFit(
        lines[0].field,
        f"{excess * 25.4 / 72:.1f} mm more",
        available=f"less than {height_of(lines) * 25.4 / 72:.1f} mm",
        sentence=f"“{lines[0].field}” does not fit on this label any more. Shorten the texts or use larger labels.",
    )
