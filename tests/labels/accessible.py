"""What of PDF/UA-1 a machine can check here, read from the file with pikepdf; the rest needs a person with a screen reader.

Of ISO 14289-1: 5 (declared), 7.1 (tagged, titled, all content marked or an artifact, tab order), 7.2 (language), 7.3 (figures), 7.4 (headings), 7.5 (tables),
7.21 (fonts embedded, every glyph shown is a text).
"""

import re
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

_PAINTS = frozenset({"f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "Tj", "TJ", "'", '"', "INLINE IMAGE"})
_PARENTS = {"/TR": {"/Table", "/TBody", "/THead", "/TFoot"}, "/TH": {"/TR"}, "/TD": {"/TR"}, "/LI": {"/L"}, "/Lbl": {"/LI"}, "/LBody": {"/LI"}}


def defects(pdf: bytes) -> list[str]:
    """Everything that is wrong; empty for a file that these checks let pass."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [*_declarations(document), *_structure(document), *(fault for page in document.pages for fault in _page(document, page))]


def _declarations(document: pikepdf.Pdf) -> Iterator[str]:
    root = document.Root
    with document.open_metadata() as metadata:
        if metadata.get("pdfuaid:part") != "1":
            yield "PDF/UA-1 is not declared"
        if not metadata.get("dc:title") or metadata["dc:title"] != document.docinfo.get("/Title"):
            yield "no title, or two"
    if not root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle"):
        yield "the title is not shown"
    if not root.get("/MarkInfo", Dictionary()).get("/Marked") or root.get("/MarkInfo", Dictionary()).get("/Suspects"):
        yield "not marked as tagged"
    if not re.fullmatch("[a-z]{2}(-[A-Z]{2})?", str(root.get("/Lang", ""))):
        yield "no language"


def _structure(document: pikepdf.Pdf) -> Iterator[str]:
    tree = document.Root.get("/StructTreeRoot")
    if tree is None or "/ParentTree" not in tree:
        yield "no structure"
        return
    level = 0
    for element, parent in _elements(tree):
        kind = str(element.S)
        if kind == "/Figure" and (not str(element.get("/Alt", "")).strip() or not any("/BBox" in part for part in _list(element.get("/A")))):
            yield "a figure without words or without a box"
        if kind in _PARENTS and parent not in _PARENTS[kind]:
            yield f"{kind} in {parent}"
        if kind == "/TH" and "/ID" not in element and not any("/Scope" in part for part in _list(element.get("/A"))):
            yield "a head of a table to which no cell can point"
        if heading := re.fullmatch("/H([1-6])", kind):
            if int(heading[1]) > level + 1:
                yield f"{kind} after level {level}"
            level = int(heading[1])


def _elements(parent: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, str]]:
    for kid in _list(parent.get("/K")):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid, str(parent.get("/S", ""))
            yield from _elements(kid)


def _list(value: pikepdf.Object | None) -> list[pikepdf.Object]:
    return [] if value is None else list(value) if isinstance(value, Array) else [value]


def _page(document: pikepdf.Pdf, page: pikepdf.Page) -> Iterator[str]:
    if page.obj.get("/Tabs") != Name.S:
        yield "the tab order does not follow the structure"
    yield from _content(document, page.obj, page)
    marked = _marked_forms(document)
    for form in page.obj.get("/Resources", Dictionary()).get("/XObject", Dictionary()).values():
        if form.get("/Subtype") == Name.Form and form.objgen not in marked:
            yield from _content(document, form, form)


def _marked_forms(document: pikepdf.Pdf) -> set[tuple[int, int]]:
    """The forms that are drawn inside a mark of some page, such as the words of a picture: all that they hold belongs to it."""
    found = set()
    for page in document.pages:
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            word = str(instruction.operator)
            depth += (word in {"BDC", "BMC"}) - (word == "EMC")
            if word == "Do" and depth:
                found.add(page.obj.Resources.XObject[str(instruction.operands[0])].objgen)
    return found


def _content(document: pikepdf.Pdf, owner: pikepdf.Object, stream: pikepdf.Object) -> Iterator[str]:
    """Check one stream: what paints is marked, every mark belongs to an element which points back, and every glyph shown is a text."""
    fonts = {name: _texts_of(font) for name, font in owner.get("/Resources", Dictionary()).get("/Font", Dictionary()).items()}
    yield from (fault for _, fault in fonts.values() if fault)
    inside: list[int | None] = []  # the numbers of open marks; None for an artifact
    numbers: list[int] = []
    known: set[int] = set()
    for instruction in pikepdf.parse_content_stream(stream):
        word, operands = str(instruction.operator), instruction.operands
        if word in {"BDC", "BMC"}:
            number = int(operands[1].MCID) if word == "BDC" and isinstance(operands[1], Dictionary) and "/MCID" in operands[1] else None
            if number is None and operands[0] != Name.Artifact:
                yield f"a mark {operands[0]} without a number"
            inside.append(number)
            numbers += [] if number is None else [number]
        elif word == "EMC":
            inside.pop()
        elif word in _PAINTS and not inside:
            yield f"{word} is neither marked nor an artifact"
        elif word == "Tf":
            known = fonts[str(operands[0])][0]
        elif word == "TJ":
            shown = b"".join(bytes(part) for part in operands[0] if isinstance(part, pikepdf.String))
            if lacking := {int.from_bytes(shown[at : at + 2], "big") for at in range(0, len(shown), 2)} - known:
                yield f"glyphs that are no text: {sorted(lacking)}"
    if numbers != sorted(set(numbers)):
        yield "a mark is used twice"
    yield from _parents(document, owner, numbers)


def _parents(document: pikepdf.Pdf, owner: pikepdf.Object, numbers: list[int]) -> Iterator[str]:
    if not numbers:
        return
    entries = list(document.Root.StructTreeRoot.ParentTree.Nums)
    parents = {int(key): value for key, value in zip(entries[::2], entries[1::2], strict=True)}.get(int(owner.get("/StructParents", -1)))
    if parents is None or len(parents) != len(numbers):
        yield "marks and their parents differ in number"
        return
    for number in numbers:
        kids = [kid.get("/MCID") if isinstance(kid, Dictionary) else kid for kid in _list(parents[number].get("/K"))]
        if number not in kids:
            yield f"the parent of mark {number} does not hold it"


def _texts_of(font: pikepdf.Object) -> tuple[set[int], str]:
    """The glyphs of a font that are texts, and what is wrong with it."""
    descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descendant.get("/FontDescriptor", Dictionary()).keys()):
        return set(), f"{font.BaseFont} is not embedded"
    if "/ToUnicode" not in font:
        return set(), f"{font.BaseFont} does not say its texts"
    table = font.ToUnicode.read_bytes().decode("ascii")
    blocks = "".join(re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL))
    return {int(glyph, 16) for glyph, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", blocks) if int(text, 16)}, ""
