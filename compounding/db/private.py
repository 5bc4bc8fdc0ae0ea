"""What is known of patients, encrypted at rest: column types that lock what goes into the database and open what comes out of it.

Each value is locked by AES-256-GCM-SIV (RFC 8452), which forgives a nonce that comes twice, under a key that the database does not have; the
table and the column are locked in with it, so that a birth date cannot stand where a name does. Key, nonce and index come from one secret by HKDF
(RFC 5869). A locked value begins with the name of its key. Whatever was altered does not open, and raises.

Whoever has the database alone learns how long a text is, and of birth dates and names (`NameIndex`) which are alike; nothing else.
"""

import hmac
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any, TypeGuard

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, Engine, literal
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

from compounding.db.types import storable

_VAULT = "compounding_vault"  # where the vault stands in an engine's dialect, which is all of the engine that a column type sees
_NONCE = 12  # bytes, by RFC 8452
_LONGEST_BEGINNING = 12  # letters of a name by which it is found; what is typed beyond is compared once it was opened
_MOST_WORDS = 20  # of a name, by which it is found; with more an index of PostgreSQL would be too wide
_CODES = re.compile(r"[0-9a-f]{64}(?: [0-9a-f]{8})*")
_LOCKED = re.compile(r"[0-9a-f]{8}\.[0-9A-Za-z_-]{38,}={0,2}")  # the name of the key, a dot, and at least nonce and tag
_CODE = 8  # hexadecimal digits of one beginning: a false find is rare, and is dropped once it was opened


class Unreadable(RuntimeError, DontWrapMixin):
    """A locked value that was altered, stands in a wrong place, or was locked with another key."""


class Vault:
    """The key to what is private. The same secret opens what it locked, on any machine."""

    def __init__(self, secret: str) -> None:
        """Derive the keys of `secret`."""
        self._cells = AESGCMSIV(_derived(secret, b"cells"))
        self._nonces = _derived(secret, b"nonces")
        self._index = _derived(secret, b"index")
        self.name = sha256(_derived(secret, b"name")).hexdigest()[:8]

    def lock(self, value: bytes, place: str, *, alike: bool = False) -> bytes:
        """Lock a value of `place` (`table.column`); with `alike` the same value is locked to the same bytes, so that it can be looked for."""
        said = place.encode()
        nonce = hmac.digest(self._nonces, said + b"\0" + value, "sha256")[:_NONCE] if alike else os.urandom(_NONCE)
        return nonce + self._cells.encrypt(nonce, value, said)

    def open(self, locked: bytes, place: str) -> bytes:
        """Open what was locked for `place`; raises `Unreadable`."""
        try:
            return self._cells.decrypt(locked[:_NONCE], locked[_NONCE:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"a value of {place} was altered, or was locked with another key") from error

    def code(self, text: str, place: str) -> str:
        """A text as it is looked for, in a blind index: nobody without the key can make it or read it."""
        return hmac.digest(self._index, f"{place}\0{text}".encode(), "sha256").hex()


def give_vault(engine: Engine, vault: Vault | None) -> None:
    """Let the private columns of this engine be locked with `vault`; with None they stand as they are, which is for tests of storage alone."""
    setattr(engine.dialect, _VAULT, vault)


def has_vault(dialect: Dialect) -> bool:
    """Whether private columns are locked here."""
    return _vault(dialect) is not None


class _OfPlace:
    """A type that knows the table and column whose values it locks."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place


class Private(_OfPlace, TypeDecorator[str]):
    """A text that is locked at rest."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Lock it; refuses what a database cannot keep."""
        return None if value is None else _locked(storable(value), self.place, dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open it."""
        return None if value is None else _opened(value, self.place, dialect)


class PrivateDate(_OfPlace, TypeDecorator[date]):
    """A date that is locked at rest; the same date always alike, so that it can be looked for."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        """Lock it."""
        return None if value is None else _locked(value.isoformat(), self.place, dialect, alike=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        """Open it."""
        return None if value is None else date.fromisoformat(_opened(value, self.place, dialect))


class PrivateBytes(_OfPlace, TypeDecorator[bytes]):
    """Bytes that are locked at rest, such as a printed label's PDF."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Lock them."""
        vault = _vault(dialect)
        return value if value is None or vault is None else vault.name.encode() + b"." + vault.lock(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open them."""
        vault = _vault(dialect)
        if value is None or vault is None:
            return value
        name, _, locked = bytes(value).partition(b".")
        _expect(name.decode("ascii", "replace"), vault, self.place)
        return vault.open(locked, self.place)


class NameIndex(_OfPlace, TypeDecorator[str]):
    """A name as it is compared (`history.match_key`), as a blind index: the code of the whole of it, then those of the beginnings of its words.

    It goes in as a name and comes out as codes; two names that are compared alike have the same.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The codes of a name; without a vault the name, with a blank before each word."""
        vault = _vault(dialect)
        if value is None or vault is None:
            return value and f" {storable(value)}"
        beginnings = sorted({vault.code(part, self.place)[:_CODE] for part in _beginnings(value)})
        return " ".join([vault.code(value, f"{self.place} whole"), *beginnings])

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """The codes as they stand: no name can be made of them."""
        return value


class _Beginning(_OfPlace, TypeDecorator[str]):
    """What somebody typed of a name, as it stands in a `NameIndex`."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        vault = _vault(dialect)
        if value is None or vault is None:
            return value and f" {value[:_LONGEST_BEGINNING]}"
        return " " + vault.code(value[:_LONGEST_BEGINNING], self.place)[:_CODE]


def begins(index: InstrumentedAttribute[str], typed: str) -> ColumnElement[bool]:
    """Whether one of the words of an indexed name begins as `typed`, which is folded as names are; it may find others too, so compare what was opened."""
    kind = index.type
    if not isinstance(kind, NameIndex):
        raise TypeError(f"{index} is no index of names")
    codes = sa.type_coerce(index, sa.Text)
    return sa.func.replace(codes, literal(typed, _Beginning(kind.place)), "", type_=sa.Text) != codes  # instr and strpos are each of one database


def opened(kind: TypeDecorator[Any], kept: str, dialect: Dialect) -> object:
    """What a value of the trail says, for comparison with what is read by its column: what is older than the lock stands there in plain words."""
    if isinstance(kind, NameIndex):
        return kept if _CODES.fullmatch(kept) else kind.process_bind_param(kept, dialect)
    try:
        found: object = kind.process_result_value(kept, dialect)
    except Unreadable:
        return kept
    return found


def looks_locked(text: str) -> bool:
    """Whether a text has the form of a locked value."""
    return _LOCKED.fullmatch(text) is not None


def is_private(kind: object) -> TypeGuard[TypeDecorator[Any]]:
    """Whether a column of this type is locked at rest."""
    return isinstance(kind, _OfPlace)


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"compounding private data: " + purpose).derive(secret.encode())


def _vault(dialect: Dialect) -> Vault | None:
    found: Vault | None = getattr(dialect, _VAULT, None)
    return found


def _locked(text: str, place: str, dialect: Dialect, *, alike: bool = False) -> str:
    vault = _vault(dialect)
    if vault is None or not text:  # whether there is a text is no secret, and rules of the database ask for it
        return text
    return f"{vault.name}.{urlsafe_b64encode(vault.lock(text.encode(), place, alike=alike)).decode()}"


def _opened(text: str, place: str, dialect: Dialect) -> str:
    vault = _vault(dialect)
    if vault is None or not text:
        return text
    name, _, locked = text.partition(".")
    _expect(name, vault, place)
    try:
        return vault.open(urlsafe_b64decode(locked), place).decode()
    except ValueError as error:  # not base64, not UTF-8
        raise Unreadable(f"a value of {place} was altered") from error


def _expect(name: str, vault: Vault, place: str) -> None:
    if name != vault.name:
        raise Unreadable(f"a value of {place} was not locked with the key {vault.name}")


def _beginnings(name: str) -> Iterator[str]:
    """Each beginning of the rest of a name, from each of its words on."""
    words = name.split(" ")
    for number in range(min(len(words), _MOST_WORDS)):
        rest = " ".join(words[number:])
        yield from (rest[:length] for length in range(1, min(len(rest), _LONGEST_BEGINNING) + 1))
