"""Writes lines of text as PDF draws them: glyphs by number in a font that holds these alone, each with the text that it says.

A code stands for a glyph with its text, so that a glyph which serves two letters, such as the Latin and the Cyrillic A, reads as each.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from string import ascii_uppercase
from typing import Final
from zlib import compress

from labels.sheet import Text
from labels.typeface import BundledFonts, Glyph

_MOST_IN_BLOCK: Final = 100  # of a table of texts: Adobe Technical Note 5411
_EVEN: Final = 0.005  # thousandths of the size; a smaller step of the pen is none

_TEXTS_BEGIN: Final = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
)
_TEXTS_END: Final = "endcmap CMapName currentdict /CMap defineresource pop end end\n"


@dataclass(slots=True)
class Font:
    """One font of a file, and the codes that its text has used so far; they begin with 1, in the order of their first use."""

    fonts: BundledFonts
    family: str
    bold: bool
    codes: dict[tuple[int, str], int] = field(default_factory=dict)
    widths: list[float] = field(default_factory=list)

    def shown(self, line: Text) -> str:
        """What shows one line, the pen at its beginning."""
        parts: list[str] = []
        up = lag = 0.0  # how far the pen lags behind, in thousandths of the size
        for glyph in self.fonts.glyphs(line.text, self.family, bold=self.bold):
            if glyph.up != up:
                up = glyph.up
                parts.append(f"]TJ {_number(up * line.size / 1000)} Ts [")
            if abs(before := lag + glyph.across) > _EVEN:
                parts.append(_number(-before))
            else:
                before = 0.0
            parts.append(f"<{self._code(glyph):04x}>")
            lag += glyph.advance - glyph.width - before
        return f"[{''.join(parts)}]TJ" + (" 0 Ts" if up else "")

    def _code(self, glyph: Glyph) -> int:
        key = glyph.number, glyph.text
        if key not in self.codes:
            self.codes[key] = len(self.codes) + 1
            self.widths.append(glyph.width)
        return self.codes[key]

    def objects(self, first: int) -> list[bytes]:
        """The five objects of the font, of which the first is the font itself, numbered from `first` on."""
        program = self.fonts.program(self.family, (glyph for glyph, _ in self.codes), bold=self.bold)
        digest = sha256(program.content).digest()
        tag = "".join(ascii_uppercase[byte % len(ascii_uppercase)] for byte in digest[:6])
        name = f"{tag}+{self.family.replace(' ', '')}{'-Bold' if self.bold else ''}"
        numbers = b"".join(program.numbers[glyph].to_bytes(2, "big") for glyph, _ in self.codes)
        font = (
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/ToUnicode {first + 4} 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
            f"/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap {first + 3} 0 R"
            f"/FontDescriptor {first + 1} 0 R/DW 0/W[1[{' '.join(map(_number, self.widths))}]]>>]>>"
        )
        box = " ".join(map(str, program.box))
        descriptor = (
            f"<</Type/FontDescriptor/FontName/{name}/FontFamily({self.family})/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {program.ascent}"
            f"/Descent {program.descent}/CapHeight {program.ascent}/StemV 80/FontFile2 {first + 2} 0 R>>"
        )
        return [
            font.encode(),
            descriptor.encode(),
            stream(program.content, f"/Length1 {len(program.content)}"),
            stream(b"\0\0" + numbers),
            stream(self._texts().encode()),
        ]

    def _texts(self) -> str:
        rows = [f"<{code:04x}> <{text.encode('utf-16-be').hex()}>\n" for (_, text), code in self.codes.items()]
        blocks = (rows[at : at + _MOST_IN_BLOCK] for at in range(0, len(rows), _MOST_IN_BLOCK))
        return _TEXTS_BEGIN + "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks) + _TEXTS_END


@dataclass(slots=True)
class Embedding:
    """The fonts of one file, made as its texts ask for them."""

    fonts: BundledFonts
    used: dict[tuple[str, bool], Font] = field(default_factory=dict)

    def drawn(self, lines: Iterable[Text], height: float) -> str:
        """What draws lines on a page of this height; each font is named by its number, F0 the first."""
        parts = ["BT"]
        for line in lines:
            key = line.family, line.bold
            font = self.used.setdefault(key, Font(self.fonts, *key))
            level = height - line.top - self.fonts.baseline(line.family, bold=line.bold, size=line.size, pitch=line.height)
            name = f"F{list(self.used).index(key)}"
            parts.append(f"/{name} {_number(line.size)} Tf 1 0 0 1 {_number(line.left)} {_number(level)} Tm {font.shown(line)}")
        return "\n".join([*parts, "ET"])

    def objects(self, first: int) -> tuple[list[bytes], str]:
        """The objects of all fonts, numbered from `first` on, and the dictionary that names them."""
        objects: list[bytes] = []
        names: list[str] = []
        for number, font in enumerate(self.used.values()):
            names.append(f"/F{number} {first + len(objects)} 0 R")
            objects += font.objects(first + len(objects))
        return objects, f"<<{''.join(names)}>>"


def stream(content: bytes, keys: str = "") -> bytes:
    """An object that holds bytes, compressed."""
    packed = compress(content)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (keys.encode(), len(packed), packed)


def _number(value: float) -> str:
    """A number as PDF writes it; ten-thousandths of a point are far below a dot."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if value else "0"
