"""A scan of a pack: GS1 DataMatrix, GS1-128 or EAN/UPC as a scanner sends it, or a code typed by hand, read into a `Scan`.

Nothing is guessed. A code whose separators a scanner has left out reads its serial number into its lot number: that is refused where it shows.
"""

import re

from biip import ParseError
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message
from marshmallow import ValidationError

from compounding.domain.errors import Invalid
from compounding.domain.gs1 import Scan, checked_ndc, gtin_14, ndc_digits
from compounding.schemas.fields import Guard, shown
from compounding.schemas.texts import Text

_BLANKS = " \t\r\n"  # not what Python calls blank: the separator is among that
_LONGEST = 200  # characters; a GS1-128 holds 48, the DataMatrix of a pack about 60
_SEPARATOR = "\x1d"
# What scanners send for the separator (FNC1): each lies outside the characters that a lot or serial number may have (GS1 General Specifications 7.11).
_SENT_FOR_SEPARATOR = str.maketrans(dict.fromkeys("\x1c\x1e\u241d\u00e8|~^#@{}[]", _SEPARATOR))
_SPELLED = re.compile(r"<GS>|\{GS\}|\[GS\]|<FNC1>", re.IGNORECASE)
_MESSAGES = ("]C1", "]d2", "]Q3", "]e0", "]J1")  # GS1-128, GS1 DataMatrix, GS1 QR Code, GS1 DataBar, GS1 DotCode (ISO/IEC 15424)
_NUMBERS = ("]E0", "]E3", "]E4", "]I1")  # EAN-13 and UPC, the same with an addition, EAN-8, ITF-14
_STRANGE = re.compile(r"[^!\"%-?A-Z_a-z\x1d]")
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_HYPHENED = re.compile(r"[0-9]+(-[0-9]+){1,2}", re.ASCII)
_NDC_11 = re.compile(r"([0-9]{5})([0-9]{4})([0-9]{2})", re.ASCII)
_EXPIRY_INSIDE = re.compile(r"17[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])", re.ASCII)
_CODE = re.compile(r"\x1d?(\]|\(01\)|01[0-9]{14}.)")  # how the code of one pack begins; nothing else that is typed here begins so
_GTIN, _LOT, _EXPIRY, _SERIAL = "01", "10", "17", "21"
_OF_SEVERAL = frozenset({"00", "02"})  # a pallet or a carton
_SEND_IT = "Set the scanner to send it (GS, ASCII 29), or type the fields by hand."


class ScanField(Guard[Scan]):
    """What a scanner typed, or a GTIN or an NDC that a person typed."""

    ask = "Scan the square code on the pack, or type its number."

    def _take(self, value: object) -> Scan:
        text = self.text(value).strip(_BLANKS)
        if not text:
            raise self.refuse("Nothing was scanned.")
        return _understood(text)


class ScannedLot(Guard[Scan]):
    """The lot of a pack: its code as a scanner sends it, or the lot number as it was typed."""

    ask = "Scan the lot, or type its number."

    def _take(self, value: object) -> Scan:
        scan = _code(self.text(value))
        if scan is None:
            return Scan(lot_number=Text(most=40, ask=self.sentence).deserialize(value))
        if not scan.lot_number:
            raise self.refuse("This code names no lot (10).")
        return scan


class Sought(Guard[str]):
    """What is looked for: the code of a pack stands for its lot number, or for its NDC where it names no lot."""

    def _take(self, value: object) -> str:
        scan = _code(self.text(value))
        if scan is None:
            return Text(most=120, ask=self.sentence).deserialize(value)
        return scan.lot_number or ndc_digits(scan.gtin) or scan.gtin


def _code(text: str) -> Scan | None:
    """What `text` says if it is the code of a pack; None for anything else."""
    text = text.strip(_BLANKS)
    if not _CODE.match(text):
        return None
    return _understood(text)


def _understood(text: str) -> Scan:
    if len(text) > _LONGEST:
        raise ValidationError(f"This is too long for a code on a pack: {len(text)} characters. {ScanField.ask}")
    try:
        return read_scan(text)
    except Invalid as error:
        raise ValidationError(error.sentence) from error


def read_scan(text: str) -> Scan:
    """What `text` says; raises `Invalid` with one sentence that says what to do."""
    text = text.strip(_BLANKS)
    if text.startswith(_NUMBERS):
        return Scan(gtin=_one_pack(gtin_14(text[3:])))
    if text.startswith("]") and not text.startswith(_MESSAGES):
        raise _refused("This code is not one of GS1 and says nothing that can be trusted. Scan the square code on the pack.")
    if text.startswith("("):
        return _scan(_typed(text))
    if _HYPHENED.fullmatch(text):
        return Scan(ndc=checked_ndc(text))
    if _DIGITS.fullmatch(text) and len(text) < 15:
        return _number(text)
    if text.startswith(_MESSAGES):
        text = text[3:]
    return _scan(_elements(_SPELLED.sub(_SEPARATOR, text).translate(_SENT_FOR_SEPARATOR)))


def _number(digits: str) -> Scan:
    """A number that was typed, or came from a bar code without more."""
    padded = _NDC_11.fullmatch(digits)
    if padded:
        return Scan(ndc="".join(padded.groups()))
    if len(digits) == 10:
        checked_ndc(digits)
    return Scan(gtin=_one_pack(gtin_14(digits)))


def _one_pack(gtin: str) -> str:
    """`gtin` if it is one pack's: a first digit of 1 to 8 counts several together."""
    if gtin[0] != "0":
        raise _refused(f"{gtin} is the code of a carton with several packs in it. Scan one pack.")
    return gtin


def _typed(text: str) -> list[GS1ElementString]:
    """The elements of a code as it is printed for people, with its identifiers in brackets; nothing between them may be lost."""
    try:
        message = GS1Message.parse_hri(text)
    except ParseError as error:
        raise _refused(f'"{shown(text)}" cannot be read as a GS1 code. Compare it with the pack, digit by digit.') from error
    if message.as_hri() != "".join(text.split()):
        raise _refused(f'"{shown(text)}" has more in it than a GS1 code. Type each identifier in brackets, such as (01).')
    return list(message.element_strings)


def _elements(text: str) -> list[GS1ElementString]:
    """The elements of what a scanner sent; one of variable length ends where a separator stands, or the code does."""
    if strange := _STRANGE.search(text):
        raise _refused(f"U+{ord(strange[0]):04X} stands in this code, and no GS1 code has that character. Scan the square code on the pack.")
    found = []
    for part in text.split(_SEPARATOR):
        rest = part
        while rest:
            try:
                element = GS1ElementString.extract(rest)
            except ParseError as error:
                raise _refused(f'"{shown(text)}" cannot be read as a GS1 code from "{shown(rest)}" on. Scan the square code on the pack.') from error
            rest = rest[len(element) :]
            if rest and element.ai.separator_required:
                raise _refused(f"After ({element.ai.ai}) this code goes on without a separator. {_SEND_IT}")
            found.append(element)
    return found


def _scan(elements: list[GS1ElementString]) -> Scan:
    said: dict[str, str] = {}
    for element in elements:
        if said.setdefault(element.ai.ai, element.value) != element.value:
            raise _refused(f"The code says ({element.ai.ai}) twice and not the same. Set the pack apart.")
    if _GTIN not in said:
        carton = _OF_SEVERAL & set(said)
        raise _refused("This is the code of a carton or a pallet. Scan one pack." if carton else "This code names no product (01). Scan the square one.")
    found = Scan(_one_pack(gtin_14(said[_GTIN])), "", said.get(_LOT, ""), said.get(_EXPIRY, ""), said.get(_SERIAL, ""))
    if found.serial and not (found.lot_number and found.expiry):
        raise _refused(f"This code has a serial number and no lot or no expiry: the scanner has left out the separator. {_SEND_IT}")
    if not found.expiry and _EXPIRY_INSIDE.search(found.lot_number):
        raise _refused(f"The lot number of this code has swallowed the expiry: the scanner has left out the separator. {_SEND_IT}")
    return found


def _refused(sentence: str) -> Invalid:
    return Invalid("scan", sentence)


class NothingUnread(Guard[str]):
    """The scan box of a form that takes something in: it has to be empty, since a scan is read by a step of its own."""

    def _take(self, _value: object) -> str:
        raise ValidationError("A scan stands here that was not read. Press Read the scan first.")
