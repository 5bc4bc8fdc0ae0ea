"""A paper from a rendering that is kept: what it says of one person is left blank there, and drawn on top for each.

The kept rendering names nobody, so that nothing of a patient stays in memory, and a leaflet of many pages is laid out once.
It holds an empty drawing for each page with its place in the structure; a stamp is appended and fills these, and nothing is written twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from labels.embedding import Embedding, stream
from labels.flow import SetPaper
from labels.paper import Paper
from labels.papersetter import ABOVE, BELOW, MARGIN
from labels.paragraph import Line
from labels.revision import first_free, revised
from labels.sheet import Sheet, Text, text_of
from labels.typeface import BundledFonts

_BLANK: Final = "\N{NO-BREAK SPACE}"
_BELOW_TITLE: Final = 2.0  # points; as in the template
_ABOVE_FOOTER: Final = 8.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A rendering without a name: its bytes, the height of its title in points, and the numbers of its objects.

    `forms` are the empty drawings of the pages, `drawings` what else is drawn on them, `size` is the first free number.
    """

    pdf: bytes
    title: float
    forms: tuple[int, ...]
    parents: tuple[int, ...]  # the numbers of the forms in the tree of parents
    drawings: tuple[int, ...]
    size: int
    root: int
    info: int
    permanent_id: bytes

    def with_objects(self, pdf: bytes, objects: dict[int, bytes]) -> bytes:
        """Append objects to the rendering, or to one that was stamped already."""
        return revised(pdf, objects, root=self.root, info=self.info, permanent_id=self.permanent_id)


def blank(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Blank lines of the same height: all that the kept rendering knows of a person's."""
    return tuple(replace(line, text=_BLANK, width=0.0) for line in lines)


def kept(pdf: bytes, it: SetPaper, pages: int) -> Kept:
    """Prepare a rendering for stamps: a form on each page, drawn first, and an element of the structure for each paragraph of it."""
    written = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        tree = document.Root.StructTreeRoot
        first = max(int(number) for number in list(tree.ParentTree.Nums)[::2]) + 1
        for number, page in enumerate(document.pages):
            marks = bool(it.subtitle and not number) + bool(it.footer)
            form = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=page.mediabox, StructParents=first + number)
            used = page.add_resource(form, Name.XObject, Name(f"/Stamp{number + 1}"))
            page.contents_add(f"q {used} Do Q\n".encode(), prepend=True)
            section = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, P=tree.K[0], Pg=page.obj, K=Array()))
            for mark in range(marks):
                leaf = Dictionary(Type=Name.MCR, Pg=page.obj, Stm=form, MCID=mark)
                section.K.append(document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=section, Pg=page.obj, K=Array([leaf]))))
            tree.K[0].K.append(section)
            tree.ParentTree.Nums.append(first + number)
            tree.ParentTree.Nums.append(Array(section.K))
        tree.ParentTreeNextKey = first + pages
        document.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return _numbered(written.getvalue(), sum(line.height for line in it.title))


def _numbered(pdf: bytes, title: float) -> Kept:
    with pikepdf.open(BytesIO(pdf)) as document:
        forms = [page.obj.Resources.XObject[f"/Stamp{number}"] for number, page in enumerate(document.pages, start=1)]
        return Kept(
            pdf=pdf,
            title=title,
            forms=tuple(form.objgen[0] for form in forms),
            parents=tuple(int(form.StructParents) for form in forms),
            drawings=tuple(dict.fromkeys(part.objgen[0] for page in document.pages for part in list(page.obj.Contents)[1:])),
            size=first_free(pdf),
            root=document.trailer.Root.objgen[0],
            info=document.trailer.Info.objgen[0],
            permanent_id=bytes(document.trailer.ID[0]),
        )


def stamps(paper: Paper, subtitle: Sequence[Line], footer: Sequence[Line], rendering: Kept) -> tuple[Sheet, ...]:
    """What goes on top of each page: the subtitle on the first, the footer on all."""
    size = paper.size
    foot = _texts(footer, size.height - BELOW + _ABOVE_FOOTER)
    head = _texts(subtitle, ABOVE + rendering.title + _BELOW_TITLE)
    return tuple(Sheet(size.width, size.height, foot if number else (*head, *foot), (), ()) for number in range(len(rendering.forms)))


def _texts(lines: Sequence[Line], top: float) -> tuple[Text, ...]:
    texts = []
    for line in lines:
        texts.append(text_of(line, MARGIN, top=top))
        top += line.height
    return tuple(texts)


def stamped(fonts: BundledFonts, rendering: Kept, sheets: Sequence[Sheet]) -> bytes:
    """Fill the drawing of each page with the texts of the sheet of the same number; those of one field are one mark."""
    embedding = Embedding(fonts)
    drawings = []
    for sheet in sheets:
        fields = [list(lines) for _, lines in groupby(sheet.texts, key=lambda text: text.field)]
        marked = (f"/P <</MCID {mark}>> BDC\n{embedding.drawn(lines, sheet.height)}\nEMC\n" for mark, lines in enumerate(fields))
        drawings.append("".join(marked).encode())
    objects, named = embedding.objects(rendering.size)
    filled = dict(enumerate(objects, start=rendering.size))
    for form, parent, drawing, sheet in zip(rendering.forms, rendering.parents, drawings, sheets, strict=True):
        box = f"0 0 {sheet.width:.4f} {sheet.height:.4f}"
        filled[form] = stream(drawing, f"/Type/XObject/Subtype/Form/BBox[{box}]/StructParents {parent}/Resources<</Font{named}>>")
    return rendering.with_objects(rendering.pdf, filled)


def only_stamp(rendering: Kept, pdf: bytes) -> bytes:
    """The stamped paper with all that was kept taken off its pages, by appending once more: for reading back what is new in the very file.

    What was kept lies at the head of both, byte for byte, and was read back when it was kept; to read it again takes five times as long.
    """
    empty = stream(b"")
    return rendering.with_objects(pdf, dict.fromkeys(rendering.drawings, empty))
