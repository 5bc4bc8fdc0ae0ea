"""Which letters the labels can print, asked before there is a label: one answer for the border and for the typesetter.

Importing this reads no font and starts no renderer; the fonts' tables of characters are read once, at the first letter outside ASCII.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import fontpkg_inter
import fontpkg_noto_sans
import uharfbuzz
from fontTools import unicodedata as scripts

from labels.characters import reason_against

# The families in the order in which they are tried; a whole text is set in one of them.
FILES: Final[Mapping[str, Path]] = {
    "Inter": fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf",
    "Noto Sans": fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf",
}

# Letters of other scripts join, stack or turn round; a script is added here with a font and pictures of it.
_SCRIPTS: Final = frozenset({"Latn", "Grek", "Cyrl", "Zyyy", "Zinh"})


@cache
def held() -> Mapping[str, frozenset[int]]:
    """The code points that each family holds."""
    return {family: frozenset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))).unicodes) for family, path in FILES.items()}


def foreign(text: str) -> str | None:
    """The first character of `text` that belongs to a script which the labels cannot set; None if there is none."""
    if text.isascii():
        return None
    return next((character for character in text if scripts.script(character) not in _SCRIPTS), None)


def family_of(text: str) -> str | None:
    """The first family that holds every character of `text`; None if none does."""
    if text.isascii() and text.isprintable():
        return next(iter(FILES))
    return next((family for family, points in held().items() if all(ord(character) in points for character in text)), None)


def lacking(text: str) -> str:
    """The first character of `text` that the last family lacks, which holds most of all; `text` is one that no family holds whole."""
    points = held()[list(FILES)[-1]]
    return next(character for character in text if ord(character) not in points)


def unprintable(text: str) -> str | None:
    """The first character of `text` that keeps it from standing on a label; None if it can be printed whole."""
    if text.isascii() and text.isprintable():
        return None
    forbidden = next((character for character in text if reason_against(character)), None)
    if found := forbidden or foreign(text):
        return found
    return None if family_of(text) else lacking(text)
