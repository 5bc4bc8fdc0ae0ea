"""Who is signed in at this browser, the guard before every page, and signatures.

The session is a signed cookie that names the person and nothing else; name and role are read again on every request.
It ends after 15 minutes without one, at sign-out, and when the person may no longer sign.
"""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from compounding.domain.authority import LookName
from compounding.domain.errors import Invalid
from compounding.domain.people import Actor, system_actor
from compounding.web.page import actor, pharmacy, render, reshow
from compounding.workflow import people
from compounding.workflow.people import Staff

blueprint = Blueprint("session", __name__)

_IDLE = timedelta(minutes=15)
_OPEN = frozenset({"session.form", "session.sign_in", "house.asset"})
_OTHER_DOORS = ("/api/", "/health")
_SIGNED = "signed"  # in the session: whether this person has signed with the password since signing in
_DOOR = system_actor("sign-in")
_csrf = CSRFProtect()


class SignedIn(UserMixin):  # type: ignore[misc]  # published without types
    """The member of staff at this browser, as Flask-Login wants to hold it."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff

    def get_id(self) -> str:
        """The person's id, as text."""
        return str(self.staff.actor.id)


def guard(app: Flask) -> None:
    """Let nobody past who is not signed in, and no form in that this program did not give out; the API has guards of its own."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked in `_check`, which leaves the API to its tokens
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session, so that a form left open for an hour is not lost
    app.config["PERMANENT_SESSION_LIFETIME"] = _IDLE
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_SECURE"] = not app.config.get("DEMONSTRATION", False)
    _csrf.init_app(app)
    manager = LoginManager(app)
    manager.session_protection = "strong"
    manager.user_loader(_person)
    app.before_request(_check)
    app.jinja_env.globals["signed_before"] = signed_before


def _person(identity: str) -> SignedIn | None:
    found = pharmacy().look(LookName.PEOPLE, _DOOR, lambda look: people.staff(look, UUID(identity)))
    return SignedIn(found) if found else None


def _check() -> Response | None:
    if request.path.startswith(_OTHER_DOORS) or request.endpoint is None:
        return None
    if not current_user.is_authenticated and request.endpoint not in _OPEN:
        return redirect(url_for("session.form", next=request.full_path.rstrip("?") if request.method == "GET" else None))
    _csrf.protect()
    return None


@blueprint.get("/sign-in")
def form() -> str:
    """The form to sign in."""
    return render("sign_in.html", next=request.args.get("next", ""))


@blueprint.post("/sign-in")
def sign_in() -> Response | tuple[str, int]:
    """Begin a session, under a new cookie."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    found = pharmacy().look(LookName.PEOPLE, _DOOR, lambda look: people.sign_in(look, username, password))
    if not found:
        message = "User name and password do not go together. Enter both again."
        return reshow("sign_in.html", Invalid("sign-in", message, fields={"username": (message,)}), next=request.form.get("next", ""))
    session.clear()
    session.permanent = True
    login_user(SignedIn(found))
    return redirect(_own_page(request.form.get("next", "")))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("session.form"))


def _own_page(address: str) -> str:
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


def signed_before() -> bool:
    """Whether the person at this browser has signed with the password since signing in, so that a PIN is enough."""
    return bool(session.get(_SIGNED))


def sign() -> Actor:
    """The person at this browser, who has just proved it with `signature.secret`; raises `Invalid` for that field."""
    _prove(actor().id, request.form.get("signature.secret", ""), "signature.secret", allow_pin=signed_before())
    session[_SIGNED] = True
    return actor()


def witness() -> Actor:
    """The second person, who has just proved it with `witness.username` and `witness.secret`; raises `Invalid` for either field."""
    username, secret = request.form.get("witness.username", ""), request.form.get("witness.secret", "")
    found = pharmacy().look(LookName.PEOPLE, _DOOR, lambda look: people.sign_in(look, username, secret))
    if not found:
        message = "The witness's user name and password do not go together. The witness enters both again."
        raise Invalid("witness", message, fields={"witness.username": (message,)})
    if found.actor.id == actor().id:
        message = "The witness must be somebody else. Ask a second person."
        raise Invalid("witness", message, fields={"witness.username": (message,)})
    return found.actor


def _prove(person: UUID, secret: str, field: str, *, allow_pin: bool) -> None:
    right = pharmacy().look(LookName.PEOPLE, _DOOR, lambda look: people.check_signature(look, person, secret, allow_pin=allow_pin))
    if not right:
        message = "This PIN or password is not yours. Enter it again; nothing was signed." if allow_pin else (
            "This is not your password. Enter it again; nothing was signed. A PIN is enough from the second signature on."
        )
        raise Invalid("signature", message, fields={field: (message,)})
