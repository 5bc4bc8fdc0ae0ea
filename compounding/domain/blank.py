"""Blank worksheets for a power cut: numbered papers of an approved formula, each of which is unused, used for a batch, or spoiled with a reason."""

import re
from enum import StrEnum

from compounding.domain import states
from compounding.domain.errors import Invalid

MOST = 20  # at once; more lie about, and a version that is retired spoils them all
_NUMBER = re.compile(r"[Ww]?([0-9]{1,9})", re.ASCII)


class BlankStatus(StrEnum):
    """What became of a numbered blank."""

    UNUSED = "unused"
    USED = "used"
    SPOILED = "spoiled"


NEXT: dict[BlankStatus, frozenset[BlankStatus]] = {
    BlankStatus.UNUSED: frozenset({BlankStatus.USED, BlankStatus.SPOILED}),
    BlankStatus.USED: frozenset(),
    BlankStatus.SPOILED: frozenset(),
}


def advance(status: BlankStatus, to: BlankStatus) -> BlankStatus:
    """`to`, if it may go there from `status`; else `Conflict`."""
    return states.advance(NEXT, status, to, thing="blank worksheet")


def said(number: int) -> str:
    """A blank's number as it stands on the paper and in its barcode; the letter keeps it from being read as a batch's."""
    return f"W{number}"


def read(text: str) -> int:
    """The number that was scanned or typed; raises `Invalid`."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        message = "This is no number of a blank worksheet. Scan the barcode at its head, or type the number, such as W1001."
        raise Invalid("blank-number", message, fields={"blank": (message,)})
    return int(found[1])


def check_count(count: int) -> None:
    """Refuse none, and more than are printed at once."""
    if not 0 < count <= MOST:
        message = f"Print 1 to {MOST} at once."
        raise Invalid("blank-count", message, fields={"count": (message,)})
