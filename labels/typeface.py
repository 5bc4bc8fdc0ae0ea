"""The bundled fonts: which characters they hold, how wide a line is in them, and a Fontconfig that knows no others.

Inter sets everything that it can; Noto Sans takes over a whole field that holds a letter which Inter lacks.
The variable fonts of the wheels are pinned to two weights once in a process (15 ms each), since
a static font embeds three times faster than a variable one.
"""

import os
import shutil
import struct
import tempfile
import unicodedata
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import uharfbuzz

from labels.characters import cannot_print
from labels.letters import FILES, family_of, foreign, lacking

# Ligatures and contextual forms print "->" as an arrow and "3x3" with a sign of multiplication: not what was verified.
# The fonts lose them when they are pinned, instead of being told with each line not to use them: of each line that is told something,
# WeasyPrint 70 loses the list in which it is told, 9 MB in 1,000 labels.
_MELTING: Final = ("liga", "clig", "dlig", "hlig", "calt", "rclt")

# Digits of one width and a slashed zero, for columns of numbers on papers.
_TABULAR: Final = {"tnum": True, "zero": True}

_WEIGHTS: Final = {False: 400, True: 700}
_AXES: Final = {"Inter": {"opsz": 14}, "Noto Sans": {"wdth": 100}}

# What a PDF needs nothing of: the glyphs are told by number and placed one by one.
_NOT_DRAWN: Final = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "cmap", "name", "post", "OS/2", "kern", "meta", "DSIG", "gasp")
_THOUSAND: Final = 1000  # parts of a font's size, the unit of a PDF
_BOX_IN_HEAD: Final = 36  # bytes before xMin in the table "head"

_REMEMBERED: Final = 2_000  # lines, half a megabyte

_FONTCONFIG: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """The measures of a line in points: `width` with every overhang, `rise` and `drop` of the ink from the baseline."""

    width: float
    rise: float
    drop: float


@dataclass(frozen=True, slots=True)
class _Face:
    """One static font. `ascent` and `descent` are those of the font's own line, as parts of its size."""

    font: uharfbuzz.Font
    units: int
    ascent: float
    descent: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a line that is set, in thousandths of its size: its number in the font, and where it stands beside and above the pen.

    `text` is what it says, `width` its own advance, `advance` the one that it has beside its neighbours.
    """

    number: int
    text: str
    width: float
    advance: float
    across: float
    up: float


@dataclass(frozen=True, slots=True)
class Program:
    """A font that holds a few glyphs only, as a file embeds it: its bytes, the new number of each glyph, its measures in thousandths."""

    content: bytes
    numbers: Mapping[int, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int


class BundledFonts:
    """The fonts of this process, in a temporary folder of its own that goes when the object goes."""

    def __init__(self) -> None:
        """Pin the weights, write them out and describe them to Fontconfig."""
        self._folder = Path(tempfile.mkdtemp(prefix="label-fonts-"))
        weakref.finalize(self, _remove, self._folder, os.getpid())
        self._faces: dict[tuple[str, bool], _Face] = {}
        for family, path in FILES.items():
            variable = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
            for bold, weight in _WEIGHTS.items():
                content = _pinned(variable, {**_AXES[family], "wght": weight})
                (self._folder / f"{path.name.partition('[')[0]}-{weight}.ttf").write_bytes(content)
                self._faces[family, bold] = _face(content)
        # Most words of a label are the same on the next one, and each is measured several times while it looks for its place.
        self._measured = lru_cache(maxsize=_REMEMBERED)(self._measure)
        self._configuration = self._folder / "fonts.conf"
        self._configuration.write_text(_FONTCONFIG.format(folder=self._folder))

    @property
    def families(self) -> tuple[str, ...]:
        """Name the families in the order in which they are tried."""
        return tuple(FILES)

    @contextmanager
    def only_these(self) -> Iterator[None]:
        """Hide the fonts of the machine from whatever starts Fontconfig inside the block."""
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(self._configuration)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before

    def family_for(self, field: str, text: str) -> str:
        """Choose the first family that holds every character of a field.

        Raises:
            CannotPrint: none does; names the first character that stands in the way.
        """
        if character := foreign(text):
            raise cannot_print(field, character, "of a script that these labels cannot print yet")
        if family := family_of(text):
            return family
        raise cannot_print(field, lacking(text), "not in the label's fonts")

    def extent(self, text: str, family: str, *, bold: bool, size: float, tabular: bool = False) -> Extent:
        """Measure one line as it will be set, in points."""
        measured = self._measured(text, family, bold=bold, tabular=tabular)
        return Extent(width=measured.width * size, rise=measured.rise * size, drop=measured.drop * size)

    def _measure(self, text: str, family: str, *, bold: bool, tabular: bool) -> Extent:
        """Measure one line as it will be set, as parts of its size."""
        face = self._faces[family, bold]
        buffer = _shaped(face, text, tabular=tabular)
        pen = left = right = rise = drop = 0
        for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            ink = face.font.get_glyph_extents(glyph.codepoint)
            if ink is not None and ink.width:
                start = pen + place.x_offset + ink.x_bearing
                top = place.y_offset + ink.y_bearing
                left, right = min(left, start), max(right, start + ink.width)
                rise, drop = max(rise, top), max(drop, -(top + ink.height))
            pen += place.x_advance
        return Extent(width=(max(pen, right) - left) / face.units, rise=rise / face.units, drop=drop / face.units)

    def glyphs(self, text: str, family: str, *, bold: bool) -> tuple[Glyph, ...]:
        """Set one line as it was measured, glyph by glyph."""
        face = self._faces[family, bold]
        buffer = _shaped(face, text)
        infos, scale = buffer.glyph_infos, _THOUSAND / face.units
        glyphs = []
        for info, place, said in zip(infos, buffer.glyph_positions, _said(text, [info.cluster for info in infos]), strict=True):
            own = face.font.get_glyph_h_advance(info.codepoint)
            glyphs.append(Glyph(info.codepoint, said, own * scale, place.x_advance * scale, place.x_offset * scale, place.y_offset * scale))
        return tuple(glyphs)

    def program(self, family: str, glyphs: Iterable[int], *, bold: bool) -> Program:
        """Cut a font down to these glyphs; a third of a millisecond."""
        face = self._faces[family, bold]
        wanted = uharfbuzz.SubsetInput()
        wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.glyph_set.update(glyphs)
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _NOT_DRAWN)
        plan = uharfbuzz.SubsetPlan(face.font.face, wanted)
        content = bytes(plan.execute().blob.data)
        head = bytes(face.font.face.reference_table("head").data)
        left, bottom, right, top = (round(edge * _THOUSAND / face.units) for edge in struct.unpack_from(">4h", head, _BOX_IN_HEAD))
        return Program(
            content, dict(plan.old_to_new_glyph_mapping), (left, bottom, right, top), round(_THOUSAND * face.ascent), round(-_THOUSAND * face.descent)
        )

    def baseline(self, family: str, *, bold: bool, size: float, pitch: float) -> float:
        """Give the distance from the top of a CSS line box of height `pitch` to its baseline, in points."""
        face = self._faces[family, bold]
        return (pitch + (face.ascent - face.descent) * size) / 2


def _shaped(face: _Face, text: str, *, tabular: bool = False) -> uharfbuzz.Buffer:
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = "en"
    uharfbuzz.shape(face.font, buffer, _TABULAR if tabular else {})
    return buffer


def _said(text: str, clusters: Sequence[int]) -> list[str]:
    """What each glyph says. Several for one place, such as a letter with marks that no single glyph shows, share its parts; none is left without one."""
    ends = dict(pairwise([*dict.fromkeys(clusters), len(text)]))
    said: list[str] = []
    for start, end in ends.items():
        count = clusters.count(start)
        parts = [text[start:end]] if count == 1 else list(unicodedata.normalize("NFD", text[start:end]))
        parts += parts[-1:] * (count - len(parts))  # read twice, and so refused when the file is read back
        head = len(parts) - count + 1
        said += ["".join(parts[:head]), *parts[head:]]
    return said


def _remove(folder: Path, owner: int) -> None:
    """Remove the folder in the process that made it; a forked worker that ends must leave it to the others."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _pinned(variable: uharfbuzz.Face, axes: dict[str, int]) -> bytes:
    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    kept = wanted.layout_feature_tag_set
    for feature in _MELTING:
        kept.discard(int.from_bytes(feature.encode(), "big"))
    for axis, value in axes.items():
        wanted.pin_axis_location(variable, axis, value)
    return bytes(uharfbuzz.subset(variable, wanted).blob.data)


def _face(content: bytes) -> _Face:
    face = uharfbuzz.Face(content)
    font = uharfbuzz.Font(face)
    line = font.get_font_extents("ltr")
    return _Face(font=font, units=face.upem, ascent=line.ascender / face.upem, descent=-line.descender / face.upem)
