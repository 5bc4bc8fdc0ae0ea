"""The second half of a sign-in: the code of the authenticator, or a recovery code."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, request, session, url_for
from werkzeug.wrappers import Response

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Invalid
from compounding.domain.sign_in import HALFWAY
from compounding.web.knocking import DOOR, count, knock, refuse_early, too_early
from compounding.web.page import errors_of, pharmacy, render, reshow
from compounding.web.session import enter
from compounding.workflow import factors, people
from compounding.workflow.act import Look
from compounding.workflow.people import Staff

blueprint = Blueprint("second_step", __name__)


@blueprint.post("/sign-in/code")
def code() -> Response | str | tuple[str, int]:
    """Let in whoever brings the code within five minutes after the password; a wrong one is counted as a wrong password is."""
    found, typed = _half(), request.form.get("code", "")
    aside = {"next": request.form.get("next", ""), "kept": request.form.get("kept", "")}
    if found is None:
        return redirect(url_for("session.form", next=aside["next"] or None))
    who = knock(found.username)
    try:
        refuse_early(who, "code")
    except Invalid as error:
        return too_early(render("sign_in_code.html", values={}, errors=errors_of(error), **aside), error)
    if pharmacy().perform(ActName.FACTOR_USE, DOOR, lambda act: factors.use(act, found.actor.id, typed)):
        return enter(found, who)
    count(who)
    message = "This is not the present code, or it was used before. Wait for the next one, or enter a recovery code."
    return reshow("sign_in_code.html", Invalid("code", message, fields={"code": (message,)}), **aside)


def _half() -> Staff | None:
    """Who has given the password, as it is now, at this browser a moment ago."""

    def ask(look: Look) -> Staff | None:
        half = session.get("half", {})
        is_fresh = "at" in half and look.at - datetime.fromisoformat(half["at"]) < HALFWAY
        found = people.staff(look, UUID(half["person"])) if is_fresh else None
        return found if found and found.password_mark == half.get("mark") else None  # a password that was changed meanwhile opens nothing

    return pharmacy().look(LookName.PEOPLE, DOOR, ask)
