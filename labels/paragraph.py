"""Breaks finished text into lines, with the same fonts and before any layout, so that fit is known and nothing is cut.

A line breaks at a space only. A number is never parted from what follows it ("1.5 mL", "35 days") nor a day from its month,
and no word is hyphenated: a dose that is read in two halves is read wrongly.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from labels.characters import LONGEST_TEXT, refuse_unprintable
from labels.label import LabelDoesNotFit
from labels.media import LEADING
from labels.typeface import BundledFonts

_NUMBER: Final = re.compile(r"[(]?[\d.,:/-]*\d[\d.,:/-]*")
_ENDS_A_PHRASE: Final = re.compile(r"[,;:)]$")
_AFTER_HYPHEN: Final = re.compile(r"(?<=-)(?=.)")
_DAY: Final = re.compile(r"\d{1,2},")
_YEAR: Final = re.compile(r"\d{4}\b")
_BINDS_A_NUMBER: Final = frozenset(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Rx", "No.", "of", "de", "label", "Label", "Bottle")
)

# A capital with two Vietnamese accents rises 0.12 of the size above the line of 1.25; a tower of marks rises without end.
_MOST_EXCESS: Final = 0.35


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set: the size in points, its weight, whether it is white on black, and whether all digits are equally wide."""

    size: float
    bold: bool = False
    inverse: bool = False
    tabular: bool = False

    @property
    def pitch(self) -> float:
        """The height of a line with its leading, in points."""
        return self.size * LEADING


@dataclass(frozen=True, slots=True)
class Line:
    """One line ready to be placed. `height` exceeds the pitch only by accents that stand above it (`above`) or below."""

    field: str
    text: str
    family: str
    style: Style
    width: float
    above: float
    height: float

    @property
    def below(self) -> float:
        """The room below the pitch for what hangs further, in points."""
        return max(0.0, self.height - self.style.pitch - self.above)

    @property
    def raised(self) -> bool:
        """Whether it is higher than its pitch."""
        return self.height > self.style.pitch


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets paragraphs in the bundled fonts."""

    fonts: BundledFonts

    def lines(self, field: str, text: str, style: Style, *, width: float, anywhere: bool = False, longest: int = LONGEST_TEXT) -> tuple[Line, ...]:
        """Break `text`, of at most `longest` characters, into lines no wider than `width` points; an empty text gives none.

        `anywhere` allows a word that is wider than a line to break between any two letters: for names of persons only,
        which stay readable so, and which no one may shorten.

        Raises:
            CannotPrint: a character that must not or cannot be printed.
            LabelDoesNotFit: a word wider than the line, or marks that stand higher than it.
        """
        if not text:
            return ()
        refuse_unprintable(field, text, longest=longest)
        family = self.fonts.family_for(field, text)
        lines: list[Line] = []
        for chunk in unbreakable(text):
            joined = f"{lines[-1].text} {chunk}" if lines else chunk
            if lines and (longer := self._line(field, joined, family, style)).width <= width:
                lines[-1] = longer
                continue
            whole = self._line(field, chunk, family, style)
            if whole.width <= width:
                lines.append(whole)
            elif anywhere:
                lines.extend(self._pieces(whole, width))
            else:
                raise _too_wide(whole, width)
        return tuple(self._within_its_height(line) for line in lines)

    def fits(self, field: str, text: str, style: Style, *, width: float) -> bool:
        """Tell whether a text stands on one line of `width` points."""
        return self._line(field, text, self.fonts.family_for(field, text), style).width <= width

    def _line(self, field: str, text: str, family: str, style: Style) -> Line:
        extent = self.fonts.extent(text, family, bold=style.bold, size=style.size, tabular=style.tabular)
        baseline = self.fonts.baseline(family, bold=style.bold, size=style.size, pitch=style.pitch)
        above = max(0.0, extent.rise - baseline)
        below = max(0.0, extent.drop - (style.pitch - baseline))
        return Line(field, text, family, style, width=extent.width, above=above, height=style.pitch + above + below)

    def _pieces(self, whole: Line, width: float) -> list[Line]:
        """Break a long name after its hyphens, and between letters where that is not enough, keeping marks with their letter."""
        pieces: list[Line] = []
        for part in _AFTER_HYPHEN.split(whole.text):
            is_narrow = self._line(whole.field, part, whole.family, whole.style).width <= width
            for bit in (part,) if is_narrow else _clusters(part):
                grown = self._line(whole.field, (pieces[-1].text if pieces else "") + bit, whole.family, whole.style)
                if pieces and grown.width <= width:
                    pieces[-1] = grown
                else:
                    pieces.append(self._line(whole.field, bit, whole.family, whole.style))
        return pieces

    @staticmethod
    def _within_its_height(line: Line) -> Line:
        excess = line.height - line.style.pitch
        if excess > _MOST_EXCESS * line.style.size:
            raise LabelDoesNotFit(
                line.field,
                f"{line.height:.1f} pt high",
                available=f"{line.style.pitch + _MOST_EXCESS * line.style.size:.1f} pt",
                sentence=f"“{line.field}” holds letters with so many marks that they would run into the next line. Write it more simply.",
            )
        return line


def unbreakable(text: str) -> list[str]:
    """Split at spaces, of which several count as one, but not after a number nor inside a date."""
    chunks: list[str] = []
    previous = ""
    for word in filter(None, text.split(" ")):
        bound = (
            (_NUMBER.fullmatch(previous) and not _ENDS_A_PHRASE.search(previous))
            or (previous in _BINDS_A_NUMBER and _NUMBER.match(word))
            or (_DAY.fullmatch(previous) and _YEAR.match(word))
        )
        if chunks and bound:
            chunks[-1] += f" {word}"
        else:
            chunks.append(word)
        previous = word
    return chunks


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for character in text:
        if clusters and unicodedata.category(character).startswith("M"):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _too_wide(line: Line, width: float) -> LabelDoesNotFit:
    return LabelDoesNotFit(
        line.field,
        f"{line.width * 25.4 / 72:.1f} mm",
        available=f"{width * 25.4 / 72:.1f} mm",
        sentence=f"“{line.field}” has a word too long for this label: {line.width * 25.4 / 72:.0f} mm, and a line has "
        f"{width * 25.4 / 72:.0f} mm. Shorten the word or use larger labels.",
    )
