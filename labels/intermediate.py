"""Composes the label of a bench intermediate: first that it is none to be given away, then what it is, then its numbers.

One label or none, as for a batch; without a barcode, since nothing at the counter may find it.
"""

from typing import Final

from labels.batch import put_facts
from labels.canvas import Canvas
from labels.label import IntermediateLabel
from labels.media import Media
from labels.paragraph import Setter, Style
from labels.sheet import Sheet

_GAP: Final = 2.5


def compose(setter: Setter, media: Media, label: IntermediateLabel) -> tuple[Sheet, ...]:
    """Lay out the label of an intermediate on exactly one sheet.

    Raises:
        LabelDoesNotFit: it takes more room than there is.
    """
    canvas = Canvas(media, setter)
    headline, bold, plain = Style(media.critical_pt, bold=True), Style(media.lesser_pt, bold=True), Style(media.lesser_pt)
    notice = setter.lines("notice", label.notice, Style(media.critical_pt, bold=True, inverse=True), width=canvas.width - headline.size)
    top = canvas.bar(notice, canvas.top) + _GAP
    top = canvas.put(setter.lines("name_and_strength", label.name_and_strength, headline, width=canvas.width), canvas.left, top=top) + _GAP / 2
    facts = (
        ("reference", label.reference, bold),
        ("volume", f"Volume: {label.volume}", plain),
        ("beyond_use", f"Beyond use: {label.beyond_use}", bold),
        ("made", label.made, plain),
        ("storage", label.storage, plain),
    )
    put_facts(canvas, facts, top=top, width=canvas.width)
    return (canvas.sheet(),)
