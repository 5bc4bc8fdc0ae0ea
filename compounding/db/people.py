"""People who work here, and prescribers' systems that write to us."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compounding.db.base import Row, Secret, one_of, sha256, table_args


class PersonRow(Row, kw_only=True):
    """A member of staff. The secrets are Argon2 hashes; audit keeps a hash of the hash."""

    __tablename__ = "person"
    __table_args__ = table_args(
        UniqueConstraint("username"),
        one_of("role", "technician", "pharmacist", "pharmacist in charge", "administrator"),
    )

    username: Mapped[str]
    name: Mapped[str]
    initials: Mapped[str]
    role: Mapped[str]
    licence: Mapped[str]
    password_hash: Mapped[Secret]
    pin_hash: Mapped[Secret]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class ClientRow(Row, kw_only=True):
    """A prescriber's system. Its token is shown once, when it is made; here stands its SHA-256."""

    __tablename__ = "client"
    __table_args__ = table_args(UniqueConstraint("token_sha256"), sha256("token_sha256"))

    name: Mapped[str]
    token_sha256: Mapped[Secret]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class ClientNpiRow(Row, kw_only=True):
    """One prescriber for whom a system may write."""

    __tablename__ = "client_npi"
    __table_args__ = table_args(UniqueConstraint("client_id", "npi"))

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    npi: Mapped[str]
