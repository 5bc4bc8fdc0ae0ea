"""Draws a page of one PDF on a page of another as it is, and takes the part of its structure along that belongs to it."""

from typing import TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, String

Point: TypeAlias = tuple[float, float]


def graft(source: pikepdf.Pdf, page: pikepdf.Page, document: pikepdf.Pdf, *, onto: pikepdf.Page, name: str, corner: Point, key: int) -> bytes:
    """Put `page` of `source` under `name` onto a page of `document`, its lower left corner at `corner` in points; give what draws it.

    Its structure goes to the end of that of `document`, and `key` is its number in the tree of parents, which must be the next one.
    """
    form = document.copy_foreign(page.as_form_xobject())
    used = onto.add_resource(form, Name.XObject, Name(f"/{name}"))
    form.StructParents = key
    tree = document.Root.StructTreeRoot
    root = tree.K[0]
    branch = _Branch(document, onto.obj, form, corner)
    for element in source.Root.StructTreeRoot.K[0].K:
        if element.Pg.objgen == page.obj.objgen:
            root.K.append(branch.copied(element, root))
    tree.ParentTree.Nums.append(key)
    tree.ParentTree.Nums.append(Array([branch.leaves[number] for number in range(len(branch.leaves))]))
    tree.ParentTreeNextKey = key + 1
    return f"q 1 0 0 1 {corner[0]:.4f} {corner[1]:.4f} cm {used} Do Q\n".encode()


class _Branch:
    """The structure of one page on its way into another file; `leaves` tells which element each marked piece belongs to."""

    def __init__(self, document: pikepdf.Pdf, page: pikepdf.Object, form: pikepdf.Object, corner: Point) -> None:
        self._document, self._page, self._form, self._corner = document, page, form, corner
        self.leaves: dict[int, Dictionary] = {}

    def copied(self, element: pikepdf.Object, parent: pikepdf.Object) -> Dictionary:
        """Copy one element with all below it."""
        copy = self._document.make_indirect(Dictionary(Type=Name.StructElem, S=Name(str(element.S)), P=parent, Pg=self._page))
        if "/Alt" in element:
            copy.Alt = String(str(element.Alt))
        if "/A" in element:
            copy.A = self._moved(element.A)
        kids = element.get("/K", Array())
        copy.K = Array()
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary):
                copy.K.append(self.copied(kid, copy))
            else:
                self.leaves[int(kid)] = copy
                copy.K.append(Dictionary(Type=Name.MCR, Pg=self._page, Stm=self._form, MCID=int(kid)))
        return copy

    def _moved(self, attributes: pikepdf.Object) -> Dictionary:
        """Copy the attributes of a figure; its box is told in the coordinates of the page."""
        copy = Dictionary(O=Name(str(attributes.O)))
        if "/BBox" in attributes:
            copy.BBox = Array([round(float(edge) + self._corner[index % 2], 4) for index, edge in enumerate(attributes.BBox)])
        return copy
