"""Which characters may stand on a label at all, whatever the fonts hold.

A character that cannot be seen, that turns the direction of reading, or that looks like another digit, can print a false dose:
U+202E in a name makes "15" read as "51".
"""

import unicodedata
from typing import Final

from labels.label import CannotPrint, LabelDoesNotFit

_FORBIDDEN_CATEGORIES: Final = {
    "Cc": "a control character",
    "Cf": "an invisible formatting character",
    "Cs": "half of a character",
    "Co": "a private character, which means something else everywhere",
    "Cn": "not a character",
    "Zl": "a line break",
    "Zp": "a paragraph break",
    "Nd": "a digit other than 0 to 9",
    "Nl": "a numeral other than 0 to 9",
    "No": "a numeral other than 0 to 9",
}

_SPACES: Final = frozenset(" \N{NO-BREAK SPACE}")

# Default_Ignorable_Code_Point of Unicode 15.1 outside Cf and Cn: they print nothing, and so hide a difference.
_INVISIBLE: Final = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "PDF", "PDI", "FSI"})

# 1.5 times the longest full names of passports, sig lines and addresses; 100,000 characters took 3.7 s to lay out.
LONGEST_TEXT: Final = 240
MOST_DIRECTIONS: Final = 40
MOST_WARNINGS: Final = 12


def refuse_unprintable(field: str, text: str, *, longest: int = LONGEST_TEXT) -> None:
    """Check one field's text; a paper has room for a longer one than a label.

    Raises:
        LabelDoesNotFit: it is longer than `longest` characters.
        CannotPrint: it holds a character that may not stand on a label; names the first one.
    """
    if len(text) > longest:
        thing = "label" if longest == LONGEST_TEXT else "paper"
        raise LabelDoesNotFit(
            field,
            f"{len(text)} characters",
            available=f"{longest} characters",
            sentence=f"The text of “{field}” has {len(text)} characters; a {thing} takes at most {longest}. Shorten it.",
        )
    if text.isascii() and text.isprintable():
        return
    for character in text:
        if reason := reason_against(character):
            raise cannot_print(field, character, reason)


def cannot_print(field: str, character: str, reason: str) -> CannotPrint:
    """Make the refusal of one character, named as Unicode names it."""
    name = unicodedata.name(character, "unnamed")
    code_point = f"U+{ord(character):04X} {name}"
    return CannotPrint(
        field,
        code_point,
        available="letters that the label's fonts can draw, the digits 0 to 9 and common signs",
        sentence=f"“{field}” holds {code_point}, which is {reason}. Write it in Latin, Greek or Cyrillic letters.",
    )


def reason_against(character: str) -> str:
    """Say why a character is refused, or return an empty string."""
    if " " <= character <= "~":
        return ""
    code = ord(character)
    category = unicodedata.category(character)
    if category in _FORBIDDEN_CATEGORIES:
        return _FORBIDDEN_CATEGORIES[category]
    if category == "Zs" and character not in _SPACES:
        return "an unusual space"
    if code in _INVISIBLE:
        return "invisible"
    if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT:
        return "written from right to left, which these labels cannot print yet"
    return ""
