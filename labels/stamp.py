"""A paper from a rendering that is kept: what it says of one person is left blank there, and drawn on top for each.

The kept rendering names nobody, so that nothing of a patient stays in memory, and a leaflet of many pages is laid out once.
"""

from dataclasses import replace
from io import BytesIO
from typing import Final

import pikepdf

from labels.canvas import height_of
from labels.flow import SetPaper
from labels.grafting import graft
from labels.paper import Paper
from labels.papersetter import ABOVE, BELOW, MARGIN
from labels.paragraph import Line
from labels.sheet import Sheet, Text

_BLANK: Final = "\N{NO-BREAK SPACE}"
_BELOW_TITLE: Final = 2.0  # points; as in the template
_ABOVE_FOOTER: Final = 8.0


def blank(paper: SetPaper) -> SetPaper:
    """The paper with its subtitle and its footer as blank lines of the same height."""
    return replace(paper, subtitle=_blank(paper.subtitle), footer=_blank(paper.footer))


def _blank(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(replace(line, text=_BLANK) for line in lines)


def stamps(paper: Paper, composed: SetPaper, pages: int) -> tuple[Sheet, ...]:
    """What goes on top of each page: the subtitle on the first, the footer on all."""
    top = ABOVE + height_of(composed.title) + _BELOW_TITLE
    foot = _texts(composed.footer, paper.size.height - BELOW + _ABOVE_FOOTER)
    head = _texts(composed.subtitle, top)
    return tuple(Sheet(paper.size.width, paper.size.height, foot if number else (*head, *foot), (), ()) for number in range(pages))


def _texts(lines: tuple[Line, ...], top: float) -> tuple[Text, ...]:
    texts = []
    for line in lines:
        texts.append(
            Text(
                field=line.field,
                text=line.text,
                family=line.family,
                bold=line.style.bold,
                inverse=False,
                size=line.style.size,
                left=MARGIN,
                top=top + line.above,
                width=line.width,
                height=line.style.pitch,
                above=line.above,
                below=line.below,
            )
        )
        top += line.height
    return tuple(texts)


def stamped(pdf: bytes, stamp: bytes) -> bytes:
    """Draw each page of `stamp` on the page of `pdf` with the same number; pages share their resources, so that each stamp has a name of its own."""
    written = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document, pikepdf.open(BytesIO(stamp)) as source:
        taken = [int(number) for number in list(document.Root.StructTreeRoot.ParentTree.Nums)[::2]]
        for number, (page, top) in enumerate(zip(document.pages, source.pages, strict=True)):
            drawing = graft(source, top, document, onto=page, name=f"Stamp{number + 1}", corner=(0.0, 0.0), key=max(taken) + 1 + number)
            page.contents_add(drawing, prepend=True)
        document.save(written, deterministic_id=True)
    return written.getvalue()
