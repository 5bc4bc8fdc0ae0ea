"""Who is signed in at this browser, and the guard before every page.

The cookie holds the number of a session, of which the server keeps the hash and which it can end; role and name are read again on every request.
A session ends 15 minutes after its last use (written once a minute), 12 hours after its beginning, at sign-out, and when password, role or second
factor change or the account is disabled. What was being typed when it ended is carried over the sign-in, in the page itself, and sent again by the
person's own click.
"""

import json
from contextlib import suppress
from uuid import UUID

from flask import Blueprint, Flask, current_app, flash, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Response as FlaskResponse
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from compounding.domain.authority import ActName, Door, LookName, require
from compounding.domain.errors import Invalid
from compounding.domain.sign_in import IDLE
from compounding.web.access import ROUTES
from compounding.web.knocking import DOOR, cookie_name, keep_browser, knock, prove, too_early
from compounding.web.page import actor, errors_of, pharmacy, render, reshow
from compounding.workflow import factors, sessions, tries
from compounding.workflow.act import Act, Busy
from compounding.workflow.people import Staff
from compounding.workflow.sessions import Session
from compounding.workflow.tries import Knock

blueprint = Blueprint("session", __name__)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LEAVING = frozenset({"session.sign_out", "account.password", "account.renew"})  # open to whoever must first change the password
_SETTING_UP = _LEAVING | {"account.factor", "account.set_up"}  # open to whoever must first set up a second factor
_ELSEWHERE = "This form comes from elsewhere, and nothing was done. Open the page here, and send it from there."
_NAMELESS = (
    "This form came without the name of the house whose page sent it (Origin), and nothing was done. Every present browser sends it: "
    "open the page here and send it again; if that does not help, switch off what takes it away (an add-on of the browser, or a proxy)."
)
_STALE = "This form was opened before the last sign-in at this browser, and nothing was done. Go back, open the page anew, and send it again."
_LONG = "This page was open for long. Enter the password again; nothing else is lost."
_SECRET = frozenset({"account"})  # what is typed there is secret, and is carried in no page
_csrf = CSRFProtect()


class Cookies(SecureCookieSessionInterface):
    """The cookie of the session goes with pages alone: caches may keep a file of the house, and the API is opened by no cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: FlaskResponse) -> None:
        """Send it anew with a page, so that it stays young while somebody works."""
        if request.endpoint is None or (request.endpoint in ROUTES and request.endpoint != "house.asset"):
            super().save_session(app, session, response)


class SignedIn(UserMixin):
    """The member of staff at this browser, as Flask-Login wants to hold it."""

    def __init__(self, secret: str, staff: Session) -> None:
        self._secret = secret
        self.staff = staff

    def get_id(self) -> str:
        """The number of the session."""
        return self._secret


def guard(app: Flask) -> None:
    """Let nobody past who is not signed in, and no form in that this program did not give out; the API has guards of its own."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked in `_check`, which leaves the API to its tokens
    app.config["WTF_CSRF_SSL_STRICT"] = False  # it asks for a Referer, which people switch off; `_own_form` asks for the Origin
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session, so that a form left open is not lost
    app.config["PERMANENT_SESSION_LIFETIME"] = IDLE  # sent anew with every answer: a cookie that was copied is stale by then, whatever its session does
    app.config["SESSION_COOKIE_NAME"] = cookie_name("session", demonstration=app.config["DEMONSTRATION"])
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_SECURE"] = not app.config["DEMONSTRATION"]
    app.session_interface = Cookies()
    _csrf.init_app(app)
    manager = LoginManager(app)
    manager.user_loader(_person)
    app.before_request(_check)


def _person(secret: str) -> SignedIn | None:
    found = pharmacy().look(LookName.PEOPLE, DOOR, lambda look: sessions.find(look, secret))
    return SignedIn(secret, found) if found else None


def _check() -> Response | tuple[str, int] | None:
    needed = ROUTES.get(request.endpoint or "")
    if needed is None:  # nothing, or an address of another door
        return None
    if needed is Door.OPEN:
        return _own_form()
    if current_user.is_authenticated:
        return _own_form() or _let_in()
    if request.method == "POST" and _is_ours(request.headers.get("Origin", "")):
        return render("sign_in.html", next=request.full_path.rstrip("?"), kept=_typed()), 401
    return redirect(url_for("session.form", next=request.full_path.rstrip("?") if request.method == "GET" else None))


def _own_form() -> tuple[str, int] | None:
    """Refuse a form that does not come from a page of this house; one of ours whose token has run out is shown again, for the person's own click.

    Every browser names the page's house with each POST (Fetch standard, "append a request Origin header"), and with our `Referrer-Policy`, which is
    `same-origin`, it names ours in full and never `null`: so what names none comes from no page of ours, and neither Referer nor Sec-Fetch-Site is asked.
    """
    if request.method in _SAFE:
        return None
    origin = request.headers.get("Origin", "")
    if not _is_ours(origin):
        raise BadRequest(_ELSEWHERE if origin and origin != "null" else _NAMELESS)
    try:
        _csrf.protect()
    except CSRFError:
        return _stale()
    return None


def _stale() -> tuple[str, int]:
    """A form of ours that was opened before the last sign-in at this browser, or left open for long: once more, with what was typed but for secrets."""
    if ROUTES[request.endpoint or ""] is Door.OPEN:
        kept = {name: request.form.get(name, "") for name in ("next", "kept")}
        return render("sign_in.html", values=request.form, errors={"password": (_LONG,)}, **kept), 400
    if request.files or not request.form or request.blueprint in _SECRET:
        raise BadRequest(_STALE)
    return render("resume.html", next=request.full_path.rstrip("?"), fields=json.loads(_typed()), stale=True), 400


def _is_ours(origin: str) -> bool:
    """Whether a browser that says this in `Origin` shows a page of ours: by the name that it asked for, or by our public one, which a proxy may stand for."""
    return origin in {request.host_url.rstrip("/"), current_app.config["PUBLIC_URL"]}


def _let_in() -> Response | None:
    """Turn away whose role may not, and lead on whoever has something to do first."""
    staff, needed = current_user.staff, ROUTES[request.endpoint or ""]
    if staff.use_is_old:
        _note_use(staff.id)
    if staff.must_renew and request.endpoint not in _LEAVING:
        return redirect(url_for("account.password"))
    if current_app.config["SECOND_FACTOR"] and not staff.has_factor and request.endpoint not in _SETTING_UP:
        return redirect(url_for("account.factor"))
    if not isinstance(needed, Door):
        require(staff.actor, needed)
    return None


def _note_use(session_id: UUID) -> None:
    """Keep that the session is used; where the records are busy, the next request does it."""
    with suppress(Busy):
        pharmacy().perform(ActName.SESSION_USE, DOOR, lambda act: sessions.note_use(act, session_id))


def _typed() -> str:
    """The fields of the form that met the end of a session, without secrets, as JSON."""
    aside = ("csrf_token", "password")
    pairs = [pair for pair in request.form.items(multi=True) if pair[0] not in aside and not pair[0].endswith(".secret")]
    return "" if request.blueprint in _SECRET else json.dumps(pairs)


@blueprint.get("/sign-in")
def form() -> str:
    """The form to sign in."""
    return render("sign_in.html", next=request.args.get("next", ""))


@blueprint.post("/sign-in")
def sign_in() -> Response | str | tuple[str, int]:
    """The first half: user name and password. Whoever has a second factor is asked for its code, the others are in."""
    aside = {"next": request.form.get("next", ""), "kept": request.form.get("kept", "")}
    try:
        found = prove(request.form.get("username", ""), request.form.get("password", ""))
    except Invalid as error:
        return too_early(render("sign_in.html", values=request.form, errors=errors_of(error), **aside), error)
    if not found:
        message = "User name and password do not go together. Enter both again."
        return reshow("sign_in.html", Invalid("sign-in", message, fields={"username": (message,)}), **aside)
    if pharmacy().look(LookName.PEOPLE, DOOR, lambda look: factors.has_factor(look, found.actor.id)):
        return _halfway(found, aside)
    return enter(found, knock(found.username))


def _halfway(found: Staff, aside: dict[str, str]) -> str:
    """The page that asks for the code; who has come this far stands in the signed cookie, for five minutes."""
    at = pharmacy().look(LookName.PEOPLE, DOOR, lambda look: look.at)
    _leave()
    session["half"] = {"person": str(found.actor.id), "at": at.isoformat(), "mark": found.password_mark}
    return render("sign_in_code.html", **aside)


def enter(found: Staff, who: Knock) -> Response | str:
    """Begin a session with a new number and a new cookie, and go on where the last one ended."""

    def begin(act: Act) -> tuple[str, str]:
        tries.forgive(act, who)
        return sessions.begin(act, found.actor.id), sessions.know_browser(act, found.actor.id, who.browser)

    secret, browser = pharmacy().perform(ActName.SESSION_BEGIN, DOOR, begin)
    following, kept = request.form.get("next", ""), request.form.get("kept", "")
    _leave()
    session.permanent = True
    login_user(_person(secret))
    page = render("resume.html", next=own_page(following), fields=_pairs(kept)) if kept else redirect(own_page(following))
    return page if browser == who.browser else keep_browser(current_app.make_response(page), browser)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session, here and on the server."""
    _leave()
    flash("You are signed out.")
    return redirect(url_for("session.form"))


def _leave() -> None:
    """End whatever session there is at this browser, on the server too, and forget its cookie."""
    if current_user.is_authenticated:
        key = current_user.staff.id
        pharmacy().perform(ActName.SESSION_END, actor(), lambda act: sessions.end(act, key))
        logout_user()
    session.clear()


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
