"""Signatures: the person at this browser proves, for each act that needs it, to be the one who signed in.

The password for the first signature of a session, afterwards the PIN or the password; after three wrong ones the password again, and after five
each costs a growing wait, as at the sign-in.
"""

from flask import request, session
from flask_login import current_user

from compounding.domain.authority import LookName
from compounding.domain.errors import Invalid
from compounding.domain.people import PHARMACISTS, Actor
from compounding.web.knocking import DOOR, count, forgive, knock, prove, refuse_early
from compounding.web.page import actor, pharmacy
from compounding.workflow import people

_SIGNED = "signed"  # in the session: this person has signed with the password since signing in
_WRONG = "wrong"  # in the session: how many signatures in a row were wrong
_MOST_WRONG = 3  # tries of a PIN of four digits


def signed_before() -> bool:
    """Whether the person at this browser has signed with the password since signing in, so that a PIN is enough."""
    return bool(session.get(_SIGNED))


def sign() -> Actor:
    """The person at this browser, who has just proved it with `signature.secret`; raises `Invalid` for that field."""
    person, secret, allow_pin = actor(), request.form.get("signature.secret", ""), signed_before()
    who = knock(current_user.staff.username)
    refuse_early(who, "signature.secret")
    right = pharmacy().look(LookName.PEOPLE, DOOR, lambda look: people.check_signature(look, person.id, secret, allow_pin=allow_pin))
    if not right:
        count(who)
        raise _wrong_signature(allow_pin=allow_pin)
    session[_SIGNED] = True
    if session.pop(_WRONG, 0):
        forgive(who)
    return person


def witness() -> Actor:
    """The second person, who has just proved it with `witness.username` and `witness.secret` (the password); raises `Invalid` for the field."""
    username, secret = request.form.get("witness.username", ""), request.form.get("witness.secret", "")
    found = prove(username, secret, "witness.secret")
    if not found:
        raise _refused("witness.secret", "The witness's user name and password do not go together. The witness enters both again.")
    if found.must_renew:
        raise _refused("witness.secret", "This is a password for once. The witness signs in with it first, and chooses another.")
    if found.actor.id == actor().id:
        raise _refused("witness.username", "The witness must be somebody else. Ask a second person.")
    return found.actor


def pharmacist() -> Actor:
    """The pharmacist who decides: who is signed in, if that is one, or another at the same screen; each proves it. Raises `Invalid` for the field."""
    return sign() if actor().role in PHARMACISTS else witness()


def _wrong_signature(*, allow_pin: bool) -> Invalid:
    session[_WRONG] = session.get(_WRONG, 0) + 1
    if not allow_pin:
        return _refused("signature.secret", "This is not your password. Enter it again; nothing was signed.")
    if session[_WRONG] >= _MOST_WRONG:
        session.pop(_SIGNED)
        return _refused("signature.secret", "This was wrong three times. Enter your password; nothing was signed.")
    return _refused("signature.secret", "This is neither your PIN nor your password. Enter it again; nothing was signed.")


def _refused(field: str, message: str) -> Invalid:
    return Invalid("signature", message, fields={field: (message,)})
