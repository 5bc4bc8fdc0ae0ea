"""SMART Backend Services: a prescriber's system proves by a signed assertion who it is, and gets a token of five minutes; no secret is shared.

The pharmacy keeps each system's public keys, several at once while one takes over from another. Keys are never fetched from an address.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key
from sqlalchemy import select

from compounding.db.people import ClientRow, client_named
from compounding.db.system_access import AccessTokenRow, ClientKeyRow, UsedAssertionRow, keep
from compounding.domain.assertion import ALGORITHMS, SKEW, Assertion, believed, refusal
from compounding.domain.errors import Invalid
from compounding.domain.people import Actor
from compounding.domain.scope import ALL, Scope, kept_scopes, scopes_of, text_of
from compounding.workflow.act import Act, Look
from compounding.workflow.clients import client_actor, no_such_client

LIFE = timedelta(minutes=5)
_TOKEN_BYTES = 32
_LONGEST = 8_000  # characters of an assertion; the largest RSA keys make 2,000
_RSA_BITS = range(2048, 8193)
_KID = 100  # characters


@dataclass(frozen=True, slots=True)
class Granted:
    """A token that was just made, told this once, and what it opens."""

    token: str
    scopes: tuple[Scope, ...]


@dataclass(frozen=True, slots=True)
class KeyView:
    """One public key of a system as a person sees it."""

    id: UUID
    kid: str
    algorithm: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    retired_at: datetime | None


def grant(act: Act, assertion: str, *, audience: str, scope: str) -> Granted:
    """A token for what `scope` names, as far as the key opens it; raises `Forbidden` for an assertion that is not believed, `Invalid` for the scopes."""
    key, client = _signed(act, assertion, audience, with_subject=True)
    wanted, most = scopes_of(scope), kept_scopes(key.scopes)
    if beyond := [item.name for item in wanted if not any(own.covers(item) for own in most)]:
        message = f"The key does not open {', '.join(beyond)}. Ask for less, or the pharmacy for more."
        raise Invalid("scope", message, fields={"scope": (message,)})
    token = token_urlsafe(_TOKEN_BYTES)
    digest, until = _sha256(token), act.at + LIFE
    made = AccessTokenRow(client_id=client.id, key_id=key.id, token_sha256=digest, scopes=text_of(wanted), issued_at=act.at, expires_at=until)
    keep(act.session, made, at=act.at)
    return Granted(token, wanted)


def accept(act: Act, assertion: str, *, audience: str) -> Actor:
    """The system that signed a request of CDS Hooks, with all that its key opens; raises `Forbidden`."""
    key, client = _signed(act, assertion, audience, with_subject=False)
    return client_actor(act, client, kept_scopes(key.scopes))


def bearer(look: Look, token: str) -> Actor | None:
    """The active system whose token of five minutes this is, while it and its key are good; or None."""
    wanted = (
        select(AccessTokenRow, ClientRow)
        .join(ClientRow, ClientRow.id == AccessTokenRow.client_id)
        .join(ClientKeyRow, ClientKeyRow.id == AccessTokenRow.key_id)
        .where(AccessTokenRow.token_sha256 == _sha256(token), AccessTokenRow.expires_at > look.at, ClientRow.active, ClientKeyRow.retired_at.is_(None))
    )
    found = look.session.execute(wanted).one_or_none()
    return None if found is None else client_actor(look, found[1], kept_scopes(found[0].scopes))


def add_keys(act: Act, client_id: UUID, keys: object, *, scopes: Iterable[Scope] = ALL) -> tuple[UUID, ...]:
    """Take in the public keys of a JWK set; keys that are known already stay. Raises `Unknown`, and `Invalid` with what is wrong."""
    client = act.session.get(ClientRow, client_id)
    if client is None or not client.active:
        raise no_such_client()
    told = keys.get("keys") if isinstance(keys, Mapping) else None
    if not isinstance(told, list) or not told:
        raise _wrong("Give a JWK set: an object whose keys are a list of public keys.")
    read = [_public(item) for item in told]
    if len({kid for kid, _, _ in read}) < len(read):
        raise _wrong("Two keys of this set have the same kid. Give each a name of its own.")
    known = set(act.session.scalars(select(ClientKeyRow.kid).where(ClientKeyRow.client_id == client_id)))
    rows = [
        ClientKeyRow(client_id=client_id, kid=kid, algorithm=algorithm, jwk=text, scopes=text_of(scopes), created_at=act.at)
        for kid, algorithm, text in read
        if kid not in known
    ]
    if not rows:
        raise _wrong("Every key of this set is known already. A new key has a kid of its own.")
    act.session.add_all(rows)
    return tuple(row.id for row in rows)


def retire_key(act: Act, client_id: UUID, key: str | UUID) -> None:
    """End a key, told by its kid or its id, from this moment on, for good, and with it its tokens; raises `Invalid` for one that is not there."""
    which = ClientKeyRow.id == key if isinstance(key, UUID) else ClientKeyRow.kid == key
    row = act.session.scalar(select(ClientKeyRow).where(ClientKeyRow.client_id == client_id, which))
    if row is None:
        raise _wrong("The system has no such key.")
    row.retired_at = row.retired_at or act.at


def keys_of(look: Look, client_id: UUID) -> tuple[KeyView, ...]:
    """The keys of a system, the newest first."""
    rows = look.session.scalars(select(ClientKeyRow).where(ClientKeyRow.client_id == client_id).order_by(ClientKeyRow.created_at.desc(), ClientKeyRow.kid))
    return tuple(KeyView(row.id, row.kid, row.algorithm, kept_scopes(row.scopes), row.created_at, row.retired_at) for row in rows)


def prove(look: Look, assertion: str, *, audience: str, with_subject: bool) -> UUID:
    """The system that signed; raises `Forbidden` for an assertion that is not believed, before a transaction that writes: strangers take nobody's turn."""
    return _proved(look, assertion, audience, with_subject=with_subject)[1].id


def _signed(act: Act, assertion: str, audience: str, *, with_subject: bool) -> tuple[ClientKeyRow, ClientRow]:
    """Who signed, once all is proved; the assertion is used from now on."""
    key, client, told = _proved(act, assertion, audience, with_subject=with_subject)
    used = UsedAssertionRow(client_id=client.id, jti_sha256=told.jti_sha256, expires_at=told.expires_at + SKEW, used_at=act.at)
    keep(act.session, used, at=act.at)
    return key, client


def _proved(look: Look, assertion: str, audience: str, *, with_subject: bool) -> tuple[ClientKeyRow, ClientRow, Assertion]:
    """Who signed, once the signature, the claims and that it is used the first time are proved."""
    claims, kid = _opened(assertion)
    client = _client(look, claims)
    key = look.session.scalar(select(ClientKeyRow).where(ClientKeyRow.client_id == client.id, ClientKeyRow.kid == kid, ClientKeyRow.retired_at.is_(None)))
    if key is None:
        raise refusal("The key with this kid is not known here, or no longer. Give the pharmacy the public key.")
    try:
        jws.deserialize_compact(assertion, import_key(json.loads(key.jwk)), algorithms=[key.algorithm])
    except (JoseError, ValueError) as error:
        raise refusal(f"The signature is not that of the key: it must be {key.algorithm}, by the key with this kid.") from error
    told = believed(claims, str(client.id), audience, at=look.at, with_subject=with_subject)
    used = select(UsedAssertionRow.id).where(UsedAssertionRow.client_id == client.id, UsedAssertionRow.jti_sha256 == told.jti_sha256)
    if look.session.scalar(used) is not None:
        raise refusal("This assertion was used already. Make a new one for each request.")
    return key, client, told


def _opened(assertion: str) -> tuple[Mapping[str, object], str]:
    """What an assertion claims and the kid of its key, neither of which is believed yet."""
    if len(assertion) > _LONGEST:
        raise refusal("The assertion is too long. Leave out what nobody asked for.")
    try:
        parts = jws.extract_compact(assertion.encode("ascii"))
        claims, header = json.loads(parts.payload), parts.headers()
    except (JoseError, ValueError, RecursionError) as error:
        raise refusal("This is no signed assertion: three parts with points between, of which the first two are JSON.") from error
    kid = header.get("kid")
    if not isinstance(claims, dict) or header.get("alg") not in ALGORITHMS or not isinstance(kid, str):
        raise refusal(f"The assertion's header must name alg ({' or '.join(ALGORITHMS)}) and the kid of the key.")
    return claims, kid


def _client(look: Look, claims: Mapping[str, object]) -> ClientRow:
    unknown = refusal("The system is not known here, or no longer. Use the client id that the pharmacy gave.")
    try:
        client = look.session.get(ClientRow, UUID(str(claims.get("iss"))))
    except ValueError as error:
        raise unknown from error
    if client is None or not client.active:
        raise unknown
    return client


def _public(item: object) -> tuple[str, str, str]:
    """The kid, the algorithm and the text of one public key."""
    kid = item.get("kid") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(kid, str) or not 0 < len(kid) <= _KID or not kid.isprintable() or kid != kid.strip():
        raise _wrong("Each key needs a kid, a name of at most 100 characters of its own, without controls and without blanks at its ends.")
    if item.get("kty") not in {"EC", "RSA"}:
        raise _wrong("Only keys on P-384 (for ES384), or of RSA (for RS384), can be taken.")
    try:
        key = import_key(item)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _wrong("One of the keys cannot be read as a JWK.") from error
    if key.is_private:
        raise _wrong("One of the keys is a private key. Keep it to yourself, make a new one, and send the public half.")
    if isinstance(key, ECKey) and item.get("crv") == "P-384":
        algorithm = "ES384"
    elif isinstance(key, RSAKey) and key.public_key.key_size in _RSA_BITS:
        algorithm = "RS384"
    else:
        raise _wrong("Only keys on P-384 (for ES384), or of RSA with 2048 bits or more (for RS384), can be taken.")
    if item.get("alg", algorithm) != algorithm or item.get("use", "sig") != "sig":
        raise _wrong(f"One of the keys says that it is not for signatures by {algorithm}.")
    return kid, algorithm, _text(item)


def _text(item: Mapping[str, object]) -> str:
    """The public parts of a key, and no more, as text."""
    return json.dumps({name: item[name] for name in sorted({"kty", "crv", "x", "y", "n", "e"} & set(item))})


def _wrong(sentence: str) -> Invalid:
    return Invalid("keys", sentence, fields={"keys": (sentence,)})


def _sha256(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def client_id(look: Look, name: str) -> UUID:
    """The id of the one active system with this name or id; raises `Invalid` where there is none, or more than one."""
    return client_named(look.session, name)
