"""Sessions of the staff: the browser holds a number of 256 random bits, the database its hash, so that the server can end each at once.

The last use stands in the row too, so that neither a copied cookie nor the clock of a browser keeps a session open.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select

from compounding.db.people import PersonRow
from compounding.db.sign_in import BrowserRow, SessionRow, end_sessions, factor_of
from compounding.domain.people import Actor, Role
from compounding.domain.sign_in import HALFWAY, LONGEST, USE_NOTED, is_open
from compounding.workflow.act import Act, Look

_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is at work by a session, with the role as it is now, and what is asked of the person before anything else.

    `use_is_old` when it is to be noted, `is_fresh` while the password was given a moment ago.
    """

    id: UUID
    actor: Actor
    username: str
    has_factor: bool
    must_renew: bool
    use_is_old: bool
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A session of one's own that is open: since when, when it was used last (up to a minute late), and whether it is the one that asks."""

    begun_at: datetime
    used_at: datetime
    is_this: bool


def find(look: Look, secret: str) -> Session | None:
    """The session of this secret, if it has not ended and its person works here; read on each request."""
    wanted = select(SessionRow, PersonRow).join(PersonRow, PersonRow.id == SessionRow.person_id)
    found = look.session.execute(wanted.where(SessionRow.id_sha256 == _digest(secret), SessionRow.ended_at.is_(None), PersonRow.active)).one_or_none()
    if found is None or not is_open(found[0].used_at, found[0].ends_at, at=look.at):
        return None
    row, person = found
    return Session(
        id=row.id,
        actor=Actor(person.id, person.name, person.initials, Role(person.role)),
        username=person.username,
        has_factor=factor_of(look.session, person.id) is not None,
        must_renew=person.one_time_until is not None,
        use_is_old=row.used_at is None or look.at - row.used_at >= USE_NOTED,
        is_fresh=look.at - row.begun_at < HALFWAY,
    )


def note_use(act: Act, session_id: UUID) -> None:
    """Keep that a session is used at this moment; one that has ended meanwhile stays so."""
    row = act.session.get(SessionRow, session_id)
    if row is not None and row.ended_at is None and is_open(row.used_at, row.ends_at, at=act.at):
        row.used_at = act.at


def own(look: Look, session_id: UUID) -> tuple[Open, ...]:
    """Every open session of whoever asks, the newest first."""
    wanted = select(SessionRow).where(SessionRow.person_id == look.actor.id, SessionRow.ended_at.is_(None), SessionRow.ends_at > look.at)
    rows = look.session.scalars(wanted.order_by(SessionRow.begun_at.desc(), SessionRow.id))
    return tuple(Open(row.begun_at, row.used_at, row.id == session_id) for row in rows if row.used_at and is_open(row.used_at, row.ends_at, at=look.at))


def end_others(act: Act, session_id: UUID) -> None:
    """End every session of whoever acts but this one."""
    end_sessions(act.session, act.actor.id, "sign-out", at=act.at, but=session_id)


def begin(act: Act, person_id: UUID) -> str:
    """A new session of a person who has proved who it is; its secret."""
    secret = token_urlsafe(_BYTES)
    act.session.add(SessionRow(person_id=person_id, id_sha256=_digest(secret), begun_at=act.at, ends_at=act.at + LONGEST, used_at=act.at))
    return secret


def end(act: Act, session_id: UUID) -> None:
    """End one session: its person signed out."""
    row = act.session.get(SessionRow, session_id)
    if row is not None and row.ended_at is None:
        row.ended_at, row.ended_because = act.at, "sign-out"


def know_browser(act: Act, person_id: UUID, secret: str) -> str:
    """Know a browser for a person from now on; its secret, the one that it has or a new one."""
    known = set(act.session.scalars(select(BrowserRow.person_id).where(BrowserRow.secret_sha256 == _digest(secret)))) if secret else set()
    kept = secret if known else token_urlsafe(_BYTES)
    if person_id not in known:
        act.session.add(BrowserRow(person_id=person_id, secret_sha256=_digest(kept), known_at=act.at))
    return kept


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
