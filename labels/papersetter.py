"""Sets the blocks of a paper into measured lines, so that nothing is clipped and no number is parted; pages are broken by the engine.

Each line is broken here by the same fonts that draw it: a word that is wider than its place breaks between letters, a number never does.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from labels import barcode
from labels.canvas import height_of
from labels.characters import refuse_unprintable
from labels.flow import SetBlock, SetBoxes, SetBreak, SetCell, SetPaper, SetPicture, SetRow, SetTable, SetText
from labels.ismp import refuse_misread
from labels.label import Incomplete, LabelDoesNotFit
from labels.media import POINTS_PER_MM
from labels.paper import (
    LONGEST_CELL,
    LONGEST_PARAGRAPH,
    MOST_PAGES,
    Block,
    Boxes,
    Cell,
    Column,
    Facts,
    Heading,
    NewPage,
    Paper,
    Paragraph,
    Picture,
    Table,
    Words,
    WritingLines,
)
from labels.paragraph import Line, Setter, Style, unbreakable

MARGIN: Final = 15 * POINTS_PER_MM  # left and right; office printers leave 4 to 6 mm blank
ABOVE: Final = 14 * POINTS_PER_MM
BELOW: Final = 19 * POINTS_PER_MM
PAD: Final = 4.0  # points left and right in a cell
BOX: Final = 9.0  # points; a box to tick
_FRAME: Final = 8.0  # points round a framed paragraph
_BARCODE_WIDTH: Final = 170.0
_BARCODE_HEIGHT: Final = 44.0
NUMBERS: Final = 9.0  # widths of the footer's type for "Page 100 of 100" beside it
_SLACK: Final = 0.5  # points; borders and rounding
RULE_PITCH: Final = 22.0  # points from one line to write on to the next
_MOST_FOOTERS: Final = 2  # lines; the margin below holds no more

# A number with its unit, or a decimal one; a long identifier of digits may break.
_NUMBER: Final = re.compile(r"[-+(]?[0-9][0-9.,]*(?: .+|[.,][0-9]+\S*)")


@dataclass(slots=True)
class PaperSetter:
    """Sets one paper. `_used` counts points, so that a paper of too many pages is refused before it is drawn."""

    setter: Setter
    paper: Paper
    _used: float = field(default=0.0, init=False)

    @property
    def width(self) -> float:
        """The width between the margins, in points."""
        return self.paper.size.width - 2 * MARGIN

    @property
    def height(self) -> float:
        """The height of one page between its margins, in points."""
        return self.paper.size.height - ABOVE - BELOW

    def set(self) -> SetPaper:
        """Set everything.

        Raises:
            LabelDoesNotFit: or one of its kinds, naming the part of the paper.
        """
        paper = self.paper
        if not paper.kind.replace(" ", "").isalpha():
            raise Incomplete("kind", "plain words", available=paper.kind, sentence="The kind of a paper is plain words: it goes into the file's metadata.")
        if not "".join(paper.paging).replace(" ", "").isalpha():
            raise Incomplete("paging", "plain words", available="".join(paper.paging), sentence="What stands before the numbers of pages is plain words.")
        footer = self.footer()
        return SetPaper(
            title=self._required("title", paper.title, Style(paper.body_pt + 7, bold=True), self._room),
            subtitle=self.subtitle(),
            footer=footer,
            barcode=barcode.draw(paper.barcode, 300, width=_BARCODE_WIDTH, height=_BARCODE_HEIGHT) if paper.barcode else None,
            caption=paper.barcode,
            blocks=tuple(self._block(number, block) for number, block in enumerate(paper.blocks, start=1)),
        )

    def subtitle(self) -> tuple[Line, ...]:
        """Set what stands below the title; raises as `set` does."""
        return self._lines("subtitle", self.paper.subtitle, Style(self.paper.body_pt + 1), self._room)

    def footer(self) -> tuple[Line, ...]:
        """Set what stands under each page; raises as `set` does."""
        lines = self._lines("footer", self.paper.footer, Style(self.paper.foot_pt), self.width - NUMBERS * self.paper.foot_pt)
        if len(lines) > _MOST_FOOTERS:
            raise _too_large("footer", f"{len(lines)} lines", f"{_MOST_FOOTERS} lines")
        return lines

    @property
    def _room(self) -> float:
        """The width that a barcode leaves for the title and what stands below it."""
        return self.width - (_BARCODE_WIDTH + PAD if self.paper.barcode else 0.0)

    def _block(self, number: int, block: Block) -> SetBlock:
        match block:
            case Boxes():
                return SetBoxes(self._boxes(f"boxes {number}", block, self.paper.body_pt, self.width))
            case Table():
                return self._table(block)
            case Facts():
                return self._facts(block)
            case Picture():
                return self._picture(block)
            case NewPage():
                return SetBreak()
            case _:
                return self._text(number, block)

    def _text(self, number: int, block: Heading | Paragraph | WritingLines) -> SetText:
        body = self.paper.body_pt
        match block:
            case Heading(text, level):
                style = Style(body + (3 if level == 1 else 1), bold=True)
                return SetText("h2" if level == 1 else "h3", self._required(f"heading {number}", text, style, self.width))
            case WritingLines(label, count):
                self._use(count * RULE_PITCH)
                return SetText("write", self._required(f"lines {number}", label, Style(body), self.width), count)
            case _:
                return self._paragraph(number, block)

    def _paragraph(self, number: int, block: Paragraph) -> SetText:
        name = block.field or f"paragraph {number}"
        width = self.width - 2 * _FRAME if block.boxed else self.width
        lines = self._required(name, block.text, Style(self.paper.body_pt, bold=block.bold), width, longest=LONGEST_PARAGRAPH)
        if block.clinical:
            refuse_misread(name, block.text)
        self._use(height_of(lines))
        return SetText("boxed" if block.boxed else "p", lines, leads=block.leads)

    def _table(self, table: Table) -> SetTable:
        shares = sum(column.share for column in table.columns)
        widths = tuple(self.width * column.share / shares for column in table.columns)
        head = self._row(table, widths, tuple(column.head for column in table.columns), place="head", bold=True)
        rows = [self._set_row(self._row(table, widths, cells, place=f"row {number}"), table.row_mm) for number, cells in enumerate(table.rows, 1)]
        total = self._row(table, widths, table.total, place="total", bold=True) if table.total else ()
        caption = self._lines("caption", table.caption, Style(self._small, bold=True), self.width)
        return SetTable(caption, widths, head, tuple(rows), total)

    def _row(self, table: Table, widths: tuple[float, ...], cells: tuple[Cell, ...], *, place: str, bold: bool = False) -> tuple[SetCell, ...]:
        if len(cells) != len(table.columns):
            raise ValueError(f"{place} of {table.caption!r} has {len(cells)} cells for {len(table.columns)} columns")
        return tuple(
            self._cell(f"{table.caption}: {column.head}, {place}", cell, column, width=width, bold=bold)
            for column, cell, width in zip(table.columns, cells, widths, strict=True)
        )

    def _cell(self, name: str, cell: Cell, column: Column, *, width: float, bold: bool) -> SetCell:
        room = width - 2 * PAD - _SLACK
        if isinstance(cell, Boxes):
            return SetCell((), self._boxes(name, cell, self._small, room))
        if column.clinical:
            refuse_misread(name, cell)
        style = Style(self._small, bold=bold or column.bold, tabular=column.numeric)
        lines = self._lines(name, cell, style, room, whole=column.numeric and cell != column.head)
        return SetCell(lines, numeric=column.numeric)

    def _set_row(self, cells: tuple[SetCell, ...], row_mm: float) -> SetRow:
        """One row; it stays on one page where it can, and the engine goes on with it on the next where it is longer than a page."""
        least = row_mm * POINTS_PER_MM
        self._use(max([least, *(height_of(cell.lines) for cell in cells)]))
        return SetRow(cells, least)

    def _facts(self, facts: Facts) -> SetTable:
        widths = (self.width * facts.share, self.width * (1 - facts.share))
        names, words = Style(self._small, bold=True), Style(self._small)
        rows: list[SetRow] = []
        for name, text in facts.rows:
            left = self._required("name of a fact", name, names, widths[0] - 2 * PAD - _SLACK)
            right = self._lines(name, text, words, widths[1] - 2 * PAD - _SLACK)
            rows.append(self._set_row((SetCell(left), SetCell(right)), facts.row_mm))
        return SetTable((), widths, (), tuple(rows), (), kind="facts")

    def _boxes(self, name: str, boxes: Boxes, size: float, width: float) -> tuple[tuple[Line, ...], ...]:
        return tuple(self._required(name, word, Style(size), width - BOX - 2 * PAD) for word in boxes.words)

    def _picture(self, picture: Picture) -> SetPicture:
        self._use(picture.height)
        if picture.width > self.width or picture.height > self.height:
            raise _too_large("picture", f"{picture.width:.0f} x {picture.height:.0f} pt", f"{self.width:.0f} x {self.height:.0f} pt")
        refuse_unprintable("picture", picture.title)
        return SetPicture(picture, tuple((shape, self._words(picture, shape) if isinstance(shape, Words) else "") for shape in picture.shapes))

    def _words(self, picture: Picture, words: Words) -> str:
        (line,) = self._required("picture", words.text, Style(words.size, bold=words.bold), 10 * self.width)
        left = words.left - {"start": 0.0, "middle": line.width / 2, "end": line.width}[words.anchor]
        if left < 0 or left + line.width > picture.width + _SLACK or not words.size / 2 <= words.baseline <= picture.height:
            raise _too_large("picture", f"“{words.text}”", "inside the picture")
        return line.family

    @property
    def _small(self) -> float:
        return self.paper.body_pt - 1

    def _required(self, name: str, text: str, style: Style, width: float, *, longest: int = LONGEST_CELL, whole: bool = False) -> tuple[Line, ...]:
        if not text.strip():
            raise Incomplete(name, "a text", available="nothing", sentence=f"“{name}” is empty. Fill it in.")
        return self._lines(name, text, style, width, longest=longest, whole=whole)

    def _lines(self, name: str, text: str, style: Style, width: float, *, longest: int = LONGEST_CELL, whole: bool = False) -> tuple[Line, ...]:
        """Break a text; a number with its unit is never parted, nor any word of a text that is `whole`."""
        refuse_unprintable(name, text, longest=longest)
        for chunk in unbreakable(text):
            if (whole or _NUMBER.fullmatch(chunk)) and not self.setter.fits(name, chunk, style, width=width):
                raise _too_large(name, f"“{chunk}”", f"{width / POINTS_PER_MM:.0f} mm")
        return self.setter.lines(name, text, style, width=width, anywhere=True, longest=longest)

    def _use(self, height: float) -> None:
        self._used += height
        if self._used > MOST_PAGES * self.height:
            raise too_long()


def too_long() -> LabelDoesNotFit:
    """The refusal of a paper of more pages than a document may have."""
    sentence = f"This would be a paper of more than {MOST_PAGES} pages. Ask for less of it at a time."
    return LabelDoesNotFit("paper", f"more than {MOST_PAGES} pages", available=f"{MOST_PAGES} pages", sentence=sentence)


def _too_large(name: str, needed: str, available: str) -> LabelDoesNotFit:
    return LabelDoesNotFit(name, needed, available=available, sentence=f"“{name}”: {needed} does not fit into {available}. Shorten it.")
