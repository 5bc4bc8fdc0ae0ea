"""People who work here, and prescribers' systems that write to us."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import Row, Secret, one_of, sha256, table_args
from compounding.domain.errors import Invalid


class PersonRow(Row, kw_only=True):
    """A member of staff. The secrets are Argon2 hashes; audit keeps a hash of the hash.

    A password that an administrator gave is good until `one_time_until`, and must be changed before anything else.
    """

    __tablename__ = "person"
    __table_args__ = table_args(
        UniqueConstraint("username"),
        one_of("role", "technician", "pharmacist", "pharmacist in charge", "administrator", "auditor"),
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
    one_time_until: Mapped[datetime | None] = mapped_column(default=None)


class ClientRow(Row, kw_only=True):
    """A prescriber's system. `token_sha256` is empty since tokens have a table of their own; `flask init` moves what an older version kept here."""

    __tablename__ = "client"
    __table_args__ = table_args(UniqueConstraint("token_sha256"), sha256("token_sha256"))

    name: Mapped[str]
    token_sha256: Mapped[Secret | None] = mapped_column(default=None)
    active: Mapped[bool]
    created_at: Mapped[datetime]


class ClientTokenRow(Row, kw_only=True):
    """One token of a prescriber's system: shown once, when it is made; here stands its SHA-256. It never lasts longer than was said, and may end sooner."""

    __tablename__ = "client_token"
    __table_args__ = table_args(
        UniqueConstraint("token_sha256"),
        sha256("token_sha256"),
        CheckConstraint("length(name) > 0", name="name_given"),
        CheckConstraint("length(scopes) > 0", name="scopes_given"),
        CheckConstraint("valid_from <= valid_until", name="valid_for_a_time"),
        Index(None, "client_id"),
    )

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    name: Mapped[str]
    token_sha256: Mapped[Secret]
    scopes: Mapped[str]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_on: Mapped[date | None] = mapped_column(default=None)


class ClientNpiRow(Row, kw_only=True):
    """One prescriber for whom a system may write."""

    __tablename__ = "client_npi"
    __table_args__ = table_args(UniqueConstraint("client_id", "npi"))

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    npi: Mapped[str]


def client_named(session: Session, name: str) -> UUID:
    """The id of the one active system with this name or id; raises `Invalid` where there is none, or more than one."""
    rows = session.scalars(select(ClientRow).where(ClientRow.active)).all()
    found = [row.id for row in rows if name in {row.name, str(row.id)}]
    if len(found) != 1:
        there = "There are several prescriber's systems" if found else "There is no prescriber's system"
        raise Invalid("client", f"{there} with this name. Give its client id.")
    return found[0]
