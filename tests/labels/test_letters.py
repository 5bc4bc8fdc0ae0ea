"""Which texts the labels can print, and that what is let in here is what the typesetter takes."""

import pytest

from labels.characters import refuse_unprintable
from labels.label import CannotPrint
from labels.letters import unprintable
from labels.typeface import BundledFonts

PRINTABLE = ("Nguyễn Thị Ếch", "Ελένη Παπαδοπούλου", "Семён Ёлкин", "José O’Brien–Smith", "Ꞧuth", "Ann Lee")
UNPRINTABLE = {"王小明": "王", "Ann 王": "王", "\u05e8\u05d5\u05ea": "\u05e8", "सीता": "स", "Ann\u202e51": "\u202e", "Ann½": "½"}


@pytest.fixture(scope="module")
def fonts() -> BundledFonts:
    return BundledFonts()


def taken(fonts: BundledFonts, text: str) -> bool:
    try:
        refuse_unprintable("patient", text)
        fonts.family_for("patient", text)
    except CannotPrint:
        return False
    return True


@pytest.mark.parametrize("text", PRINTABLE)
def test_a_name_in_latin_greek_or_cyrillic_letters_can_be_printed(fonts: BundledFonts, text: str) -> None:
    assert unprintable(text) is None
    assert taken(fonts, text)


@pytest.mark.parametrize(("text", "character"), UNPRINTABLE.items())
def test_the_first_character_that_cannot_be_printed_is_named(fonts: BundledFonts, text: str, character: str) -> None:
    assert unprintable(text) == character
    assert not taken(fonts, text)


def test_the_border_and_the_typesetter_agree_on_every_character_of_the_first_plane(fonts: BundledFonts) -> None:
    assert [code for code in range(0x20, 0xD800) if (unprintable(chr(code)) is None) != taken(fonts, chr(code))] == []
