"""What whoever is signed in may reach from a page: a link or a form that would be refused is not offered, and who does it is said instead."""

from flask import current_app, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from compounding.domain.authority import ACTS, LOOKS, ActName, LookName, Needed
from compounding.domain.people import STAFF, Role
from compounding.web.access import ROUTES

_IN_ORDER = tuple(role for role in Role if role in STAFF)


def may_reach(address: str, method: str = "GET") -> bool:
    """Whether the role of whoever asks may go to an address of these pages, or send a form there; "" is the page itself."""
    needed = _needed(address, method)
    return not current_user.is_authenticated or current_user.staff.actor.role in _roles(needed)


def whose(address: str, method: str = "POST") -> str:
    """Who may, in words: `pharmacist, pharmacist in charge`."""
    may = _roles(_needed(address, method))
    return ", ".join(role.value for role in _IN_ORDER if role in may)


def _needed(address: str, method: str) -> Needed | None:
    path = address.partition("?")[0].partition("#")[0] or request.path
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method=method)
    except (HTTPException, RequestRedirect):
        return None  # nothing of ours, or another door: what is wrong with it is seen when it is asked for
    return ROUTES.get(endpoint)


def _roles(needed: Needed | None) -> frozenset[Role]:
    if isinstance(needed, ActName):
        return ACTS[needed]
    return LOOKS[needed] if isinstance(needed, LookName) else STAFF
