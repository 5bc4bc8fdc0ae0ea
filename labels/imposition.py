"""Puts finished labels onto sheets of labels: each PDF as it was kept, its page in a cell, with its tags.

Nothing is laid out again, so a label on a sheet is the label that was verified, whatever the templates have become since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from labels.grafting import graft
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
    _put: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        tree = self.document.make_indirect(Dictionary(Type=Name.StructTreeRoot, ParentTree=Dictionary(Nums=Array())))
        tree.K = Array([self.document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array()))])
        self.document.Root.StructTreeRoot = tree

    def add(self, label: pikepdf.Pdf) -> None:
        """Put each page of one label's PDF into a cell of its own."""
        for page in label.pages:
            refuse_other_stock(page, (self.media.width, self.media.height), self.media)
            sheet, cell = divmod(self.first - 1 + self._put, self.grid.positions)
            if sheet == len(self.document.pages):
                self.document.add_blank_page(page_size=self.media.page)
                self.document.pages[sheet].obj.Tabs = Name.S
            left, top = (length * POINTS_PER_MM for length in self.grid.corner_mm(cell + 1))
            corner = (left, self.media.page[1] - top - self.media.height)
            onto = self.document.pages[sheet]
            onto.contents_add(graft(label, page, self.document, onto=onto, name=f"Label{cell + 1}", corner=corner, key=self._put))
            self._put += 1

    def finish(self) -> tuple[bytes, int]:
        """Write the file."""
        root = self.document.Root
        root.Lang = String("en")
        root.MarkInfo = Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.Metadata = Stream(self.document, _METADATA, Type=Name.Metadata, Subtype=Name.XML)
        self.document.docinfo["/Title"] = TITLE
        written = BytesIO()
        self.document.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return written.getvalue(), len(self.document.pages)
