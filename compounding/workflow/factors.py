"""The second factor: codes of an authenticator (TOTP, RFC 6238), each taken once, and ten recovery codes, each used once."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import choice
from uuid import UUID

import pyotp
from sqlalchemy import select

from compounding.db.sign_in import FactorRow, RecoveryRow, end_factors, end_sessions, factor_of
from compounding.domain.errors import Invalid
from compounding.domain.sign_in import CODE_STEPS, RECOVERY_CODES, code_step
from compounding.workflow.act import Act, Look

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32: five bits each
_GROUPS, _GROUP = 4, 4  # 80 bits


@dataclass(frozen=True, slots=True)
class Draft:
    """A factor that nobody has yet: the secret for those who type it, and the address that an authenticator reads from a picture."""

    secret: str
    address: str


def draft(username: str, issuer: str, secret: str = "") -> Draft:
    """A new factor for a person, or one that was offered before with its `secret`."""
    chosen = secret or pyotp.random_base32()
    return Draft(chosen, pyotp.TOTP(chosen).provisioning_uri(name=username, issuer_name=issuer))


def set_up(act: Act, secret: str, code: str, *, session_id: UUID) -> tuple[str, ...]:
    """Give the person who acts this factor in the place of any other; the recovery codes, which are told this once. Their other sessions end.

    Raises `Invalid` for a code that the authenticator does not show at this moment.
    """
    step = _step(act, secret, code)
    if step is None:
        message = "This is not the code that the authenticator shows now. Enter the present one; check the clock of the phone."
        raise Invalid("code", message, fields={"code": (message,)})
    end_factors(act.session, act.actor.id, at=act.at)
    end_sessions(act.session, act.actor.id, "factor", at=act.at, but=session_id)
    row = FactorRow(person_id=act.actor.id, secret=secret, made_at=act.at, last_step=step)
    act.session.add(row)
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    act.session.add_all(RecoveryRow(factor_id=row.id, code_sha256=_digest(code)) for code in codes)
    return codes


def has_factor(look: Look, person_id: UUID) -> bool:
    """Whether a code is asked of a person."""
    return factor_of(look.session, person_id) is not None


def codes_left(look: Look, person_id: UUID) -> int:
    """How many recovery codes a person has not used yet."""
    row = factor_of(look.session, person_id)
    return len(look.session.scalars(select(RecoveryRow.id).where(RecoveryRow.factor_id == row.id, RecoveryRow.used_at.is_(None))).all()) if row else 0


def use(act: Act, person_id: UUID, code: str) -> bool:
    """Whether `code` is the authenticator's at this moment and was not taken before, or a recovery code that was not used; it is used up by asking."""
    row = factor_of(act.session, person_id)
    if row is None:
        return False
    act.session.refresh(row, with_for_update=True)
    step = _step(act, row.secret, code)
    if step is not None and step > row.last_step:
        row.last_step = step
        return True
    wanted = select(RecoveryRow).where(RecoveryRow.factor_id == row.id, RecoveryRow.code_sha256 == _digest(_typed(code)), RecoveryRow.used_at.is_(None))
    recovery = act.session.scalar(wanted)
    if recovery is None:
        return False
    recovery.used_at = act.at
    return True


def _step(look: Look, secret: str, code: str) -> int | None:
    """The time step of which this is the code, near the present one."""
    typed, now = code.replace(" ", ""), code_step(look.at)
    if not (typed.isascii() and typed.isdecimal()):
        return None
    totp = pyotp.TOTP(secret)
    near = range(now - CODE_STEPS, now + CODE_STEPS + 1)
    found = [step for step in near if pyotp.utils.strings_equal(totp.generate_otp(step), typed)]
    return max(found, default=None)


def _recovery_code() -> str:
    return "-".join("".join(choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _typed(code: str) -> str:
    """A recovery code as it was given out, whatever blanks, dashes and small letters it was typed with."""
    letters = "".join(letter for letter in code.upper() if letter in _LETTERS)
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
