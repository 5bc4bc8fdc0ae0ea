"""How prescribers' systems prove who they are by keys of their own: public keys, the assertions that were used, and the short tokens given for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
    """That an assertion was used: the database itself takes each but once, whichever worker it comes to."""

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
