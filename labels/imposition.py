"""Puts finished labels onto sheets of labels: each PDF as it was kept, its page in a cell, with its tags.

Nothing is laid out again, so a label on a sheet is the label that was verified, whatever the templates have become since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import Final, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from labels.label import Incomplete, LabelDoesNotFit
from labels.media import POINTS_PER_MM, Grid, Media
from labels.offset import refuse_other_stock
from labels.paper import MOST_PAGES

TITLE: Final = "Sheet of labels"

_METADATA: Final = f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{TITLE}</rdf:li></rdf:Alt></dc:title></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()

_Point: TypeAlias = tuple[float, float]


def impose(pdfs: Sequence[bytes], media: Media, *, first: int) -> tuple[bytes, int]:
    """Put every page of every label into the next cell, the first into cell `first`; give the PDF and how many sheets it has.

    Raises:
        LabelDoesNotFit: the stock is no sheet of labels, a label is of another size, the position is none of the sheet,
            or more than a hundred sheets would be needed.
    """
    grid = media.grid
    if grid is None:
        raise LabelDoesNotFit("media", "a sheet of labels", available=media.name, sentence=f"{media.name} is not a sheet of labels. Choose a sheet.")
    if not 1 <= first <= grid.positions:
        sentence = f"A sheet of {media.name} has the positions 1 to {grid.positions}. Choose one of them."
        raise LabelDoesNotFit("position", str(first), available=f"1 to {grid.positions}", sentence=sentence)
    if not pdfs:
        raise Incomplete("labels", "a label", available="nothing", sentence="There is no label to print. Choose at least one.")
    if first - 1 + sum(map(_pages, pdfs)) > MOST_PAGES * grid.positions:
        sentence = f"This would be more than {MOST_PAGES} sheets. Print fewer labels at a time."
        raise LabelDoesNotFit("labels", f"more than {MOST_PAGES} sheets", available=f"{MOST_PAGES} sheets", sentence=sentence)
    with pikepdf.new() as document:
        sheets = _Sheets(document, media, grid, first)
        for pdf in pdfs:
            with pikepdf.open(BytesIO(pdf)) as label:
                sheets.add(label)
        return sheets.finish()


def _pages(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as label:
        return len(label.pages)


@dataclass(slots=True)
class _Sheets:
    """The sheets as far as they are filled."""

    document: pikepdf.Pdf
    media: Media
    grid: Grid
    first: int
    _root: Dictionary = field(init=False)
    _parents: list[Array] = field(default_factory=list, init=False)
    _places: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = count(self.first - 1)
        tree = self.document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._root = self.document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array()))
        tree.K = Array([self._root])
        self.document.Root.StructTreeRoot = tree

    def add(self, label: pikepdf.Pdf) -> None:
        """Put each page of one label's PDF into a cell of its own."""
        for page in label.pages:
            refuse_other_stock(page, (self.media.width, self.media.height), self.media)
            sheet, cell = divmod(next(self._places), self.grid.positions)
            if sheet == len(self.document.pages):
                self.document.add_blank_page(page_size=self.media.page)
                self.document.pages[sheet].obj.Tabs = Name.S
            self._put(label, page, self.document.pages[sheet], cell)

    def _put(self, label: pikepdf.Pdf, page: pikepdf.Page, sheet: pikepdf.Page, cell: int) -> None:
        left, top = (length * POINTS_PER_MM for length in self.grid.corner_mm(cell + 1))
        bottom = self.media.page[1] - top - self.media.height
        form = self.document.copy_foreign(page.as_form_xobject())
        name = sheet.add_resource(form, Name.XObject, Name(f"/Label{cell + 1}"))
        sheet.contents_add(f"q 1 0 0 1 {left:.4f} {bottom:.4f} cm {name} Do Q\n".encode())
        form.StructParents = len(self._parents)
        leaves: dict[int, Dictionary] = {}
        for element in label.Root.StructTreeRoot.K[0].K:
            if element.Pg.objgen == page.obj.objgen:
                self._root.K.append(self._copied(element, self._root, (sheet.obj, form), leaves=leaves, corner=(left, bottom)))
        self._parents.append(Array([leaves[number] for number in range(len(leaves))]))

    def _copied(
        self,
        element: pikepdf.Object,
        parent: pikepdf.Object,
        drawn: tuple[Dictionary, pikepdf.Object],
        *,
        leaves: dict[int, Dictionary],
        corner: tuple[float, float],
    ) -> Dictionary:
        """Copy one element of the label's structure with all below it, and note which one each marked piece belongs to."""
        sheet, form = drawn
        copy = self.document.make_indirect(Dictionary(Type=Name.StructElem, S=Name(str(element.S)), P=parent, Pg=sheet))
        if "/Alt" in element:
            copy.Alt = String(str(element.Alt))
        if "/A" in element:
            copy.A = self._moved(element.A, corner)
        kids = element.get("/K", Array())
        copy.K = Array()
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary):
                copy.K.append(self._copied(kid, copy, drawn, leaves=leaves, corner=corner))
            else:
                leaves[int(kid)] = copy
                copy.K.append(Dictionary(Type=Name.MCR, Pg=sheet, Stm=form, MCID=int(kid)))
        return copy

    @staticmethod
    def _moved(attributes: pikepdf.Object, corner: _Point) -> Dictionary:
        """Copy the attributes of a figure; its box is told in the coordinates of the page."""
        copy = Dictionary(O=Name(str(attributes.O)))
        if "/BBox" in attributes:
            copy.BBox = Array([round(float(edge) + corner[index % 2], 4) for index, edge in enumerate(attributes.BBox)])
        return copy

    def finish(self) -> tuple[bytes, int]:
        """Write the file."""
        root = self.document.Root
        root.Lang = String("en")
        root.MarkInfo = Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.Metadata = Stream(self.document, _METADATA, Type=Name.Metadata, Subtype=Name.XML)
        numbered = [part for number, leaves in enumerate(self._parents) for part in (number, leaves)]
        root.StructTreeRoot.ParentTree = Dictionary(Nums=Array(numbered))
        root.StructTreeRoot.ParentTreeNextKey = len(self._parents)
        self.document.docinfo["/Title"] = TITLE
        written = BytesIO()
        self.document.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return written.getvalue(), len(self.document.pages)
