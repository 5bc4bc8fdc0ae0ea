"""Who asks: a bearer token opens the API, and nothing else does, no cookie either."""

from contextlib import suppress

from flask import Flask, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from compounding.api import rate
from compounding.api.access import ROUTES, SIGNED, Scoped
from compounding.api.addresses import absolute
from compounding.domain.authority import ActName, LookName, require
from compounding.domain.errors import Conflict, Forbidden
from compounding.domain.people import Actor, system_actor
from compounding.domain.scope import require_scope
from compounding.workflow import clients, system_access
from compounding.workflow.act import Busy, Look, Pharmacy

_DOOR = system_actor("token")
_LONGEST = 200  # characters; ours have 43


def pharmacy() -> Pharmacy:
    """The one pharmacy of this application."""
    found: Pharmacy = current_app.extensions["pharmacy"]
    return found


def caller() -> Actor:
    """The prescriber's system whose token this request bears; the guard has let it in."""
    actor: Actor = g.caller
    return actor


def guard(app: Flask) -> None:
    """Ask for a token with the declared scope at every address of the API, before the body is read."""
    app.before_request(_check)


def _check() -> None:
    route = ROUTES.get(request.endpoint or "")
    if isinstance(route, Scoped):
        g.caller = authenticate()
        require(g.caller, route.needed)
        require_scope(g.caller.scopes, route.scope)


def authenticate() -> Actor:
    """Whoever bears a token that is good here, and whose request is counted; 401 for everybody else, 429 for who asks too often."""
    sent = request.authorization
    if sent is None or sent.type != "bearer" or not sent.token:
        raise _unauthorized("Send the header Authorization: Bearer, followed by the token that the pharmacy gave you.")
    token = sent.token
    if request.endpoint in SIGNED and token.count(".") == 2:  # what stands between two points is an assertion, never a token of ours
        return _signed(token)
    found = pharmacy().look(LookName.PEOPLE, _DOOR, lambda look: _bearer(look, token)) if len(token) <= _LONGEST else None
    if found is None:
        raise _unauthorized("This token is not known here, or no longer. Ask the pharmacy for a new one.")
    actor = found if isinstance(found, Actor) else _noted(found[0], is_new_today=found[1])
    rate.take(actor.id, pharmacy().clock())
    return actor


def _noted(bearer: clients.Bearer, *, is_new_today: bool) -> Actor:
    if is_new_today:
        with suppress(Busy):  # the next request of the day keeps it
            pharmacy().perform(ActName.CLIENT_NOTE_USE, _DOOR, lambda act: clients.note_use(act, bearer.token.id))
    return bearer.actor


def _signed(token: str) -> Actor:
    audience = absolute(request.script_root + request.path)
    try:
        system = pharmacy().look(LookName.PEOPLE, _DOOR, lambda look: system_access.prove(look, token, audience=audience, with_subject=False))
        rate.take(system, pharmacy().clock())  # before anything is written for it
        return pharmacy().perform(ActName.CLIENT_SIGN, _DOOR, lambda act: system_access.accept(act, token, audience=audience))
    except (Conflict, Forbidden) as error:
        raise _unauthorized(error.sentence) from error


def _bearer(look: Look, token: str) -> tuple[clients.Bearer, bool] | Actor | None:
    """Whose token it is: one that the pharmacy gave, and whether it is used the first time today, or one of five minutes."""
    found = clients.client_by_token(look, token)
    return (found, found.token.last_used_on != look.today) if found else system_access.bearer(look, token)


def _unauthorized(sentence: str) -> Unauthorized:
    return Unauthorized(sentence, www_authenticate=WWWAuthenticate("bearer", {"realm": "prescriptions"}))
