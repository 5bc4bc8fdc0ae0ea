"""The administrator's work with people: who joins, in which role, who stops, and how somebody who lost a password or a phone gets in again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import select

from compounding.db.people import PersonRow
from compounding.db.sign_in import FactorRow, SessionRow, end_factors, end_sessions
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.people import STAFF, Joining, Role
from compounding.domain.sign_in import ONE_TIME, is_open
from compounding.workflow.act import Act, Look
from compounding.workflow.passwords import for_once, kept, matches, wrong_password, wrong_pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of staff as the administrator sees one; nothing secret, and nothing of what the person did with patients."""

    id: UUID
    username: str
    name: str
    initials: str
    role: Role
    licence: str
    active: bool
    joined_at: datetime
    one_time_until: datetime | None
    has_factor: bool
    sessions: int
    last_signed_in: datetime | None


def members(look: Look) -> tuple[Member, ...]:
    """Everybody who works here or did, those who do first, by name."""
    rows = look.session.scalars(select(PersonRow)).all()
    factors = set(look.session.scalars(select(FactorRow.person_id).where(FactorRow.ended_at.is_(None))))
    begun: dict[UUID, list[SessionRow]] = {}
    for session in look.session.scalars(select(SessionRow).order_by(SessionRow.begun_at)):
        begun.setdefault(session.person_id, []).append(session)
    found = (_member(row, begun.get(row.id, []), has_factor=row.id in factors, at=look.at) for row in rows)
    return tuple(sorted(found, key=lambda member: (not member.active, member.name.casefold())))


def member(look: Look, person_id: UUID) -> Member:
    """One of them; raises `Unknown`."""
    found = next((one for one in members(look) if one.id == person_id), None)
    if found is None:
        raise _nobody()
    return found


def join(act: Act, joining: Joining) -> tuple[UUID, str]:
    """A new member of staff: the id, and the password for once, which is told this once. The person chooses password and PIN at the first sign-in.

    A user name that is taken is a conflict of the database.
    """
    _require_staff(joining.role)
    password = for_once()
    row = PersonRow(
        username=joining.username.casefold(),
        name=joining.name,
        initials=joining.initials,
        role=joining.role,
        licence=joining.licence,
        password_hash=kept(password),
        pin_hash=kept(token_urlsafe()),
        active=True,
        created_at=act.at,
        one_time_until=act.at + ONE_TIME,
    )
    if act.session.scalar(select(PersonRow.id).where(PersonRow.username == row.username)):
        message = "This user name is taken. Choose another."
        raise Invalid("person", message, fields={"username": (message,)})
    act.session.add(row)
    return row.id, password


def change_role(act: Act, person_id: UUID, role: Role) -> None:
    """Another role, from now on; the person signs in anew. Raises `Conflict` for one's own, or for the last administrator's."""
    _require_staff(role)
    row = _other(act, person_id)
    if row.role != role:
        _keep_an_administrator(act, row)
        row.role = role
        end_sessions(act.session, person_id, "role", at=act.at)


def disable(act: Act, person_id: UUID) -> None:
    """Nobody signs in by this account any more, and its sessions end at once; what the person signed stays theirs."""
    row = _other(act, person_id)
    if row.active:
        _keep_an_administrator(act, row)
        row.active = False
        end_sessions(act.session, person_id, "disabled", at=act.at)


def enable(act: Act, person_id: UUID) -> str:
    """The account is used again, by a new password for once, which is told this once."""
    row = _other(act, person_id)
    row.active = True
    return _for_once(act, row)


def readmit(act: Act, person_id: UUID) -> str:
    """A new password for once, in the place of one that was forgotten; sessions end. It is told this once."""
    row = _row(act, person_id)
    if not row.active:
        raise Conflict("disabled", "This account is disabled. Enable it; that gives a new password.")
    return _for_once(act, row)


def reset_factor(act: Act, person_id: UUID) -> None:
    """Forget the second factor of somebody who lost the phone; sessions end, and a new one is set up at the next sign-in."""
    _row(act, person_id)
    end_factors(act.session, person_id, at=act.at)
    end_sessions(act.session, person_id, "factor", at=act.at)


def renew(act: Act, *, session_id: UUID, old: str, new: str, again: str, pin: str) -> None:
    """The person who acts chooses a new password, and a PIN where one is given; every other session ends.

    After a password for once the PIN is chosen too. Raises `Invalid` by field.
    """
    row = _row(act, act.actor.id)
    wrong = {
        "old": () if matches(row.password_hash, old) else ("This is not your present password.",),
        "new": wrong_password(new, username=row.username) or (("Choose another password than the present one.",) if new == old else ()),
        "again": () if again == new else ("This is not the same as above. Enter the new password twice.",),
        "pin": wrong_pin(pin) if pin or row.one_time_until is not None else (),
    }
    if fields := {field: messages for field, messages in wrong.items() if messages}:
        raise Invalid("password", "The password was not changed. Correct what is named.", fields=fields)
    row.password_hash = kept(new)
    if pin:
        row.pin_hash = kept(pin)
    if row.one_time_until is not None:
        row.one_time_until = None
    end_sessions(act.session, row.id, "password", at=act.at, but=session_id)


def _for_once(act: Act, row: PersonRow) -> str:
    password = for_once()
    row.password_hash, row.one_time_until = kept(password), act.at + ONE_TIME
    end_sessions(act.session, row.id, "password", at=act.at)
    return password


def _member(row: PersonRow, begun: Iterable[SessionRow], *, has_factor: bool, at: datetime) -> Member:
    sessions = list(begun)
    return Member(
        id=row.id, username=row.username, name=row.name, initials=row.initials, role=Role(row.role), licence=row.licence, active=row.active,
        joined_at=row.created_at, one_time_until=row.one_time_until, has_factor=has_factor,
        sessions=sum(session.ended_at is None and is_open(session.used_at, session.ends_at, at=at) for session in sessions),
        last_signed_in=sessions[-1].begun_at if sessions else None,
    )  # fmt: skip


def _keep_an_administrator(act: Act, row: PersonRow) -> None:
    held = select(PersonRow.id).where(PersonRow.role == Role.ADMINISTRATOR, PersonRow.active).order_by(PersonRow.id).with_for_update()
    if row.role == Role.ADMINISTRATOR and set(act.session.scalars(held)) <= {row.id}:  # two who demote each other wait for one another
        raise Conflict("last-administrator", "This is the last administrator. Give that role to somebody else first.")


def _require_staff(role: Role) -> None:
    if role not in STAFF:
        message = "Choose a role of the pharmacy's staff."
        raise Invalid("person", message, fields={"role": (message,)})


def _other(act: Act, person_id: UUID) -> PersonRow:
    if person_id == act.actor.id:
        raise Conflict("oneself", "Nobody changes their own account in this. Ask another administrator.")
    return _row(act, person_id)


def _row(act: Act, person_id: UUID) -> PersonRow:
    row = act.session.get(PersonRow, person_id)
    if row is None:
        raise _nobody()
    return row


def _nobody() -> Unknown:
    return Unknown("unknown-person", "There is no such person. Look at the list of the staff.")
