"""The trail of audit and reads as a chain: each act seals what it wrote with a key that the database does not have, and each seal holds the one before it.

A change that anybody makes behind the program's back breaks the chain at the first row that it touches. What was cut off at the end, or a whole
database that was put back, shows against the anchor: numbers and codes of the seals in a file outside of the database. The code is HMAC-SHA-256
(FIPS 198-1), so that nobody who has the database alone can make the chain anew.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import TypeAlias

START = "0" * 64  # stands for the code of the seal before the first
BEFORE = "before"  # in the first seal of an older database: all that was written before there were seals

Entry: TypeAlias = tuple[str, str]  # the key of a row of the trail, and the SHA-256 of its values
Place: TypeAlias = tuple[int, str]  # the number and the code of a seal


@dataclass(frozen=True, slots=True)
class Seal:
    """What one act wrote, in the order in which it did: `code` covers all else here, `previous` (the code of the seal before it) included."""

    number: int
    act_id: str
    at: str  # ISO 8601, in UTC
    entries: tuple[Entry, ...]
    previous: str
    code: str


class Harm(StrEnum):
    """What is wrong with a trail, in the words that a person reads."""

    EDITED = "its values are not those that were sealed"
    DELETED = "it was sealed and is gone"
    INSERTED = "no seal knows it"
    SEAL_GONE = "it is missing, and a later one is there"
    SEAL_FALSE = "it was not made with this pharmacy's key, or was changed since"
    CHAIN_BROKEN = "it does not hold the code of the seal before it"
    ANCHOR_DIFFERS = "the anchor outside of the database holds another code for it"
    CUT = "the anchor outside of the database knows it, and the trail ends before it: its end was cut off, or an older database was put back"
    ROW_DIFFERS = "it is not what the trail says of it"
    ROW_UNKNOWN = "the trail knows nothing of it"
    ROW_GONE = "the trail knows it, and it is gone"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where ("seal 17", "row 5f3c... of seal 17"), and what."""

    place: str
    harm: Harm

    @property
    def sentence(self) -> str:
        """For a person."""
        return f"{self.place}: {self.harm}."


def entry_sha256(table: str, values: Mapping[str, str | int | None]) -> str:
    """The hash of one row of the trail; `values` are its columns by name, moments as text."""
    return sha256(_said(table, *(part for name in sorted(values) for part in (name, _marked(values[name]))))).hexdigest()


def entries_sha256(hashes: Iterable[str]) -> str:
    """The hash of many rows together, in whatever order they are told."""
    return sha256("".join(sorted(hashes)).encode()).hexdigest()


def next_seal(key: bytes, last: Place, *, act_id: str, at: str, entries: tuple[Entry, ...]) -> Seal:
    """The seal that follows `last` (0 and `START` for the first)."""
    draft = Seal(number=last[0] + 1, act_id=act_id, at=at, entries=entries, previous=last[1], code="")
    return replace(draft, code=_code(key, draft))


def faults(key: bytes, anchor: Mapping[int, str], trail: Iterable[tuple[Seal, Mapping[str, str]]]) -> Iterator[Fault]:
    """Everything that is wrong with a chain, from its beginning on; whoever asks takes the first.

    `trail` gives each seal in the order of the numbers, with the rows of its act as they are now: their hashes by their keys. `anchor` gives the
    code of each seal that is known outside of the database.
    """
    last: Place = (0, START)
    for seal, rows in trail:
        yield from _of_seal(key, anchor, last, seal)
        yield from _of_rows(seal, rows)
        last = (seal.number, seal.code)
    beyond = [number for number in anchor if number > last[0]]
    if beyond:
        yield Fault(f"seal {min(beyond)}", Harm.CUT)


def _of_seal(key: bytes, anchor: Mapping[int, str], last: Place, seal: Seal) -> Iterator[Fault]:
    place = f"seal {seal.number}"
    if seal.number != last[0] + 1:
        yield Fault(f"seal {last[0] + 1}", Harm.SEAL_GONE)
    if not hmac.compare_digest(seal.code, _code(key, seal)):
        yield Fault(place, Harm.SEAL_FALSE)
    if seal.previous != last[1]:
        yield Fault(place, Harm.CHAIN_BROKEN)
    if anchor.get(seal.number, seal.code) != seal.code:
        yield Fault(place, Harm.ANCHOR_DIFFERS)


def _of_rows(seal: Seal, rows: Mapping[str, str]) -> Iterator[Fault]:
    sealed = dict(seal.entries)
    for row, digest in seal.entries:
        if row not in rows:
            yield Fault(f"row {row} of seal {seal.number}", Harm.DELETED)
        elif rows[row] != digest:
            yield Fault(f"row {row} of seal {seal.number}", Harm.EDITED)
    yield from (Fault(f"row {row} of seal {seal.number}", Harm.INSERTED) for row in rows if row not in sealed)


def _code(key: bytes, seal: Seal) -> str:
    entries = (part for entry in seal.entries for part in entry)
    return hmac.new(key, _said(str(seal.number), seal.act_id, seal.at, seal.previous, *entries), sha256).hexdigest()


def _said(*parts: str) -> bytes:
    """Parts one after the other, each with its length before it, so that none can run into the next."""
    return "".join(f"{len(part)}:{part}" for part in parts).encode()


def _marked(value: str | int | None) -> str:
    """A value as text, apart from every other: no number, text or nothing is said like one of the others."""
    return "-" if value is None else f"i{value}" if isinstance(value, int) else f"s{value}"
