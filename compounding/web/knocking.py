"""Who knocks at the door: a password is tried only when the wait is over, and each wrong one is counted."""

from datetime import timedelta

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid
from compounding.domain.people import system_actor
from compounding.web.page import pharmacy
from compounding.workflow import people, tries
from compounding.workflow.people import Staff
from compounding.workflow.tries import Knock

DOOR = system_actor("sign-in")
_BROWSER = "browser"  # the cookie by which a browser is known at which somebody has signed in before
_BROWSER_AGE = 400 * 86_400  # seconds; longer is cut by browsers (RFC 6265bis)


def knock(username: str) -> Knock:
    """This request, as it is counted."""
    return Knock(username[:200], request.remote_addr or "", request.cookies.get(_browser(), "")[:200])


def prove(username: str, password: str, field: str = "username") -> Staff | None:
    """The person of this user name and password, or None; raises `Invalid` for `field` while nothing is tried."""
    who = knock(username)
    refuse_early(who, field)
    found = pharmacy().look(LookName.PEOPLE, DOOR, lambda look: people.sign_in(look, username, password))
    if found is None:
        count(who)
    return found


def refuse_early(who: Knock, field: str) -> None:
    """Raise `Invalid` with the seconds that are left until this knock is heard."""
    left = pharmacy().look(LookName.PEOPLE, DOOR, lambda look: tries.wait(look, who))
    if left > timedelta():
        seconds = -(-left // timedelta(seconds=1))
        message = f"There were too many wrong tries. Wait {seconds} seconds, and try again; nothing is locked."
        raise Invalid("too-early", message, fields={field: (message,)}, seconds=str(seconds))


def count(who: Knock) -> None:
    """Count a wrong try."""
    pharmacy().perform(ActName.SESSION_REFUSE, DOOR, lambda act: tries.refuse(act, who))


def forgive(who: Knock) -> None:
    """Forget the wrong tries of somebody who was right in the end."""
    pharmacy().perform(ActName.SESSION_FORGIVE, DOOR, lambda act: tries.forgive(act, who))


def keep_browser(response: AnyResponse, secret: str) -> AnyResponse:
    """Let the browser keep by what it is known; no script reads it, and no other house gets it."""
    secure = not current_app.config["DEMONSTRATION"]
    response.set_cookie(_browser(), secret, max_age=_BROWSER_AGE, httponly=True, secure=secure, samesite="Strict")
    return response


def cookie_name(name: str, *, demonstration: bool) -> str:
    """What a cookie is called: where there is TLS so that browsers take it from this very host alone, and by TLS (RFC 6265bis, 4.1.3.2)."""
    return name if demonstration else f"__Host-{name}"


def _browser() -> str:
    return cookie_name(_BROWSER, demonstration=current_app.config["DEMONSTRATION"])


def too_early(page: str, error: Invalid) -> Response:
    """The page again, with the moment from which on it is heard."""
    return Response(page, 429, {"Retry-After": error.facts.get("seconds", "1")}, mimetype="text/html")
