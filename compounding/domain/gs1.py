"""Codes on a pack: GTIN, National Drug Code (NDC) and what a GS1 bar code says beside them.

An American pack's GTIN-14 is 003, the ten digits of its NDC, and a check digit (GS1 US; FDA). The hyphens of an NDC cannot be got back from
its digits: labelers have four or five, so ten digits alone may be read in three ways, and are refused.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from compounding.domain.errors import Invalid

_PACK_OF_NDC = "003"  # one pack (0), then the prefix 03 that GS1 keeps for the NDC
_NDC = re.compile(r"([0-9]{4,6})-([0-9]{3,4})-([0-9]{1,2})", re.ASCII)
_TEN_DIGITS = frozenset({(4, 4, 2), (5, 3, 2), (5, 4, 1)})  # labeler, product, package; 21 CFR 207.33
_TWELVE_DIGITS = (6, 4, 2)  # proposed by FDA: kept as text, and no GTIN follows from it
_PADDED = (5, 4, 2)  # the eleven digits of a bill, with a zero that is not on the package
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read from a pack: its GTIN-14 or its NDC, and what else the code says. `expiry` is YYMMDD as it stands; empty is what it does not say.

    Whose product it is and whether the pack may be taken in do not belong here.
    """

    gtin: str = ""
    ndc: str = ""
    lot_number: str = ""
    expiry: str = ""
    serial: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether the lot number may have swallowed a serial number, since a scanner left out the separator between the two (21)."""
        return not self.serial and "21" in self.lot_number[1:]

    def expires_on(self, today: date) -> date | None:
        """The last day of use; day 00 is the last of its month, and the century is the nearest (GS1 General Specifications 3.4.7, 7.12)."""
        return day_of(self.expiry, today) if self.expiry else None


def day_of(digits: str, today: date) -> date:
    """YYMMDD as a date seen from `today`: the year is 49 years past to 50 years ahead. Raises `Invalid` where there is no such day."""
    year, month, day = (int(digits[place : place + 2]) for place in (0, 2, 4))
    ahead = year - today.year % 100
    century = today.year // 100 + (-1 if ahead >= 51 else 1 if ahead <= -50 else 0)
    year += 100 * century
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError as error:
        raise Invalid("code-date", f"The code says {digits} as its expiry, and there is no such day. Set the pack apart.") from error


def check_digit(digits: str) -> int:
    """The last digit that belongs to `digits`: every second one, from the right, counts three times (GS1 General Specifications 7.9)."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -weighted % 10


def gtin_14(digits: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits in its longest form; raises `Invalid` where the check digit or the number of digits is wrong."""
    if len(digits) not in _GTIN_LENGTHS or not (digits.isascii() and digits.isdigit()):
        raise Invalid("gtin", "A bar code's number (GTIN) has 8, 12, 13 or 14 digits. Type all of them, with the check digit at the end.")
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise Invalid("gtin", f"The check digit of {digits} is wrong: a digit was mistyped or misread. Scan it again, or compare every digit.")
    return digits.zfill(14)


def checked_ndc(text: str) -> str:
    """`text` if it is an NDC with its hyphens as they stand on the package; raises `Invalid` with what to do otherwise."""
    parts = _NDC.fullmatch(text)
    lengths = tuple(map(len, parts.groups())) if parts else ()
    if lengths in _TEN_DIGITS or lengths == _TWELVE_DIGITS:
        return text
    if lengths == _PADDED:
        raise Invalid("ndc", f"{text} is padded to eleven digits. Write it as it stands on the package: {_unpadded(text)}.")
    bare = text.replace("-", "")
    if len(bare) == 10 and bare == text:
        raise Invalid("ndc", "Ten digits without hyphens can be read as three different NDCs. Write the hyphens as they stand on the package, or scan it.")
    raise Invalid("ndc", "An NDC has its hyphens as on the package, such as 47335-326-83, 0406-1170-03 or 71335-3012-1.")


def ndc_11(ndc: str) -> str:
    """The eleven digits of an NDC, 5-4-2, as bills and price lists have them; those of a twelve-digit one are its own twelve."""
    labeler, product, package = checked_ndc(ndc).split("-")
    return labeler.zfill(5) + product.zfill(4) + package.zfill(2)


def gtin_of_ndc(ndc: str) -> str:
    """The GTIN-14 on the pack of an NDC of ten digits; empty for one of twelve."""
    digits = checked_ndc(ndc).replace("-", "")
    payload = _PACK_OF_NDC + digits
    return f"{payload}{check_digit(payload)}" if len(digits) == 10 else ""


def ndc_digits(gtin: str) -> str:
    """The ten digits of the NDC in a GTIN-14, without the hyphens, which it does not say; empty where it is no American drug's."""
    return gtin[3:13] if gtin.startswith(_PACK_OF_NDC) else ""


def _unpadded(padded: str) -> str:
    """The NDCs of ten digits that a padded one may stand for."""
    parts = padded.split("-")
    found = ["-".join([*parts[:place], part[1:], *parts[place + 1 :]]) for place, part in enumerate(parts) if part.startswith("0")]
    return " or ".join(found) or "one of its zeros is not there"
