"""Sessions, second factors, and what was tried at the door. Secrets stand here as hashes, but for the factor's own, from which codes are made: it is locked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compounding.db.base import HASHED, UNTOLD, Row, Secret, not_negative, one_of, sha256, table_args
from compounding.db.private import Private


class SessionRow(Row, kw_only=True):
    """One session of a member of staff; it ends at `ends_at`, or before, with the reason. `used_at` is the last use, up to a minute late."""

    __tablename__ = "session"
    __table_args__ = table_args(
        UniqueConstraint("id_sha256"),
        sha256("id_sha256"),
        CheckConstraint("begun_at < ends_at", name="lasts"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_with_a_reason"),
        one_of("ended_because", "sign-out", "password", "role", "disabled", "factor"),
        Index(None, "person_id", "ended_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    id_sha256: Mapped[Secret]
    begun_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None, info=UNTOLD)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_because: Mapped[str | None] = mapped_column(default=None)


class FactorRow(Row, kw_only=True):
    """An authenticator of a person. `last_step` is the time step of the newest code that was taken: none is taken twice."""

    __tablename__ = "factor"
    __table_args__ = table_args(not_negative("last_step"), Index(None, "person_id"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    secret: Mapped[str] = mapped_column(Private("factor.secret"), info=HASHED)
    made_at: Mapped[datetime]
    last_step: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class RecoveryRow(Row, kw_only=True):
    """A recovery code: 80 bits of chance, so that its plain SHA-256 is kept; it is used once."""

    __tablename__ = "recovery_code"
    __table_args__ = table_args(UniqueConstraint("factor_id", "code_sha256"), sha256("code_sha256"))

    factor_id: Mapped[UUID] = mapped_column(ForeignKey("factor.id"))
    code_sha256: Mapped[Secret]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class BrowserRow(Row, kw_only=True):
    """A browser at which a person has signed in, so that its wrong tries are counted apart; a shared one is known for each of them."""

    __tablename__ = "known_browser"
    __table_args__ = table_args(UniqueConstraint("person_id", "secret_sha256"), sha256("secret_sha256"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    secret_sha256: Mapped[Secret]
    known_at: Mapped[datetime]


class TriesRow(Row, kw_only=True):
    """Wrong tries in a row. What they were tried on (user name, address, browser) is a hash here: it may be a password in the wrong field."""

    __tablename__ = "tries"
    __table_args__ = table_args(
        UniqueConstraint("kind", "key_sha256"),
        one_of("kind", "account", "address", "browser"),
        sha256("key_sha256"),
        not_negative("failures"),
    )

    kind: Mapped[str]
    key_sha256: Mapped[Secret]
    failures: Mapped[int]
    last_at: Mapped[datetime]


def end_sessions(session: Session, person_id: UUID, because: str, *, at: datetime, but: UUID | None = None) -> None:
    """End every session of a person at once, but for one."""
    for row in session.scalars(select(SessionRow).where(SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))):
        if row.id != but:
            row.ended_at, row.ended_because = at, because


def end_factors(session: Session, person_id: UUID, *, at: datetime) -> None:
    """End the second factor of a person, with its recovery codes."""
    for row in session.scalars(select(FactorRow).where(FactorRow.person_id == person_id, FactorRow.ended_at.is_(None))):
        row.ended_at = at


def factor_of(session: Session, person_id: UUID) -> FactorRow | None:
    """The second factor of a person that counts at present, held for whoever uses it in an act."""
    return session.scalar(select(FactorRow).where(FactorRow.person_id == person_id, FactorRow.ended_at.is_(None)))
