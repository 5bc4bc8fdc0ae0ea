"""Passwords and PINs: what may be one, how it is kept (Argon2id), and whether a secret is the one that is kept."""

from functools import cache
from secrets import choice, token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

LONGEST = 200  # characters; more is no password and only costs time
SHORTEST = 10
_PIN_DIGITS = range(4, 13)
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # without those that are read as another
_hasher = PasswordHasher()


def kept(secret: str) -> str:
    """What is kept of a secret."""
    return _hasher.hash(secret)


def matches(hashed: str, secret: str) -> bool:
    """Whether `secret` is the one of which this is kept; takes its time either way."""
    try:
        return _hasher.verify(hashed, secret[:LONGEST])
    except VerifyMismatchError:
        return False


@cache
def nobodys() -> str:
    """What is kept of a secret that nobody has: an unknown user name costs as much time as a wrong password."""
    return _hasher.hash(token_urlsafe())


def for_once() -> str:
    """A password of 80 bits that can be read aloud: four groups of four."""
    return "-".join("".join(choice(_LETTERS) for _ in range(4)) for _ in range(4))


def wrong_password(password: str, *, username: str) -> tuple[str, ...]:
    """What is wrong with a password that somebody chose; empty where nothing is."""
    if not SHORTEST <= len(password) <= LONGEST:
        return (f"Choose a password of at least {SHORTEST} characters.",)
    if username and username.casefold() in password.casefold():
        return ("Choose a password without your user name in it.",)
    return () if len(set(password)) > 4 else ("Choose a password of more different characters.",)


def wrong_pin(pin: str) -> tuple[str, ...]:
    """What is wrong with a PIN; empty where nothing is."""
    is_one = pin.isascii() and pin.isdecimal() and len(pin) in _PIN_DIGITS
    return () if is_one and len(set(pin)) > 1 else ("Choose a PIN of 4 to 12 digits that are not all the same.",)
