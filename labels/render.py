"""Turns plain values into the bytes of a PDF: inspects, composes, writes.

The page box is the label exactly, nothing is fetched or opened, and equal values give equal bytes in every process.
"""

import gc
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from itertools import product
from threading import Lock
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from labels import batch, dispensing, intermediate, ruler
from labels.confirmation import confirm, confirm_paper
from labels.flow import SetPaper
from labels.imposition import impose
from labels.inspection import inspect_batch, inspect_dispensing, inspect_intermediate
from labels.label import BatchLabel, DispensingLabel, IntermediateLabel, LabelDoesNotFit, Printed
from labels.media import MEDIA, Media, Purpose
from labels.paper import MOST_PAGES, Paper
from labels.papersetter import ABOVE, BELOW, BOX, MARGIN, NUMBERS, PAD, RULE_PITCH, PaperSetter, too_long
from labels.paragraph import Line, Setter
from labels.sheet import Sheet, Text, styles
from labels.stamp import Kept, blank, kept, only_stamp, stamped, stamps
from labels.typeface import BundledFonts

# Raised by hand whenever the same value would give other bytes; stored with every print.
TEMPLATE_VERSION: Final = "3"
PAPER_VERSION: Final = "paper-6"
SHEETS_VERSION: Final = "sheets-1"
STAMPED_VERSION: Final = f"{PAPER_VERSION}-stamped-2"

_KEPT: Final = 16  # renderings without a name, of about 60 kB each


class Renderer:
    """Prints labels and papers. Make one in a process and keep it: each Fontconfig configuration leaks 0.22 MB.

    Its memory is not safe between threads, so it lets one in at a time; it may be made before a fork and used after it.
    """

    def __init__(self) -> None:
        """Prepare the bundled fonts and start WeasyPrint with these alone."""
        self._fonts = BundledFonts()
        self._setter = Setter(self._fonts)
        self._lock = Lock()
        environment = Environment(loader=PackageLoader("labels"), autoescape=True, undefined=StrictUndefined)
        environment.filters["pt"] = _points
        self._template = environment.get_template("sheets.html")
        self._paper = environment.get_template("paper.html")
        with self._fonts.only_these():
            from labels.engine import Engine  # noqa: PLC0415  looks for fonts when imported, and must find these only

            self._engine = Engine()
        self._kept = lru_cache(maxsize=_KEPT)(self._unnamed)

    def warm(self) -> None:
        """Print a line in every font, so that what is read and compiled at the first time is shared by the processes that are forked afterwards.

        A worker that is forked then opens no file any more.
        """
        texts = tuple(
            Text("warm", "Take 1.5 mL", family, bold=bold, inverse=False, size=8, left=10, top=12.0 * number, width=80, height=10)
            for number, (family, bold) in enumerate(product(self._fonts.families, (False, True)), start=1)
        )
        media = MEDIA["thermal-4x2"]
        self._print((Sheet(media.width, media.height, texts, (), ()),), media, title="Test label")
        self.ruler(media)
        gc.collect()
        gc.freeze()  # what is here now stays: a worker's collections need not walk over it, nor touch pages that are shared

    def dispensing(self, label: DispensingLabel, media: Media) -> Printed:
        """Print a patient's label, on as many numbered sheets as it takes.

        Raises:
            LabelDoesNotFit: or one of its kinds, naming the field.
        """
        _refuse_unsuited(media, Purpose.DISPENSING)
        inspect_dispensing(self._fonts, label)
        return self._print(dispensing.compose(self._setter, media, label), media, title="Prescription label")

    def batch(self, label: BatchLabel, media: Media) -> Printed:
        """Print the label of a batch, on one sheet; raises as `dispensing` does."""
        _refuse_unsuited(media, Purpose.BATCH)
        inspect_batch(self._fonts, label)
        return self._print(batch.compose(self._setter, media, label), media, title="Batch label")

    def intermediate(self, label: IntermediateLabel, media: Media) -> Printed:
        """Print the label of a bench intermediate, on one sheet of a batch's stock; raises as `dispensing` does."""
        _refuse_unsuited(media, Purpose.BATCH)
        inspect_intermediate(self._fonts, label)
        return self._print(intermediate.compose(self._setter, media, label), media, title="Intermediate label")

    def ruler(self, media: Media) -> Printed:
        """Print the test label of a stock: scales in millimetres, the safe area, a line to measure; on a sheet of labels, one in every cell."""
        sheets = ruler.compose(self._setter, media)
        printed = self._print(sheets, media, title="Test label")
        return self.sheets([printed.pdf] * media.grid.positions, media) if media.grid else printed

    @staticmethod
    def sheets(labels: Sequence[bytes], media: Media, *, first: int = 1) -> Printed:
        """Put finished labels, each the bytes of a PDF that was kept, onto sheets of labels from position `first` on, which counts along the rows.

        Raises:
            LabelDoesNotFit: naming the stock, the position, or that they are too many.
        """
        pdf, pages = impose(labels, media, first=first)
        return Printed(pdf=pdf, sha256=sha256(pdf).hexdigest(), pages=pages, media=media.id, template_version=SHEETS_VERSION)

    def paper(self, paper: Paper) -> Printed:
        """Print a paper on as many numbered pages as it takes, at most a hundred; raises as `dispensing` does, naming the part."""
        return self.papers((paper,))

    def papers(self, papers: Sequence[Paper]) -> Printed:
        """Print papers of one kind one after the other in one file, each with page numbers of its own; a hundred pages in all at most."""
        pairs = [(paper, PaperSetter(self._setter, paper).set()) for paper in papers]
        with self._lock:
            pdf, pages = self._written(*(self._markup(paper, it) for paper, it in pairs))
            confirm_paper(pdf, pairs)
        return Printed(pdf=pdf, sha256=sha256(pdf).hexdigest(), pages=pages, media=papers[0].size.name.lower(), template_version=PAPER_VERSION)

    def stamped(self, paper: Paper) -> Printed:
        """Print a paper as `paper` does, from the kept rendering of all of it but its subtitle and footer, which alone may name a person.

        It looks the same, its bytes are others, and the same each time; one that differs in nothing else takes 1/34 of the time: see docs/labels.md.
        """
        setter = PaperSetter(self._setter, paper)
        footer, subtitle = setter.footer(), setter.subtitle()
        rendering = self._kept(replace(paper, subtitle="", footer=""), blank(subtitle), blank(footer))
        sheets = stamps(paper, subtitle, footer, rendering)
        pdf = stamped(self._fonts, rendering, sheets)
        with self._lock:
            confirm(only_stamp(rendering, pdf), sheets)
        media = MEDIA[paper.size.name.lower()]
        return Printed(pdf=pdf, sha256=sha256(pdf).hexdigest(), pages=len(sheets), media=media.id, template_version=STAMPED_VERSION)

    def _unnamed(self, paper: Paper, subtitle: tuple[Line, ...], footer: tuple[Line, ...]) -> Kept:
        """Render a paper that names nobody, with blank lines where a person's will be stamped."""
        it = PaperSetter(self._setter, paper).set()
        blanks = replace(it, subtitle=subtitle, footer=footer)
        with self._lock:
            pdf, pages = self._written(self._markup(paper, blanks))
            rendering = kept(pdf, blanks, pages)
            confirm_paper(rendering.pdf, [(paper, it)])
        return rendering

    def _markup(self, paper: Paper, it: SetPaper) -> str:
        sizes = {"above": ABOVE, "below": BELOW, "margin": MARGIN, "pad": PAD, "box": BOX, "rule": RULE_PITCH, "numbers": NUMBERS}
        return self._paper.render(it=it, paper=paper, **sizes)

    def _written(self, *markups: str) -> tuple[bytes, int]:
        pdf, pages = self._engine.paper(*markups)
        if pages > MOST_PAGES:
            raise too_long()
        return pdf, pages

    def _print(self, sheets: tuple[Sheet, ...], media: Media, *, title: str) -> Printed:
        markup = self._template.render(sheets=sheets, styles=styles(sheets), title=title, width=sheets[0].width, height=sheets[0].height)
        with self._lock:
            pdf = self._engine.pdf(markup, pages=len(sheets))
            confirm(pdf, sheets)
        return Printed(
            pdf=pdf,
            sha256=sha256(pdf).hexdigest(),
            pages=len(sheets),
            media=media.id,
            template_version=TEMPLATE_VERSION,
        )


def _refuse_unsuited(media: Media, purpose: Purpose) -> None:
    if purpose not in media.purposes:
        fitting = "larger labels, such as 4 x 2 inch" if purpose is Purpose.DISPENSING else "labels for batches"
        raise LabelDoesNotFit(
            "media",
            fitting,
            available=media.name,
            sentence=f"Labels of {media.name} cannot serve for {purpose.value}. Use {fitting}.",
        )


def _points(length: float) -> str:
    """Write a length for CSS; a ten-thousandth of a point is far below a dot."""
    return f"{length:.4f}pt"
