"""Prescribers' systems: for whom each may write, and the tokens by which it is known.

A token is 256 bits of chance, so its plain SHA-256 is kept: there is nothing to guess, and each request needs only one look-up.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select
from stdnum import luhn

from compounding.db.people import ClientNpiRow, ClientRow, ClientTokenRow
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.people import Actor, Role
from compounding.domain.scope import ALL, Scope, kept_scopes, text_of
from compounding.domain.token import USUAL, Token, TokenState, good_for, overlap
from compounding.workflow.act import Act, Look

FIRST = "first"  # the name of the token that a system comes with
_TOKEN_BYTES = 32
_NPI_PREFIX = "80840"  # the issuer's number of US health care before an NPI, by which its check digit is computed (CMS)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears a token that is good at this moment, and that token."""

    actor: Actor
    token: Token


@dataclass(frozen=True, slots=True)
class System:
    """A prescriber's system as the administrator sees it: for whom it may write, and its tokens, the newest first."""

    id: UUID
    name: str
    active: bool
    added_at: datetime
    npis: tuple[str, ...]
    tokens: tuple[Token, ...]

    def good(self, at: datetime) -> tuple[Token, ...]:
        """Those that open something at a moment."""
        return tuple(token for token in self.tokens if self.active and token.state(at) is TokenState.GOOD)


def client_by_token(look: Look, secret: str) -> Bearer | None:
    """The active prescriber's system whose good token this is, with the NPIs that it may write for and what the token opens; or None."""
    wanted = select(ClientTokenRow, ClientRow).join(ClientRow, ClientRow.id == ClientTokenRow.client_id)
    found = look.session.execute(wanted.where(ClientTokenRow.token_sha256 == _token_sha256(secret), ClientRow.active)).one_or_none()
    if found is None:
        return None
    token = token_of(found[0])
    return Bearer(client_actor(look, found[1], token.scopes), token) if token.state(look.at) is TokenState.GOOD else None


def systems(look: Look) -> tuple[System, ...]:
    """Every prescriber's system, those that are let in first, by name."""
    npis: dict[UUID, list[str]] = {}
    for client_id, npi in look.session.execute(select(ClientNpiRow.client_id, ClientNpiRow.npi).order_by(ClientNpiRow.npi)):
        npis.setdefault(client_id, []).append(npi)
    tokens: dict[UUID, list[Token]] = {}
    for row in look.session.scalars(select(ClientTokenRow).order_by(ClientTokenRow.created_at.desc(), ClientTokenRow.valid_until.desc())):
        tokens.setdefault(row.client_id, []).append(token_of(row))
    rows = look.session.scalars(select(ClientRow)).all()
    found = (System(row.id, row.name, row.active, row.created_at, tuple(npis.get(row.id, ())), tuple(tokens.get(row.id, ()))) for row in rows)
    return tuple(sorted(found, key=lambda system: (not system.active, system.name.casefold())))


def system(look: Look, client_id: UUID) -> System:
    """One of them; raises `Unknown`."""
    found = next((one for one in systems(look) if one.id == client_id), None)
    if found is None:
        raise no_such_client()
    return found


def client_actor(look: Look, row: ClientRow, scopes: Iterable[Scope]) -> Actor:
    """A prescriber's system as it acts, with the NPIs that it may write for at present."""
    npis = look.session.scalars(select(ClientNpiRow.npi).where(ClientNpiRow.client_id == row.id))
    return Actor(row.id, row.name, "", Role.PRESCRIBER, frozenset(npis), frozenset(scopes))


def token_of(row: ClientTokenRow) -> Token:
    """A token as it is kept, without its secret."""
    return Token(
        id=row.id,
        name=row.name,
        scopes=kept_scopes(row.scopes),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        last_used_on=row.last_used_on,
    )


def add_client(act: Act, name: str, npis: Collection[str], *, scopes: Iterable[Scope] = ALL, until: datetime | None = None) -> tuple[UUID, str]:
    """A new prescriber's system that may write for the prescribers `npis`; its id and its first token, which is told this once.

    Raises `Invalid` for an empty name, for no NPI, and for an NPI whose check digit is wrong.
    """
    wrong = sorted(npi for npi in npis if not _is_npi(npi))
    told = f"These are no NPIs: {', '.join(wrong)}." if wrong else "Enter at least one NPI."
    fields = {"name": () if name.strip() else ("Enter the name of the system.",), "npis": () if npis and not wrong else (told,)}
    if fields := {field: messages for field, messages in fields.items() if messages}:
        message = "A prescriber's system needs a name and at least one NPI that it may write for."
        raise Invalid("client", f"{message} {told}" if wrong else message, fields=fields)
    row = ClientRow(name=name.strip(), active=True, created_at=act.at)
    act.session.add(row)
    act.session.add_all(ClientNpiRow(client_id=row.id, npi=npi) for npi in sorted(set(npis)))
    return row.id, _issue(act, row.id, FIRST, scopes=scopes, until=until or act.at + USUAL)


def add_npi(act: Act, client_id: UUID, npi: str) -> None:
    """One more prescriber for whom a system may write; once is enough. Raises `Unknown`, and `Invalid` for a wrong check digit."""
    _client_row(act, client_id)
    if not _is_npi(npi):
        message = f"This is no NPI: {npi}."
        raise Invalid("client", message, fields={"npi": (message,)})
    if not act.session.scalar(select(ClientNpiRow.id).where(ClientNpiRow.client_id == client_id, ClientNpiRow.npi == npi)):
        act.session.add(ClientNpiRow(client_id=client_id, npi=npi))


def set_active(act: Act, client_id: UUID, *, active: bool) -> None:
    """Shut a system out, or let it in again by those of its tokens that are good. Raises `Unknown`."""
    row = _client_row(act, client_id)
    if row.active != active:
        row.active = active


def make_token(act: Act, client_id: UUID, name: str, *, scopes: Iterable[Scope], until: datetime) -> str:
    """One more token of a system; the secret, which is told this once. Raises `Unknown`, `Conflict` for one that is shut out, and `Invalid` without a name."""
    if not _client_row(act, client_id).active:
        raise Conflict("shut-out", "This system is shut out. Let it in first.")
    return _issue(act, client_id, name, scopes=scopes, until=until)


def rotate_token(act: Act, client_id: UUID, token_id: UUID, name: str, *, overlap_days: int, days: int) -> str:
    """A token that takes over from another with the same scopes; the other stays good for `overlap_days`, so that nothing stands still meanwhile.

    Raises `Unknown`, and `Invalid` for a token that is not good or an overlap that is too long.
    """
    row = _token_row(act, client_id, token_id)
    old = token_of(row)
    until = overlap(old, overlap_days, at=act.at)
    row.valid_until = min(row.valid_until, until)
    return _issue(act, client_id, name, scopes=old.scopes, until=good_for(days, at=act.at))


def revoke_token(act: Act, client_id: UUID, token_id: UUID) -> None:
    """End a token from this moment on, for good; once is enough. Raises `Unknown`."""
    row = _token_row(act, client_id, token_id)
    if row.revoked_at is None:
        row.revoked_at = act.at


def note_use(act: Act, token_id: UUID) -> None:
    """Keep that a token was used today: the day and no more, so that an old one that somebody still uses is seen."""
    row = act.session.get_one(ClientTokenRow, token_id)
    if row.last_used_on != act.today:
        row.last_used_on = act.today


def move_tokens(act: Act) -> None:
    """Give each system whose only token is kept in the old place a token of its own, good for a year from today and for all that it could do."""
    for row in act.session.scalars(select(ClientRow).where(ClientRow.token_sha256.is_not(None))):
        if row.token_sha256 is not None:
            act.session.add(_row(act, row.id, FIRST, digest=row.token_sha256, scopes=ALL, until=act.at + USUAL))
            row.token_sha256 = None


def no_such_client() -> Unknown:
    """What is said of a system that is not there."""
    return Unknown("unknown-client", "There is no such prescriber's system. Look at the list of systems.")


def _is_npi(npi: str) -> bool:
    return len(npi) == 10 and npi.isascii() and npi.isdecimal() and bool(luhn.is_valid(_NPI_PREFIX + npi))


def _client_row(act: Act, client_id: UUID) -> ClientRow:
    row = act.session.get(ClientRow, client_id)
    if row is None:
        raise no_such_client()
    return row


def _token_row(act: Act, client_id: UUID, token_id: UUID) -> ClientTokenRow:
    row = act.session.get(ClientTokenRow, token_id)
    if row is None or row.client_id != client_id:
        raise Unknown("unknown-token", "There is no such token. Look at the list of the system's tokens.")
    return row


def _issue(act: Act, client_id: UUID, name: str, *, scopes: Iterable[Scope], until: datetime) -> str:
    if not name.strip():
        message = "Enter a name by which the token is told from the others."
        raise Invalid("token", message, fields={"name": (message,)})
    secret = token_urlsafe(_TOKEN_BYTES)
    act.session.add(_row(act, client_id, name.strip(), digest=_token_sha256(secret), scopes=scopes, until=until))
    return secret


def _row(act: Act, client_id: UUID, name: str, *, digest: str, scopes: Iterable[Scope], until: datetime) -> ClientTokenRow:
    told = text_of(scopes)
    return ClientTokenRow(client_id=client_id, name=name, token_sha256=digest, scopes=told, valid_from=act.at, valid_until=until, created_at=act.at)


def _token_sha256(token: str) -> str:
    return sha256(token.encode()).hexdigest()
