"""Who is signed in at this browser, and the guard before every page.

The session is a signed cookie that names the person and nothing else; name and role are read again on every request.
It ends 15 minutes after the last request, at sign-out, and when the person no longer works here. What was being typed
when it ended is carried over the sign-in, in the page itself, and sent again by the person's own click.
"""

import json
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from compounding.domain.authority import Door, LookName, require
from compounding.domain.errors import Invalid
from compounding.domain.people import system_actor
from compounding.web.access import ROUTES
from compounding.web.page import pharmacy, render, reshow
from compounding.workflow import people
from compounding.workflow.people import Staff

blueprint = Blueprint("session", __name__)

DOOR = system_actor("sign-in")
_IDLE = timedelta(minutes=15)
_csrf = CSRFProtect()


class SignedIn(UserMixin):
    """The member of staff at this browser, as Flask-Login wants to hold it."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff

    def get_id(self) -> str:
        """The person's id, as text."""
        return str(self.staff.actor.id)


def guard(app: Flask) -> None:
    """Let nobody past who is not signed in, and no form in that this program did not give out; the API has guards of its own."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked in `_check`, which leaves the API to its tokens
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session, so that a form left open is not lost
    app.config["PERMANENT_SESSION_LIFETIME"] = _IDLE  # sent anew with every answer, so it counts from the last request
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_SECURE"] = not app.config.get("DEMONSTRATION", False)
    _csrf.init_app(app)
    manager = LoginManager(app)
    manager.user_loader(_person)
    app.before_request(_check)


def _person(identity: str) -> SignedIn | None:
    found = pharmacy().look(LookName.PEOPLE, DOOR, lambda look: people.staff(look, UUID(identity)))
    return SignedIn(found) if found else None


def _check() -> Response | tuple[str, int] | None:
    needed = ROUTES.get(request.endpoint or "")
    if needed is None:  # nothing, or an address of another door
        return None
    if current_user.is_authenticated or needed is Door.OPEN:
        _csrf.protect()
        if not isinstance(needed, Door):
            require(current_user.staff.actor, needed)
        return None
    if request.method == "POST" and request.headers.get("Origin") == request.host_url.rstrip("/"):
        return render("sign_in.html", next=request.full_path.rstrip("?"), kept=_typed()), 401
    return redirect(url_for("session.form", next=request.full_path.rstrip("?") if request.method == "GET" else None))


def _typed() -> str:
    """The fields of the form that met the end of a session, without secrets, as JSON."""
    aside = ("csrf_token", "password")
    pairs = [pair for pair in request.form.items(multi=True) if pair[0] not in aside and not pair[0].endswith(".secret")]
    return json.dumps(pairs)


@blueprint.get("/sign-in")
def form() -> str:
    """The form to sign in."""
    return render("sign_in.html", next=request.args.get("next", ""))


@blueprint.post("/sign-in")
def sign_in() -> Response | str | tuple[str, int]:
    """Begin a session with a new cookie, and go on where the last one ended."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    following, kept = request.form.get("next", ""), request.form.get("kept", "")
    found = pharmacy().look(LookName.PEOPLE, DOOR, lambda look: people.sign_in(look, username, password))
    if not found:
        message = "User name and password do not go together. Enter both again."
        return reshow("sign_in.html", Invalid("sign-in", message, fields={"username": (message,)}), next=following, kept=kept)
    session.clear()
    session.permanent = True
    login_user(SignedIn(found))
    if kept:
        return render("resume.html", next=own_page(following), fields=_pairs(kept))
    return redirect(own_page(following))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("session.form"))


def own_page(address: str) -> str:
    """`address` if it is a page of this program, else the first page: a link to the sign-in never leads out of the house."""
    is_own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_own else "/"


def _pairs(kept: str) -> list[tuple[str, str]]:
    try:
        pairs = json.loads(kept)
        return [(str(name), str(text)) for name, text in pairs]
    except (ValueError, TypeError):
        return []
