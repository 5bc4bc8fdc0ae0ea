"""Who asks: a bearer token opens the API, and nothing else does, no cookie either."""

from flask import current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from compounding.domain.authority import LookName
from compounding.domain.people import Actor, system_actor
from compounding.workflow import people
from compounding.workflow.act import Pharmacy

_DOOR = system_actor("token")
_LONGEST = 200  # characters; ours have 43


def pharmacy() -> Pharmacy:
    """The one pharmacy of this application."""
    found: Pharmacy = current_app.extensions["pharmacy"]
    return found


def caller() -> Actor:
    """The prescriber's system whose token this request bears; `authenticate` has let it in."""
    actor: Actor = g.caller
    return actor


def authenticate() -> None:
    """Let in whoever bears a token that is known here; 401 for everybody else, before the body is read."""
    sent = request.authorization
    if sent is None or sent.type != "bearer" or not sent.token:
        raise _unauthorized("Send the header Authorization: Bearer, followed by the token that the pharmacy gave you.")
    token = sent.token
    found = pharmacy().look(LookName.PEOPLE, _DOOR, lambda look: people.client_by_token(look, token)) if len(token) <= _LONGEST else None
    if found is None:
        raise _unauthorized("This token is not known here, or no longer. Ask the pharmacy for a new one.")
    g.caller = found


def _unauthorized(sentence: str) -> Unauthorized:
    return Unauthorized(sentence, www_authenticate=WWWAuthenticate("bearer", {"realm": "prescriptions"}))
