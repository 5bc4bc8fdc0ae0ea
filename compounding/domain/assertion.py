"""What a prescriber's system says of itself in a signed assertion (RFC 7523; SMART Backend Services; CDS Hooks), and when it is believed.

The signature is checked elsewhere; here stands what must be said. An assertion is good once, for at most five minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from compounding.domain.errors import Forbidden

ALGORITHMS = ("ES384", "RS384")  # those that SMART App Launch 2.2 asks for, and no others
LONGEST = timedelta(minutes=5)  # SMART App Launch 2.2, Backend Services: exp no more than five minutes in the future
SKEW = timedelta(seconds=60)  # how far two clocks may differ: that of a system, or of one of our machines from another
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = 200  # characters of a jti


@dataclass(frozen=True, slots=True)
class Assertion:
    """A believed assertion: the hash of its `jti`, by which a second use is seen, and its end."""

    jti_sha256: str
    expires_at: datetime


def believed(claims: Mapping[str, object], client: str, audience: str, *, at: datetime, with_subject: bool) -> Assertion:
    """The assertion that `claims` make for the system `client` at the address `audience`; raises `Forbidden` with what is wrong.

    `with_subject`: `sub` must name the system too (SMART), and not only `iss` (CDS Hooks).
    """
    if claims.get("iss") != client or (with_subject and claims.get("sub") != client):
        raise refusal("The assertion is not the system's own: iss and sub must be its client id.")
    told = claims.get("aud")
    if audience not in (told if isinstance(told, list) else [told]):
        raise refusal(f"The assertion is meant for somebody else: aud must be {audience}.")
    expires = _moment(claims, "exp")
    if expires is None or expires <= at:
        raise refusal("The assertion has ended. Make a new one for each request.")
    if expires > at + LONGEST:
        raise refusal("The assertion would be good for more than five minutes. Let it end sooner.")
    for name in ("iat", "nbf"):
        begins = _moment(claims, name)
        if (name in claims and begins is None) or (begins is not None and begins > at + SKEW):
            raise refusal(f"The assertion's {name} lies in the future. Set the clock of the system.")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= _MOST:
        raise refusal("The assertion has no jti, a text that is new for each.")
    return Assertion(sha256(jti.encode("utf-8", "surrogatepass")).hexdigest(), expires)


def refusal(sentence: str) -> Forbidden:
    """That an assertion is not believed."""
    return Forbidden("invalid_client", sentence)


def _moment(claims: Mapping[str, object], name: str) -> datetime | None:
    told = claims.get(name)
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told < 2**33:
        return None
    return _EPOCH + timedelta(seconds=told)
