"""WeasyPrint, fenced in: one Fontconfig configuration, no fetch of anything, and no PDF when something was tried.

Import this module only inside `BundledFonts.only_these()`: WeasyPrint looks for fonts when it is imported.
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from labels.label import RenderingDefect


class _NoFetcher:
    """Refuses every address, and remembers that it was asked: an error inside an image is swallowed on the way."""

    def __init__(self) -> None:
        self.was_called = False

    def __call__(self, _address: str) -> NoReturn:
        """Refuse. The address is not repeated: it may hold what a patient's name held."""
        self.was_called = True
        message = "a label may not fetch anything"
        raise FatalURLFetchingError(message)


class _Ear(logging.Handler):
    """Hears that WeasyPrint complained: of a glyph that no font has, of a rule of CSS that it drops. What it said is not kept: it may hold a name."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard = False

    def emit(self, _record: logging.LogRecord) -> None:
        """Remember."""
        self.heard = True


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Let the collector of cycles wait: it would walk over every box of the paper many times, a quarter of the time of a long one, and find them all in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Engine:
    """Writes markup as tagged PDF/UA-1."""

    def __init__(self) -> None:
        """Read the fonts, once."""
        self._fonts: Final = FontConfiguration()
        self._ear: Final = _Ear()
        logging.getLogger("weasyprint").addHandler(self._ear)

    def pdf(self, markup: str, *, pages: int) -> bytes:
        """Write the PDF of `markup`, which must give exactly `pages` pages.

        Raises:
            RenderingDefect: something was fetched, or the pages are not as composed.
        """
        written, count = self.paper(markup)
        if count != pages:
            message = f"{count} pages for {pages}"
            raise RenderingDefect(message)
        return written

    def paper(self, *markups: str) -> tuple[bytes, int]:
        """Write the PDF of these papers one after the other, each with its own page numbers, and count its pages.

        Raises `RenderingDefect` when something was fetched, or a glyph or a rule was left out.
        """
        fetcher = _NoFetcher()
        self._ear.heard = False
        try:
            with _nothing_collected():
                documents = [HTML(string=markup, url_fetcher=fetcher).render(font_config=self._fonts, pdf_variant="pdf/ua-1") for markup in markups]
                pages = [page for document in documents for page in document.pages]
                written: bytes = documents[0].copy(pages).write_pdf(pdf_variant="pdf/ua-1")
        except FatalURLFetchingError as error:  # a BaseException, which no caller would see
            message = "the label tried to fetch something"
            raise RenderingDefect(message) from error
        if fetcher.was_called:
            message = "the label tried to fetch something, and the error was swallowed"
            raise RenderingDefect(message)
        if self._ear.heard:
            message = "WeasyPrint complained: what it drew is not what was composed"
            raise RenderingDefect(message)
        return written, len(pages)
