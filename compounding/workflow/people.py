"""People: who may sign in, who signs, who joins the staff.

Passwords and PINs are kept as Argon2id hashes. An unknown user name costs as much time as a wrong password, so that nobody learns who works here.
"""

from dataclasses import dataclass
from functools import cache
from secrets import token_urlsafe
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from compounding.db.people import PersonRow
from compounding.domain.errors import Invalid
from compounding.domain.people import BENCH, Actor, Role
from compounding.workflow.act import Act, Look

_LONGEST_SECRET = 200  # characters; more is no password and only costs time
_SHORTEST_PASSWORD = 10
_PIN_DIGITS = range(4, 13)
_STAFF = BENCH | {Role.ADMINISTRATOR}
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff as read for this request: the actor and the user name. Secrets do not belong here."""

    actor: Actor
    username: str


def sign_in(look: Look, username: str, password: str) -> Staff | None:
    """The active person with this user name and password, or None after the same work."""
    row = look.session.scalar(select(PersonRow).where(PersonRow.username == username.strip().casefold(), PersonRow.active))
    right = _matches(row.password_hash if row else _nobodys_hash(), password)
    return _staff(row) if row and right else None


def staff(look: Look, person_id: UUID) -> Staff | None:
    """The active person with this id and the present role, or None."""
    row = look.session.get(PersonRow, person_id)
    return _staff(row) if row and row.active else None


def check_signature(look: Look, person_id: UUID, secret: str, *, allow_pin: bool) -> bool:
    """Whether `secret` is the active person's password or, where `allow_pin`, the PIN."""
    row = look.session.get(PersonRow, person_id)
    if not row or not row.active:
        return False
    by_pin = allow_pin and _matches(row.pin_hash, secret)
    return by_pin or _matches(row.password_hash, secret)


def add_person(act: Act, *, username: str, name: str, initials: str, role: Role, licence: str, password: str, pin: str) -> UUID:
    """A new member of staff; the id. Raises `Invalid` with the fields that cannot be taken; a user name that is taken is a conflict of the database."""
    wrong = {
        "username": () if username.strip() else ("Enter a user name.",),
        "role": () if role in _STAFF else ("Choose a role of the pharmacy's staff.",),
        "password": () if _SHORTEST_PASSWORD <= len(password) <= _LONGEST_SECRET else (f"Choose a password of at least {_SHORTEST_PASSWORD} characters.",),
        "pin": () if pin.isascii() and pin.isdecimal() and len(pin) in _PIN_DIGITS else ("Choose a PIN of 4 to 12 digits.",),
    }
    if fields := {field: messages for field, messages in wrong.items() if messages}:
        raise Invalid("person", "This person cannot be added as entered. Correct what is named.", fields=fields)
    row = PersonRow(
        username=username.strip().casefold(),
        name=name,
        initials=initials,
        role=role,
        licence=licence,
        password_hash=_hasher.hash(password),
        pin_hash=_hasher.hash(pin),
        active=True,
        created_at=act.at,
    )
    act.session.add(row)
    return row.id


def _staff(row: PersonRow) -> Staff:
    return Staff(Actor(row.id, row.name, row.initials, Role(row.role)), row.username)


def _matches(kept: str, secret: str) -> bool:
    try:
        return _hasher.verify(kept, secret[:_LONGEST_SECRET])
    except VerifyMismatchError:
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(token_urlsafe())
