"""A leaflet as a paper: the calendar with a picture to each step, and the sections after it, in type for a patient's eyes."""

from typing import Final

from compounding.domain.leaflet import CalendarStep, Leaflet, Rows
from compounding.domain.leaflet_advice import Section
from compounding.domain.weighing import Syringe
from labels.counted import drops
from labels.paper import Block, Column, Heading, Paper, Paragraph, Table
from labels.syringe import draw

# USP <17> asks 12 points of what must not be misread; tables are set a point smaller than the rest. Large print is 18 points.
BODY: Final = 13.0
LARGE_BODY: Final = 19.0
_DRAWN: Final = 13.0  # the words of a picture
_LARGE_DRAWN: Final = 18.0
_FOOT: Final = 10.0
_LARGE_FOOT: Final = 13.0
_SHARES: Final = {3: (0.8, 1.9, 2.6), 4: (2.3, 1.2, 1.3, 1.3)}  # widths of the columns of later containers, and of drops


def leaflet_paper(leaflet: Leaflet, *, large: bool) -> Paper:
    """The leaflet in ordinary or in large print."""
    before, after = leaflet.page.split("{page}")
    return Paper(
        kind=leaflet.kind,
        title=leaflet.title,
        subtitle=leaflet.whose,
        blocks=(*_calendar(leaflet, _LARGE_DRAWN if large else _DRAWN), *(block for section in leaflet.sections for block in _section(section))),
        footer=leaflet.footer,
        body_pt=LARGE_BODY if large else BODY,
        foot_pt=_LARGE_FOOT if large else _FOOT,
        language=leaflet.language,
        paging=(before, after.replace("{pages}", "")),
    )


def _calendar(leaflet: Leaflet, drawn: float) -> tuple[Block, ...]:
    later = (_table(leaflet.later), _said("later", leaflet.later_note)) if leaflet.later else ()
    return (
        Paragraph(leaflet.medicine, clinical=True, field="medicine"),
        Paragraph(leaflet.opioids, bold=True, boxed=True, clinical=True, field="opioids"),
        Heading(leaflet.calendar),
        *(block for number, step in enumerate(leaflet.steps, start=1) for block in _step(number, step, leaflet.syringe, drawn)),
        *((_said("scale", leaflet.scale),) if leaflet.syringe else ()),
        *((_said("drops", leaflet.drop_how), _table(leaflet.drops)) if leaflet.drops else ()),
        Paragraph(leaflet.use_by, bold=True, clinical=True, field="use by"),
        *(_said(f"heed {number}", text) for number, text in enumerate(leaflet.heed, start=1)),
        *later,
    )


def _step(number: int, step: CalendarStep, syringe: Syringe | None, drawn: float) -> tuple[Block, ...]:
    """Its days, what is taken, and the picture of it."""
    name = f"step {number}"
    beside = (_leading(name, step.beside),) if step.beside else ()
    pictures: tuple[Block, ...] = ()
    if syringe is not None:
        capacity, graduation = syringe.capacity.ml, syringe.graduation.ml
        pictures = tuple(draw(capacity, graduation, filling.volume.ml, words=filling.mark, size=drawn, title=filling.words) for filling in step.fillings)
    elif step.drops:
        pictures = (drops(step.drops, words=step.direction),)
    before = (_leading(name, step.before),) if step.before else ()
    return (
        Heading(step.days, 2),
        _leading(name, step.direction, bold=True),
        *beside,
        _leading(name, step.holds) if pictures else _said(name, step.holds),
        *before,
        *pictures,
    )


def _section(section: Section) -> tuple[Block, ...]:
    sentences = tuple(_said(f"{section.heading} {number}", sentence) for number, sentence in enumerate(section.sentences, start=1))
    answers = (block for item in section.answers for block in (Heading(item.question, 2), _said(item.question, item.answer)))
    return (Heading(section.heading), *sentences, *answers)


def _table(rows: Rows) -> Table:
    columns = tuple(Column(head, share, clinical=True) for head, share in zip(rows.heads, _SHARES[len(rows.heads)], strict=True))
    return Table(rows.caption, columns, rows.rows)


def _said(field: str, text: str) -> Paragraph:
    return Paragraph(text, clinical=True, field=field)


def _leading(field: str, text: str, *, bold: bool = False) -> Paragraph:
    """What stays with the picture below it: a dose is not parted from its days."""
    return Paragraph(text, bold=bold, clinical=True, field=field, leads=True)
