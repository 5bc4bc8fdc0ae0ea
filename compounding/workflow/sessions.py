"""Sessions of the staff: the browser holds a number of 256 random bits, the database its hash, so that the server can end each at once."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select

from compounding.db.people import PersonRow
from compounding.db.sign_in import BrowserRow, SessionRow, factor_of
from compounding.domain.people import Actor, Role
from compounding.domain.sign_in import LONGEST
from compounding.workflow.act import Act, Look

_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who is at work by a session, with the role as it is now, and what is asked of the person before anything else."""

    id: UUID
    actor: Actor
    username: str
    has_factor: bool
    must_renew: bool


def find(look: Look, secret: str) -> Session | None:
    """The session of this secret, if it has not ended and its person works here; read on each request."""
    wanted = select(SessionRow, PersonRow).join(PersonRow, PersonRow.id == SessionRow.person_id)
    found = look.session.execute(wanted.where(SessionRow.id_sha256 == _digest(secret), SessionRow.ended_at.is_(None), PersonRow.active)).one_or_none()
    if found is None or look.at >= found[0].ends_at:
        return None
    row, person = found
    return Session(
        id=row.id,
        actor=Actor(person.id, person.name, person.initials, Role(person.role)),
        username=person.username,
        has_factor=factor_of(look.session, person.id) is not None,
        must_renew=person.one_time_until is not None,
    )


def begin(act: Act, person_id: UUID) -> str:
    """A new session of a person who has proved who it is; its secret."""
    secret = token_urlsafe(_BYTES)
    act.session.add(SessionRow(person_id=person_id, id_sha256=_digest(secret), begun_at=act.at, ends_at=act.at + LONGEST))
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
