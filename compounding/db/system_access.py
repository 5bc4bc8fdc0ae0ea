"""How prescribers' systems prove who they are by keys of their own: public keys, the assertions that were used, and the short tokens given for them.

Nothing goes away here, since the trail tells of every row; so an assertion or a token that has ended gives its row to the next of the same system.
The tables stay as large as the most that were good at once, and the trail keeps what each row was before.
"""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import FixedDocument, Row, Secret, one_of, sha256, table_args


class ClientKeyRow(Row, kw_only=True):
    """One public key of a system. It is known by its `kid`, which is never used again, and may open no more than `scopes`."""

    __tablename__ = "client_key"
    __table_args__ = table_args(UniqueConstraint("client_id", "kid"), one_of("algorithm", "ES384", "RS384"))

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    kid: Mapped[str]
    algorithm: Mapped[str]
    jwk: Mapped[FixedDocument]
    scopes: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None] = mapped_column(default=None)


class UsedAssertionRow(Row, kw_only=True):
    """That an assertion was used: the database itself takes each but once, whichever worker it comes to.

    `expires_at` is the end of the assertion and what clocks may differ behind it; only then is the row used again.
    """

    __tablename__ = "used_assertion"
    __table_args__ = table_args(UniqueConstraint("client_id", "jti_sha256"), sha256("jti_sha256"))

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    jti_sha256: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime]


class AccessTokenRow(Row, kw_only=True):
    """A token of five minutes, of which only the hash is kept; the key that it was given for ends it sooner by being retired."""

    __tablename__ = "access_token"
    __table_args__ = table_args(UniqueConstraint("token_sha256"), sha256("token_sha256"))

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    key_id: Mapped[UUID] = mapped_column(ForeignKey("client_key.id"))
    token_sha256: Mapped[Secret]
    scopes: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]


Passing = TypeVar("Passing", UsedAssertionRow, AccessTokenRow)


def keep(session: Session, made: Passing, *, at: datetime) -> None:
    """Keep `made`, in a row of the same system whose time is over where there is one that no other transaction has just taken."""
    kind = type(made)
    over = select(kind).where(kind.client_id == made.client_id, kind.expires_at <= at).limit(1)
    row = session.scalars(over.with_for_update(skip_locked=True)).first()
    if row is None:
        session.add(made)
    else:
        for column in inspect(kind).column_attrs:
            if column.key not in {"id", "client_id"}:
                setattr(row, column.key, getattr(made, column.key))
    session.flush()
