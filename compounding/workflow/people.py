"""People: who is who by name and password, who signs, who joins the staff.

Passwords and PINs are kept as Argon2id hashes. An unknown user name costs as much time as a wrong password, so that nobody learns who works here.
"""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from compounding.db.people import PersonRow
from compounding.domain.errors import Invalid
from compounding.domain.people import STAFF, Actor, Role
from compounding.workflow.act import Act, Look
from compounding.workflow.passwords import kept, matches, nobodys, wrong_password, wrong_pin


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff as read for this request: the actor, the user name, and what is to be known of the password. Secrets do not belong here."""

    actor: Actor
    username: str
    must_renew: bool = False
    password_mark: str = ""  # another one whenever the password is another


def sign_in(look: Look, username: str, password: str) -> Staff | None:
    """The active person with this user name and password, or None after the same work."""
    row = look.session.scalar(select(PersonRow).where(PersonRow.username == username.strip().casefold(), PersonRow.active))
    right = matches(row.password_hash if row else nobodys(), password)
    in_time = row is not None and (row.one_time_until is None or look.at < row.one_time_until)
    return staff_of(row) if row and right and in_time else None


def staff(look: Look, person_id: UUID) -> Staff | None:
    """The active person with this id and the present role, or None."""
    row = look.session.get(PersonRow, person_id)
    return staff_of(row) if row and row.active else None


def check_signature(look: Look, person_id: UUID, secret: str, *, allow_pin: bool) -> bool:
    """Whether `secret` is the active person's password or, where `allow_pin`, the PIN."""
    row = look.session.get(PersonRow, person_id)
    if not row or not row.active:
        return False
    by_pin = allow_pin and matches(row.pin_hash, secret)
    return by_pin or matches(row.password_hash, secret)


def add_person(act: Act, *, username: str, name: str, initials: str, role: Role, licence: str, password: str, pin: str) -> UUID:
    """A new member of staff; the id. Raises `Invalid` with the fields that cannot be taken; a user name that is taken is a conflict of the database."""
    wrong = {
        "username": () if username.strip() else ("Enter a user name.",),
        "role": () if role in STAFF else ("Choose a role of the pharmacy's staff.",),
        "password": wrong_password(password, username=username.strip()),
        "pin": wrong_pin(pin),
    }
    if fields := {field: messages for field, messages in wrong.items() if messages}:
        raise Invalid("person", "This person cannot be added as entered. Correct what is named.", fields=fields)
    row = PersonRow(
        username=username.strip().casefold(),
        name=name,
        initials=initials,
        role=role,
        licence=licence,
        password_hash=kept(password),
        pin_hash=kept(pin),
        active=True,
        created_at=act.at,
    )
    act.session.add(row)
    return row.id


def staff_of(row: PersonRow) -> Staff:
    """A row as the person that it stands for."""
    mark = sha256(row.password_hash.encode()).hexdigest()
    return Staff(Actor(row.id, row.name, row.initials, Role(row.role)), row.username, must_renew=row.one_time_until is not None, password_mark=mark)
