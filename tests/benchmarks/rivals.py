"""The same label by other means, as one would write it with them: naive WeasyPrint, reportlab and fpdf2.

reportlab and fpdf2 are no dependencies of this project: `pip install --target DIR reportlab fpdf2` and put DIR on PYTHONPATH to measure them.
They draw the very boxes that were composed for ours, in the same fonts, without tags and without kerning: the least that they could do.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from re import findall

from labels import dispensing
from labels.label import DispensingLabel
from labels.media import Media
from labels.render import Renderer
from labels.sheet import Sheet, Symbol

Way = Callable[[DispensingLabel], object]

NAIVE = """<html lang="en"><head><title>Label</title><style>@page {{ size: 101.6mm 76.2mm; margin: 2mm }}
body {{ margin: 0; font-family: Inter }}</style></head>
<body><div style="display:flex; flex-direction:column; height:72mm; justify-content:space-between">
<div style="display:flex; flex-direction:column; font-size:12pt; line-height:1.25"><b>{patient}</b><b>{drug}</b><span>{sig}</span><span>{purpose}</span></div>
<div style="display:flex; border-top:0.7pt solid #000; font-size:7pt; line-height:1.25">
<div style="flex:1"><div style="display:flex; flex-direction:column">{facts}</div></div>
<div style="flex:1"><div style="display:flex; flex-direction:column">{cautions}</div></div></div>
<div style="font-size:7pt">{foot}</div></div></body></html>"""


def naive(label: DispensingLabel) -> bytes:
    """Print one label as one first writes it with WeasyPrint: nested flex boxes, inline CSS, nothing reused, no barcode."""
    from weasyprint import HTML

    def column(*lines: str) -> str:
        return "".join(f"<span>{line}</span>" for line in lines)

    facts = column(label.beyond_use, label.rx_number, label.quantity, label.date_filled, label.batch, label.prescriber, label.pharmacist)
    markup = NAIVE.format(
        patient=label.patient,
        drug=label.drug_and_strength,
        sig=label.directions[0],
        purpose=label.purpose,
        facts=facts,
        cautions=column(*label.warnings, label.storage, label.salt_line),
        foot=column(label.compounded, label.pharmacy_name, label.pharmacy_address, label.pharmacy_phone),
    )
    return HTML(string=markup).write_pdf(pdf_variant="pdf/ua-1")


def others(renderer: Renderer, media: Media) -> dict[str, Way]:
    """The ways of the libraries that are installed here."""
    ways: dict[str, Callable[[Renderer, Media], Way]] = {"reportlab": _reportlab, "fpdf": _fpdf2}
    return {name: way(renderer, media) for name, way in ways.items() if find_spec(name)}


def _files(renderer: Renderer) -> dict[tuple[str, bool], Path]:
    folder = renderer._fonts._folder
    return {(family, bold): folder / f"{family.replace(' ', '')}-{700 if bold else 400}.ttf" for family in renderer._fonts.families for bold in (False, True)}


def rectangles(symbol: Symbol) -> list[tuple[float, float, float, float]]:
    """The dark rectangles of a symbol in points from the top left corner of the page: left, top, width, height."""
    across, down = symbol.width / symbol.columns, symbol.height / symbol.rows
    found = findall(r"M(\d+) (\d+)h(\d+)v(\d+)", symbol.path)
    return [(symbol.left + int(x) * across, symbol.top + int(y) * down, int(w) * across, int(h) * down) for x, y, w, h in found]


def _reportlab(renderer: Renderer, media: Media) -> Way:
    metrics = import_module("reportlab.pdfbase.pdfmetrics")
    fonts = import_module("reportlab.pdfbase.ttfonts")
    canvas = import_module("reportlab.pdfgen.canvas")
    for (family, bold), path in _files(renderer).items():
        metrics.registerFont(fonts.TTFont(f"{family}{bold}", str(path)))

    def page(paper: object, sheet: Sheet) -> None:
        for bar in sheet.bars:
            paper.rect(bar.left, sheet.height - bar.top - bar.height, bar.width, bar.height, stroke=0, fill=1)
        for text in sheet.texts:
            paper.setFont(f"{text.family}{text.bold}", text.size)
            baseline = text.top + renderer._fonts.baseline(text.family, bold=text.bold, size=text.size, pitch=text.height)
            paper.drawString(text.left, sheet.height - baseline, text.text)
        for symbol in sheet.symbols:
            path = paper.beginPath()
            for left, top, width, height in rectangles(symbol):
                path.rect(left, sheet.height - top - height, width, height)
            paper.drawPath(path, stroke=0, fill=1)
        paper.showPage()

    def draw(label: DispensingLabel) -> bytes:
        target = BytesIO()
        paper = canvas.Canvas(target, pagesize=(media.width, media.height), invariant=1)
        for sheet in dispensing.compose(renderer._setter, media, label):
            page(paper, sheet)
        paper.save()
        return target.getvalue()

    return draw


def _fpdf2(renderer: Renderer, media: Media) -> Way:
    library = import_module("fpdf")
    files = _files(renderer)

    def draw(label: DispensingLabel) -> bytes:
        paper = library.FPDF(unit="pt", format=(media.width, media.height))
        paper.set_auto_page_break(False)
        for sheet in dispensing.compose(renderer._setter, media, label):
            paper.add_page()
            for bar in sheet.bars:
                paper.rect(bar.left, bar.top, bar.width, bar.height, style="F")
            for text in sheet.texts:
                key = f"{text.family}{text.bold}".lower()
                if key not in paper.fonts:
                    paper.add_font(key, fname=files[text.family, text.bold])
                paper.set_font(key, size=text.size)
                baseline = text.top + renderer._fonts.baseline(text.family, bold=text.bold, size=text.size, pitch=text.height)
                paper.text(text.left, baseline, text.text)
            for symbol in sheet.symbols:
                for box in rectangles(symbol):
                    paper.rect(*box, style="F")
        return bytes(paper.output())

    return draw
