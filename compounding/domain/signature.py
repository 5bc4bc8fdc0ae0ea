"""Whether a signature still stands under what was signed: each part of the content by its hash, then and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Standing(StrEnum):
    """How a signature stands."""

    WHOLE = "whole"
    BROKEN = "broken"
    UNKNOWN = "unknown"  # it is from before the content was kept


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what was signed, by its SHA-256: the plan, the formula, a line, the record, a reason."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature: who, what it means, when, the hash of its content, and how it stands.

    `differs` names the parts that are not what was signed. `superseded`: a later one of the same meaning took its place, as
    when a batch that was set aside was compounded to the end; it is not compared with the record of today.
    """

    id: UUID
    meaning: str
    name: str
    at: datetime
    sha256: str
    standing: Standing
    differs: tuple[str, ...] = ()
    superseded: bool = False


def compared(then: Sequence[Part], now: Sequence[Part]) -> tuple[str, ...]:
    """The names of the parts that were changed, are gone or were added since the signature, in order."""
    signed, present = {part.name: part.sha256 for part in then}, {part.name: part.sha256 for part in now}
    names = dict.fromkeys([*signed, *present])
    if not signed and not present:
        return ("signature",)
    return tuple(name for name in names if signed.get(name) != present.get(name))
