"""Column types that keep a value exactly, and alike, on SQLite STRICT tables and on PostgreSQL.

Quantities are integers in the smallest unit (nanogram, nanolitre, millionth of the currency): SQLite's NUMERIC is a binary
fraction and loses digits. Instants are aware UTC, dates are the pharmacy's own; neither is ever guessed from the other.
"""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator, TypeEngine

from compounding.domain.errors import Invalid

_LARGEST = 2**63 - 1  # both databases keep 64 signed bits


class Unstorable(Invalid, DontWrapMixin):
    """A text or number that one of the two databases cannot keep; refused alike on both."""


def storable(text: str) -> str:
    """`text` as a plain string; raises `Unstorable` for U+0000 (PostgreSQL) and lone surrogates (UTF-8)."""
    if "\0" in text or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        message = "The text holds a character that is not a letter or sign. Type it again without it."
        raise Unstorable("unstorable-text", message)
    return str(text)


class Text(TypeDecorator[str]):
    """Text of any length, in UTF-8; an enumeration's member is kept as its value."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Refuse what a database cannot keep."""
        return None if value is None else storable(value)


class Document(Text):
    """A frozen value as canonical JSON text, made and read by `compounding.db.document`."""

    cache_ok = True


class Blob(TypeDecorator[bytes]):
    """Bytes as they are, such as a printed label's PDF."""

    impl = sa.LargeBinary
    cache_ok = True


class Flag(TypeDecorator[bool]):
    """Yes or no; an INTEGER on SQLite, whose STRICT tables know no BOOLEAN."""

    impl = sa.Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column on this database."""
        return _stored(dialect, on_sqlite=sa.Integer(), elsewhere=sa.Boolean())

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Refuse whatever is not a bool."""
        if value is None:
            return None
        _expect(value, bool)
        return int(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: int | None, _dialect: Dialect) -> bool | None:
        """A bool on both databases."""
        return None if value is None else bool(value)


class Integer64(TypeDecorator[int]):
    """A whole number of 64 bits; its SUM comes back as a whole number on both databases, exact to the last digit."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column on this database."""
        return _stored(dialect, on_sqlite=sa.Integer(), elsewhere=sa.BigInteger())

    def process_bind_param(self, value: int | None, _dialect: Dialect) -> int | None:
        """Refuse floats, bools and what needs more than 64 bits."""
        if value is None:
            return None
        _expect(value, int)
        if not -_LARGEST <= value <= _LARGEST:
            message = "The number is too large to keep. Check the unit and the digits."
            raise Unstorable("unstorable-number", message)
        return value

    def process_result_value(self, value: int | None, _dialect: Dialect) -> int | None:
        """A plain int; PostgreSQL sums BIGINT as an exact decimal."""
        return None if value is None else int(value)


class Uuid(TypeDecorator[UUID]):
    """A key made by us: UUID on PostgreSQL, its 36 characters on SQLite."""

    impl = sa.Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column on this database."""
        return _stored(dialect, on_sqlite=sa.Text(), elsewhere=sa.Uuid())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID | str | None:
        """Refuse whatever is not a UUID."""
        if value is None:
            return None
        _expect(value, UUID)
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: UUID | str | None, _dialect: Dialect) -> UUID | None:
        """A UUID on both databases."""
        return UUID(value) if isinstance(value, str) else value


class KeyText(TypeDecorator[str]):
    """A key that is read and compared as its text, without a `UUID` being made of each: for queries over tens of thousands."""

    impl = sa.Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column on this database."""
        return _stored(dialect, on_sqlite=sa.Text(), elsewhere=sa.Uuid(as_uuid=False))


class UtcInstant(TypeDecorator[datetime]):
    """A moment, aware and in UTC; on SQLite as text of one width, so that its order is the order of time."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column on this database."""
        return _stored(dialect, on_sqlite=sa.Text(), elsewhere=sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse a naive moment and one in another zone."""
        if value is None:
            return None
        _expect(value, datetime)
        return instant_text(value) if dialect.name == "sqlite" else utc(value)

    def process_result_value(self, value: datetime | str | None, _dialect: Dialect) -> datetime | None:
        """An aware moment in UTC on both databases."""
        return datetime.fromisoformat(value) if isinstance(value, str) else value and value.astimezone(UTC)


class LocalDate(TypeDecorator[date]):
    """A day on the pharmacy's own calendar, computed once and stored."""

    impl = sa.Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column on this database."""
        return _stored(dialect, on_sqlite=sa.Text(), elsewhere=sa.Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> date | str | None:
        """Refuse a moment where a day is meant."""
        if value is None:
            return None
        _expect(value, date)
        return value.isoformat() if dialect.name == "sqlite" else value

    def process_result_value(self, value: date | str | None, _dialect: Dialect) -> date | None:
        """A date on both databases."""
        return date.fromisoformat(value) if isinstance(value, str) else value


def utc(moment: datetime) -> datetime:
    """`moment`, which must be aware and in UTC; raises `ValueError` otherwise."""
    if moment.tzinfo is not UTC and moment.utcoffset() is None:
        message = "a moment needs its time zone: use the clock that the pharmacy was given"
        raise ValueError(message)
    if moment.utcoffset():
        message = "a moment is kept in UTC: convert it before it is stored"
        raise ValueError(message)
    return moment


def instant_text(moment: datetime) -> str:
    """A moment in UTC as text of one width ("2026-11-23T09:30:00.000000+00:00")."""
    return utc(moment).astimezone(UTC).isoformat(timespec="microseconds")


def _stored(dialect: Dialect, *, on_sqlite: TypeEngine[Any], elsewhere: TypeEngine[Any]) -> TypeEngine[Any]:
    return dialect.type_descriptor(on_sqlite if dialect.name == "sqlite" else elsewhere)


def _expect(value: object, kind: type) -> None:
    if type(value) is not kind:
        message = f"{kind.__name__} expected, {type(value).__name__} given"
        raise TypeError(message)
