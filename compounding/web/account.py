"""One's own account: the password and PIN, and the second factor with its recovery codes."""

import segno
from flask import Blueprint, flash, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid
from compounding.web.knocking import count, knock, refuse_early
from compounding.web.page import actor, pharmacy, profile, render, reshow
from compounding.web.signing import sign
from compounding.web.trying import Answer, Errors, attempt
from compounding.workflow import factors, sessions, staffing

blueprint = Blueprint("account", __name__, url_prefix="/account")

_QUIET = 4  # modules of white around a QR code (ISO/IEC 18004)
_DRAFT = "draft"  # in the cookie: the secret of a factor that is being set up, which the page shows as well


@blueprint.get("")
def page() -> str:
    """Who is signed in, at which browsers, and what protects the account."""
    key = current_user.staff.id
    left, own = pharmacy().look(LookName.PEOPLE, actor(), lambda look: (factors.codes_left(look, look.actor.id), sessions.own(look, key)))
    return render("account.html", left=left, sessions=own, zone=pharmacy().zone)


@blueprint.post("")
def end_others() -> Response:
    """End the own sessions at all other browsers."""
    key = current_user.staff.id
    pharmacy().perform(ActName.SESSION_END, actor(), lambda act: sessions.end_others(act, key))
    flash("You are signed in at this browser alone.")
    return redirect(url_for("account.page"), code=303)


@blueprint.get("/password")
def password() -> str:
    """The form for a new password."""
    return _password({})


@blueprint.post("/password")
def renew() -> Answer:
    """Change the own password, and the PIN where one is given."""
    return attempt(_renewed, _password)


@blueprint.get("/factor")
def factor() -> str:
    """A second factor to set up: its picture for the authenticator, and the form for its first code."""
    return render("account_factor.html", **_drawn())


@blueprint.post("/factor")
def set_up() -> str | tuple[str, int]:
    """Take the factor whose code is right; its recovery codes are shown this once."""
    key, secret, code = current_user.staff.id, session.get(_DRAFT, ""), request.form.get("code", "")
    try:
        if _asks_signature():
            sign()
        codes = pharmacy().perform(ActName.FACTOR_SET_UP, actor(), lambda act: factors.set_up(act, secret, code, session_id=key))
    except Invalid as error:
        return reshow("account_factor.html", error, **_drawn())
    session.pop(_DRAFT, None)
    return render("account_codes.html", codes=codes)


def _renewed() -> str:
    key, typed = current_user.staff.id, {name: request.form.get(name, "") for name in ("old", "new", "again", "pin")}
    who = knock(current_user.staff.username)
    refuse_early(who, "old")
    try:
        pharmacy().perform(ActName.PERSON_RENEW, actor(), lambda act: staffing.renew(act, session_id=key, **typed))
    except Invalid as error:
        if "old" in error.fields:
            count(who)
        raise
    flash("Your password is changed. Wherever else you were signed in, you are not any more.")
    return "/account"


def _password(errors: Errors) -> str:
    return render("account_password.html", values=request.form, errors=errors)


def _drawn() -> dict[str, object]:
    """A factor that is offered until it is taken, with its picture: a drawing without script or style, which the policy of the pages lets through."""
    made = factors.draft(current_user.staff.username, profile().name, session.get(_DRAFT, ""))
    session[_DRAFT] = made.secret
    modules = segno.make(made.address, error="m", micro=False).matrix
    drawn = "".join(f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark)
    return {"draft": made, "drawn": drawn, "size": len(modules) + 2 * _QUIET, "signs": _asks_signature()}


def _asks_signature() -> bool:
    """Whether it must be proved anew who is at the browser: a page that was left open gives nobody a factor of their own."""
    return current_user.staff.has_factor or not current_user.staff.is_fresh
