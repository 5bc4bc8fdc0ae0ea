"""Text at the border: names, and codes and numbers that are made of characters."""

import re
import unicodedata
from typing import ClassVar, Unpack

from marshmallow import ValidationError
from stdnum import luhn

from compounding.schemas.fields import Guard, Options, shown
from labels.letters import unprintable

# Controls, invisible formatting, surrogates, private use, unassigned, line and paragraph separators: each prints nothing, a box or,
# as U+202E, somebody else's dose.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NPI = re.compile(r"[12][0-9]{9}", re.ASCII)
_NPI_PREFIX = "80840"  # the issuer's number of US health care before an NPI, by which its check digit is computed (CMS)
_ICD_10 = re.compile(r"[A-Z][0-9][0-9AB](\.[0-9A-Z]{1,4})?", re.ASCII)
_PHONE = re.compile(r"\+?[0-9 ().-]{7,25}", re.ASCII)
_PHONE_DIGITS = range(7, 16)  # the shortest local number, and the longest by ITU-T E.164
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)


def refused_character(text: str) -> str | None:
    """The first code point of `text` that may not come in, as `U+202E`; None if all may.

    Digits outside ASCII are refused too: a name is no place for a numeral that only looks like one.
    """
    for character in text:
        category = unicodedata.category(character)
        if category in _REFUSED or (category == "Nd" and not character.isascii()):
            return f"U+{ord(character):04X}"
    return None


class Text(Guard[str]):
    """One line of text, stored in Unicode form NFC without blanks at its ends, at most `most` characters long."""

    def __init__(self, *, most: int, **options: Unpack[Options]) -> None:
        self.most = most
        options.setdefault("ask", f"Write it in at most {most} characters.")
        options.setdefault("metadata", {"maxLength": most, "minLength": 1})
        super().__init__(**options)

    def _take(self, value: object) -> str:
        if not isinstance(value, str):
            raise self.refuse("This is not text.")
        if len(value) > self.most:
            raise ValidationError(f"This is too long: {len(value)} characters, and at most {self.most} fit.")
        if found := refused_character(value):
            raise ValidationError(f"The character {found} cannot be printed safely. Write the text again without it.")
        text = unicodedata.normalize("NFC", value).strip()
        if not text:
            raise self.refuse("This is empty.")
        return text


class LabelText(Text):
    """A text that will stand on a label, of which the label's fonts hold every letter; `letters` says what to write instead."""

    def __init__(self, *, letters: str, most: int, **options: Unpack[Options]) -> None:
        self.letters = letters
        super().__init__(most=most, **options)

    def _take(self, value: object) -> str:
        text = super()._take(value)
        if found := unprintable(text):
            raise ValidationError(f"The label's letters have no {found} (U+{ord(found):04X}). {self.letters}")
        return text


class Npi(Guard[str]):
    """A National Provider Identifier: ten digits, the first 1 or 2, whose check digit is right (Luhn over 80840 and the number)."""

    ask = "Send the prescriber's ten digits as they stand on the registration."
    openapi: ClassVar = {"type": "string", "pattern": "^[12][0-9]{9}$", "examples": ["1234567893"]}

    def _take(self, value: object) -> str:
        text = self.text(value)
        if not _NPI.fullmatch(text):
            raise self.refuse(f'"{shown(text)}" is not an NPI.')
        if not luhn.is_valid(_NPI_PREFIX + text):
            raise self.refuse(f"The check digit of {text} is wrong: a digit was mistyped.")
        return text


class Matching(Guard[str]):
    """Text of one fixed form."""

    form: ClassVar[re.Pattern[str]]

    def _take(self, value: object) -> str:
        text = self.text(value)
        if not self.form.fullmatch(text):
            raise self.refuse("This does not have the right form.")
        return text


class Icd10(Matching):
    """A code of ICD-10-CM with its point, in capitals; whether it is valid this year is not asked here."""

    ask = "Write the ICD-10-CM code with its point, such as M79.7."
    openapi: ClassVar = {"type": "string", "pattern": r"^[A-Z][0-9][0-9AB](\.[0-9A-Z]{1,4})?$", "examples": ["M79.7"]}
    form = _ICD_10


class Language(Matching):
    """A language as its short code (BCP 47)."""

    ask = "Send the code of a language, such as en or es."
    openapi: ClassVar = {"type": "string", "examples": ["en"]}
    form = _LANGUAGE


class Phone(Matching):
    """A telephone number: 7 to 15 digits with blanks, brackets, points or hyphens between, and a plus before them if need be."""

    ask = "Write the telephone number with its area code, such as 555-010-0199."
    openapi: ClassVar = {"type": "string", "examples": ["555-010-0199"]}
    form = _PHONE

    def _take(self, value: object) -> str:
        text = super()._take(value).strip()
        if sum(character.isdigit() for character in text) not in _PHONE_DIGITS:
            raise self.refuse("This is not a telephone number.")
        return text
